import type { Choice, Labels, ReadingChoice, ReadingOffer, RowView, Shown } from "../../protocol.ts";
import { element } from "./dom.ts";

/** What a user chooses above the table. */
export interface ToolbarEvents {
  readonly node: (id: string) => void;
  readonly goTo: (text: string) => void;
  readonly view: (view: RowView) => void;
  readonly reading: (reading: ReadingChoice) => void;
  readonly export: () => void;
}

/** How long typing must pause before rows are looked through, in ms. */
const FILTER_PAUSE_MS = 200;

/** Where a user types what to go to and what to look for, and chooses how the dump is read. */
export class Toolbar {
  readonly root = element("div", { class: "toolbar", role: "toolbar" });
  private readonly tables = element("select");
  private readonly goTo = input("goto", "22");
  private readonly filter = input("filter", "16");
  private readonly rows = element("select");
  private readonly remarks = element("input", { type: "checkbox" });
  private readonly order = element("select");
  private readonly layout = element("select");
  private readonly base = input("base", "16");
  private readonly start = input("start", "14");
  private readonly export = element("button", { type: "button" });
  private readonly boxes: Readonly<
    Record<"tables" | "goTo" | "filter" | "rows" | "remarks" | "order" | "layout" | "base" | "start", HTMLElement>
  >;
  private labels: Labels | undefined;
  private view: RowView | undefined;
  private reading: ReadingOffer | undefined;
  private pause: ReturnType<typeof setTimeout> | undefined;

  constructor(events: ToolbarEvents) {
    const box = (field: HTMLElement) => element("label", {}, element("span"), field);
    this.boxes = {
      tables: box(this.tables),
      goTo: box(this.goTo),
      filter: box(this.filter),
      rows: box(this.rows),
      remarks: element("label", {}, this.remarks, element("span")),
      order: box(this.order),
      layout: box(this.layout),
      base: box(this.base),
      start: box(this.start),
    };
    this.boxes.tables.classList.add("narrow-only");
    this.tables.addEventListener("change", () => events.node(this.tables.value));
    onEnter(this.goTo, () => this.goTo.value.trim() !== "" && events.goTo(this.goTo.value));
    const changeView = (change: Partial<RowView>) =>
      this.view !== undefined && events.view({ ...this.view, ...change });
    this.filter.addEventListener("input", () => {
      clearTimeout(this.pause);
      this.pause = setTimeout(() => changeView({ text: this.filter.value }), FILTER_PAUSE_MS);
    });
    this.rows.addEventListener("change", () => changeView({ show: this.rows.value === "all" ? "all" : "valid" }));
    this.remarks.addEventListener("change", () => changeView({ remarks: this.remarks.checked }));
    const changeReading = (change: Partial<ReadingChoice>) =>
      this.reading !== undefined && events.reading({ ...this.reading.chosen, ...change });
    this.order.addEventListener("change", () => changeReading({ order: this.order.value }));
    this.layout.addEventListener("change", () => changeReading({ layout: this.layout.value }));
    onEnter(this.base, () => changeReading({ base: this.base.value.trim() }));
    onEnter(this.start, () => changeReading({ start: this.start.value.trim() }));
    this.export.addEventListener("click", events.export);
    const { tables, goTo, filter, rows, remarks, order, layout, base, start } = this.boxes;
    this.root.append(tables, goTo, filter, rows, remarks, order, layout, base, start, this.export);
  }

  focus(what: "goTo" | "filter"): void {
    this[what].focus();
    this[what].select();
  }

  name(labels: Labels): void {
    this.labels = labels;
    for (const [name, text] of Object.entries({
      tables: labels.tables,
      goTo: labels.goTo,
      filter: labels.filter,
      rows: labels.rows,
      remarks: labels.remarks,
      order: labels.order,
      layout: labels.layout,
      base: labels.base,
      start: labels.start,
    })) {
      const label = this.boxes[name as keyof typeof this.boxes].querySelector("span");
      if (label !== null) label.textContent = text;
    }
    this.goTo.placeholder = labels.goToHint;
    this.filter.placeholder = labels.filterHint;
    this.export.textContent = labels.export;
  }

  /** A list with nothing to choose from is not shown. */
  offer({ tree, chosen, reading, view, table }: Shown): void {
    const { labels } = this;
    if (labels === undefined) return;
    this.view = view;
    this.reading = reading;
    const indented = tree.map(({ id, label, detail, level }) => ({
      value: id,
      label: `${"\u2003".repeat(level - 1)}${label}${detail === "" ? "" : ` @ ${detail}`}`,
    }));
    fill(this.tables, indented, chosen);
    const guessed = { value: "", label: labels.asGuessed };
    fill(this.order, [guessed, ...reading.orders], reading.chosen.order);
    fill(this.layout, [guessed, ...reading.layouts], reading.chosen.layout);
    fill(
      this.rows,
      [
        { value: "valid", label: labels.valid },
        { value: "all", label: labels.all },
      ],
      view.show,
    );
    this.remarks.checked = view.remarks;
    if (document.activeElement !== this.filter) this.filter.value = view.text;
    this.base.placeholder = reading.base;
    this.base.value = reading.chosen.base;
    this.start.placeholder = reading.start ?? "";
    this.start.value = reading.chosen.start;
    const { boxes } = this;
    boxes.tables.hidden = tree.length < 2;
    boxes.goTo.hidden = table === undefined;
    boxes.filter.hidden = table === undefined;
    boxes.rows.hidden = table?.hasInvalid !== true && view.show !== "all";
    boxes.remarks.hidden = table === undefined;
    boxes.order.hidden = reading.orders.length === 0;
    boxes.layout.hidden = reading.layouts.length === 0;
    boxes.base.hidden = table === undefined && reading.chosen.base === "";
    boxes.start.hidden = reading.start === undefined;
    this.export.hidden = table === undefined;
  }
}

function input(name: string, size: string): HTMLInputElement {
  return element("input", { type: "text", spellcheck: "false", size, "data-name": name });
}

function onEnter(field: HTMLElement, act: () => unknown): void {
  field.addEventListener("keydown", ({ key }) => {
    if (key === "Enter") act();
  });
}

function fill(list: HTMLSelectElement, choices: readonly Choice[], chosen: string): void {
  list.replaceChildren(...choices.map(({ value, label }) => element("option", { value, text: label })));
  list.value = chosen;
}
