import { COMMAND_BYTES } from "../../architecture/command-codec.ts";
import { extractMeaning, extractRaw, type Field } from "../../architecture/field.ts";
import { hex } from "../../architecture/hex.ts";
import { FIRST_LPI, intidName } from "../../architecture/intids.ts";
import { LEVEL1_ENTRY_BYTES } from "../../architecture/layouts/level1.ts";
import { baserPageBytes, baserPhysicalAddress, baserTableBytes } from "../../architecture/registers/index.ts";
import { affinityText, bytesText, rangeText, setBits } from "./value-text.ts";

/** What follows from a register's value beyond its fields. */
export interface RegisterFacts {
  /** Replaces the register's summary. */
  readonly summary?: string;
  readonly notes?: readonly string[];
  /** Texts of fields that mean something else than their declaration, because of other fields. */
  readonly texts?: Readonly<Record<string, string>>;
}

/** A value taken apart by the fields that apply to it. */
interface Parts {
  readonly value: bigint;
  /** Raw bits of a field; 0 when this form of the register lacks it. */
  raw(name: string): number;
  meaning(name: string): number;
}

const factsByRegister: Readonly<Record<string, (parts: Parts) => RegisterFacts>> = {
  "GITS_BASER<n>": baserFacts,
  GITS_CBASER: ({ value, meaning, raw }) => {
    const bytes = meaning("Size") * 0x1000;
    const address = value & 0xf_ffff_ffff_f000n;
    const notes = [
      `The queue takes ${bytesText(bytes)}, ${rangeText(address, bytes)}: ${bytes / COMMAND_BYTES} commands, of which ${bytes / COMMAND_BYTES - 1} can wait at once.`,
    ];
    if (raw("Valid") === 0) notes.push("Valid = 0: the ITS reads no command.");
    if ((address & 0xf000n) !== 0n) notes.push("KVM clears PA[15:12]: it places the queue at a multiple of 64 KiB.");
    return { notes };
  },
  GITS_CWRITER: ({ meaning }) => ({ notes: [`Command ${meaning("Offset") / COMMAND_BYTES} of the queue, from 0.`] }),
  GITS_CREADR: ({ meaning, raw }) => ({
    notes: [
      `Command ${meaning("Offset") / COMMAND_BYTES} of the queue, from 0.`,
      ...(raw("Stalled") === 1 ? ["Stalled at the command there: write GITS_CWRITER with Retry = 1 to go on."] : []),
    ],
  }),
  GITS_TYPER: ({ raw, meaning }) => {
    const itt = meaning("ITT_entry_size") * 2 ** meaning("ID_bits");
    const texts: Record<string, string> = raw("CIL") === 0 ? { CIDbits: "RES0 (CIL = 0)" } : {};
    return {
      texts,
      notes: [
        `DeviceIDs 0 to ${hex(2 ** meaning("Devbits") - 1)}, EventIDs 0 to ${hex(2 ** meaning("ID_bits") - 1)}, ICIDs 0 to ${hex(2 ** (raw("CIL") === 0 ? 16 : meaning("CIDbits")) - 1)}; the largest ITT takes ${bytesText(itt)}.`,
      ],
    };
  },
  GICR_PROPBASER: ({ value, meaning }) => {
    const bits = meaning("IDbits");
    if (bits < 14) return { notes: [`${bits} INTID bits are fewer than 14: no LPIs.`] };
    const bytes = 2 ** bits - FIRST_LPI;
    return {
      notes: [
        `LPIs 8192 to ${2 ** bits - 1}; the configuration table takes ${bytesText(bytes)}, ${rangeText(value & 0xf_ffff_ffff_f000n, bytes)}, a byte an LPI.`,
      ],
    };
  },
  GICR_PENDBASER: ({ value }) => {
    const address = value & 0xf_ffff_ffff_0000n;
    return {
      notes: [
        `With GICR_PROPBASER.IDbits = 15 the table takes 8 KiB, ${rangeText(address, 0x2000)}; the bit of LPI 8192 is bit 0 of ${hex(address + 0x400n)}.`,
      ],
    };
  },
  GICR_TYPER: ({ value }) => ({ notes: [`Affinity ${affinityText(value >> 32n)} (Aff3.Aff2.Aff1.Aff0).`] }),
  GICD_TYPER: ({ value }) => {
    const last = Math.min(32 * (Number(value & 0x1fn) + 1) - 1, 1019);
    return { notes: [`INTIDs 0 to ${last} without LPIs and extended ranges.`] };
  },
  ICH_VTR_EL2: vtrFacts,
  GICH_VTR: ({ meaning }) => ({
    notes: [
      `GICH_LR0 to GICH_LR${meaning("ListRegs") - 1}: ListRegs is the largest index, not the count (${meaning("ListRegs")}).`,
    ],
  }),
  ICH_VMCR_EL2: ({ raw }) => ({
    notes: [
      masked(raw("VPMR")),
      `Group 0 preempts by priority bits ${groupPriority(raw("VBPR0"))}${raw("VCBPR") === 1 ? ", and Group 1 the same (VCBPR = 1)" : `, Group 1 by ${groupPriority(raw("VBPR1") - 1)}`}.`,
    ],
  }),
  GICH_VMCR: ({ meaning }) => ({ notes: [masked(meaning("VMPriMask"))] }),
  "ICH_LR<n>_EL2": ({ raw, meaning }) =>
    listRegister(
      raw("State"),
      raw("vINTID"),
      meaning("Priority"),
      raw("Group"),
      raw("HW") === 1 ? raw("pINTID") : undefined,
    ),
  "GICH_LR<n>": ({ raw, meaning }) =>
    listRegister(
      raw("State"),
      raw("VirtualID"),
      meaning("Priority"),
      raw("Grp1"),
      raw("HW") === 1 ? raw("PhysicalID") : undefined,
    ),
  ICH_EISR_EL2: ({ raw }) => perListRegister(raw("List_registers"), "The guest ended"),
  ICH_ELRSR_EL2: ({ raw }) => perListRegister(raw("List_registers"), "Empty:"),
  ICC_PMR_EL1: ({ value }) => ({ notes: [masked(Number(value & 0xffn))] }),
};

/** What follows from a register's value. `fields`: those of the form that applies. */
export function registerFacts(register: string, fields: readonly Field[], value: bigint): RegisterFacts {
  const facts = Object.hasOwn(factsByRegister, register) ? factsByRegister[register] : undefined;
  const field = (name: string) => fields.find((candidate) => candidate.name === name);
  const number = (name: string, extract: (word: bigint, field: Field) => bigint): number => {
    const found = field(name);
    return found === undefined ? 0 : Number(extract(value, found));
  };
  return (
    facts?.({ value, raw: (name) => number(name, extractRaw), meaning: (name) => number(name, extractMeaning) }) ?? {}
  );
}

const tableIds: readonly (string | undefined)[] = [undefined, "DeviceIDs", "vPEIDs", undefined, "ICIDs"];

function baserFacts({ value, raw, meaning }: Parts): RegisterFacts {
  const address = baserPhysicalAddress(value);
  const pageBytes = baserPageBytes(value);
  const bytes = baserTableBytes(value);
  const entryBytes = meaning("Entry_Size");
  const texts = { Physical_Address: hex(address) };
  const type = raw("Type");
  if (type === 0) return { texts, notes: ["Type 0: the ITS does not implement this table; the register is RES0."] };
  const perPage = Math.floor(pageBytes / entryBytes);
  const entries = raw("Indirect") === 1 ? (bytes / LEVEL1_ENTRY_BYTES) * perPage : Math.floor(bytes / entryBytes);
  const ids = tableIds[type];
  const capacity = ids === undefined ? "" : ` for ${ids} 0 to ${hex(entries - 1)} (${bitsFor(entries)})`;
  const notes = [
    raw("Indirect") === 1
      ? `Two levels: ${bytesText(bytes)} of level-1 entries, ${rangeText(address, bytes)}, point to ${bytes / LEVEL1_ENTRY_BYTES} pages of ${bytesText(pageBytes)} with ${perPage} entries of ${bytesText(entryBytes)} each, ${entries} in all${capacity}.`
      : `The table takes ${bytesText(bytes)}, ${rangeText(address, bytes)}: ${entries} entries of ${bytesText(entryBytes)}${capacity}.`,
  ];
  if (raw("Valid") === 0) notes.push("Valid = 0: software has given the ITS no memory for it.");
  if (raw("InnerCache") <= 1) notes.push("InnerCache is non-cacheable: software flushes what it writes to the table.");
  return { texts, notes };
}

/** "16 bits" for 65536 ids, "more than 15 bits" for 40000. */
function bitsFor(count: number): string {
  const bits = Math.floor(Math.log2(count));
  return 2 ** bits === count ? `${bits} bits` : `more than ${bits} bits`;
}

/** Active-priority registers of each group: 1 up to 5 preemption bits, 2 with 6, 4 with 7. */
export function activePriorityRegisters(preemptionBits: number): number {
  return preemptionBits <= 5 ? 1 : 2 ** (preemptionBits - 5);
}

function vtrFacts({ meaning }: Parts): RegisterFacts {
  const lists = meaning("ListRegs");
  const active = activePriorityRegisters(meaning("PREbits"));
  const names =
    active === 1 ? "ICH_AP0R0_EL2 and ICH_AP1R0_EL2" : `ICH_AP0R0..${active - 1}_EL2 and ICH_AP1R0..${active - 1}_EL2`;
  return {
    notes: [
      `ICH_LR0_EL2 to ICH_LR${lists - 1}_EL2: ListRegs is the largest index, ${lists - 1}, not the count, ${lists}.`,
      `Priorities in steps of ${hex(2 ** (8 - meaning("PRIbits")))}; ${2 ** meaning("PREbits")} preemption levels, so of the active-priority registers there are ${names}.`,
    ],
  };
}

function masked(mask: number): string {
  return mask === 0
    ? "Priority mask 0: no interrupt is signalled."
    : `Priority mask ${hex(mask)}: priorities 0 to ${hex(mask - 1)} are signalled, the others are masked.`;
}

/** Bits of the group priority below binary point `point` in the view of Group 0; -1 is Group 1's point 0. */
function groupPriority(point: number): string {
  return point >= 7 ? "none" : `[7:${Math.max(point, -1) + 1}]`;
}

const states = ["Invalid", "Pending", "Active", "Pending and active"];

function listRegister(
  state: number,
  virtual: number,
  priority: number,
  group: number,
  physical: number | undefined,
): RegisterFacts {
  if (state === 0) return { summary: "Empty: State is Invalid, so the list register holds no interrupt." };
  const backed = physical === undefined ? "" : `, backed by physical ${intidName(physical)}`;
  return { summary: `${states[state]}: ${intidName(virtual)}, priority ${hex(priority)}, Group ${group}${backed}.` };
}

function perListRegister(bits: number, verb: string): RegisterFacts {
  const list = setBits(BigInt(bits)).map((n) => `LR${n}`);
  return { notes: [list.length === 0 ? "No list register." : `${verb} ${list.join(", ")}.`] };
}
