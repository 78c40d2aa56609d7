import { defaultBases } from "../../architecture/bases.ts";
import { offsetOf, registerByName } from "../../architecture/registers/index.ts";
import { type CaptureFacts, learn, type Source } from "../captures/facts.ts";
import { registerField } from "../captures/frames.ts";
import { DumpMemory, type Span } from "../memory.ts";
import type { GuestRegisters, SavedGuest } from "./guest.ts";

/** Registers of a redistributor and of an ITS that say where tables are, and whether they are in use. */
const REDISTRIBUTOR = ["GICR_CTLR", "GICR_PROPBASER", "GICR_PENDBASER", "GICR_VPROPBASER", "GICR_VPENDBASER"];
const ITS = /^GITS_(?:CTLR|IIDR|CBASER|CWRITER|CREADR|BASER[0-7])$/;

/** What a guest's registers say beside their frames: pending tables of PEs whose frames are elsewhere, and where the ITS is. */
export function tellFacts(guest: SavedGuest, file: string, facts: CaptureFacts): void {
  const source: Source = { file, line: 0 };
  const [its] = guest.itss;
  if (its !== undefined) facts.its ??= { address: its.base, source };
  for (const [pe, registers] of guest.redistributors.entries()) {
    const address = frameOf(guest, pe);
    if (address !== undefined) learn(facts.redistributors, pe, { address, source });
    const value = registers.get("GICR_PENDBASER") ?? 0n;
    const table = Number(registerField("GICR_PENDBASER", "Physical_Address", value));
    if (table !== 0) learn(facts.pendingTables, pe, { address: table, source });
  }
}

/** The registers that matter as memory, where the board has their frames: they are read as those of any other capture. */
export function guestFrames(guest: SavedGuest): DumpMemory {
  const spans: Span[] = [];
  const [its] = guest.itss;
  if (its !== undefined) addRegisters(spans, its.base, its.registers, (name) => ITS.test(name));
  for (const [pe, registers] of guest.redistributors.entries()) {
    const base = frameOf(guest, pe);
    if (base !== undefined) addRegisters(spans, base, registers, (name) => REDISTRIBUTOR.includes(name));
  }
  return new DumpMemory(spans.toSorted((a, b) => a.address - b.address));
}

/** Address of a PE's redistributor; undefined where the first region of the board has no room for it. */
function frameOf({ gicVersion }: SavedGuest, pe: number): number | undefined {
  if (gicVersion === 2) return undefined;
  const stride = gicVersion === 4 ? defaultBases.gicrStrideV4 : defaultBases.gicrStride;
  const address = defaultBases.gicr + pe * stride;
  return address + stride <= defaultBases.gicrEnd ? address : undefined;
}

function addRegisters(
  spans: Span[],
  base: number,
  registers: GuestRegisters,
  isTaken: (name: string) => boolean,
): void {
  for (const [name, value] of registers) {
    // GITS_IIDR of 0 is none: QEMU's TCG does not save it.
    if (!isTaken(name) || (name === "GITS_IIDR" && value === 0n)) continue;
    const bytes = new Uint8Array((registerByName(name)?.register.width ?? 64) / 8);
    for (let at = 0; at < bytes.length; at++) bytes[at] = Number((value >> BigInt(8 * at)) & 0xffn);
    spans.push({ address: base + offsetOf(name), bytes });
  }
}
