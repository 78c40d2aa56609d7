import type { TableLayouts } from "../../architecture/layout.ts";
import { architectureLevel1, LEVEL1_ENTRY_BYTES } from "../../architecture/layouts/level1.ts";
import type { CaptureMemory } from "../captures/capture-memory.ts";
import { EntryReader } from "../captures/entry-reader.ts";
import type { AddressSpan, CaptureFacts, TablePlace } from "../captures/facts.ts";
import type { CaptureReport } from "../captures/report.ts";
import { peOfTarget } from "../captures/targets.ts";

/** Bits of EventIDs and ICIDs of KVM's and QEMU's ITSs (VITS_TYPER_IDBITS, ITS_IDBITS); a DTE that says more is damaged. */
export const ID_BITS = 16;

/** A valid CTE. */
export interface CheckedCollection {
  readonly icid: number;
  readonly address: number;
  readonly entry: bigint;
  /** RDbase as the PE that it names; undefined where the entry says that it names none. */
  readonly target: number | undefined;
  /** Behind the end of a list. */
  readonly isBehindEnd: boolean;
}

/** A valid level-1 entry. */
export interface CheckedPage {
  readonly page: number;
  /** Of the level-1 entry. */
  readonly address: number;
  readonly entry: bigint;
  /** Of the level-2 page. */
  readonly base: number;
}

/** Entries of a collection table that are looked at. */
const MAX_COLLECTIONS = 65_536;
/** Level-2 pages that are looked at: a level 1 of 16 MiB has 2 Mi entries, and no ids for more than the first. */
const MAX_PAGES = 65_536;

/** The tables of one ITS as a layout reads them, for checks and comparisons. */
export interface CheckedTables {
  readonly layout: TableLayouts;
  readonly facts: CaptureFacts;
  readonly memory: CaptureMemory;
  readonly report: CaptureReport;
  readonly collections: readonly CheckedCollection[];
  /** Whether every collection that there is is known. */
  readonly knowsCollections: boolean;
  readonly pages: readonly CheckedPage[];
}

/** Reads what a walk does not keep: level-1 entries and collections. */
export function checkedTables(facts: CaptureFacts, memory: CaptureMemory, report: CaptureReport): CheckedTables {
  const { layout } = report;
  const { tables } = facts;
  const collections = collectionsOf(layout, memory, facts, tables.get("collection"));
  return {
    layout,
    facts,
    memory,
    report,
    ...collections,
    pages: pagesOf(layout, memory, tables.get("device")),
  };
}

/** The bytes of a table: those that a register says, else as far as they are known without a gap. */
export function spanOf(table: TablePlace, memory: CaptureMemory): AddressSpan {
  const from = table.address;
  const bytes = table.bytes ?? table.seen;
  if (bytes !== undefined) return { from, to: from + bytes };
  const [first] = memory.known(from, Number.MAX_SAFE_INTEGER);
  return { from, to: first?.from === from ? first.to : from };
}

function pagesOf(layout: TableLayouts, memory: CaptureMemory, table: TablePlace | undefined): CheckedPage[] {
  if (table === undefined || !table.indirect) return [];
  const reader = new EntryReader(layout.entries.level1 ?? architectureLevel1, memory);
  const span = spanOf(table, memory);
  const found: CheckedPage[] = [];
  for (const { from, to } of memory.known(span.from, Math.min(span.to, span.from + MAX_PAGES * LEVEL1_ENTRY_BYTES))) {
    for (const { id, address, entry } of reader.valid(span.from, 0, from, to)) {
      found.push({ page: id, address, entry, base: reader.field(entry, "page-address") ?? 0 });
    }
  }
  return found;
}

function collectionsOf(
  layout: TableLayouts,
  memory: CaptureMemory,
  facts: CaptureFacts,
  table: TablePlace | undefined,
): Pick<CheckedTables, "collections" | "knowsCollections"> {
  const entries = layout.entries.collection;
  if (table === undefined || entries === undefined) return { collections: [], knowsCollections: false };
  const reader = new EntryReader(entries, memory);
  const span = spanOf(table, memory);
  const isList = entries.indexedBy === "packed";
  const collections: CheckedCollection[] = [];
  /** Entries of the list before its end. */
  let length = 0;
  const last = Math.min(span.to, span.from + MAX_COLLECTIONS * entries.bytes);
  const known = memory.known(span.from, last);
  for (const { from, to } of known) {
    for (const { id, address, entry } of reader.valid(span.from, 0, from, to)) {
      const isBehindEnd = isList && id !== length;
      // What follows a list whose table has no known length may be anything.
      if (isBehindEnd && (table.bytes ?? table.seen) === undefined) break;
      if (!isBehindEnd) length++;
      const icid = isList ? (reader.field(entry, "icid") ?? 0) : id;
      collections.push({ icid, address, entry, target: targetOf(reader, entry, facts), isBehindEnd });
    }
  }
  const first = known.find(({ from }) => from === span.from);
  const wanted = isList ? Math.min(span.from + (length + 1) * entries.bytes, last) : last;
  return { collections, knowsCollections: first !== undefined && first.to >= wanted };
}

/** KVM keeps 32 bits of the 36 that its layout has room for (Linux vgic-its.c vgic_its_restore_cte: u32 target_addr). */
const KVM_TARGETS = 2 ** 32;

function targetOf(reader: EntryReader, entry: bigint, facts: CaptureFacts): number | undefined {
  if (reader.isNamed(entry, "target")) return undefined;
  const target = reader.field(entry, "target") ?? 0;
  return peOfTarget(reader.layout.indexedBy === "packed" ? target % KVM_TARGETS : target, facts);
}
