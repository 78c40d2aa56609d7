import type { EntryRole } from "../../architecture/entry-roles.ts";
import { fieldMax } from "../../architecture/field.ts";
import { type EntryField, type EntryLayout, roleField, type TableLayouts } from "../../architecture/layout.ts";
import { lastNotAbove } from "../ascending.ts";
import type { DumpMemory } from "../memory.ts";
import { finish, type Work } from "../work.ts";
import { type Chain, type ChainTable, chainNotes, walkChain } from "./chain.ts";
import { type CellText, cellTexts } from "./entry-cells.ts";
import { EntryNotes } from "./entry-notes.ts";
import { rawReader } from "./field-bits.ts";
import { entryWords, rowFields } from "./row-fields.ts";
import { SegmentPlaces } from "./segment-places.ts";
import {
  entriesAt,
  firstUnknownId,
  readEntryAt,
  type Segment,
  segmentNotAfter,
  segmentOfId,
  viewOf,
} from "./segments.ts";
import type { DecodedTable, ListedRow, TableRow } from "./table.ts";
import { ValidIndex } from "./valid-index.ts";

/** What {@link EntryTable} is made of besides the entries. */
export type EntryTableHead = Pick<
  DecodedTable,
  "name" | "kind" | "layoutReason" | "closeLayout" | "base" | "levels"
> & {
  readonly layouts: TableLayouts;
  readonly entry: EntryLayout;
  /** Holds the entries. */
  readonly memory: DumpMemory;
  readonly segments: readonly Segment[];
  readonly eventBits?: number;
  /** Two-level tables: ids a page holds, and the slots of the pages that level 1 names, ascending. */
  readonly idsPerPage?: number;
  readonly slots?: readonly number[];
  readonly notes: readonly string[];
};

/** Columns in the order people ask for them, by table. */
const COLUMN_ORDER: readonly (EntryRole | undefined)[] = [
  "itt-address",
  "event-bits",
  "intid",
  "icid",
  "target",
  "vpt-address",
  "vpt-size",
  "page-address",
  "next",
];

/** A table of entries of equal length: bytes and an index of the valid ones; rows are decoded on demand. */
export class EntryTable implements DecodedTable {
  readonly name: DecodedTable["name"];
  readonly kind: DecodedTable["kind"];
  readonly layouts: TableLayouts;
  readonly layout: string;
  readonly layoutTitle: string;
  readonly layoutReason: string;
  readonly closeLayout: DecodedTable["closeLayout"];
  readonly entryName: string;
  readonly indexName: string;
  readonly entryBytes: number;
  readonly base: number;
  readonly levels: 1 | 2;
  readonly columns: readonly string[];
  readonly notes: readonly string[];
  private readonly head: EntryTableHead;
  private readonly entry: EntryLayout;
  private readonly segments: readonly Segment[];
  private readonly index: ValidIndex;
  private readonly places: SegmentPlaces;
  private readonly cells: readonly CellText[];
  private readonly remarks: EntryNotes;
  private readonly chainTable: ChainTable | undefined;
  private chain: Chain | undefined;
  /** Entries that the dump holds before each segment, and the number of all. */
  private readonly counts: Float64Array;

  /** Looks through the entries for the valid ones. */
  static *of(head: EntryTableHead): Work<EntryTable> {
    return new EntryTable(head, yield* ValidIndex.of(head.memory, head.entry, head.segments));
  }

  private constructor(head: EntryTableHead, index: ValidIndex) {
    this.head = head;
    this.entry = head.entry;
    this.segments = head.segments;
    this.name = head.name;
    this.kind = head.kind;
    this.layouts = head.layouts;
    this.layout = head.layouts.name;
    this.layoutTitle = head.layouts.title;
    this.layoutReason = head.layoutReason;
    this.closeLayout = head.closeLayout;
    this.entryName = head.entry.entryName;
    this.indexName = head.entry.indexedBy === "packed" ? "slot" : head.entry.index;
    this.entryBytes = head.entry.bytes;
    this.base = head.base;
    this.levels = head.levels;
    this.columns = columnsOf(head.entry);
    this.notes = head.notes;
    this.index = index;
    this.places = new SegmentPlaces(head.segments, head.entry.bytes);
    this.cells = cellTexts(head.entry, this.columns);
    this.remarks = new EntryNotes(head.entry, head.eventBits);
    this.counts = new Float64Array(head.segments.length + 1);
    for (const [at, { count }] of head.segments.entries()) this.counts[at + 1] = this.counts[at] + count;
    const nextField = roleField(head.entry, "next");
    if (nextField !== undefined) {
      const next = rawReader(head.entry.bytes, nextField);
      this.chainTable = {
        index,
        next: (row) => index.bitsAt(row, next),
        idsPerPage: head.idsPerPage,
        unknown: (from, limit) => this.firstUnknown(from, limit),
        indexName: this.indexName,
        nextMax: Number(fieldMax(nextField)),
      };
    }
  }

  get rowCount(): number {
    return this.index.rowCount;
  }

  row(i: number): TableRow {
    return this.decode(this.index.idAt(i), i);
  }

  listed(i: number): ListedRow {
    const { view, at, id, address } = this.index.entryAt(i);
    const cells = this.cells.map((text) => text(view, at));
    return { index: id, lastIndex: id, address, cells, notes: this.notesOf(view, at, id, i) };
  }

  get heldCount(): number {
    return this.counts[this.segments.length];
  }

  held(i: number): TableRow {
    const at = lastNotAbove(this.counts, i);
    const id = this.segments[at].firstId + i - this.counts[at];
    return this.decode(id, this.index.find(id));
  }

  rowAt(address: number): number {
    const id = this.idAt(address);
    return id < 0 ? -1 : Math.max(-1, this.index.find(id));
  }

  entryAt(address: number): TableRow | undefined {
    const id = this.idAt(address);
    return id < 0 ? undefined : this.decode(id, this.index.find(id));
  }

  *prepare(): Work<void> {
    if (this.chainTable !== undefined) this.chain ??= yield* walkChain(this.chainTable);
  }

  holds(id: number): boolean {
    return segmentOfId(this.segments, id) >= 0;
  }

  isPart(address: number): boolean {
    if (this.idAt(address) >= 0) return false;
    const { entryBytes } = this;
    const segment = this.places.at(address + entryBytes) ?? this.places.at(address - entryBytes);
    if (segment === undefined) return false;
    const start = segment.address + Math.floor((address - segment.address) / entryBytes) * entryBytes;
    return this.head.memory.read(start, entryBytes) === undefined;
  }

  /** What is to be said of an entry of a list that has others before it which are not valid, or unknown. */
  private listNote(id: number, row: number): string {
    const known = this.knownBefore(id);
    return known > row
      ? "behind the end of the list: an invalid entry stands before it, a restore never reads it"
      : "unknown whether a restore reads it: entries before it are not in the dump";
  }

  /** How many entries with lower ids the dump holds. */
  private knownBefore(id: number): number {
    const at = segmentNotAfter(this.segments, id);
    if (at < 0) return 0;
    const { firstId, count } = this.segments[at];
    return this.counts[at] + Math.min(count, id - firstId);
  }

  private firstUnknown(from: number, limit: number): number | undefined {
    const { slots, idsPerPage } = this.head;
    if (slots === undefined || idsPerPage === undefined) return firstUnknownId(this.segments, from, limit);
    // What level 1 has no page for is not valid, and known to be.
    for (let at = firstNotBelow(slots, Math.floor(from / idsPerPage)); at < slots.length; at++) {
      const start = slots[at] * idsPerPage;
      if (start >= limit) return undefined;
      const end = Math.min(limit, start + idsPerPage);
      const unknown = firstUnknownId(this.segments, Math.max(from, start), end);
      if (unknown !== undefined) return unknown;
    }
    return undefined;
  }

  private idAt(address: number): number {
    const segment = this.places.at(address);
    return segment === undefined ? -1 : segment.firstId + Math.floor((address - segment.address) / this.entryBytes);
  }

  private decode(id: number, row: number): TableRow {
    const segment = this.segments[segmentOfId(this.segments, id)];
    const address = segment.address + (id - segment.firstId) * this.entryBytes;
    const view = viewOf(entriesAt(this.head.memory, address, 1, this.entryBytes));
    const entry = readEntryAt(view, 0, this.entryBytes);
    return {
      index: id,
      lastIndex: id,
      address,
      byteCount: this.entryBytes,
      words: entryWords(entry, this.entryBytes),
      fields: rowFields(this.entry, entry),
      notes: this.notesOf(view, 0, id, row),
    };
  }

  /** @param row below 0 when the entry is not valid */
  private notesOf(view: DataView, at: number, id: number, row: number): string[] {
    const notes = this.remarks.of(view, at, id, row >= 0);
    if (row >= 0 && this.chainTable !== undefined) {
      this.chain ??= finish(walkChain(this.chainTable));
      notes.push(...chainNotes(this.chainTable, this.chain, row));
    }
    if (row > 0 && this.entry.indexedBy === "packed" && id !== row) notes.push(this.listNote(id, row));
    return notes;
  }
}

function columnsOf(entry: EntryLayout): string[] {
  // That the valid bit is set is no news in a row.
  const shown = entry.fields.filter(({ name, msb, lsb }) => !(name === entry.validField && msb === lsb));
  // The ICID of a list entry is what people look for; in ITEs the LPI comes first.
  const first = entry.indexedBy === "packed" ? "icid" : undefined;
  const rank = ({ role }: EntryField) => {
    if (role !== undefined && role === first) return -1;
    return COLUMN_ORDER.includes(role) ? COLUMN_ORDER.indexOf(role) : COLUMN_ORDER.length - 1.5;
  };
  return shown.sort((a, b) => rank(a) - rank(b)).map(({ name }) => name);
}

/** Index of the first of ascending numbers that is not below one. */
function firstNotBelow(numbers: readonly number[], least: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
