import type { DumpDocument } from "../../dumps/document.ts";
import type { TableRow } from "../../dumps/tables/table.ts";
import type { ShownTable } from "./decoded-tables.ts";

/**
 * A decoded table as JSON has it, without its rows. Addresses and words are strings with `0x`, as JSON numbers are exact to 2^53 only; ids
 * and counts are numbers.
 */
export function tableJson(document: DumpDocument, { table, notes, doubts }: Omit<ShownTable, "section">) {
  const { name, layout, layoutReason, entryName, indexName, entryBytes, levels, rowCount } = table;
  return {
    table: name,
    layout,
    layoutReason,
    base: document.memory.format(table.base),
    levels,
    entryName,
    entryBytes,
    indexName,
    rowCount,
    notes: [...table.notes, ...notes],
    doubts,
    closeLayout: table.closeLayout,
  };
}

/** A row of a decoded table as JSON has it. */
export function rowJson(document: DumpDocument, row: TableRow) {
  const hex = (value: bigint) => `0x${value.toString(16)}`;
  const fields = row.fields.map((field) => [
    field.name,
    { raw: hex(field.raw), value: hex(field.meaning), text: field.text },
  ]);
  return {
    index: row.index,
    lastIndex: row.lastIndex,
    address: document.memory.format(row.address),
    words: row.words.map(hex),
    text: row.text,
    fields: Object.fromEntries(fields),
    notes: row.notes,
  };
}
