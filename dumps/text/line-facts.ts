import { hex } from "../../architecture/hex.ts";
import type { DumpDocument } from "../document.ts";
import { hexOrDecimal } from "../explain.ts";
import { groupsOfLine, type LineGroup, placeAt } from "../hex-text/line-groups.ts";
import { hintOptions } from "../tables/sections.ts";
import type { DecodedTable } from "../tables/table.ts";
import { fieldsAt, placedFields } from "./entry-fields.ts";
import { entryUnder } from "./entry-links.ts";
import { tableFor } from "./line-entries.ts";
import type { TextTable } from "./text-tables.ts";

/** The ids of which a stretch of a table has entries. */
export interface IdRange {
  /** DeviceID, EventID, slot, INTID … */
  readonly indexName: string;
  readonly first: string;
  /** Equal to `first` when it is one. */
  readonly last: string;
}

/** What a line of a dump, or the word under a position, is of a table. */
export interface LineFacts {
  /** What is under the position. */
  readonly part: "digits" | "beside" | "repeat";
  /** Columns of it, from 0; undefined where it is the whole line. */
  readonly columns: { readonly start: number; readonly end: number } | undefined;
  /** Address of the first byte as the dump writes it, and of the last one. */
  readonly address: string;
  readonly lastAddress: string;
  /** Distance of the first byte from the table's base. */
  readonly offset: string | undefined;
  /** Undefined of a word that is one valid entry or a part of it, and outside the entries. */
  readonly ids: IdRange | undefined;
  /** Of a word that is a part of an entry: its bits in the entry, and which fields have bits in it. */
  readonly bits?: { readonly msb: number; readonly lsb: number; readonly fields: readonly string[] };
  /** The field whose bits are those of the digit under the position. */
  readonly field?: string;
  /** INTIDs of the set bits of a byte of a pending table. */
  readonly pending?: readonly number[];
}

/** @param line from 1 @param column from 0 @returns undefined of a line without data, or outside a table */
export function lineFacts(
  document: DumpDocument,
  { tables, plan }: TextTable,
  line: number,
  column: number,
): LineFacts | undefined {
  const held = document.text?.lines.bytesOf(line);
  if (held === undefined) return undefined;
  const place = placeAt(document, line, column);
  const from = place === undefined ? held.address : place.group.address;
  const length = place === undefined ? held.byteCount : place.group.byteCount;
  const table = tableFor(tables, from) ?? tableFor(tables, from + length - 1);
  if (table === undefined) return undefined;
  const firstId = hintOptions(plan.section?.hints ?? {}).options.firstId ?? 0;
  const stretch = {
    address: document.memory.format(from),
    lastAddress: document.memory.format(from + length - 1),
    offset: table.levels === 2 || from < table.base ? undefined : hex(from - table.base),
  };
  if (place === undefined) {
    const ids = idsOf(table, from, length, firstId);
    if (held.kind === "repeat") return { part: "repeat", columns: undefined, ...stretch, ids };
    return { part: "beside", columns: columnsBeside(document, line, column), ...stretch, ids };
  }
  const { start, end } = place.group;
  const isBits = table.kind === "lpi-config" || table.kind === "lpi-pending";
  // What is one valid entry is explained as such.
  const isExplained = !isBits && length <= table.entryBytes && table.rowAt(from) >= 0;
  const ids = isBits
    ? idsOf(table, place.address, 1, firstId)
    : isExplained
      ? undefined
      : idsOf(table, from, length, firstId);
  return {
    part: "digits",
    columns: { start, end },
    ...stretch,
    ids,
    ...wordBits(table, place.group),
    ...fieldName(document, tables, line, column),
    ...(table.kind === "lpi-pending" ? { pending: pendingOf(document, table, place.address, firstId) } : {}),
  };
}

/** From the start of the line, or from its last group on, to where the digits begin or the line ends. */
function columnsBeside(document: DumpDocument, line: number, column: number): LineFacts["columns"] {
  const groups = groupsOfLine(document, line);
  const next = groups.find(({ start }) => start > column);
  const before = groups.findLast(({ end }) => end <= column);
  if (before === undefined) return { start: 0, end: next?.start ?? column + 1 };
  return next === undefined ? { start: before.end, end: Number.MAX_SAFE_INTEGER } : { start: column, end: column + 1 };
}

function idsOf(table: DecodedTable, address: number, length: number, firstId: number): IdRange | undefined {
  if (table.kind === "lpi-pending") {
    if (address < table.base) return undefined;
    const first = (address - table.base) * 8 + firstId;
    return { indexName: table.indexName, first: `${first}`, last: `${first + length * 8 - 1}` };
  }
  const first = idAt(table, address);
  const last = idAt(table, address + length - 1) ?? first;
  if (first === undefined || last === undefined) return undefined;
  const [from, to] = [hexOrDecimal(table, first), hexOrDecimal(table, last)];
  return { indexName: table.indexName, first: from, last: to };
}

function idAt(table: DecodedTable, address: number): number | undefined {
  const row = table.entryAt(address);
  if (row === undefined) return undefined;
  return row.lastIndex === row.index ? row.index : row.index + (address - row.address);
}

/** Of a word that is shorter than its entry. */
function wordBits(table: DecodedTable, group: LineGroup): Pick<LineFacts, "bits"> {
  const row = table.entryAt(group.address);
  if (row === undefined || row.fields.length === 0 || row.lastIndex !== row.index) return {};
  if (group.byteCount >= row.byteCount) return {};
  const lsb = (group.address - row.address) * 8;
  const msb = lsb + group.byteCount * 8 - 1;
  const fields = fieldsAt(placedFields(table, row), lsb, msb).map(({ field }) => field.name);
  return { bits: { msb, lsb, fields } };
}

function fieldName(
  document: DumpDocument,
  tables: readonly DecodedTable[],
  line: number,
  column: number,
): Pick<LineFacts, "field"> {
  const field = entryUnder(document, tables, line, column)?.field?.field.name;
  return field === undefined ? {} : { field };
}

function pendingOf(document: DumpDocument, table: DecodedTable, address: number, firstId: number): number[] {
  const [byte = 0] = document.memory.read(address, 1) ?? [];
  const first = (address - table.base) * 8 + firstId;
  return [0, 1, 2, 3, 4, 5, 6, 7].flatMap((bit) => (((byte >> bit) & 1) === 1 ? [first + bit] : []));
}
