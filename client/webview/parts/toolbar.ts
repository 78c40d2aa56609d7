import type { Labels, RowView, Shown, TreeNode } from "../../protocol.ts";
import { element, fill, onEnter } from "./dom.ts";
import { leaveTo } from "./keyboard.ts";

/** What a user chooses above the table. */
export interface ToolbarEvents {
  readonly node: (id: string) => void;
  readonly goTo: (text: string) => void;
  readonly view: (view: RowView) => void;
  readonly export: () => void;
}

/** How long typing must pause before rows are looked through, in ms. */
const FILTER_PAUSE_MS = 200;

/** Where a user types what to go to and what to look for. */
export class Toolbar {
  readonly root = element("div", { class: "toolbar", role: "toolbar" });
  private readonly tables = element("select");
  private readonly goTo = input("goto", "23");
  private readonly filter = input("filter", "12");
  private readonly rows = element("select");
  private readonly remarks = element("input", { type: "checkbox" });
  private readonly export = element("button", { class: "action", type: "button" });
  /** The fields with their names. */
  private readonly boxes: { readonly [name in "tables" | "goTo" | "filter" | "rows" | "remarks"]: HTMLElement };
  private labels: Labels | undefined;
  private view: RowView | undefined;
  private pause: ReturnType<typeof setTimeout> | undefined;

  constructor(events: ToolbarEvents) {
    const box = (field: HTMLElement) => element("label", {}, element("span"), field);
    this.boxes = {
      tables: box(this.tables),
      goTo: box(this.goTo),
      filter: box(this.filter),
      rows: box(this.rows),
      remarks: element("label", {}, this.remarks, element("span")),
    };
    this.boxes.tables.classList.add("narrow-only");
    for (const said of [this.boxes.tables, this.boxes.goTo, this.boxes.filter]) said.classList.add("says-itself");
    this.tables.addEventListener("change", () => events.node(this.tables.value));
    onEnter(this.goTo, () => this.goTo.value.trim() !== "" && events.goTo(this.goTo.value));
    const change = (part: Partial<RowView>) => this.view !== undefined && events.view({ ...this.view, ...part });
    this.filter.addEventListener("input", () => {
      clearTimeout(this.pause);
      this.pause = setTimeout(() => change({ text: this.filter.value }), FILTER_PAUSE_MS);
    });
    this.rows.addEventListener("change", () => change({ show: this.rows.value === "all" ? "all" : "valid" }));
    this.remarks.addEventListener("change", () => change({ remarks: this.remarks.checked }));
    this.export.addEventListener("click", events.export);
    const { tables, goTo, filter, rows, remarks } = this.boxes;
    this.root.append(tables, goTo, filter, rows, remarks, this.export);
  }

  /** Where the arrow down and Escape go from the fields that are typed into. */
  leaveTo(rows: HTMLElement): void {
    for (const field of [this.goTo, this.filter]) leaveTo(field, rows);
  }

  focus(what: "goTo" | "filter"): void {
    this[what].focus();
    this[what].select();
  }

  name(labels: Labels): void {
    this.labels = labels;
    for (const name of ["tables", "goTo", "filter", "rows", "remarks"] as const) {
      const label = this.boxes[name].querySelector("span");
      if (label !== null) label.textContent = labels[name];
    }
    this.goTo.placeholder = labels.goToHint;
    this.filter.placeholder = labels.filterHint;
    this.export.textContent = labels.export;
  }

  /** A list with nothing to choose from is not shown. */
  offer({ chosen, view, table }: Shown, tree: readonly TreeNode[]): void {
    const { labels, boxes } = this;
    if (labels === undefined) return;
    this.view = view;
    const tables = tree.map(({ id, label, detail, level }) => ({
      value: id,
      label: `${"\u2003".repeat(level - 1)}${label}${detail === "" ? "" : ` @ ${detail}`}`,
    }));
    // Nothing is chosen yet where a dump does not say what it is.
    const isChosen = tree.some(({ id }) => id === chosen);
    fill(this.tables, isChosen ? tables : [{ value: "", label: "—" }, ...tables], isChosen ? chosen : "");
    const { valid, all } = labels;
    const shows = [
      { value: "valid", label: valid },
      { value: "all", label: all },
    ];
    fill(this.rows, shows, view.show);
    this.remarks.checked = view.remarks;
    if (document.activeElement !== this.filter) this.filter.value = view.text;
    boxes.tables.hidden = tree.length < 2;
    boxes.goTo.hidden = table === undefined;
    boxes.filter.hidden = table === undefined;
    boxes.rows.hidden = table?.hasInvalid !== true && view.show !== "all";
    boxes.remarks.hidden = table === undefined;
    this.export.hidden = table === undefined;
  }
}

function input(name: string, size: string): HTMLInputElement {
  return element("input", { type: "text", spellcheck: "false", size, "data-name": name });
}
