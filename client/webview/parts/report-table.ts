import type { EntryLink, ReportCell, ReportTable } from "../../../server/tables-protocol.ts";
import type { ReportLabels } from "../../report-protocol.ts";
import { element } from "./dom.ts";

/** Rows that are made at first, and with each press of "show more". */
const PAGE = 200;
/** A table of what hardly matters is open while it has no more rows than this. */
const OPEN_ROWS = 8;

/** Characters of a cell that is never broken into lines. */
const SHORT = 20;

/** Characters of a text that wants a line of its own where there is little room. */
const LONG = 60;

/** What a report's table asks of its surroundings. */
export interface ReportTableEvents {
  readonly reveal: (link: EntryLink) => void;
}

/** One table of a report: a heading that folds it, what it is about, rows that a filter leaves. */
export class ReportSection {
  readonly root: HTMLDetailsElement;
  private readonly table: ReportTable;
  private readonly labels: ReportLabels;
  private readonly events: ReportTableEvents;
  private readonly count = element("span", { class: "count" });
  private readonly body = element("tbody");
  private readonly more = element("button", { class: "link more", type: "button" });
  private matching: readonly (readonly ReportCell[])[] = [];
  private made = 0;

  constructor(table: ReportTable, labels: ReportLabels, events: ReportTableEvents) {
    this.table = table;
    this.labels = labels;
    this.events = events;
    const title = element("h2", { text: table.title, class: table.tone });
    const summary = element("summary", {}, title, this.count);
    const about = table.about.map((text) => element("p", { class: "about", text }));
    const head = element(
      "tr",
      { role: "row" },
      ...table.columns.map((text) => element("th", { scope: "col", role: "columnheader", text })),
    );
    // Narrow, its cells stand below each other: as a table that is no grid any more, it has to say that it is one.
    const isWordy = table.columns.length > 1 && table.rows.some((row) => row.some(({ text }) => text.length > LONG));
    const kind = isWordy ? { class: "wordy", role: "table" } : {};
    const grid = element("table", { ...kind, "aria-label": table.title }, element("thead", {}, head), this.body);
    this.root = element(
      "details",
      { class: "section" },
      summary,
      ...about,
      element("div", { class: "scroll" }, grid),
      this.more,
    );
    this.root.open = table.tone !== "quiet" || table.rows.length <= OPEN_ROWS;
    this.more.addEventListener("click", () => this.addRows());
  }

  get title(): string {
    return this.table.title;
  }

  /** Shows the rows that have a text in one of their cells. @returns how many they are */
  filter(text: string): number {
    const { rows, rowCount } = this.table;
    const wanted = text.trim().toLowerCase();
    this.matching =
      wanted === "" ? rows : rows.filter((row) => row.some((cell) => cell.text.toLowerCase().includes(wanted)));
    const some = this.matching.length < rowCount;
    this.count.textContent = some
      ? this.labels.rowsOf.replace("{0}", String(this.matching.length)).replace("{1}", String(rowCount))
      : String(rowCount);
    this.body.replaceChildren();
    this.made = 0;
    this.addRows();
    this.root.hidden = wanted !== "" && this.matching.length === 0;
    return this.matching.length;
  }

  private addRows(): void {
    const rows = this.matching.slice(this.made, this.made + PAGE);
    const first = this.made;
    this.body.append(...rows.map((row) => this.rowElement(row)));
    this.made += rows.length;
    this.more.hidden = this.made >= this.matching.length;
    this.more.textContent = this.labels.showMore.replace("{0}", String(this.matching.length - this.made));
    // Whoever went on by keyboard goes on with the first new row.
    if (first > 0) this.body.rows[first]?.querySelector("button")?.focus();
  }

  private rowElement(row: readonly ReportCell[]): HTMLTableRowElement {
    const { columns } = this.table;
    return element("tr", { role: "row" }, ...row.map((cell, at) => this.cellElement(cell, columns[at])));
  }

  private cellElement({ text, link, tone }: ReportCell, heading: string | undefined): HTMLTableCellElement {
    const lines = text.split("\n");
    const first = link === undefined ? element("span", { text: lines[0] }) : this.linkElement(lines[0], link);
    const isShort = text.length <= SHORT;
    const kinds = [tone ?? "", isShort ? "short" : "", text === "" ? "empty" : ""].filter(Boolean).join(" ");
    const cell = element("td", { class: kinds || undefined, role: "cell", "data-heading": heading }, first);
    for (const line of lines.slice(1)) cell.append(element("div", { text: line }));
    return cell;
  }

  private linkElement(text: string, link: EntryLink): HTMLButtonElement {
    const where = `${this.labels.reveal}: ${link.address}${link.file === undefined ? "" : `, ${link.file}`}`;
    const button = element("button", { class: "link", type: "button", text, title: where });
    button.addEventListener("click", () => this.events.reveal(link));
    return button;
  }
}
