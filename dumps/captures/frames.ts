import { defaultBases, MAX_PES } from "../../architecture/bases.ts";
import { extractMeaning } from "../../architecture/field.ts";
import {
  baserPageBytes,
  baserPhysicalAddress,
  baserTableBytes,
  fieldsOf,
  offsetOf,
  registerByName,
} from "../../architecture/registers/index.ts";
import type { CaptureMemory } from "./capture-memory.ts";
import { type CaptureFacts, learn, type Source, type TablePlace } from "./facts.ts";

/** GITS_BASER<n>.Type. */
const KINDS: Readonly<Record<string, TablePlace["kind"]>> = { "1": "device", "2": "vpe", "4": "collection" };
const BASERS = 8;

/** A field of a register's value by the register's declaration, as what it means. */
export function registerField(register: string, field: string, value: bigint): bigint {
  const member = registerByName(register);
  const found = member && fieldsOf(member.register, value).find(({ name }) => name === field);
  if (found === undefined) throw new Error(`${register}.${field} is not declared`);
  return extractMeaning(value, found);
}

/**
 * What the register frames say that are part of the memory, as far as they are: where the tables are. A frame is where `said` has it; where
 * nothing says it, where QEMU's `virt` board and KVM's usual maps have it.
 * @param said what the other files of the capture say
 */
export function readFrames(memory: CaptureMemory, said: CaptureFacts, facts: CaptureFacts): void {
  readIts(memory, said.its?.address ?? defaultBases.its, facts);
  for (let pe = 0; pe < MAX_PES; pe++) {
    const base = said.redistributors.get(pe)?.address ?? defaultBases.gicr + pe * defaultBases.gicrStride;
    if (!readRedistributor(memory, pe, base, facts) && !said.redistributors.has(pe)) break;
  }
}

function sourceAt(memory: CaptureMemory, address: number): Source {
  return memory.sourceOf(address) ?? { file: "", line: 0 };
}

function readIts(memory: CaptureMemory, base: number, facts: CaptureFacts): void {
  const read = (name: string): { value: bigint; source: Source } | undefined => {
    const address = base + offsetOf(name);
    const value = memory.readNumber(address, 8);
    return value === undefined ? undefined : { value, source: sourceAt(memory, address) };
  };
  for (let index = 0; index < BASERS; index++) {
    const name = `GITS_BASER${index}`;
    const found = read(name);
    if (found === undefined || registerField(name, "Valid", found.value) === 0n) continue;
    const kind = KINDS[registerField(name, "Type", found.value).toString()];
    if (kind === undefined) continue;
    facts.its ??= { address: base, source: found.source };
    facts.setTable({
      kind,
      address: Number(baserPhysicalAddress(found.value)),
      indirect: registerField(name, "Indirect", found.value) === 1n,
      entryBytes: Number(registerField(name, "Entry_Size", found.value)),
      pageBytes: baserPageBytes(found.value),
      bytes: baserTableBytes(found.value),
      source: found.source,
    });
  }
  const queue = read("GITS_CBASER");
  if (queue !== undefined && registerField("GITS_CBASER", "Valid", queue.value) === 1n) {
    const address = Number(registerField("GITS_CBASER", "Physical_Address", queue.value));
    facts.commandQueue = { address, source: queue.source };
  }
  const typer = read("GITS_TYPER");
  if (typer !== undefined) facts.targetsAreAddresses = registerField("GITS_TYPER", "PTA", typer.value) === 1n;
}

/** @returns whether the frame is in the memory */
function readRedistributor(memory: CaptureMemory, pe: number, base: number, facts: CaptureFacts): boolean {
  const properties = memory.readNumber(base + offsetOf("GICR_PROPBASER"), 8);
  const pending = memory.readNumber(base + offsetOf("GICR_PENDBASER"), 8);
  if (properties === undefined || pending === undefined) return false;
  const source = sourceAt(memory, base + offsetOf("GICR_PROPBASER"));
  learn(facts.redistributors, pe, { address: base, source });
  const address = Number(registerField("GICR_PROPBASER", "Physical_Address", properties));
  if (address !== 0) {
    facts.propertyTable ??= { address, source };
    facts.intidBits ??= Number(registerField("GICR_PROPBASER", "IDbits", properties));
  }
  const table = Number(registerField("GICR_PENDBASER", "Physical_Address", pending));
  if (table !== 0) learn(facts.pendingTables, pe, { address: table, source });
  return true;
}
