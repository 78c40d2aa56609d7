import { hex } from "../architecture/hex.ts";
import type { DumpDocument } from "./document.ts";
import { type DumpPlace, placeAt } from "./hex-text/line-groups.ts";
import { linesOf, type SectionTable } from "./tables/sections.ts";
import type { DecodedTable, RowField, TableRow } from "./tables/table.ts";

/** An entry explained: a heading, its fields, and what is remarkable. Plain text without markup; a caller lays it out. */
export interface EntryExplanation {
  /** "DTE of DeviceID 0x8" */
  readonly title: string;
  /** The whole entry in one sentence. */
  readonly summary: string;
  /** As a script or a person writes it, where its fields do not say it best: a command. */
  readonly text?: string;
  readonly address: string;
  /** The words as 0x and 16 digits. */
  readonly words: readonly string[];
  readonly fields: readonly RowField[];
  readonly notes: readonly string[];
  /** Whose layout, and why it was taken. */
  readonly layout: string;
  readonly valid: boolean;
}

/** What a position in a dump's text is. */
export interface DumpHover {
  readonly line: number;
  /** Columns of the group under the position, from 0, `end` not included; the whole line for a `*`. */
  readonly start: number;
  readonly end: number;
  /** Address and value of the byte under the position; absent on a `*`. */
  readonly byte?: { readonly address: string; readonly value: number };
  /** The group as a number, when it is wider than a byte and no wider than 8. */
  readonly word?: { readonly address: string; readonly value: bigint; readonly byteCount: number };
  /** Entries of the table that the line or group holds: one under the position, all of the line on its address or text. */
  readonly entries: readonly EntryExplanation[];
  /** A sentence about the line where it is not plain data: what a `*` stands for. */
  readonly note?: string;
}

const PART = "The dump holds a part of this entry only: whether it is valid is unknown.";

/** Explains one entry of a table. */
export function explainRow(table: DecodedTable, row: TableRow, format: (address: number) => string): EntryExplanation {
  const valid = table.rowAt(row.address) >= 0;
  const ids =
    row.lastIndex === row.index
      ? nameId(table, row.index)
      : `${nameId(table, row.index)} to ${hexOrDecimal(table, row.lastIndex)}`;
  const joint = table.indexName === "slot" ? "in" : "of";
  return {
    title: row.title ?? `${table.entryName} ${joint} ${ids}`,
    summary: row.text ?? summarise(table, row, valid),
    ...(row.text === undefined ? {} : { text: row.text }),
    address: format(row.address),
    words: row.words.map((word) => `0x${word.toString(16).padStart(Math.min(table.entryBytes, 8) * 2, "0")}`),
    fields: row.fields,
    notes: row.notes,
    layout: `${table.layoutTitle} (${table.layoutReason})`,
    valid,
  };
}

/** The explanation as lines of plain text, for a terminal. */
export function explanationLines(explanation: EntryExplanation): string[] {
  const width = Math.max(0, ...explanation.fields.map((field) => field.name.length));
  return [
    `${explanation.title} at ${explanation.address}: ${explanation.words.join(" ")}`,
    explanation.summary,
    ...explanation.fields.map((field) => `  ${field.name.padEnd(width)}  ${bits(field).padEnd(7)}  ${field.text}`),
    ...explanation.notes.map((note) => `  ! ${note}`),
    `  layout: ${explanation.layout}`,
  ];
}

/** "[62:49]" */
export function bits(field: RowField): string {
  return field.msb === field.lsb ? `[${field.msb}]` : `[${field.msb}:${field.lsb}]`;
}

/**
 * Explains a position of a text dump: the byte, the word and the table entry there. `tables` come from `decodeSections`, once a document.
 * @param line from 1
 * @param column from 0
 * @returns undefined for a line without data
 */
export function explainDumpLine(
  document: DumpDocument,
  tables: readonly SectionTable[],
  line: number,
  column: number,
): DumpHover | undefined {
  const held = document.text?.lines.bytesOf(line);
  if (held === undefined) return undefined;
  const format = (address: number) => document.memory.format(address);
  if (held.kind === "repeat") {
    const note = `Repeats the line above from ${format(held.address)} to ${format(held.address + held.byteCount - 1)} (${held.byteCount} bytes).`;
    return { line, start: 0, end: 1, entries: [], note };
  }
  const table = tableOfLine(tables, line);
  const place = placeAt(document, line, column);
  if (place === undefined) {
    return { line, start: 0, end: column + 1, entries: entriesBetween(table, held.address, held.byteCount, format) };
  }
  const counts = document.text?.lines.lineOf(place.address);
  const again =
    counts === line || counts === undefined
      ? undefined
      : `Line ${counts} gives ${format(place.address)} again, and the later line counts.`;
  const note = again ?? (table?.isPart?.(place.address) ? PART : undefined);
  return { ...placeHover(document, place), entries: entriesBetween(table, place.address, 1, format), note };
}

function placeHover(document: DumpDocument, place: DumpPlace): Omit<DumpHover, "entries"> {
  const { memory } = document;
  const { group } = place;
  const value = memory.read(place.address, 1)?.[0] ?? 0;
  const number =
    group.byteCount > 1 && group.byteCount <= 8 ? memory.readNumber(group.address, group.byteCount) : undefined;
  return {
    line: place.line,
    start: group.start,
    end: group.end,
    byte: { address: memory.format(place.address), value },
    word:
      number === undefined
        ? undefined
        : { address: memory.format(group.address), value: number, byteCount: group.byteCount },
  };
}

function tableOfLine(tables: readonly SectionTable[], line: number): DecodedTable | undefined {
  for (const found of tables) {
    const lines = linesOf(found);
    if (!found.result.ok) continue;
    if (lines === undefined || (line >= lines.line && line <= lines.lastLine)) return found.result.table;
  }
  return undefined;
}

/** Entries that overlap a stretch; invalid and empty ones only when the stretch is a single byte. */
function entriesBetween(
  table: DecodedTable | undefined,
  address: number,
  length: number,
  format: (address: number) => string,
): EntryExplanation[] {
  if (table === undefined) return [];
  const found: EntryExplanation[] = [];
  let at = address;
  while (at < address + length) {
    const row = table.entryAt(at);
    if (row === undefined) {
      at++;
      continue;
    }
    if (length === 1 || table.rowAt(at) >= 0) found.push(explainRow(table, row, format));
    at = Math.max(at + 1, row.address + row.byteCount);
  }
  return found;
}

function nameId(table: DecodedTable, id: number): string {
  return `${table.indexName} ${hexOrDecimal(table, id)}`;
}

/** INTIDs and slots are decimal everywhere, DeviceIDs, EventIDs and ICIDs hexadecimal. */
export function hexOrDecimal(table: DecodedTable, id: number): string {
  return table.indexName === "INTID" || table.indexName === "slot" ? id.toString() : hex(id);
}

function summarise(table: DecodedTable, row: TableRow, valid: boolean): string {
  if (!valid) return "Not valid.";
  if (table.kind === "lpi-pending") return "Pending.";
  const text = (name: string) => row.fields.find((field) => field.name === name)?.text;
  const parts = table.columns.flatMap((name) => (text(name) === undefined ? [] : [`${name} ${text(name)}`]));
  return `${parts.join(", ")}.`;
}
