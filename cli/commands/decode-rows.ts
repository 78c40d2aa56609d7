import type { DumpDocument } from "../../dumps/document.ts";
import { hexOrDecimal } from "../../dumps/explain.ts";
import { columnHeading, listedRow } from "../../dumps/tables/column-text.ts";
import type { DecodedTable, ListedRow } from "../../dumps/tables/table.ts";
import type { ShownTable } from "../answers/decoded-tables.ts";
import type { Output } from "../output.ts";
import { printTable, type TextColumn } from "../text-table.ts";

/** Prints a table's head line, its rows and its notes. */
export async function printRows(
  out: Output,
  document: DumpDocument,
  { table, section, notes, doubts }: ShownTable,
): Promise<void> {
  const { memory } = document;
  const entries = `${table.rowCount} valid ${table.rowCount === 1 ? "entry" : "entries"}`;
  const levels = table.kind !== "device" ? "" : table.levels === 2 ? ", two-level" : ", flat";
  const device = section?.hints["device-id"];
  const owner = device === undefined ? "" : ` of DeviceID ${device}`;
  const layout = table.kind === "list-registers" ? table.layoutTitle : `layout ${table.layout}`;
  out.line(
    `${table.name}${owner} at ${memory.format(table.base)}${levels}, ${entries}; ${layout} (${table.layoutReason})`,
  );
  for (const doubt of doubts) out.line(`warning: ${doubt}`);
  for (const note of [...table.notes, ...notes]) out.line(`note: ${note}`);
  if (table.rowCount === 0) return;
  const columns: TextColumn[] = [
    { heading: table.indexName, align: "right" },
    ...table.columns.map((name) => ({ heading: columnHeading(name), align: "right" as const })),
    { heading: "entry at", align: "right" },
    { heading: textHeading(table), align: "left" },
    { heading: "notes", align: "left" },
  ];
  const withText = textHeading(table) !== "";
  const shown = withText ? columns : columns.filter((column) => column.heading !== "");
  await printTable(out, shown, table.rowCount, (i) => {
    const row = listedRow(table, i);
    const texts = [indexText(table, row)];
    for (const cell of row.cells) texts.push(cell);
    texts.push(memory.format(row.address));
    if (withText) texts.push(row.text ?? "");
    texts.push(row.notes.length === 0 ? "" : row.notes.join("; "));
    return texts;
  });
}

/** Heading of the column with the whole entry in words; only tables whose rows differ have one. */
function textHeading({ kind }: DecodedTable): string {
  if (kind === "command-queue") return "command";
  return kind === "list-registers" ? "register" : "";
}

function indexText(table: DecodedTable, row: ListedRow): string {
  const first = hexOrDecimal(table, row.index);
  return row.lastIndex === row.index ? first : `${first}-${hexOrDecimal(table, row.lastIndex)}`;
}
