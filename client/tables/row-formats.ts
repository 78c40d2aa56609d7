import type { DecodedTable, TableRow } from "../../dumps/tables/table.ts";
import type { OpenTable } from "./open-table.ts";

/** A form that rows can be written in. */
export interface RowFormat {
  readonly name: string;
  /** Ending of a file, without a dot. */
  readonly ending: string;
  head(table: OpenTable): string;
  /** @param isLast no other row follows */
  row(table: OpenTable, row: TableRow, isLast: boolean): string;
  readonly tail: string;
}

/** Columns of a fixed width, as a terminal shows them. */
const text: RowFormat = {
  name: "text",
  ending: "txt",
  head: (table) => `# ${table.gridTable().title}\n${padded(table, table.headings)}\n`,
  row: (table, row) => `${padded(table, table.cellsOf(row))}\n`,
  tail: "",
};

const markdown: RowFormat = {
  name: "Markdown",
  ending: "md",
  head: ({ headings }) => `| ${headings.map(markdownCell).join(" | ")} |\n|${headings.map(() => " --- |").join("")}\n`,
  row: (table, row) => `| ${table.cellsOf(row).map(markdownCell).join(" | ")} |\n`,
  tail: "",
};

/** RFC 4180, with LF. */
const csv: RowFormat = {
  name: "CSV",
  ending: "csv",
  head: ({ headings }) => `${headings.map(csvCell).join(",")}\n`,
  row: (table, row) => `${table.cellsOf(row).map(csvCell).join(",")}\n`,
  tail: "",
};

/** An array of entries; whole numbers are numbers, addresses and words strings in hexadecimal, as 64 bits do not fit a JSON number. */
const json: RowFormat = {
  name: "JSON",
  ending: "json",
  head: () => "[\n",
  row: (table, row, isLast) => `  ${JSON.stringify(jsonOf(table, row))}${isLast ? "" : ","}\n`,
  tail: "]\n",
};

/** The entries as an initializer of a C array, by their ids; entries that are no whole number of 64-bit words byte by byte. */
const c: RowFormat = {
  name: "C",
  ending: "c",
  head: ({ table, dump }) => {
    const name = `${table.name.replace(/\W/g, "_")}_${dump.memory.format(table.base).slice(2)}`;
    return `/* ${table.layoutTitle.replaceAll("*/", "* /")}, by ${table.indexName} */\n${cType(table, name)} = {\n`;
  },
  row: ({ table }, row) => {
    const fields = row.fields.map((field) => `${field.name} ${field.text}`).join(", ");
    const comment = (row.text ?? fields).replaceAll("*/", "* /");
    const last = row.lastIndex === row.index ? "" : ` ... ${row.lastIndex}`;
    return `\t[${row.index}${last}] = ${cValue(table, row)},${comment === "" ? "" : ` /* ${comment} */`}\n`;
  },
  tail: "};\n",
};

export const rowFormats: readonly RowFormat[] = [text, markdown, csv, json, c];

/** A row alone. */
export function oneRow(format: RowFormat, table: OpenTable, row: TableRow): string {
  if (format === text) return `${table.cellsOf(row).join("  ").trimEnd()}\n`;
  if (format === json) return `${JSON.stringify(jsonOf(table, row), undefined, 2)}\n`;
  if (format === c) return format.row(table, row, true).trimStart();
  return format.head(table) + format.row(table, row, true) + format.tail;
}

function padded(table: OpenTable, cells: readonly string[]): string {
  const { columns } = table.gridTable();
  const parts = cells.map((cell, at) => {
    const { align, width } = columns[at];
    return align === "right" ? cell.padStart(width) : cell.padEnd(width);
  });
  return parts.join("  ").trimEnd();
}

function markdownCell(cell: string): string {
  return cell.replaceAll("|", "\\|");
}

function csvCell(cell: string): string {
  return /[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

function jsonOf({ table, dump }: OpenTable, row: TableRow): object {
  const fields = row.fields.map(({ name, meaning, text: shown }) => [
    name,
    shown.startsWith("0x") || meaning > BigInt(Number.MAX_SAFE_INTEGER) ? `0x${meaning.toString(16)}` : Number(meaning),
  ]);
  return {
    [table.indexName]: row.index,
    ...(row.lastIndex === row.index ? {} : { last: row.lastIndex }),
    address: dump.memory.format(row.address),
    words: row.words.map((word) => `0x${word.toString(16)}`),
    fields: Object.fromEntries(fields),
    ...(row.text === undefined ? {} : { text: row.text }),
    notes: row.notes,
  };
}

function wordsOfEntry({ entryBytes }: DecodedTable): number {
  return entryBytes % 8 === 0 ? entryBytes / 8 : 0;
}

function cType(table: DecodedTable, name: string): string {
  const words = wordsOfEntry(table);
  if (words === 1) return `static const uint64_t ${name}[]`;
  if (words > 1) return `static const uint64_t ${name}[][${words}]`;
  if (table.entryBytes <= 1) return `static const uint8_t ${name}[]`;
  return `static const uint8_t ${name}[][${table.entryBytes}]`;
}

function cValue(table: DecodedTable, row: TableRow): string {
  const hex = (value: bigint) => `0x${value.toString(16)}`;
  const words = wordsOfEntry(table);
  if (words === 1) return `${hex(row.words[0])}ULL`;
  if (words > 1) return `{ ${row.words.map((word) => `${hex(word)}ULL`).join(", ")} }`;
  if (table.entryBytes === 0) return "1";
  if (table.entryBytes === 1) return hex(row.words[0] ?? 0n);
  const bytes: string[] = [];
  for (let at = 0; at < table.entryBytes; at++) {
    bytes.push(hex(((row.words[Math.floor(at / 8)] ?? 0n) >> BigInt((at % 8) * 8)) & 0xffn));
  }
  return `{ ${bytes.join(", ")} }`;
}
