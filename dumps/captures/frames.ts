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
  const its = said.its?.address ?? defaultBases.its;
  takeItsRegisters(frameAt(memory, its, ITS_REGISTERS), its, facts);
  for (let pe = 0; pe < MAX_PES; pe++) {
    const base = said.redistributors.get(pe)?.address ?? defaultBases.gicr + pe * defaultBases.gicrStride;
    const isThere = takeRedistributorRegisters(frameAt(memory, base, PE_REGISTERS), pe, base, facts);
    if (!isThere && !said.redistributors.has(pe)) break;
  }
}

function sourceAt(memory: CaptureMemory, address: number): Source {
  return memory.sourceOf(address) ?? { file: "", line: 0 };
}

/** A register's value, and who says it; undefined when nothing does. */
export type RegisterSource = (name: string) => { readonly value: bigint; readonly source: Source } | undefined;

/** Bytes of an ITS's registers; GITS_IIDR and GITS_CTLR share 8 of them. */
export const ITS_REGISTERS: Readonly<Record<string, number>> = {
  GITS_CTLR: 4,
  GITS_IIDR: 4,
  GITS_TYPER: 8,
  GITS_CBASER: 8,
  GITS_CWRITER: 8,
  GITS_CREADR: 8,
  ...Object.fromEntries(Array.from({ length: BASERS }, (_, index) => [`GITS_BASER${index}`, 8])),
};
/** Bytes of the registers of a redistributor that matter to LPIs. */
export const PE_REGISTERS: Readonly<Record<string, number>> = { GICR_CTLR: 4, GICR_PROPBASER: 8, GICR_PENDBASER: 8 };

/** Reads the registers of a frame that is part of the memory. */
function frameAt(memory: CaptureMemory, base: number, widths: Readonly<Record<string, number>>): RegisterSource {
  return (name) => {
    const address = base + offsetOf(name);
    const value = memory.readNumber(address, widths[name] ?? 8);
    return value === undefined ? undefined : { value, source: sourceAt(memory, address) };
  };
}

/** Takes what the registers of an ITS say. @param base of its control frame */
export function takeItsRegisters(read: RegisterSource, base: number, facts: CaptureFacts): void {
  for (const name of Object.keys(ITS_REGISTERS)) {
    const found = read(name);
    if (found !== undefined) facts.setRegister(name, found.value, found.source);
  }
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
    facts.commandQueueBytes = Number(registerField("GITS_CBASER", "Size", queue.value)) * 4096;
  }
  const typer = read("GITS_TYPER");
  if (typer !== undefined) facts.targetsAreAddresses = registerField("GITS_TYPER", "PTA", typer.value) === 1n;
}

/** Takes what the registers of a PE's redistributor say. @param base of its frame @returns whether they are known */
export function takeRedistributorRegisters(
  read: RegisterSource,
  pe: number,
  base: number,
  facts: CaptureFacts,
): boolean {
  const properties = read("GICR_PROPBASER");
  const pending = read("GICR_PENDBASER");
  if (properties === undefined || pending === undefined) return false;
  for (const name of Object.keys(PE_REGISTERS)) {
    const found = read(name);
    if (found !== undefined) facts.setRegister(`PE ${pe} ${name}`, found.value, found.source);
  }
  const { source } = properties;
  learn(facts.redistributors, pe, { address: base, source });
  const address = Number(registerField("GICR_PROPBASER", "Physical_Address", properties.value));
  if (address !== 0) {
    facts.propertyTable ??= { address, source };
    facts.intidBits ??= Number(registerField("GICR_PROPBASER", "IDbits", properties.value));
    learn(facts.propertyTables, pe, { address, source });
  }
  const table = Number(registerField("GICR_PENDBASER", "Physical_Address", pending.value));
  if (table !== 0) learn(facts.pendingTables, pe, { address: table, source: pending.source });
  return true;
}
