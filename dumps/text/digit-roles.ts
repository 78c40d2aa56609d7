import type { DumpDocument } from "../document.ts";
import { groupsOfLine, type LineGroup } from "../hex-text/line-groups.ts";
import type { DecodedTable, TableRow } from "../tables/table.ts";
import { type FieldRole, type PlacedField, placedFields } from "./entry-fields.ts";
import { tableFor } from "./line-entries.ts";

/** Digits of a line that mean the same: columns from 0, `end` not included. `unused`: of an entry that is not valid. */
export interface DigitRun {
  readonly start: number;
  readonly end: number;
  readonly role: FieldRole | "unused";
}

/** What an entry says of its bits, kept while its digits are gone through. */
interface KnownEntry {
  readonly row: TableRow;
  readonly fields: readonly PlacedField[] | undefined;
}

const BITS_OF_DIGIT = 4;

/**
 * What the digits of a line are, field by field. A digit that has bits of two fields has no role, unless one of them is the bit that makes the
 * entry valid: that is what readers look for.
 * @param line from 1
 */
export function digitRoles(document: DumpDocument, tables: readonly DecodedTable[], line: number): DigitRun[] {
  const runs: { start: number; end: number; role: DigitRun["role"] }[] = [];
  let known: KnownEntry | undefined;
  for (const group of groupsOfLine(document, line)) {
    // Octal and decimal digits are not those of bits that stand together.
    if (!group.isHex) continue;
    for (let column = group.start; column < group.end; column++) {
      const { address, high } = nibbleAt(group, column);
      if (address >= group.address + group.byteCount) continue;
      if (known === undefined || !holds(known.row, address)) known = entryAt(tables, address);
      if (known === undefined) continue;
      const lsb = (address - known.row.address) * 8 + (high ? BITS_OF_DIGIT : 0);
      const role = known.fields === undefined ? "unused" : roleAt(known.fields, lsb);
      if (role === undefined) continue;
      const last = runs.at(-1);
      if (last !== undefined && last.end === column && last.role === role) last.end = column + 1;
      else runs.push({ start: column, end: column + 1, role });
    }
  }
  return runs;
}

function entryAt(tables: readonly DecodedTable[], address: number): KnownEntry | undefined {
  const table = tableFor(tables, address);
  const row = table?.entryAt(address);
  // A range of equal bytes has fields of a byte each, at every one of them.
  if (table === undefined || row === undefined) return undefined;
  const isValid = table.rowAt(row.address) >= 0;
  const one = row.lastIndex === row.index ? row : { ...row, address, byteCount: 1 };
  return { row: one, fields: isValid ? placedFields(table, row) : undefined };
}

function holds({ address, byteCount }: TableRow, at: number): boolean {
  return at >= address && at < address + byteCount;
}

function roleAt(fields: readonly PlacedField[], lsb: number): FieldRole | undefined {
  const touched = fields.filter((field) => field.lsb < lsb + BITS_OF_DIGIT && field.msb >= lsb);
  if (touched.length === 1) return touched[0].role;
  return touched.find(({ role }) => role === "valid")?.role;
}

/** The byte of a digit, and whether it is its upper half. */
export function nibbleAt(group: LineGroup, column: number): { readonly address: number; readonly high: boolean } {
  const pair = (column - group.start) >> 1;
  const pairs = (group.end - group.start) >> 1;
  const byte = group.order === "little" ? pairs - 1 - pair : pair;
  return { address: group.address + byte, high: ((column - group.start) & 1) === 0 };
}
