import type { CommonLabels } from "../../views/view-texts.ts";
import { element } from "../parts/dom.ts";
import { isChord } from "../parts/keyboard.ts";
import { firstRowAt, firstRowToSee, ROW_HEIGHT, scrollHeight, scrollTopFor } from "../parts/window-of-rows.ts";
import { type CellControl, editCell } from "./cell-editor.ts";
import { type ColumnLayout, columnLayout } from "./column-layout.ts";
import { cellElement, cellId, type LiveColumn, type LiveRow } from "./live-cell.ts";

/** Where rows come from. */
export interface LiveRows {
  readonly count: number;
  /** Undefined while it is on its way. */
  row(at: number): LiveRow | undefined;
}

/** What a user does with a grid. */
export interface LiveGridEvents {
  readonly sort?: (column: string) => void;
  readonly set: (row: LiveRow, column: string, value: string) => void;
  readonly open: (row: LiveRow, column: string) => void;
  /** A row is clicked; beside `select`, which the keyboard does, too. */
  readonly press?: (row: LiveRow, column: string) => void;
  readonly toggle?: (row: LiveRow, open: boolean) => void;
  readonly select?: (row: LiveRow, column: string) => void;
  readonly copy: (text: string) => void;
}

/** Height of the headings in CSS pixels; the style sheet says the same. */
const HEAD_HEIGHT = 22;
/** Room for a scroll bar, in CSS pixels. */
const SCROLL_BAR = 14;

/**
 * A grid of any length that is walked by cells: only rows in sight are elements. With rows that have levels it is a tree. Its selection
 * stays on the same row, by key, when rows come anew.
 */
export class LiveGrid {
  readonly root: HTMLElement;
  private readonly head = element("div", { class: "head", role: "row" });
  private readonly space = element("div", { class: "space", role: "rowgroup" });
  /** Where rows are seen; it stays while the root scrolls, which so is what has the keyboard, too. */
  private readonly window = element("div", { class: "window" });
  private readonly lines = element("div", { class: "rows" });
  private readonly probe = element("div", { class: "probe", "aria-hidden": "true" });
  private readonly events: LiveGridEvents;
  private readonly isTree: boolean;
  private columns: readonly LiveColumn[] = [];
  private rows: LiveRows = { count: 0, row: () => undefined };
  private labels: CommonLabels | undefined;
  private sorted: { readonly column: string; readonly descending: boolean } | undefined;
  private layout: ColumnLayout = { shown: [], headings: [], rooms: [], hidden: [], least: 0, dense: false, tracks: "" };
  private width = -1;
  private selectedRow = 0;
  private selectedKey: string | undefined;
  private selectedColumn = "";
  private redraw = 0;
  private editing = false;

  constructor(events: LiveGridEvents, isTree = false) {
    this.events = events;
    this.isTree = isTree;
    this.root = element("div", { class: "live-grid", role: isTree ? "treegrid" : "grid", tabindex: "0" });
    this.window.append(this.lines);
    this.space.append(this.window);
    this.root.append(this.head, this.space, this.probe);
    this.root.addEventListener("scroll", () => this.drawSoon());
    new ResizeObserver(() => this.drawSoon()).observe(this.root);
    this.root.addEventListener("keydown", (event) => this.key(event));
    this.root.addEventListener("focus", () => this.drawSoon());
    this.head.addEventListener("click", (event) => this.sortBy(event.target));
    this.head.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      this.sortBy(event.target);
    });
    this.lines.addEventListener("mousedown", (event) => this.press(event));
  }

  setColumns(columns: readonly LiveColumn[], name: string, labels: CommonLabels): void {
    this.columns = columns;
    this.labels = labels;
    this.selectedColumn ||= columns[0]?.key ?? "";
    this.root.setAttribute("aria-label", name);
    this.root.setAttribute("aria-colcount", String(columns.length));
    this.width = -1;
    this.drawSoon();
  }

  setSort(column: string, descending: boolean): void {
    this.sorted = { column, descending };
    this.width = -1;
    this.drawSoon();
  }

  /** Shows rows: others, or the same at another moment. @param keepPlace whether the view stays where it is scrolled to */
  show(rows: LiveRows, keepPlace = true): void {
    this.rows = rows;
    this.root.setAttribute("aria-rowcount", String(rows.count + 1));
    this.space.style.height = `${scrollHeight(rows.count)}px`;
    if (!keepPlace) {
      this.root.scrollTop = 0;
      this.selectedRow = 0;
      this.selectedKey = undefined;
    }
    this.selectedRow = Math.max(0, Math.min(this.selectedRow, rows.count - 1));
    this.draw();
  }

  /** Rows that were on their way are there. */
  arrived(): void {
    this.draw();
  }

  get selected(): LiveRow | undefined {
    return this.rows.row(this.selectedRow);
  }

  /** Selects a row, and brings it into sight. @param byUser whether what follows the selection is told */
  select(at: number, column = this.selectedColumn, byUser = true): void {
    if (at < 0 || at >= this.rows.count) return;
    this.selectedRow = at;
    this.selectedColumn = column;
    const { viewHeight } = this;
    const first = this.firstRow();
    const wanted = firstRowToSee(at, first, viewHeight);
    if (wanted !== first) this.root.scrollTop = scrollTopFor(wanted, viewHeight, this.rows.count);
    const row = this.rows.row(at);
    this.selectedKey = row?.key;
    this.draw();
    if (row !== undefined && byUser) this.events.select?.(row, column);
  }

  /** Room for rows, in CSS pixels. */
  private get viewHeight(): number {
    return Math.max(0, this.root.clientHeight - HEAD_HEIGHT);
  }

  private firstRow(): number {
    return firstRowAt(this.root.scrollTop, this.viewHeight, this.rows.count);
  }

  private drawSoon(): void {
    cancelAnimationFrame(this.redraw);
    this.redraw = requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    if (this.root.clientWidth !== this.width) this.layOut();
    // What is being typed stays, until it is done.
    if (this.editing) return;
    const start = this.firstRow();
    const first = Math.max(0, Math.floor(start));
    const last = Math.min(this.rows.count, first + Math.ceil(this.viewHeight / ROW_HEIGHT) + 1);
    this.findSelected(first, last);
    const made: HTMLElement[] = [];
    for (let at = first; at < last; at++) made.push(this.rowElement(at));
    this.window.style.height = `${Math.min(this.viewHeight, scrollHeight(this.rows.count))}px`;
    this.lines.style.transform = `translateY(${(first - start) * ROW_HEIGHT}px)`;
    this.lines.replaceChildren(...made);
    const active = document.getElementById(cellId(this.selectedRow, this.selectedColumn));
    this.root.setAttribute("aria-activedescendant", active?.id ?? "");
    // A menu that the keyboard asks for is about the cell that is selected.
    const context = active?.getAttribute("data-vscode-context");
    if (context === null || context === undefined) this.root.removeAttribute("data-vscode-context");
    else this.root.setAttribute("data-vscode-context", context);
  }

  /** The selected thing may be in another row now. */
  private findSelected(first: number, last: number): void {
    if (this.selectedKey === undefined || this.rows.row(this.selectedRow)?.key === this.selectedKey) return;
    for (let at = first; at < last; at++) {
      if (this.rows.row(at)?.key !== this.selectedKey) continue;
      this.selectedRow = at;
      return;
    }
  }

  private layOut(): void {
    const { columns, labels } = this;
    this.width = this.root.clientWidth;
    if (labels === undefined || this.width === 0) return;
    const digit = this.probe.offsetWidth / 100;
    const room = digit > 0 ? (this.width - SCROLL_BAR) / digit : Number.POSITIVE_INFINITY;
    this.layout = columnLayout(columns, room);
    const { shown, hidden, least, dense, tracks } = this.layout;
    this.root.classList.toggle("dense", dense);
    this.root.style.setProperty("--columns", tracks);
    this.root.style.setProperty("--least", `${least}ch`);
    if (!shown.some((at) => columns[at].key === this.selectedColumn))
      this.selectedColumn = columns[shown[0] ?? 0]?.key ?? "";
    const focused = document.activeElement?.getAttribute("data-column");
    const headings = shown.map((at, place) => {
      const { key, heading, align, sortable, said } = columns[at];
      const text = this.layout.headings[place];
      const isSorted = this.sorted?.column === key;
      const direction = this.sorted?.descending === true ? "descending" : "ascending";
      const arrow = isSorted ? (direction === "descending" ? "↓" : "↑") : "";
      const made = element("div", {
        class: `${align}${sortable ? " sortable" : ""}`,
        role: "columnheader",
        text: text + arrow,
        ...(text === heading ? {} : { title: heading, "aria-label": heading }),
        "data-column": sortable ? key : undefined,
        tabindex: sortable ? "0" : undefined,
        "data-seen": heading + arrow,
        "aria-colindex": String(place + 1),
        "aria-sort": isSorted ? direction : undefined,
      });
      if (said !== undefined) made.append(element("span", { class: "unseen", text: said }));
      return made;
    });
    const left =
      hidden.length === 0
        ? {}
        : { text: `+${hidden.length}`, title: labels.hiddenColumns.replace("{0}", hidden.join(", ")) };
    const hadFocus = this.head.contains(document.activeElement);
    this.head.replaceChildren(...headings, element("div", { class: "left-out", ...left }));
    if (hadFocus) this.head.querySelector<HTMLElement>(`[data-column="${focused}"]`)?.focus();
  }

  private rowElement(at: number): HTMLElement {
    const row = this.rows.row(at);
    const isSelected = at === this.selectedRow;
    const kinds = ["row", row?.kind ?? "", isSelected ? "selected" : ""];
    const line = element("div", {
      class: kinds.filter((kind) => kind !== "").join(" "),
      role: "row",
      "data-row": String(at),
      "aria-rowindex": String(at + 2),
      "aria-selected": String(isSelected),
      ...(row?.level === undefined
        ? {}
        : {
            "aria-level": String(row.level),
            "aria-posinset": String(row.place ?? 1),
            "aria-setsize": String(row.of ?? 1),
            ...(row.open === undefined ? {} : { "aria-expanded": String(row.open) }),
          }),
    });
    line.append(
      ...this.layout.shown.map((place, index) =>
        cellElement({
          row,
          at,
          column: this.columns[place],
          index,
          room: this.layout.rooms[index],
          isDense: this.layout.dense,
          isSelected: isSelected && this.columns[place].key === this.selectedColumn,
          isTree: this.isTree,
          labels: this.labels,
        }),
      ),
    );
    return line;
  }

  private press(event: MouseEvent): void {
    const { target } = event;
    if (!(target instanceof Element) || target.closest("input, select") !== null) return;
    const at = Number(target.closest("[data-row]")?.getAttribute("data-row") ?? -1);
    const column = target.closest("[data-column]")?.getAttribute("data-column") ?? this.selectedColumn;
    const row = this.rows.row(at);
    if (at < 0 || row === undefined) return;
    const wasSelected = at === this.selectedRow && column === this.selectedColumn;
    const onTwist = target.closest(".twist") !== null;
    const onCheck = target.closest(".check") !== null;
    this.select(at, column);
    if (event.button !== 0) return;
    if (onTwist && row.open !== undefined) this.events.toggle?.(row, !row.open);
    else if (onCheck) this.act(row, column);
    else if (event.detail === 1) this.events.press?.(row, column);
    else if (event.detail === 2) {
      event.preventDefault();
      this.root.focus();
      if (row.open !== undefined && row.cells[column]?.control === undefined) this.events.toggle?.(row, !row.open);
      else if (wasSelected) this.act(row, column);
    }
  }

  /** Changes a cell, or opens what the row stands for. */
  private act(row: LiveRow, column: string): void {
    const control = row.cells[column]?.control;
    if (control === undefined) this.events.open(row, column);
    else if (control.kind === "toggle") this.events.set(row, column, control.on ? "0" : "1");
    else this.edit(row, column, control);
  }

  private edit(row: LiveRow, column: string, control: Exclude<CellControl, { kind: "toggle" }>): void {
    const cell = document.getElementById(cellId(this.selectedRow, column));
    if (cell === null || this.editing) return;
    this.editing = true;
    const heading = this.columns.find(({ key }) => key === column)?.heading ?? column;
    const label = (this.labels?.edit ?? "{0}").replace("{0}", heading);
    editCell(cell, control, label, (value, refocus) => {
      this.editing = false;
      if (refocus) this.root.focus();
      this.draw();
      if (value !== undefined && value !== control.value) this.events.set(row, column, value);
    });
  }

  private sortBy(target: EventTarget | null): void {
    const column = target instanceof Element ? target.closest("[data-column]")?.getAttribute("data-column") : undefined;
    if (column !== null && column !== undefined) this.events.sort?.(column);
  }

  private key(event: KeyboardEvent): void {
    if (this.editing || event.altKey) return;
    const { count } = this.rows;
    const row = this.selected;
    const hasControl = event.ctrlKey || event.metaKey;
    const page = Math.max(1, Math.floor(this.viewHeight / ROW_HEIGHT) - 1);
    const last = count - 1;
    const shown = this.layout.shown.map((at) => this.columns[at].key);
    const place = shown.indexOf(this.selectedColumn);
    const to: Readonly<Record<string, number>> = {
      ArrowDown: this.selectedRow + 1,
      ArrowUp: this.selectedRow - 1,
      PageDown: this.selectedRow + page,
      PageUp: this.selectedRow - page,
      Home: 0,
      End: last,
    };
    const wanted = Object.hasOwn(to, event.key) ? to[event.key] : undefined;
    if (wanted !== undefined) this.select(Math.max(0, Math.min(last, wanted)));
    else if (event.key === "ArrowRight") {
      if (place === 0 && row?.open === false) this.events.toggle?.(row, true);
      else this.select(this.selectedRow, shown[Math.min(place + 1, shown.length - 1)]);
    } else if (event.key === "ArrowLeft") {
      if (place > 0) this.select(this.selectedRow, shown[place - 1]);
      else if (row?.open === true) this.events.toggle?.(row, false);
      else this.select(this.parentOf(this.selectedRow));
    } else if (row !== undefined && (event.key === "Enter" || event.key === "F2" || event.key === " ")) {
      if (row.open !== undefined && place === 0) this.events.toggle?.(row, !row.open);
      else this.act(row, this.selectedColumn);
    } else if (row !== undefined && isChord(event, "c") && getSelection()?.isCollapsed !== false) {
      this.events.copy(
        this.columns
          .map(({ key }) => row.cells[key]?.text ?? "")
          .join("\t")
          .trimEnd(),
      );
    } else if (event.key.length === 1 && /^[a-zA-Z0-9_]$/.test(event.key) && !hasControl && this.isTree)
      this.jump(event.key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** To the next row whose first cell begins with a letter. */
  private jump(letter: string): void {
    const first = this.columns[0]?.key ?? "";
    for (let step = 1; step <= this.rows.count; step++) {
      const at = (this.selectedRow + step) % this.rows.count;
      if (this.rows.row(at)?.cells[first]?.text.toLowerCase().startsWith(letter.toLowerCase()) !== true) continue;
      this.select(at);
      return;
    }
  }

  private parentOf(at: number): number {
    const level = this.rows.row(at)?.level ?? 1;
    for (let above = at - 1; above >= 0; above--) if ((this.rows.row(above)?.level ?? 1) < level) return above;
    return at;
  }
}
