import type { GridRow, GridTable, Labels, RowView } from "../../protocol.ts";
import { element } from "./dom.ts";
import { type FittingColumns, fittingColumns, MARK_WIDTH } from "./fitting-columns.ts";
import { isChord } from "./keyboard.ts";
import { firstRowAt, firstRowToSee, ROW_HEIGHT, scrollHeight, scrollTopFor } from "./window-of-rows.ts";

/** Rows that are asked for at once. */
const PAGE = 200;

/** Height of the headings with their line, in CSS pixels; the style sheet says the same. */
const HEAD_HEIGHT = 25;

/** Room for a scroll bar, in CSS pixels. */
const SCROLL_BAR = 14;

/** Pages that are kept. */
const KEPT_PAGES = 50;

/** What the grid asks of its surroundings. */
export interface GridEvents {
  readonly needRows: (from: number, count: number) => void;
  /** @param byUser the row is to be shown in the text beside */
  readonly select: (row: number, byUser: boolean) => void;
  readonly open: (row: number) => void;
  /** On to the fields of the selected row. */
  readonly enter: () => void;
  /** Rows by a column; the same one again: the other way round. */
  readonly sort: (column: number) => void;
  readonly copy: (text: string) => void;
}

/** A table of any length: only rows in sight are elements, and rows come in pages when they are scrolled to. */
export class Grid {
  readonly root = element("div", { class: "grid", role: "grid", tabindex: "0" });
  private readonly head = element("div", { class: "head", role: "row" });
  private readonly space = element("div", { class: "space", role: "rowgroup" });
  /** Where rows are seen; it stays while the root scrolls, which so is what has the keyboard, too. */
  private readonly window = element("div", { class: "window" });
  private readonly rows = element("div", { class: "rows" });
  private readonly events: GridEvents;
  private table: GridTable | undefined;
  private pages = new Map<number, readonly GridRow[]>();
  private asked = new Set<number>();
  private selection = -1;
  private redraw = 0;
  private height = 0;
  /** What the columns were chosen for. */
  private width = 0;
  private fitting: FittingColumns = { shown: [], hidden: [], least: 0, tracks: "" };
  private view: RowView | undefined;
  private labels: Labels | undefined;
  /** As wide as a hundred digits. */
  private readonly probe = element("div", { class: "probe", "aria-hidden": "true" });

  constructor(events: GridEvents) {
    this.events = events;
    this.window.append(this.rows);
    this.space.append(this.window);
    this.root.append(this.head, this.space, this.probe);
    this.root.addEventListener("scroll", () => this.drawSoon());
    new ResizeObserver(() => this.resized()).observe(this.root);
    this.root.addEventListener("keydown", (event) => this.key(event));
    this.head.addEventListener("click", (event) => this.sortBy(event));
    this.head.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      this.sortBy(event);
    });
    this.rows.addEventListener("mousedown", (event) => {
      this.select(this.rowOf(event), true);
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

  /** Shows a table anew; rows of the one before are forgotten. @param row to select; -1: none, and the first one is in sight */
  show(table: GridTable, view: RowView, row: number, labels: Labels): void {
    this.table = table;
    this.view = view;
    this.labels = labels;
    this.pages.clear();
    this.asked.clear();
    this.selection = -1;
    this.root.setAttribute("aria-rowcount", String(table.rowCount + 1));
    this.root.setAttribute("aria-colcount", String(table.columns.length + 1));
    this.root.setAttribute("aria-label", table.title);
    this.space.style.height = `${scrollHeight(table.rowCount)}px`;
    this.root.scrollTop = 0;
    this.layOut();
    if (row >= 0) this.select(row, false);
    else this.draw();
  }

  /** Chooses the columns that have room, and draws their headings. */
  private layOut(): void {
    const { table, view, labels } = this;
    if (table === undefined || labels === undefined) return;
    this.width = this.root.clientWidth;
    const digit = this.probe.offsetWidth / 100;
    const room = digit > 0 ? (this.width - SCROLL_BAR) / digit : Number.POSITIVE_INFINITY;
    this.fitting = fittingColumns(table.columns, room);
    const { shown, hidden, least, tracks } = this.fitting;
    this.root.style.setProperty("--columns", `${MARK_WIDTH}ch ${tracks}`);
    this.root.style.setProperty("--least", `${least}ch`);
    const left =
      hidden.length === 0 ? {} : { text: `+${hidden.length}`, title: `${hidden.join(", ")}: ${labels.hiddenColumns}` };
    const focused = document.activeElement?.getAttribute("data-column");
    this.head.replaceChildren(
      element("div", {
        class: "mark left-out",
        role: "columnheader",
        "aria-colindex": "1",
        "aria-label": labels.remarks,
        ...left,
      }),
      ...shown.map((at) => {
        const { heading, summary, align, sortable } = table.columns[at];
        const isSorted = view !== undefined && (view.sort === at || (at === 0 && view.sort < 0));
        const direction = view?.descending ? "descending" : "ascending";
        const arrow = isSorted && (view?.sort !== -1 || view.descending) ? (view?.descending ? " ↓" : " ↑") : "";
        return element("div", {
          class: `${align}${sortable ? " sortable" : ""}`,
          role: "columnheader",
          title: summary || undefined,
          text: heading + arrow,
          tabindex: sortable ? "0" : undefined,
          "data-column": sortable ? String(at) : undefined,
          "aria-colindex": String(at + 2),
          "aria-sort": isSorted ? direction : undefined,
        });
      }),
    );
    if (focused !== null && focused !== undefined)
      this.head.querySelector<HTMLElement>(`[data-column="${focused}"]`)?.focus();
  }

  private sortBy({ target }: Event): void {
    const column = target instanceof Element ? target.closest("[data-column]")?.getAttribute("data-column") : undefined;
    if (column !== null && column !== undefined) this.events.sort(Number(column));
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

  /** Selects a row and scrolls so that it is in sight. @param byUser it is to be shown in the text beside */
  select(row: number, byUser: boolean): void {
    if (this.table === undefined || row < 0 || row >= this.table.rowCount) return;
    this.mark(false);
    this.selection = row;
    const first = this.firstRow();
    const wanted = firstRowToSee(row, first, this.viewHeight);
    if (wanted !== first) {
      this.scrollTo(wanted);
      this.draw();
    }
    this.mark(true);
    this.events.select(row, byUser);
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
    const height = this.viewHeight;
    this.height = height;
    const first = this.firstRow();
    const wanted = firstRowToSee(this.selection, first, height);
    const wasSeen = this.selection >= 0 && firstRowToSee(this.selection, first, before) === first;
    if (wasSeen && wanted !== first) this.scrollTo(wanted);
    this.drawSoon();
  }

  private scrollTo(row: number): void {
    this.root.scrollTop = scrollTopFor(row, this.viewHeight, this.table?.rowCount ?? 0);
  }

  /** Room for rows, in CSS pixels. */
  private get viewHeight(): number {
    return Math.max(0, this.root.clientHeight - HEAD_HEIGHT);
  }

  private firstRow(): number {
    return firstRowAt(this.root.scrollTop, this.viewHeight, this.table?.rowCount ?? 0);
  }

  private drawSoon(): void {
    cancelAnimationFrame(this.redraw);
    this.redraw = requestAnimationFrame(() => {
      // Not while sizes are observed: what changes them then is an error of the page.
      if (this.root.clientWidth !== this.width) this.layOut();
      this.draw();
    });
  }

  private draw(): void {
    const table = this.table;
    if (table === undefined) return;
    const start = this.firstRow();
    const first = Math.max(0, Math.floor(start));
    const last = Math.min(table.rowCount, first + Math.ceil(this.viewHeight / ROW_HEIGHT) + 1);
    const made: HTMLElement[] = [];
    for (let row = first; row < last; row++) made.push(this.rowElement(table, row));
    this.window.style.height = `${Math.min(this.viewHeight, scrollHeight(table.rowCount))}px`;
    this.rows.style.transform = `translateY(${(first - start) * ROW_HEIGHT}px)`;
    this.rows.replaceChildren(...made);
    this.mark(true);
  }

  private rowElement(table: GridTable, row: number): HTMLElement {
    const content = this.content(table, row);
    const remark = content?.remarkable ? this.labels?.hasRemarks : undefined;
    const invalid = content?.valid === false ? this.labels?.notValid : undefined;
    const attributes = {
      class: `row${remark === undefined ? "" : " remarkable"}${invalid === undefined ? "" : " invalid"}`,
      role: "row",
      id: `row-${row}`,
      "data-row": String(row),
      "aria-rowindex": String(row + 2),
    };
    const said = [invalid, remark].filter((text) => text !== undefined).join(", ");
    const notes = content?.cells.at(-1) || undefined;
    const mark = element("div", {
      class: "mark",
      role: "gridcell",
      "aria-colindex": "1",
      "aria-label": said,
      text: remark === undefined ? (invalid === undefined ? "" : "–") : "!",
      title: remark === undefined ? invalid : notes,
    });
    const cells = this.fitting.shown.map((place) => {
      const { align, fill } = table.columns[place];
      const text = content?.cells[place] ?? "…";
      const title = fill && text !== "" ? text : undefined;
      return element("div", { class: align, role: "gridcell", "aria-colindex": String(place + 2), text, title });
    });
    return element("div", attributes, mark, ...cells);
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
    const page = Math.max(1, Math.floor(this.viewHeight / ROW_HEIGHT) - 1);
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page };
    const step = steps[event.key];
    if (step !== undefined) this.select(Math.min(count - 1, Math.max(0, this.selection + step)), true);
    else if (event.key === "Home") this.select(0, true);
    else if (event.key === "End") this.select(count - 1, true);
    else if (event.key === "Enter" && this.selection >= 0) {
      if (event.ctrlKey || event.metaKey) this.events.open(this.selection);
      else this.events.enter();
    } else if (isChord(event, "c") && this.copy()) event.stopPropagation();
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
