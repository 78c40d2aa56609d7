import type { MapLabels } from "../../report-protocol.ts";
import { element } from "./dom.ts";
import { isChord } from "./keyboard.ts";
import { mapNames } from "./map-names.ts";
import type { MapRow } from "./map-rows.ts";
import { firstRowAt, firstRowToSee, ROW_HEIGHT, scrollHeight, scrollTopFor } from "./window-of-rows.ts";

/** What the tree asks of its surroundings. */
export interface MapTreeEvents {
  readonly toggle: (row: MapRow, open: boolean) => void;
  readonly open: (row: MapRow) => void;
  readonly copy: (text: string) => void;
}

/** Devices and their events as a tree of any length: only lines in sight are elements. */
export class MapTree {
  readonly root = element("div", { class: "tree", role: "tree", tabindex: "0" });
  private readonly space = element("div", { class: "space" });
  private readonly lines = element("div", { class: "lines" });
  private readonly events: MapTreeEvents;
  private labels: MapLabels | undefined;
  private rows: readonly MapRow[] = [];
  private selection = 0;

  constructor(events: MapTreeEvents) {
    this.events = events;
    this.space.append(this.lines);
    this.root.append(this.space);
    this.root.addEventListener("scroll", () => this.draw());
    this.root.addEventListener("keydown", (event) => this.key(event));
    this.root.addEventListener("click", (event) => this.click(event));
    new ResizeObserver(() => this.draw()).observe(this.root);
  }

  show(rows: readonly MapRow[], labels: MapLabels): void {
    this.rows = rows;
    this.labels = labels;
    this.selection = Math.min(this.selection, Math.max(0, rows.length - 1));
    this.space.style.height = `${scrollHeight(rows.length)}px`;
    this.root.setAttribute("aria-label", labels.devices);
    this.draw();
  }

  private click(event: MouseEvent): void {
    const found = event.target instanceof Element ? event.target.closest("[data-row]") : null;
    if (found === null) return;
    this.select(Number(found.getAttribute("data-row")));
    const row = this.rows[this.selection];
    if (event.detail === 2) this.events.open(row);
    else if (row.kind === "device" && event.target instanceof Element && event.target.closest(".twist") !== null) {
      this.events.toggle(row, !row.isOpen);
    }
  }

  private key(event: KeyboardEvent): void {
    const row = this.rows[this.selection] as MapRow | undefined;
    if (row === undefined) return;
    const page = Math.max(1, Math.floor(this.root.clientHeight / ROW_HEIGHT) - 1);
    const last = this.rows.length - 1;
    const places: Readonly<Record<string, number>> = {
      ArrowDown: this.selection + 1,
      ArrowUp: this.selection - 1,
      PageDown: this.selection + page,
      PageUp: this.selection - page,
      Home: 0,
      End: last,
    };
    const place = Object.hasOwn(places, event.key) ? places[event.key] : undefined;
    if (place !== undefined) this.select(Math.min(last, Math.max(0, place)));
    else if (event.key === "ArrowRight") {
      if (row.kind === "device" && !row.isOpen) this.events.toggle(row, true);
      else if (row.kind === "device") this.select(Math.min(last, this.selection + 1));
    } else if (event.key === "ArrowLeft") {
      if (row.kind === "device" && row.isOpen) this.events.toggle(row, false);
      else if (row.kind === "event") this.select(this.selection - row.place);
    } else if (event.key === "Enter") this.events.open(row);
    else if (isChord(event, "c")) this.events.copy(this.textOf(row));
    else return;
    event.preventDefault();
  }

  private select(row: number): void {
    this.selection = row;
    const { scrollTop, clientHeight } = this.root;
    const first = firstRowAt(scrollTop, clientHeight, this.rows.length);
    const wanted = firstRowToSee(row, first, clientHeight);
    if (wanted !== first) this.root.scrollTop = scrollTopFor(wanted, clientHeight, this.rows.length);
    this.draw();
  }

  private draw(): void {
    const { scrollTop, clientHeight } = this.root;
    const first = Math.floor(firstRowAt(scrollTop, clientHeight, this.rows.length));
    const shown = this.rows.slice(first, first + Math.ceil(clientHeight / ROW_HEIGHT) + 1);
    this.lines.style.transform = `translateY(${Math.floor(scrollTop / ROW_HEIGHT) * ROW_HEIGHT}px)`;
    this.lines.replaceChildren(...shown.map((row, at) => this.lineElement(row, first + at)));
    this.root.setAttribute("aria-activedescendant", this.rows.length === 0 ? "" : `line-${this.selection}`);
  }

  private lineElement(row: MapRow, at: number): HTMLElement {
    const isSelected = at === this.selection;
    const line = element("div", {
      class: `line ${row.kind}${isSelected ? " selected" : ""}${row.kind === "event" && row.event.changed ? " changed" : ""}`,
      role: "treeitem",
      id: `line-${at}`,
      "data-row": String(at),
      "aria-level": row.kind === "device" ? "1" : "2",
      "aria-posinset": String(row.place),
      "aria-setsize": String(row.of),
      "aria-selected": String(isSelected),
      ...(row.kind === "device" ? { "aria-expanded": String(row.isOpen) } : {}),
    });
    const cells = this.cellsOf(row);
    if (row.kind === "device")
      line.append(element("span", { class: "twist", "aria-hidden": "true", text: row.isOpen ? "▾" : "▸" }));
    line.append(...cells.map((text, place) => element("span", { class: `cell ${classOf(row, place)}`, text })));
    return line;
  }

  private cellsOf(row: MapRow): string[] {
    if (this.labels === undefined) return [];
    const names = mapNames(this.labels);
    if (row.kind === "event") return names.event(row.event);
    const { device, events } = row;
    return [names.device(device), names.count(events.length, device.events.length)];
  }

  private textOf(row: MapRow): string {
    return this.cellsOf(row)
      .filter((text) => text !== "")
      .join(", ");
  }
}

const PENDING = 4;
const ENABLED = 5;
const TARGET = 3;

function classOf(row: MapRow, place: number): string {
  if (row.kind === "device") return place === 0 ? "name" : "aside";
  if (place === PENDING) return "pending";
  if (place === TARGET && row.event.vpe === undefined && typeof row.event.target !== "number") return "lost";
  return place === ENABLED && row.event.enabled === false ? "off" : "";
}
