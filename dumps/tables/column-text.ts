import type { DecodedTable, ListedRow, TableRow } from "./table.ts";

/** Headings that say more than the field's name; those of {@link COUNTS} say the unit. */
const HEADINGS: Readonly<Record<string, string>> = {
  ITT_addr: "ITT address",
  Size: "EventID bits",
  VPT_addr: "VPT address",
};

/** Fields whose unit the heading already says. */
const COUNTS: readonly string[] = ["Size", "next"];

/** Heading of a column of {@link DecodedTable.columns}. */
export function columnHeading(name: string): string {
  return HEADINGS[name] ?? name;
}

/** What a row has in a column; empty when the row has no such field. */
export function columnText(row: TableRow, name: string): string {
  const field = row.fields.find((candidate) => candidate.name === name);
  if (field === undefined) return "";
  return isCount(name) ? field.meaning.toString() : field.text;
}

/** Whether a column has the bare number of a field. */
export function isCount(name: string): boolean {
  return COUNTS.includes(name);
}

/** What a list shows of a row. @param i from 0 to rowCount - 1 */
export function listedRow(table: DecodedTable, i: number): ListedRow {
  if (table.listed !== undefined) return table.listed(i);
  const row = table.row(i);
  return { ...row, cells: table.columns.map((name) => columnText(row, name)) };
}
