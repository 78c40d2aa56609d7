import { defaultBases, FIRST_LPI, type KernelModelName, MAX_PES } from "../../architecture/index.ts";
import type { AddressSpan, CaptureMemory, TablePlace } from "../../dumps/captures/index.ts";
import { type CheckedTables, spanOf, takenPlaces } from "../../dumps/checks/index.ts";
import type { MemoryRun, SavedState } from "../../emulator/index.ts";
import { commonSpans, fewerSpans, joinSpans } from "./spans.ts";

/** KVM's pages of tables, whatever GITS_BASER<n>.Page_Size says. */
const KVM_PAGE = 0x1_0000;
const PAGE = 4096;
/** Pages that GITS_BASER<n>.Size can say. */
const MAX_PAGES = 256;
/** Windows of RAM of the machine that is made: it looks through them one by one. */
const MAX_WINDOWS = 256;
/** RAM of the machine at most. Where the capture says that there is more, it has the parts that the tables are in. */
const MAX_RAM = 2 ** 32;
/** Bytes that are copied at a time. */
const RUN = 0x10_0000;
/** Where LPI tables are made up when nothing says where they are: beyond what memory maps have, within PROPBASER's 52 bits. */
const MADE_UP = 2 ** 46;
const MADE_UP_COLLECTIONS = MADE_UP + 2 ** 32;
const INTIDS = 0x1_0000;
const MAX_ADDRESS = 2 ** 52;

/** What is taken for granted, because the capture does not say it. */
export type Assumption =
  | { readonly kind: "PEs"; readonly count: number }
  | { readonly kind: "LPI configuration table" }
  | { readonly kind: "LPI pending tables" }
  /** Nothing says where it is: no devices then, or collections as events name them. */
  | { readonly kind: "no table"; readonly table: "device" | "collection" }
  | { readonly kind: "end of a table"; readonly table: TablePlace["kind"]; readonly address: number };

/** A guest with the tables of a capture, ready to be restored into a kernel. */
export interface RestoredGuest {
  /** All but the model. */
  readonly state: Omit<SavedState, "model">;
  readonly assumptions: readonly Assumption[];
  /** Addresses whose bytes are known, or taken for zeros by an assumption, ascending: what the restore reads elsewhere is unknown. */
  readonly known: readonly AddressSpan[];
  /** Where RAM is; empty when nothing says it. */
  readonly ram: readonly AddressSpan[];
}

/** Makes a guest of the tables of its ITSs. */
export function restoredGuest(itss: readonly CheckedTables[]): RestoredGuest {
  const [{ facts, memory }] = itss;
  const assumptions: Assumption[] = [];
  const assumed: AddressSpan[] = [];
  const cpus = pesOf(itss, assumptions);
  const taken: AddressSpan[] = takenPlaces(itss).map(({ from, to }) => ({ from, to }));
  const madeUp: AddressSpan[] = [];
  const collections: MemoryRun[] = [];
  const registers = itss.map((tables, its) => {
    const found = itsRegisters(tables, assumptions, { assumed, taken });
    if (found.has("GITS_BASER1") || tables.facts.registers.has("GITS_BASER1")) return found;
    assumptions.push({ kind: "no table", table: "collection" });
    const table = collectionsOfEvents(tables, MADE_UP_COLLECTIONS + its * 2 ** 24);
    collections.push(table);
    madeUp.push({ from: table.address, to: table.address + table.bytes.length });
    return found.set("GITS_BASER1", baserOf(table.address, false, table.bytes.length / KVM_PAGE));
  });
  const redistributors = lpiRegisters(itss[0], cpus, assumptions, madeUp);
  assumed.push(...madeUp);
  const named = joinSpans([...taken, ...assumed].map(wholePages));
  const ram = joinSpans(facts.ram);
  const windows = windowsOf(named, ram, joinSpans(madeUp.map(wholePages)));
  const known = joinSpans([...named.flatMap(({ from, to }) => memory.known(from, to)), ...assumed]);
  return {
    state: {
      shape: {
        cpus,
        gicVersion: 3,
        secure: false,
        ram: windows.map(({ from, to }) => ({ base: from, bytes: to - from })),
        its: itss.map((tables, index) => tables.facts.its?.address ?? defaultBases.its + index * defaultBases.itsBytes),
      },
      distributor: new Map(),
      redistributors,
      cpuInterfaces: Array.from({ length: cpus }, () => new Map<string, bigint>()),
      itss: registers,
      memory: [...runsOf(memory, commonSpans(named, windows)), ...collections],
    },
    assumptions,
    known,
    ram,
  };
}

/** The guest as a kernel's. */
export function stateFor({ state }: RestoredGuest, model: KernelModelName): SavedState {
  return { ...state, model };
}

function wholePages({ from, to }: AddressSpan): AddressSpan {
  return { from: Math.floor(from / PAGE) * PAGE, to: Math.ceil(to / PAGE) * PAGE };
}

/** @param madeUp tables that nothing says the place of; they are RAM wherever that is */
function windowsOf(
  named: readonly AddressSpan[],
  ram: readonly AddressSpan[],
  madeUp: readonly AddressSpan[],
): AddressSpan[] {
  const total = ram.reduce((sum, { from, to }) => sum + to - from, 0);
  if (ram.length > 0 && total <= MAX_RAM && ram.length <= MAX_WINDOWS) {
    return joinSpans([...ram.map(wholePages), ...madeUp]);
  }
  const wanted = ram.length > 0 ? commonSpans(named, joinSpans([...ram, ...madeUp])) : named;
  let left = MAX_RAM;
  return fewerSpans(
    wanted.filter(({ to }) => to < MAX_ADDRESS),
    MAX_WINDOWS,
  ).filter(({ from, to }) => {
    if (to - from > left) return false;
    left -= to - from;
    return true;
  });
}

/** PEs of the guest: those that the capture knows, else as many as the collections name. */
function pesOf(itss: readonly CheckedTables[], assumptions: Assumption[]): number {
  const known = Math.max(...itss.map(({ facts }) => facts.pes));
  if (known > 0) return Math.min(known, MAX_PES);
  let count = 1;
  for (const { collections } of itss) {
    for (const { target } of collections)
      if (target !== undefined && target < MAX_PES) count = Math.max(count, target + 1);
  }
  assumptions.push({ kind: "PEs", count });
  return count;
}

function itsRegisters(
  { facts, memory }: CheckedTables,
  assumptions: Assumption[],
  { assumed, taken }: { readonly assumed: AddressSpan[]; readonly taken: AddressSpan[] },
): Map<string, bigint> {
  const registers = new Map<string, bigint>();
  const iidr = facts.registers.get("GITS_IIDR");
  if (iidr !== undefined) registers.set("GITS_IIDR", iidr);
  for (const [index, kind] of (["device", "collection"] as const).entries()) {
    const table = facts.tables.get(kind);
    if (table === undefined) {
      if (kind === "device" && !facts.registers.has("GITS_BASER0")) assumptions.push({ kind: "no table", table: kind });
      continue;
    }
    const span = spanOf(table, memory);
    const pages = Math.min(Math.max(Math.ceil((span.to - span.from) / KVM_PAGE), 1), MAX_PAGES);
    const end = span.from + pages * KVM_PAGE;
    taken.push({ from: span.from, to: end });
    if (table.bytes === undefined) {
      if (end > span.to) assumed.push({ from: span.to, to: end });
      assumptions.push({ kind: "end of a table", table: kind, address: Math.min(end, span.to) });
    }
    registers.set(`GITS_BASER${index}`, baserOf(table.address, table.indirect, pages));
  }
  return registers;
}

/** A collection table with all collections that events name. Whole pages, because it is as long as its GITS_BASER1 says. */
function collectionsOfEvents({ report }: CheckedTables, address: number): MemoryRun {
  const icids = new Set(report.devices.flatMap(({ events }) => events.map(({ icid }) => icid ?? 0)));
  // ICIDs need a place in the table, too.
  const entries = Math.max(0, ...icids) + 1;
  const bytes = new DataView(new ArrayBuffer(Math.ceil((entries * 8) / KVM_PAGE) * KVM_PAGE));
  for (const [index, icid] of [...icids].entries()) bytes.setBigUint64(index * 8, (1n << 63n) | BigInt(icid), true);
  return { address, bytes: new Uint8Array(bytes.buffer) };
}

/** GITS_BASER<n> with pages of 64 KiB: PA[47:16] in their bits, PA[51:48] in [15:12]. */
function baserOf(address: number, indirect: boolean, pages: number): bigint {
  const whole = BigInt(address);
  const place = (whole & 0xffff_ffff_0000n) | (((whole >> 48n) & 0xfn) << 12n);
  return (1n << 63n) | (indirect ? 1n << 62n : 0n) | place | 0x200n | BigInt(pages - 1);
}

/** GICR_PROPBASER and GICR_PENDBASER of each PE. */
function lpiRegisters(
  { facts }: CheckedTables,
  cpus: number,
  assumptions: Assumption[],
  madeUp: AddressSpan[],
): Map<string, bigint>[] {
  const { propertyTable, pendingTables, intidBits = 16 } = facts;
  if (propertyTable === undefined) {
    assumptions.push({ kind: "LPI configuration table" });
    madeUp.push({ from: MADE_UP, to: MADE_UP + INTIDS - FIRST_LPI });
  }
  let isComplete = true;
  const registers = Array.from({ length: cpus }, (_, pe) => {
    const table = pendingTables.get(pe)?.address;
    const pending = table ?? MADE_UP + (pe + 1) * KVM_PAGE;
    if (table === undefined) {
      isComplete = false;
      madeUp.push({ from: pending, to: pending + INTIDS / 8 });
    }
    return new Map([
      ["GICR_PROPBASER", BigInt(propertyTable?.address ?? MADE_UP) | BigInt(intidBits - 1)],
      ["GICR_PENDBASER", BigInt(pending)],
    ]);
  });
  if (!isComplete) assumptions.push({ kind: "LPI pending tables" });
  return registers;
}

/** The pages of some spans that are known and not all zero. */
function runsOf(memory: CaptureMemory, spans: readonly AddressSpan[]): MemoryRun[] {
  const runs: MemoryRun[] = [];
  for (const span of spans) {
    for (let from = span.from; from < span.to; from += RUN) {
      const to = Math.min(from + RUN, span.to);
      const parts = memory.known(from, to);
      if (parts.length === 0) continue;
      const bytes = new Uint8Array(to - from);
      for (const part of parts) {
        bytes.set(memory.read(part.from, part.to - part.from) ?? [], part.from - from);
      }
      for (let at = 0; at < bytes.length; at += PAGE) {
        if (!isZero(bytes, at)) runs.push({ address: from + at, bytes: bytes.subarray(at, at + PAGE) });
      }
    }
  }
  return runs;
}

/** @param bytes with their own buffer @param page multiple of 4096 */
function isZero(bytes: Uint8Array, page: number): boolean {
  const words = new Uint32Array(bytes.buffer, page, PAGE / 4);
  for (let at = 0; at < words.length; at++) if (words[at] !== 0) return false;
  return true;
}
