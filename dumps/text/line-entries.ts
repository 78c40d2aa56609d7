import type { DumpDocument } from "../document.ts";
import { hexOrDecimal } from "../explain.ts";
import type { DecodedTable, TableRow } from "../tables/table.ts";
import { fieldOfRole } from "./entry-fields.ts";

/** What of a table a line holds. */
export interface LineEntries {
  /** Valid entries (of the LPI tables: ranges) of which a byte is on the line, those that begin on it first, at most {@link MAX_ENTRIES}. */
  readonly rows: readonly TableRow[];
  /** There are more. */
  readonly more: boolean;
}

/** Entries of one line that are looked at: a `*` may stand for millions, and they are the same. */
const MAX_ENTRIES = 64;

/** Valid entries whose last byte is among some bytes: each is told once, on the line that ends it; a range of equal ones where it begins. */
export function entriesEndingIn(table: DecodedTable, address: number, length: number): LineEntries {
  return table.kind === "lpi-pending" ? rangesOfBits(table, address, length) : entriesOfBytes(table, address, length);
}

function entriesOfBytes(table: DecodedTable, address: number, length: number): LineEntries {
  const rows: TableRow[] = [];
  const end = address + length;
  let at = address;
  while (at < end) {
    if (rows.length >= MAX_ENTRIES) return { rows, more: true };
    const row = table.entryAt(at);
    if (row === undefined) {
      at += 1;
      continue;
    }
    const after = row.address + Math.max(row.byteCount, 1);
    const isHere = row.lastIndex === row.index ? after <= end : row.address >= address;
    if (isHere && table.rowAt(row.address) >= 0) rows.push(row);
    at = Math.max(at + 1, after);
  }
  return { rows, more: false };
}

/** Ranges of set bits that begin among some bytes: several may begin in one byte. */
function rangesOfBits(table: DecodedTable, address: number, length: number): LineEntries {
  const rows: TableRow[] = [];
  const end = address + length;
  let at = address;
  let found = -1;
  while (at < end && found < 0) found = table.rowAt(at++);
  if (found < 0) return { rows, more: false };
  while (found > 0 && table.row(found - 1).address >= address) found--;
  for (; found < table.rowCount; found++) {
    const row = table.row(found);
    if (row.address >= end) break;
    if (row.address < address) continue;
    if (rows.length >= MAX_ENTRIES) return { rows, more: true };
    rows.push(row);
  }
  return { rows, more: false };
}

/** What a line holds, in a few words for its end; undefined where it holds no valid entry. @param line from 1 */
export function lineHint(document: DumpDocument, tables: readonly DecodedTable[], line: number): string | undefined {
  const held = document.text?.lines.bytesOf(line);
  if (held === undefined || held.kind === "repeat") return undefined;
  // An address that a later line gives again is that line's.
  if (document.text?.lines.lineOf(held.address) !== line) return undefined;
  const table = tableFor(tables, held.address) ?? tableFor(tables, held.address + held.byteCount - 1);
  if (table === undefined) return undefined;
  const { rows, more } = entriesEndingIn(table, held.address, held.byteCount);
  // Memory that was never written is LPIs that nobody uses.
  const told = table.kind === "lpi-config" ? rows.filter(({ words }) => words[0] !== 0n) : rows;
  if (told.length === 0) return undefined;
  const shown = told.slice(0, MAX_HINTS).map((row, place) => entryHint(table, row, place > 0));
  const rest = told.length - shown.length;
  if (rest > 0 || more) shown.push(`+${rest}${more ? " or more" : ""}`);
  return shown.join(" · ");
}

/** Which of the tables that a section is has an entry at an address. The LPI tables have none of what is zero. */
export function tableFor(tables: readonly DecodedTable[], address: number): DecodedTable | undefined {
  return tables.length === 1 ? tables[0] : tables.find((table) => table.entryAt(address) !== undefined);
}

/** Entries that are told at the end of a line. */
const MAX_HINTS = 4;

/** An entry in a few words, with its id. @param isNext behind another one of the table: what the id counts has been said */
function entryHint(table: DecodedTable, row: TableRow, isNext: boolean): string {
  const id = isNext ? entryNumber(table, row) : entryId(table, row);
  const words = entryWordsShort(table, row);
  const joint = arrows.has(table.kind) ? " → " : table.kind === "lpi-pending" ? " " : ": ";
  return table.kind === "command-queue" ? words : `${id}${joint}${words}`;
}

/** Tables whose entries lead somewhere. */
const arrows: ReadonlySet<DecodedTable["kind"]> = new Set(["device", "itt", "collection", "level1", "vpe"]);

/** What an entry is of: `DeviceID 0x8`, `ICID 0x0`, `LPI 8192–8200`. */
export function entryId(table: DecodedTable, row: TableRow): string {
  return `${idNames[table.kind] ?? table.indexName} ${entryNumber(table, row)}`;
}

/** What ids are called where the table counts something else. */
const idNames: Readonly<Partial<Record<DecodedTable["kind"], string>>> = {
  collection: "ICID",
  "lpi-config": "LPI",
  "lpi-pending": "LPI",
};

function entryNumber(table: DecodedTable, row: TableRow): string {
  if (table.kind === "collection") return icidOf(table, row);
  return row.index === row.lastIndex ? hexOrDecimal(table, row.index) : `${row.index}–${row.lastIndex}`;
}

/** An entry in a few words, without its id. A remark about it shows by a sign. */
export function entryWordsShort(table: DecodedTable, row: TableRow): string {
  const text = meaningOf(table, row);
  return row.notes.length > 0 ? `${text} ⚠` : text;
}

function meaningOf(table: DecodedTable, row: TableRow): string {
  const of = (role: Parameters<typeof fieldOfRole>[2]) => fieldOfRole(table, row, role)?.field;
  switch (table.kind) {
    case "device": {
      const size = of("size")?.meaning;
      const bits = size === undefined ? "" : `, ${size} ${size === 1n ? "bit" : "bits"}`;
      return `ITT ${longAddress(of("address")?.meaning)}${bits}`;
    }
    case "itt": {
      const icid = of("collection")?.meaning;
      return `LPI ${of("intid")?.meaning}${icid === undefined ? "" : `, ICID 0x${icid.toString(16)}`}`;
    }
    case "collection":
      return targetText(of("target"));
    case "level1":
      return `page ${longAddress(of("address")?.meaning)}`;
    case "vpe":
      return `VPT ${longAddress(of("address")?.meaning)}`;
    case "lpi-config": {
      const named = (name: string) => row.fields.find((field) => field.name === name);
      const enabled = named("Enable")?.raw === 1n ? "enabled" : "not enabled";
      return `${enabled}, priority 0x${(named("Priority")?.meaning ?? 0n).toString(16)}`;
    }
    case "lpi-pending":
      return "pending";
    default:
      return row.text ?? "";
  }
}

/** Which collection an entry of a collection table is. */
export function icidOf(table: DecodedTable, row: TableRow): string {
  const field = fieldOfRole(table, row, "collection")?.field;
  return field === undefined ? hexOrDecimal(table, row.index) : `0x${field.meaning.toString(16)}`;
}

function targetText(field: TableRow["fields"][number] | undefined): string {
  if (field === undefined) return "?";
  return /^\d+$/.test(field.text) ? `PE ${field.text}` : field.text;
}

/** An address in groups of four digits, which a reader compares at a glance: 0x8008_0000. */
export function longAddress(address: bigint | undefined): string {
  if (address === undefined) return "?";
  return `0x${address.toString(16).replace(/(?<=.)(?=(?:.{4})+$)/g, "_")}`;
}
