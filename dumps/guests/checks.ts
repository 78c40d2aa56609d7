import { FIRST_LPI } from "../../architecture/intids.ts";
import { registerField } from "../captures/frames.ts";
import type { Capture, CaptureReport } from "../captures/index.ts";
import type { GuestRegisters, GuestWrite, SavedGuest } from "./guest.ts";

/** Something about a saved guest that a restore does not survive as it was meant. Sentences are made by `findingText`. */
export type GuestFinding =
  /** LPIs of several PEs are in one pending table, or in tables that overlap. */
  | { readonly code: "shared-pending-table"; readonly pes: readonly number[]; readonly address: number }
  /** A table that the registers or a DTE name is not in the saved RAM, or not as a whole. */
  | { readonly code: "table-outside"; readonly what: string; readonly address: number; readonly bytes: number }
  /** Writing a register that clears takes back what was set before. */
  | {
      readonly code: "cleared-after-set";
      readonly unit: string;
      readonly set: string;
      readonly clear: string;
      readonly intids: readonly number[];
    }
  /** The two registers of a pair, which show the same bits, have other values. */
  | {
      readonly code: "halves-differ";
      readonly unit: string;
      readonly set: string;
      readonly clear: string;
      readonly intids: readonly number[];
    }
  /** LPIs are enabled before the register is written that says where their tables are. */
  | { readonly code: "enabled-before-base"; readonly unit: string; readonly register: string };

const USUAL_INTID_BITS = 16;
const MAX_INTID_BITS = 24;
/** Findings of a guest at most. */
const MAX_FINDINGS = 1000;

/**
 * Looks for what has lost interrupts of guests before.
 * @param capture,report what the guest's tables hold; undefined when they were not walked
 */
export function checkGuest(guest: SavedGuest, capture?: Capture, report?: CaptureReport): GuestFinding[] {
  const found = [...sharedPendingTables(guest), ...writeOrder(guest.writes)];
  if (capture !== undefined) found.push(...tablesOutside(guest, capture, report));
  return found.slice(0, MAX_FINDINGS);
}

/** INTIDs that a PE's LPI tables have room for. */
function intidsOf(registers: GuestRegisters): number {
  const value = registers.get("GICR_PROPBASER");
  const bits = value === undefined ? USUAL_INTID_BITS : Number(registerField("GICR_PROPBASER", "IDbits", value));
  return 2 ** Math.min(bits, MAX_INTID_BITS);
}

/** cloud-hypervisor's issue 8638: each vCPU was saved with the registers of the first one. */
function* sharedPendingTables({ redistributors }: SavedGuest): Generator<GuestFinding> {
  const tables = redistributors.flatMap((registers, pe) => {
    const control = registers.get("GICR_CTLR") ?? 0n;
    const value = registers.get("GICR_PENDBASER");
    if (value === undefined || registerField("GICR_CTLR", "EnableLPIs", control) === 0n) return [];
    const from = Number(registerField("GICR_PENDBASER", "Physical_Address", value));
    return [{ pe, from, to: from + Math.max(1, intidsOf(registers) / 8) }];
  });
  tables.sort((a, b) => a.from - b.from || a.pe - b.pe);
  for (let first = 0; first < tables.length; ) {
    let { to } = tables[first];
    let last = first + 1;
    for (; last < tables.length && tables[last].from < to; last++) to = Math.max(to, tables[last].to);
    const pes = tables.slice(first, last).map(({ pe }) => pe);
    if (pes.length > 1) yield { code: "shared-pending-table", pes, address: tables[first].from };
    first = last;
  }
}

/** Tables that are not in the RAM that was saved. */
function* tablesOutside(guest: SavedGuest, { facts }: Capture, report?: CaptureReport): Generator<GuestFinding> {
  const ram = guest.blocks.flatMap(({ address, bytes }) =>
    address === undefined ? [] : [{ from: address, to: address + bytes }],
  );
  if (ram.length === 0) return;
  ram.sort((a, b) => a.from - b.from);
  const isInside = (address: number, bytes: number): boolean => {
    let at = address;
    for (const { from, to } of ram) if (from <= at && at < to) at = to;
    return at >= address + bytes;
  };
  const wanted: { what: string; address: number; bytes: number }[] = [];
  for (const { kind, address, bytes = 8 } of facts.tables.values())
    wanted.push({ what: `the ${kind} table`, address, bytes });
  for (const [index, { registers }] of guest.itss.entries()) {
    const value = registers.get("GITS_CBASER") ?? 0n;
    if (registerField("GITS_CBASER", "Valid", value) === 0n) continue;
    const address = Number(registerField("GITS_CBASER", "Physical_Address", value));
    const bytes = Number(registerField("GITS_CBASER", "Size", value)) * 4096;
    wanted.push({ what: `the command queue of ITS ${index}`, address, bytes });
  }
  for (const [pe, registers] of guest.redistributors.entries()) {
    if (registerField("GICR_CTLR", "EnableLPIs", registers.get("GICR_CTLR") ?? 0n) === 0n) continue;
    const intids = intidsOf(registers);
    for (const [name, what, bytes] of [
      ["GICR_PROPBASER", "LPI configuration table", intids - FIRST_LPI],
      ["GICR_PENDBASER", "LPI pending table", intids / 8],
    ] as const) {
      const value = registers.get(name);
      const address = value === undefined ? 0 : Number(registerField(name, "Physical_Address", value));
      if (value !== undefined) wanted.push({ what: `the ${what} of PE ${pe}`, address, bytes: Math.max(bytes, 1) });
    }
  }
  for (const { deviceId, ittAddress, eventBits } of report?.devices ?? [])
    wanted.push({
      what: `the ITT of DeviceID 0x${deviceId.toString(16)}`,
      address: ittAddress,
      bytes: 2 ** eventBits * 8,
    });
  for (const { what, address, bytes } of wanted)
    if (!isInside(address, bytes)) yield { code: "table-outside", what, address, bytes };
}

const PAIR = /^(GIC[DR])_I([SC])(ENABLER|PENDR|ACTIVER)(\d+)$/;

/**
 * What the order of a restore undoes. KVM: a write to GICD_ICENABLER<n> clears what it has ones in, whoever writes it; a VMM that writes all
 * registers in the order of their offsets clears all that it has set (crosvm's dist_regs, redist_regs).
 */
function* writeOrder(writes: readonly GuestWrite[]): Generator<GuestFinding> {
  const seen = new Map<string, { readonly isSet: boolean; readonly value: bigint; readonly name: string }>();
  const enabled = new Set<string>();
  for (const { unit, name, value } of writes) {
    if (name === "GICR_CTLR" && registerField("GICR_CTLR", "EnableLPIs", value) === 1n) enabled.add(unit);
    const isBase = name === "GICR_PROPBASER" || name === "GICR_PENDBASER";
    if (isBase && value !== 0n && enabled.has(unit)) yield { code: "enabled-before-base", unit, register: name };
    const [, prefix, kind, what, digits] = PAIR.exec(name) ?? [];
    if (what === undefined) continue;
    const key = `${unit} ${prefix} ${what}${digits}`;
    const isSet = kind === "S";
    const other = seen.get(key);
    seen.set(key, { isSet, value, name });
    if (other === undefined || other.isSet === isSet) continue;
    const [set, clear] = isSet ? [name, other.name] : [other.name, name];
    const lost = isSet ? 0n : other.value & value;
    const differ = other.value ^ value;
    const first = Number(digits) * 32;
    if (lost !== 0n) yield { code: "cleared-after-set", unit, set, clear, intids: bitsOf(lost, first) };
    if (differ !== 0n) yield { code: "halves-differ", unit, set, clear, intids: bitsOf(differ, first) };
  }
}

function bitsOf(value: bigint, first: number): number[] {
  const found: number[] = [];
  for (let bit = 0; bit < 32; bit++) if (((value >> BigInt(bit)) & 1n) === 1n) found.push(first + bit);
  return found;
}
