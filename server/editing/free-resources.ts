import { FIRST_LPI, LAST_INTID_16_BITS } from "../../architecture/index.ts";
import { ITE_BYTES, type MappingLog, readyBytes } from "../../runner/index.ts";
import { mappedAbove } from "../navigation/find-mapping.ts";
import type { Script } from "../scripts/script.ts";

/** ITTs begin at multiples of this many bytes; 256 is what the architecture asks for, a page is easier to read. */
const ALIGNMENT = 0x1000;

/**
 * An address for a new ITT of a line's machine: in RAM, behind what `setup = ready` uses and behind every ITT that is mapped there when
 * the line begins or from it on.
 * @returns undefined while the lines of the machine have not run
 */
export function freeIttAddress(script: Script, line: number, eventBits: number): number | undefined {
  const log = whole(script, line);
  if (log === undefined) return undefined;
  const { machine } = script.document.machineLines(line);
  const ram = machine.ram[0];
  const base = Number(ram?.base ?? 0n);
  let end = base + readyBytes(machine.its.length, machine.cpus);
  for (const { to } of log.usedFrom(line))
    if (to.kind === "device") end = Math.max(end, to.ittAddress + 2 ** to.eventBits * ITE_BYTES);
  const aligned = Math.ceil(end / ALIGNMENT) * ALIGNMENT;
  const last = base + Number(ram?.size ?? 0n);
  // Where RAM is full there is no good address; the first free one tells its user more than none.
  return aligned + 2 ** eventBits * ITE_BYTES <= last ? aligned : Math.min(aligned, Math.max(last - ALIGNMENT, base));
}

/**
 * The lowest LPI that no event of a line's machine is mapped to when the line begins or from it on.
 * @returns undefined when all are used, and while the lines of the machine have not run
 */
export function freeIntid(script: Script, line: number): number | undefined {
  const log = whole(script, line);
  if (log === undefined) return undefined;
  const used = new Set<number>();
  for (const { to } of log.usedFrom(line)) if (to.kind === "event") used.add(to.intid);
  for (let intid = FIRST_LPI; intid <= LAST_INTID_16_BITS; intid++) if (!used.has(intid)) return intid;
  return undefined;
}

/** The collection that a new event of an ITS goes to: the one that was mapped last when the line begins; 0 when there is none. */
export function mappedCollection(script: Script, line: number, its: number | undefined): number {
  for (const { subject } of mappedAbove(script, line)?.mappedAt(line) ?? [])
    if (subject.kind === "collection" && subject.its === its) return subject.icid;
  return 0;
}

/** What all lines of a line's machine map: what is free must stay so. */
function whole(script: Script, line: number): MappingLog | undefined {
  return mappedAbove(script, script.document.machineLines(line).to);
}
