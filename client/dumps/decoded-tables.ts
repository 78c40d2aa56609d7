import type { LayoutName } from "../../architecture/layout.ts";
import { layouts } from "../../architecture/layouts/index.ts";
import type { DumpDocument } from "../../dumps/document.ts";
import { bits, explainRow, hexOrDecimal } from "../../dumps/explain.ts";
import { parseNumber } from "../../dumps/hex-text/hints.ts";
import { isDoubtful, readingSentence } from "../../dumps/reading.ts";
import { columnHeading, columnText } from "../../dumps/tables/column-text.ts";
import { rowNear } from "../../dumps/tables/find-row.ts";
import { planTables, type TablePlan } from "../../dumps/tables/section-tables.ts";
import type { SectionTable } from "../../dumps/tables/sections.ts";
import type { DecodedTable, TableRow } from "../../dumps/tables/table.ts";
import type { TableName } from "../../dumps/tables/table-names.ts";
import type { Work } from "../../dumps/work.ts";
import type { Choice, Explained, GridColumn, GridRow, GridTable, Shown } from "../protocol.ts";
import { withoutName } from "../summary.ts";
import { texts } from "../texts.ts";

/** What was asked for; the dump's own word counts where it is left open. */
export interface DecodeRequest {
  readonly table?: TableName;
  readonly layout?: LayoutName;
}

/** Rows that are looked at to find how wide a column is. */
const SAMPLED_ROWS = 300;

/** Most rows that one message carries. */
export const MAX_ROWS_A_MESSAGE = 500;

/** The tables of one dump, one of them chosen, as a window shows them. */
export class DecodedTables {
  readonly generation: number;
  private readonly dump: DumpDocument;
  private readonly plans: readonly TablePlan[];
  private readonly chosen: number;
  /** The chosen one, the only one that is decoded. */
  private readonly current: SectionTable | undefined;
  private readonly request: DecodeRequest;

  private constructor(
    dump: DumpDocument,
    request: DecodeRequest,
    plans: readonly TablePlan[],
    chosen: number,
    shown: SectionTable | undefined,
    generation: number,
  ) {
    this.generation = generation;
    this.dump = dump;
    this.request = request;
    this.plans = plans;
    this.chosen = chosen;
    this.current = shown;
  }

  /** @param wanted place in the list of tables; one beyond the list chooses the first */
  static *of(dump: DumpDocument, request: DecodeRequest, wanted: number, generation: number): Work<DecodedTables> {
    const plans = yield* planTables(dump, request);
    const chosen = wanted < plans.length ? wanted : 0;
    const shown = plans.length === 0 ? undefined : yield* plans[chosen].decode();
    if (shown?.result.ok) yield* shown.result.table.prepare?.() ?? [];
    return new DecodedTables(dump, request, plans, chosen, shown, generation);
  }

  /** The chosen table, unless it could not be decoded. */
  get table(): DecodedTable | undefined {
    const result = this.current?.result;
    return result?.ok ? result.table : undefined;
  }

  shown(): Shown {
    const result = this.current?.result;
    const table = this.table;
    const { problemCount } = this.dump;
    return {
      generation: this.generation,
      tables: this.plans.map((entry, place) => ({ value: String(place), label: this.tableLabel(entry) })),
      chosenTable: String(this.chosen),
      layouts: table?.layout === "architecture" ? [] : layoutChoices(),
      chosenLayout: table?.layout ?? this.request.layout ?? "",
      table: table && this.gridTable(table),
      failure: result?.ok === false ? result.message : undefined,
      problems: problemCount > 0 ? texts.webview.problems(problemCount.toLocaleString("en")) : undefined,
    };
  }

  /** Rows `from` to `from + count - 1`, as far as there are any; {@link MAX_ROWS_A_MESSAGE} at most. */
  rows(from: number, count: number): GridRow[] {
    const { table } = this;
    if (table === undefined) return [];
    const end = Math.min(from + Math.min(count, MAX_ROWS_A_MESSAGE), table.rowCount);
    const rows: GridRow[] = [];
    for (let i = Math.max(from, 0); i < end; i++) rows.push(this.gridRow(table, table.row(i)));
    return rows;
  }

  explain(row: number): Explained | undefined {
    const { table } = this;
    if (table === undefined || row < 0 || row >= table.rowCount) return undefined;
    const { title, summary, address, words, fields, notes } = explainRow(table, table.row(row), this.format);
    const shown = fields.map((field) => ({
      bits: bits(field),
      name: field.name,
      text: field.text,
      summary: withoutName(field),
    }));
    return { title, summary, address, words, fields: shown, notes };
  }

  /** Address and length in bytes of a row's entry. */
  placeOf(row: number): { address: number; byteCount: number } | undefined {
    const { table } = this;
    return table !== undefined && row >= 0 && row < table.rowCount ? table.row(row) : undefined;
  }

  /** The row of an id as a user writes it, or the next one after it, with a remark. */
  find(text: string): { row: number; remark?: string } {
    const { table } = this;
    const id = parseNumber(text.trim());
    if (id === undefined) return { row: -1, remark: texts.webview.notNumber(text.trim()) };
    if (table === undefined || table.rowCount === 0) return { row: -1, remark: texts.webview.noEntries() };
    const row = rowNear(table, id);
    const { index, lastIndex } = table.row(row);
    if (id >= BigInt(index) && id <= BigInt(lastIndex)) return { row };
    const name = `${table.indexName} ${text.trim()}`;
    const { noEntry, unknownEntry } = texts.webview;
    return { row, remark: table.holds?.(Number(id)) === false ? unknownEntry(name) : noEntry(name) };
  }

  private format = (address: number): string => this.dump.memory.format(address);

  private tableLabel({ section, name, base }: TablePlan): string {
    const device = section?.hints["device-id"];
    const owner = device === undefined ? name : `${name}, DeviceID ${device}`;
    return `${owner}, ${this.format(base)}`;
  }

  private gridTable(table: DecodedTable): GridTable {
    const { rowCount, indexName, layoutTitle, layoutReason } = table;
    const style = this.dump.text?.style;
    const reading = style && texts.webview.readAs(readingSentence(style));
    const isDoubted = style !== undefined && isDoubtful(style);
    const doubts = [...(this.current?.doubts ?? []), ...table.notes, ...(this.current?.notes ?? [])];
    const notes = reading !== undefined && isDoubted ? [...doubts, reading] : doubts;
    const { webview } = texts;
    const count = rowCount === 1 ? webview.oneEntry() : webview.entries(rowCount.toLocaleString("en"));
    return {
      title: `${table.name} @ ${this.format(table.base)}`,
      subtitle: `${count} · ${layoutTitle} (${layoutReason})`,
      reading: isDoubted ? undefined : reading,
      indexName,
      columns: this.columns(table),
      rowCount,
      notes,
    };
  }

  private columns(table: DecodedTable): GridColumn[] {
    const { webview } = texts;
    const first = table.rowCount > 0 ? table.row(0) : undefined;
    const summaryOf = (name: string) => first?.fields.find((field) => field.name === name);
    const columns = [
      { heading: table.indexName, summary: "", align: "right" as const },
      ...table.columns.map((name) => {
        const field = summaryOf(name);
        return {
          heading: columnHeading(name),
          summary: field ? `${name}${bits(field)}: ${withoutName(field)}` : name,
          align: "right" as const,
        };
      }),
      { heading: webview.entryAt(), summary: "", align: "right" as const },
      table.kind === "command-queue"
        ? { heading: webview.command(), summary: "", align: "left" as const }
        : table.kind === "list-registers"
          ? { heading: texts.registerMeaning(), summary: "", align: "left" as const }
          : { heading: webview.words(), summary: "", align: "right" as const },
    ];
    const widths = columns.map((column) => column.heading.length);
    const step = Math.max(1, Math.floor(table.rowCount / SAMPLED_ROWS));
    for (let i = 0; i < table.rowCount; i += step) {
      const { cells } = this.gridRow(table, table.row(i));
      for (const [place, width] of widths.entries()) widths[place] = Math.max(width, cells[place].length);
    }
    const notes: GridColumn = { heading: webview.notes(), summary: "", align: "left", fill: true, width: 0 };
    return [...columns.map((column, place) => ({ ...column, width: widths[place] })), notes];
  }

  private gridRow(table: DecodedTable, row: TableRow): GridRow {
    const first = hexOrDecimal(table, row.index);
    const words = row.words.map((word) => `0x${word.toString(16).padStart(Math.min(table.entryBytes, 8) * 2, "0")}`);
    const cells = [
      row.lastIndex === row.index ? first : `${first}–${hexOrDecimal(table, row.lastIndex)}`,
      ...table.columns.map((name) => columnText(row, name)),
      this.format(row.address),
      row.text ?? words.join(" "),
      row.notes.join(" · "),
    ];
    return { cells, remarkable: row.notes.length > 0 };
  }
}

function layoutChoices(): Choice[] {
  return Object.values(layouts).map(({ name, title }) => ({ value: name, label: title }));
}
