import type { DumpDocument } from "../../dumps/document.ts";
import { coreSentence, readingSentence } from "../../dumps/reading.ts";
import type { TableRow } from "../../dumps/tables/table.ts";
import type { Output } from "../output.ts";
import type { ShownTable } from "./decode-tables.ts";

/**
 * Prints one JSON object: `{file, format, problems, problemCount, tables: [{…, rows: […]}]}`. Addresses and words are strings with `0x`,
 * as JSON numbers are exact to 2^53 only; ids and counts are numbers. Written row by row, so large tables need no memory.
 */
export async function printJson(
  out: Output,
  file: string,
  document: DumpDocument,
  tables: Iterable<ShownTable>,
): Promise<void> {
  const { format, problems, problemCount } = document;
  const head = {
    file,
    format,
    byteOrder: document.text?.style.main?.order,
    reading: document.text?.style,
    readingText: document.text ? readingSentence(document.text.style) : document.core && coreSentence(document.core),
    core: document.core,
    problemCount,
    problems,
  };
  // The head waits for the first table: without one there is an error instead of an object.
  let before = `${JSON.stringify(head).slice(0, -1)},"tables":[`;
  for (const { table, notes: dumpNotes, doubts } of tables) {
    const { name, layout, layoutReason, entryName, indexName, entryBytes, levels, rowCount } = table;
    const notes = [...table.notes, ...dumpNotes];
    const base = document.memory.format(table.base);
    const about = {
      table: name,
      layout,
      layoutReason,
      base,
      levels,
      entryName,
      entryBytes,
      indexName,
      rowCount,
      notes,
      doubts,
      closeLayout: table.closeLayout,
    };
    out.text(`${before}\n${JSON.stringify(about).slice(0, -1)},"rows":[`);
    for (let row = 0; row < rowCount && !out.closed; row++) {
      out.text(`${row > 0 ? "," : ""}\n${JSON.stringify(jsonRow(document, table.row(row)))}`);
      await out.settle();
    }
    out.text("]}");
    before = ",";
  }
  out.line(before === "," ? "]}" : `${before}]}`);
}

function jsonRow(document: DumpDocument, row: TableRow) {
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
