import { extractRaw, fieldMax } from "../../architecture/field.ts";
import { type EntryLayout, layoutField } from "../../architecture/layout.ts";
import { type Chain, type ChainTable, chainNotes, walkChain } from "./chain.ts";
import { entryNotes } from "./entry-notes.ts";
import { entryWords, rowFields } from "./row-fields.ts";
import { readEntry, type Segment, segmentOfId } from "./segments.ts";
import type { DecodedTable, TableRow } from "./table.ts";
import { findId, validIds } from "./valid-index.ts";

/** What {@link EntryTable} is made of besides the entries. */
export type EntryTableHead = Pick<
  DecodedTable,
  "name" | "kind" | "layout" | "layoutTitle" | "layoutReason" | "base" | "levels"
> & {
  readonly entry: EntryLayout;
  readonly segments: readonly Segment[];
  readonly eventBits?: number;
  readonly idsPerPage?: number;
  readonly notes: readonly string[];
};

/** Columns in the order people ask for them, by table. */
const COLUMN_ORDER = [
  "ITT_addr",
  "Size",
  "pINTID",
  "INTID",
  "vLPI",
  "ICID",
  "RDbase",
  "VPT_addr",
  "VPT_size",
  "Address",
  "next",
];

/** A table of entries of equal length: bytes and an index of the valid ones; rows are decoded on demand. */
export class EntryTable implements DecodedTable {
  readonly name: DecodedTable["name"];
  readonly kind: DecodedTable["kind"];
  readonly layout: DecodedTable["layout"];
  readonly layoutTitle: string;
  readonly layoutReason: string;
  readonly entryName: string;
  readonly indexName: string;
  readonly entryBytes: number;
  readonly base: number;
  readonly levels: 1 | 2;
  readonly columns: readonly string[];
  readonly notes: readonly string[];
  readonly #head: EntryTableHead;
  readonly #entry: EntryLayout;
  readonly #segments: readonly Segment[];
  readonly #ids: Uint32Array;
  readonly #chainTable: ChainTable | undefined;
  #chain: Chain | undefined;

  constructor(head: EntryTableHead) {
    this.#head = head;
    this.#entry = head.entry;
    this.#segments = head.segments;
    this.name = head.name;
    this.kind = head.kind;
    this.layout = head.layout;
    this.layoutTitle = head.layoutTitle;
    this.layoutReason = head.layoutReason;
    this.entryName = head.entry.entryName;
    this.indexName = head.entry.indexedBy === "packed" ? "slot" : head.entry.index;
    this.entryBytes = head.entry.bytes;
    this.base = head.base;
    this.levels = head.levels;
    this.columns = columnsOf(head.entry);
    this.notes = head.notes;
    this.#ids = validIds(head.entry, head.segments);
    const nextField = head.entry.nextField === undefined ? undefined : layoutField(head.entry, head.entry.nextField);
    if (nextField !== undefined) {
      this.#chainTable = {
        ids: this.#ids,
        next: (row) => Number(extractRaw(this.#entryOf(this.#ids[row]), nextField)),
        idsPerPage: head.idsPerPage,
        indexName: this.indexName,
        nextMax: Number(fieldMax(nextField)),
      };
    }
  }

  get rowCount(): number {
    return this.#ids.length;
  }

  row(i: number): TableRow {
    return this.#decode(this.#ids[i], i);
  }

  rowAt(address: number): number {
    const id = this.#idAt(address);
    return id < 0 ? -1 : Math.max(-1, findId(this.#ids, id));
  }

  entryAt(address: number): TableRow | undefined {
    const id = this.#idAt(address);
    return id < 0 ? undefined : this.#decode(id, findId(this.#ids, id));
  }

  #idAt(address: number): number {
    for (const segment of this.#segments) {
      const distance = address - segment.address;
      if (distance >= 0 && distance < segment.count * this.entryBytes) {
        return segment.firstId + Math.floor(distance / this.entryBytes);
      }
    }
    return -1;
  }

  #entryOf(id: number): bigint {
    const segment = this.#segments[segmentOfId(this.#segments, id)];
    return readEntry(segment, id - segment.firstId, this.entryBytes);
  }

  #decode(id: number, row: number): TableRow {
    const segment = this.#segments[segmentOfId(this.#segments, id)];
    const entry = readEntry(segment, id - segment.firstId, this.entryBytes);
    const fields = rowFields(this.#entry, entry);
    const notes = entryNotes(this.#entry, entry, fields, id, row >= 0, this.#head.eventBits);
    if (row >= 0 && this.#chainTable !== undefined) {
      this.#chain ??= walkChain(this.#chainTable);
      notes.push(...chainNotes(this.#chainTable, this.#chain, row));
    }
    if (row > 0 && this.#entry.indexedBy === "packed" && this.#ids[row] !== row) {
      notes.push("behind the end of the list: an invalid entry stands before it, a restore never reads it");
    }
    return {
      index: id,
      lastIndex: id,
      address: segment.address + (id - segment.firstId) * this.entryBytes,
      byteCount: this.entryBytes,
      words: entryWords(entry, this.entryBytes),
      fields,
      notes,
    };
  }
}

function columnsOf(entry: EntryLayout): string[] {
  const names = entry.fields
    .filter((field) => !(field.name === "V" && field.name === entry.validField))
    .map((field) => field.name);
  const rank = (name: string) => (COLUMN_ORDER.includes(name) ? COLUMN_ORDER.indexOf(name) : COLUMN_ORDER.length - 1.5);
  const sorted = names.sort((a, b) => rank(a) - rank(b));
  // The ICID of a list entry is what people look for; in ITEs the LPI comes first.
  return entry.indexedBy === "packed" ? ["ICID", ...sorted.filter((name) => name !== "ICID")] : sorted;
}
