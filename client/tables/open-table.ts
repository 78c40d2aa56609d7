import type { DumpDocument } from "../../dumps/document.ts";
import { fieldFirstBit, hasEditableFields } from "../../dumps/edit/index.ts";
import { bits, explainRow, hexOrDecimal } from "../../dumps/explain.ts";
import { byHint, coreSentence, isDoubtful, readingSentence } from "../../dumps/reading.ts";
import { columnHeading, columnText } from "../../dumps/tables/column-text.ts";
import type { SectionTable } from "../../dumps/tables/sections.ts";
import { knownLayouts } from "../../dumps/tables/sections.ts";
import type { DecodedTable, RowField, TableRow } from "../../dumps/tables/table.ts";
import type { Work } from "../../dumps/work.ts";
import type { Explained, GridColumn, GridRow, GridTable, RowView } from "../protocol.ts";
import { withoutName } from "../summary.ts";
import { texts } from "../texts.ts";
import { RowSelection } from "./row-selection.ts";
import { tableTexts } from "./table-texts.ts";

/** Rows that are looked at to find how wide a column is. */
const SAMPLED_ROWS = 300;

/** Most rows that one message carries. */
export const MAX_ROWS_A_MESSAGE = 500;

/** A column, and what its rows are sorted by. */
interface Column {
  readonly column: Omit<GridColumn, "width">;
  readonly text: (row: TableRow) => string;
  readonly key?: (row: TableRow) => number | bigint;
}

/** One decoded table of a dump as a window shows it: its columns, and the rows of the view. */
export class OpenTable {
  readonly generation: number;
  readonly dump: DumpDocument;
  readonly section: SectionTable;
  readonly table: DecodedTable;
  readonly view: RowView;
  private readonly columns: readonly Column[];
  private readonly rowSelection: RowSelection;
  private shown: GridTable | undefined;

  private constructor(
    dump: DumpDocument,
    section: SectionTable,
    table: DecodedTable,
    view: RowView,
    columns: readonly Column[],
    selection: RowSelection,
    generation: number,
  ) {
    this.generation = generation;
    this.dump = dump;
    this.section = section;
    this.table = table;
    this.view = view;
    this.columns = columns;
    this.rowSelection = selection;
  }

  /** @returns undefined when the table could not be decoded */
  static *of(
    dump: DumpDocument,
    section: SectionTable,
    view: RowView,
    generation: number,
  ): Work<OpenTable | undefined> {
    if (!section.result.ok) return undefined;
    const { table } = section.result;
    const columns = columnsOf(table, (address) => dump.memory.format(address));
    const text = view.text.trim().toLowerCase();
    const hasText = (row: TableRow) => columns.some((column) => column.text(row).toLowerCase().includes(text));
    const wanted = (row: TableRow) => (!view.remarks || row.notes.length > 0) && (text === "" || hasText(row));
    const selection = yield* RowSelection.of(table, {
      all: view.show === "all",
      wanted: view.remarks || text !== "" ? wanted : undefined,
      // Rows of a table ascend by id already.
      key: view.sort > 0 ? columns[view.sort]?.key : undefined,
      descending: view.descending,
    });
    return new OpenTable(dump, section, table, view, columns, selection, generation);
  }

  get rowCount(): number {
    return this.rowSelection.count;
  }

  /** A row by its place in the view; undefined outside it. */
  rowAt(place: number): TableRow | undefined {
    return place >= 0 && place < this.rowCount ? this.rowSelection.row(place) : undefined;
  }

  /** The place in the view of the row that holds an address; -1: the view has none. */
  placeOf(address: number): number {
    return this.rowSelection.placeOf(address);
  }

  /** The place in the view of a row of the table; -1: the view has none. */
  placeOfRow(row: TableRow): number {
    return this.rowSelection.placeOfRow(row);
  }

  get headings(): string[] {
    return this.columns.map(({ column }) => column.heading);
  }

  cellsOf(row: TableRow): string[] {
    return this.columns.map(({ text }) => text(row));
  }

  /** Rows `from` to `from + count - 1` of the view, as far as there are any; {@link MAX_ROWS_A_MESSAGE} at most. */
  rows(from: number, count: number): GridRow[] {
    const end = Math.min(from + Math.min(count, MAX_ROWS_A_MESSAGE), this.rowCount);
    const rows: GridRow[] = [];
    for (let place = Math.max(from, 0); place < end; place++) {
      const row = this.rowSelection.row(place);
      const valid = this.view.show === "valid" || this.table.rowAt(row.address) >= 0;
      rows.push({ cells: this.cellsOf(row), remarkable: row.notes.length > 0, valid });
    }
    return rows;
  }

  explain(place: number): Explained | undefined {
    const row = this.rowAt(place);
    if (row === undefined) return undefined;
    const { table } = this;
    const { title, summary, address, words, fields, notes } = explainRow(table, row, this.format);
    const shown = fields.map((field, at) => {
      const first = fieldFirstBit(table, row, at);
      const { name, text } = field;
      const placed = { lsb: first + field.lsb, msb: first + field.msb };
      return { bits: bits(field), name, text, summary: withoutName(field), value: inputText(field), ...placed };
    });
    return { title, summary, address, words, fields: shown, notes, editable: hasEditableFields(row) };
  }

  gridTable(): GridTable {
    this.shown ??= this.makeGridTable();
    return this.shown;
  }

  private makeGridTable(): GridTable {
    const { table, dump, section, rowCount } = this;
    const style = dump.text?.style;
    const reading = style === undefined ? [] : [texts.webview.readAs(readingSentence(style, byHint))];
    const isDoubted = style !== undefined && isDoubtful(style);
    const limits = dump.limits.map(({ line, message }) => (line === 0 ? message : `line ${line}: ${message}`));
    const notes = [...table.notes, ...section.notes].filter((note) => !limits.includes(note));
    const problems = dump.problemCount;
    return {
      title: `${table.name} @ ${this.format(table.base)}`,
      subtitle: `${this.countText()} · ${table.layoutTitle} (${table.layoutReason})`,
      indexName: table.indexName,
      columns: this.gridColumns(),
      rowCount,
      facts: [...notes, ...(isDoubted ? [] : reading), ...(dump.core === undefined ? [] : [coreSentence(dump.core)])],
      warnings: [
        ...section.doubts,
        ...(isDoubted ? reading : []),
        ...limits,
        ...(problems > 0 ? [tableTexts.problems(problems.toLocaleString("en"))] : []),
      ],
      hasInvalid: table.heldCount !== undefined,
    };
  }

  private countText(): string {
    const { table, view, rowCount } = this;
    const number = (count: number) => count.toLocaleString("en");
    const all = view.show === "all" ? (table.heldCount ?? table.rowCount) : table.rowCount;
    if (rowCount !== all) return tableTexts.shownOf(number(rowCount), number(all));
    if (view.show === "all") return tableTexts.heldEntries(number(all), number(table.rowCount));
    return all === 1 ? texts.webview.oneEntry() : texts.webview.entries(number(all));
  }

  private gridColumns(): GridColumn[] {
    // The arrow of the column that rows are sorted by has room, too.
    const widths = this.columns.map(({ column: { heading, sortable } }) => heading.length + (sortable ? 2 : 0));
    const step = Math.max(1, Math.floor(this.rowCount / SAMPLED_ROWS));
    for (let place = 0; place < this.rowCount; place += step) {
      const row = this.rowSelection.row(place);
      for (const [at, { text }] of this.columns.entries()) widths[at] = Math.max(widths[at], text(row).length);
    }
    return this.columns.map(({ column }, at) => ({ ...column, width: column.fill ? 0 : widths[at] }));
  }

  private format = (address: number): string => this.dump.memory.format(address);
}

/** The value of a field as it is typed: addresses and what shows in hexadecimal so, a name's number. */
function inputText({ text, meaning }: RowField): string {
  return text.startsWith("0x") ? `0x${meaning.toString(16)}` : meaning.toString();
}

function columnsOf(table: DecodedTable, format: (address: number) => string): Column[] {
  const { webview } = texts;
  const first = table.rowCount > 0 ? table.row(0) : undefined;
  const fieldColumns = table.columns.map((name, place): Column => {
    const field = first?.fields.find((candidate) => candidate.name === name);
    const summary = field ? `${name}${bits(field)}: ${withoutName(field)}` : name;
    return {
      column: { heading: columnHeading(name), summary, align: "right", rank: place < 2 ? 0 : place, sortable: true },
      text: (row) => columnText(row, name),
      key: (row) => Number(row.fields.find((candidate) => candidate.name === name)?.meaning ?? -1n),
    };
  });
  const plain = { summary: "", align: "right", sortable: true } as const;
  const isText = table.kind === "command-queue" || table.kind === "list-registers";
  const heading =
    table.kind === "command-queue" ? webview.command() : isText ? texts.registerMeaning() : webview.words();
  return [
    { column: { ...plain, heading: table.indexName, rank: 0 }, text: (row) => idText(table, row) },
    ...fieldColumns,
    {
      column: { ...plain, heading: webview.entryAt(), rank: 20 },
      text: (row) => format(row.address),
      key: (row) => row.address,
    },
    isText
      ? {
          column: { ...plain, heading, align: "left", sortable: false, rank: 0, fill: true },
          text: (row) => row.text ?? "",
        }
      : { column: { ...plain, heading, rank: 30 }, text: wordsText(table), key: (row) => row.words[0] ?? 0n },
    {
      column: { ...plain, heading: webview.notes(), align: "left", sortable: false, rank: 40, fill: true },
      text: (row) => row.notes.join(" · "),
    },
  ];
}

function idText(table: DecodedTable, row: TableRow): string {
  const first = hexOrDecimal(table, row.index);
  return row.lastIndex === row.index ? first : `${first}–${hexOrDecimal(table, row.lastIndex)}`;
}

function wordsText({ entryBytes }: DecodedTable): (row: TableRow) => string {
  const digits = Math.min(entryBytes, 8) * 2;
  return (row) => row.words.map((word) => `0x${word.toString(16).padStart(digits, "0")}`).join(" ");
}

/** The layouts that tables of a dump can have, by name; those of files that it names among them. */
export function layoutNames(dump: DumpDocument | undefined): { value: string; label: string }[] {
  return knownLayouts(dump).map(({ name, title }) => ({ value: name, label: title }));
}
