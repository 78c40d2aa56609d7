import type { Choice, Labels } from "../../protocol.ts";
import { element } from "./dom.ts";

/** What a user chooses above the table. */
export interface ToolbarEvents {
  readonly table: (value: string) => void;
  readonly layout: (value: string) => void;
  readonly find: (text: string) => void;
}

/** Lists of tables and layouts, and the place to type an id. */
export class Toolbar {
  readonly root = element("div", { class: "toolbar" });
  private readonly table = element("select");
  private readonly layout = element("select");
  private readonly find = element("input", { type: "text", spellcheck: "false", size: "14" });
  private readonly tableLabel = element("label");
  private readonly layoutLabel = element("label");
  private readonly findLabel = element("label");

  constructor(events: ToolbarEvents) {
    this.table.addEventListener("change", () => events.table(this.table.value));
    this.layout.addEventListener("change", () => events.layout(this.layout.value));
    this.find.addEventListener("keydown", ({ key }) => {
      if (key === "Enter" && this.find.value.trim() !== "") events.find(this.find.value);
    });
    this.root.append(this.tableLabel, this.layoutLabel, this.findLabel);
  }

  focusFind(): void {
    this.find.focus();
    this.find.select();
  }

  name(labels: Labels): void {
    this.tableLabel.replaceChildren(element("span", { text: labels.table }), this.table);
    this.layoutLabel.replaceChildren(element("span", { text: labels.layout }), this.layout);
    this.find.placeholder = labels.goToHint;
  }

  /** A list with nothing to choose from is not shown. */
  offer(tables: readonly Choice[], table: string, layouts: readonly Choice[], layout: string, goTo: string): void {
    fill(this.table, tables, table);
    fill(this.layout, layouts, layout);
    this.tableLabel.hidden = tables.length < 2;
    this.layoutLabel.hidden = layouts.length < 2;
    this.findLabel.replaceChildren(element("span", { text: goTo }), this.find);
    this.findLabel.hidden = goTo === "";
  }
}

function fill(list: HTMLSelectElement, choices: readonly Choice[], chosen: string): void {
  list.replaceChildren(...choices.map(({ value, label }) => element("option", { value, text: label })));
  list.value = chosen;
}
