import { FIRST_LPI, LAST_INTID_16_BITS } from "../../architecture/index.ts";
import { readyLayout } from "../../runner/index.ts";
import { argumentValue, commandName } from "../navigation/mappings.ts";
import type { Script } from "../scripts/script.ts";

/** ITTs begin at multiples of this many bytes; 256 is what the architecture asks for, a page is easier to read. */
const ALIGNMENT = 0x1000;
/** Bytes of an ITE at most in the implementations that are emulated (QEMU: 12), rounded up to a power of two. */
const ITE_BYTES = 16;

/** An address for a new ITT of a line's machine: in RAM, behind what `setup = ready` uses and behind every ITT that is mapped there. */
export function freeIttAddress({ document }: Script, line: number, eventBits: number): number {
  const { machine, from, to } = document.machineLines(line);
  const ram = machine.ram[0];
  const base = Number(ram?.base ?? 0n);
  let end = base + readyLayout.pendingTables + machine.cpus * readyLayout.pendingTableBytes;
  for (const line of document.lines.slice(from, to)) {
    if (commandName(line) !== "MAPD") continue;
    const address = argumentValue(line, "ITT_addr");
    const size = argumentValue(line, "Size");
    if (address === undefined || size === undefined) continue;
    end = Math.max(end, Number(address) + 2 ** (Number(size) + 1) * ITE_BYTES);
  }
  const aligned = Math.ceil(end / ALIGNMENT) * ALIGNMENT;
  const last = base + Number(ram?.size ?? 0n);
  // Where RAM is full there is no good address; the first free one tells its user more than none.
  return aligned + 2 ** eventBits * ITE_BYTES <= last ? aligned : Math.min(aligned, Math.max(last - ALIGNMENT, base));
}

/** The lowest LPI that no MAPTI or MAPI on a line's machine uses; undefined when all are used. */
export function freeIntid({ document }: Script, line: number): number | undefined {
  const { from, to } = document.machineLines(line);
  const used = new Set<number>();
  for (const line of document.lines.slice(from, to)) {
    const name = commandName(line);
    const value =
      name === "MAPTI" ? argumentValue(line, "pINTID") : name === "MAPI" ? argumentValue(line, "EventID") : undefined;
    if (value !== undefined) used.add(Number(value));
  }
  for (let intid = FIRST_LPI; intid <= LAST_INTID_16_BITS; intid++) if (!used.has(intid)) return intid;
  return undefined;
}
