import type { GridRow, GridTable } from "../../protocol.ts";
import { element } from "./dom.ts";
import { firstRowAt, firstRowToSee, ROW_HEIGHT, scrollHeight, scrollTopFor } from "./window-of-rows.ts";

/** Rows that are asked for at once. */
const PAGE = 200;

/** Pages that are kept. */
const KEPT_PAGES = 50;

/** Width of a column that fills the rest, at least, in characters. */
const LEAST_FILL = 12;

/** What the grid asks of its surroundings. */
export interface GridEvents {
  readonly needRows: (from: number, count: number) => void;
  readonly select: (row: number) => void;
  readonly open: (row: number) => void;
  readonly copy: (text: string) => void;
}

/** A table of any length: only rows in sight are elements, and rows come in pages when they are scrolled to. */
export class Grid {
  readonly root = element("div", { class: "grid", role: "grid", tabindex: "0" });
  private readonly head = element("div", { class: "head", role: "row" });
  private readonly body = element("div", { class: "body", role: "rowgroup" });
  private readonly rows = element("div", { class: "rows" });
  private readonly space = element("div", { class: "space" });
  private readonly events: GridEvents;
  private table: GridTable | undefined;
  private pages = new Map<number, readonly GridRow[]>();
  private asked = new Set<number>();
  private selection = -1;
  private redraw = 0;
  private height = 0;

  constructor(events: GridEvents) {
    this.events = events;
    this.space.append(this.rows);
    this.body.append(this.space);
    this.root.append(this.head, this.body);
    this.body.addEventListener("scroll", () => this.drawSoon());
    new ResizeObserver(() => this.resized()).observe(this.body);
    this.root.addEventListener("keydown", (event) => this.key(event));
    this.rows.addEventListener("mousedown", (event) => {
      this.select(this.rowOf(event));
      if (event.detail < 2) return;
      // The second click of a double click would mark a word and not open the row alone.
      event.preventDefault();
      this.root.focus();
      this.events.open(this.rowOf(event));
    });
  }

  get selected(): number {
    return this.selection;
  }

  /** Shows a table anew; rows of the one before are forgotten. */
  show(table: GridTable): void {
    this.table = table;
    this.pages.clear();
    this.asked.clear();
    this.root.setAttribute("aria-rowcount", String(table.rowCount + 1));
    this.root.setAttribute("aria-label", table.title);
    const widths = table.columns.map(({ fill, width }) => (fill ? LEAST_FILL : width + 2.5));
    const tracks = table.columns.map(({ fill }, place) =>
      fill ? `minmax(${LEAST_FILL}ch, 1fr)` : `${widths[place]}ch`,
    );
    this.root.style.setProperty("--columns", tracks.join(" "));
    this.root.style.setProperty("--least", `${widths.reduce((sum, width) => sum + width, 0)}ch`);
    this.space.style.height = `${scrollHeight(table.rowCount)}px`;
    this.head.replaceChildren(
      ...table.columns.map(({ heading, summary, align }) =>
        element("div", { class: align, role: "columnheader", title: summary || undefined, text: heading }),
      ),
    );
    if (this.selection >= table.rowCount) this.selection = -1;
    this.draw();
  }

  /** Takes rows that were asked for. */
  accept(from: number, rows: readonly GridRow[]): void {
    const page = Math.floor(from / PAGE);
    this.asked.delete(page);
    this.pages.set(page, rows);
    for (const oldest of this.pages.keys()) {
      if (this.pages.size <= KEPT_PAGES) break;
      this.pages.delete(oldest);
    }
    this.draw();
  }

  /** Selects a row and scrolls so that it is in sight. */
  select(row: number): void {
    if (this.table === undefined || row < 0 || row >= this.table.rowCount) return;
    this.mark(false);
    this.selection = row;
    const first = this.firstRow();
    const wanted = firstRowToSee(row, first, this.body.clientHeight);
    if (wanted !== first) {
      this.scrollTo(wanted);
      this.draw();
    }
    this.mark(true);
    this.events.select(row);
  }

  /** Marks the element of the selected row. The element stays the same one, so that a second click is a double click on it. */
  private mark(selected: boolean): void {
    const row = document.getElementById(`row-${this.selection}`);
    row?.classList.toggle("selected", selected);
    row?.setAttribute("aria-selected", String(selected));
    this.root.setAttribute("aria-activedescendant", row !== null && selected ? row.id : "");
  }

  /** Keeps the selected row in sight, if it was, when the explanation below takes room from the table. */
  private resized(): void {
    const before = this.height;
    const height = this.body.clientHeight;
    this.height = height;
    const first = this.firstRow();
    const wanted = firstRowToSee(this.selection, first, height);
    const wasSeen = this.selection >= 0 && firstRowToSee(this.selection, first, before) === first;
    if (wasSeen && wanted !== first) this.scrollTo(wanted);
    this.drawSoon();
  }

  private scrollTo(row: number): void {
    this.body.scrollTop = scrollTopFor(row, this.body.clientHeight, this.table?.rowCount ?? 0);
  }

  private firstRow(): number {
    return firstRowAt(this.body.scrollTop, this.body.clientHeight, this.table?.rowCount ?? 0);
  }

  private drawSoon(): void {
    cancelAnimationFrame(this.redraw);
    this.redraw = requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    const table = this.table;
    if (table === undefined) return;
    const start = this.firstRow();
    const first = Math.max(0, Math.floor(start));
    const last = Math.min(table.rowCount, first + Math.ceil(this.body.clientHeight / ROW_HEIGHT) + 1);
    const made: HTMLElement[] = [];
    for (let row = first; row < last; row++) made.push(this.rowElement(table, row));
    const top = this.body.scrollTop - (start - first) * ROW_HEIGHT;
    this.rows.style.transform = `translateY(${Math.max(0, top)}px)`;
    this.rows.replaceChildren(...made);
    this.mark(true);
  }

  private rowElement(table: GridTable, row: number): HTMLElement {
    const content = this.content(table, row);
    const attributes = {
      class: content?.remarkable ? "row remarkable" : "row",
      role: "row",
      id: `row-${row}`,
      "data-row": String(row),
      "aria-rowindex": String(row + 2),
    };
    const cells = table.columns.map(({ align, fill }, place) => {
      const text = content?.cells[place] ?? "…";
      return element("div", { class: align, role: "gridcell", text, title: fill && text !== "" ? text : undefined });
    });
    return element("div", attributes, ...cells);
  }

  private content(table: GridTable, row: number): GridRow | undefined {
    const page = Math.floor(row / PAGE);
    const rows = this.pages.get(page);
    if (rows === undefined && !this.asked.has(page)) {
      this.asked.add(page);
      this.events.needRows(page * PAGE, Math.min(PAGE, table.rowCount - page * PAGE));
    }
    return rows?.[row - page * PAGE];
  }

  private rowOf(event: Event): number {
    const found = event.target instanceof Element ? event.target.closest("[data-row]") : null;
    return Number(found?.getAttribute("data-row") ?? -1);
  }

  private key(event: KeyboardEvent): void {
    const count = this.table?.rowCount ?? 0;
    const page = Math.max(1, Math.floor(this.body.clientHeight / ROW_HEIGHT) - 1);
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page };
    const step = steps[event.key];
    if (step !== undefined) this.select(Math.min(count - 1, Math.max(0, this.selection + step)));
    else if (event.key === "Home") this.select(0);
    else if (event.key === "End") this.select(count - 1);
    else if (event.key === "Enter" && this.selection >= 0) this.events.open(this.selection);
    else if (event.key === "c" && (event.ctrlKey || event.metaKey) && this.copy()) event.stopPropagation();
    else return;
    event.preventDefault();
  }

  /** Copies the selected row, unless the user has marked text. */
  private copy(): boolean {
    const table = this.table;
    if (table === undefined || this.selection < 0 || getSelection()?.isCollapsed === false) return false;
    const content = this.content(table, this.selection);
    if (content === undefined) return false;
    this.events.copy(content.cells.join("\t").trimEnd());
    return true;
  }
}
