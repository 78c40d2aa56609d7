import type { DumpDocument } from "../../dumps/document.ts";
import { coreSentence, readingSentence } from "../../dumps/reading.ts";
import { rowJson, tableJson } from "../answers/decoded-json.ts";
import type { ShownTable } from "../answers/decoded-tables.ts";
import type { Output } from "../output.ts";

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
  for (const shown of tables) {
    const { table } = shown;
    const { rowCount } = table;
    const about = tableJson(document, shown);
    out.text(`${before}\n${JSON.stringify(about).slice(0, -1)},"rows":[`);
    for (let row = 0; row < rowCount && !out.closed; row++) {
      out.text(`${row > 0 ? "," : ""}\n${JSON.stringify(rowJson(document, table.row(row)))}`);
      await out.settle();
    }
    out.text("]}");
    before = ",";
  }
  out.line(before === "," ? "]}" : `${before}]}`);
}
