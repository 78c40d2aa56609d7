import { hex } from "../../architecture/index.ts";
import type { TableKind } from "../../architecture/layout.ts";
import type { InputTables } from "../../runner/inputs/tables-input.ts";
import { type EntryLink, MAX_REPORT_ROWS, type ReportCell, type ReportTable } from "../tables-protocol.ts";

/** Bytes of what is one byte or less of a table. */
const BYTE = 1;

/** Where bytes of an input stand. @param input its place in the request */
export function linkTo(tables: InputTables, input: number, its: number, address: number, bytes: number): EntryLink {
  const file = (tables.itss[its] ?? tables.itss[0]).memory.sourceOf(address)?.file;
  return { input, file, address: hex(address), bytes };
}

/** As {@link linkTo}, of an entry of a kind of table. */
export function entryLink(
  tables: InputTables,
  input: number,
  its: number,
  kind: TableKind,
  address: number | undefined,
): EntryLink | undefined {
  if (address === undefined) return undefined;
  const { layout } = tables.itss[its] ?? tables.itss[0];
  const bytes = layout.entries[kind]?.bytes ?? BYTE;
  return linkTo(tables, input, its, address, Math.max(bytes, BYTE));
}

export function cell(text: string, link?: EntryLink, tone?: ReportCell["tone"]): ReportCell {
  return { text, ...(link === undefined ? {} : { link }), ...(tone === undefined ? {} : { tone }) };
}

/** A table with as many rows as are sent. @param row makes one; only those that are sent are made */
export function reportTable(
  head: Omit<ReportTable, "rows" | "rowCount">,
  count: number,
  row: (at: number) => readonly ReportCell[],
): ReportTable {
  const rows = Array.from({ length: Math.min(count, MAX_REPORT_ROWS) }, (_, at) => row(at));
  return { ...head, rows, rowCount: count };
}
