import { hexGrouped } from "../../../architecture/hex.ts";
import type { Explained, Labels } from "../../protocol.ts";
import { BitRuler } from "./bit-ruler.ts";
import { element } from "./dom.ts";

/** What a user does with the entry that is shown. */
export interface DetailsEvents {
  readonly open: () => void;
  readonly copy: () => void;
  readonly edit: (field: number, text: string) => void;
  /** Back to the rows. */
  readonly leave: () => void;
}

/** The entry of the selected row, bit by bit and field by field. */
export class Details {
  readonly root = element("section", { class: "details" });
  private readonly events: DetailsEvents;
  private readonly ruler = new BitRuler((field) => this.point(field));
  private rows: HTMLElement[] = [];
  private explained: Explained | undefined;
  private labels: Labels | undefined;
  private isEditing = false;
  /** The field that gets the keyboard when the entry that is on its way is there; -1: none. */
  private kept = -1;

  constructor(events: DetailsEvents) {
    this.events = events;
    this.root.addEventListener("keydown", (event) => this.key(event));
  }

  /** Whether the keyboard goes on here when the entry is there again. */
  get isAwaited(): boolean {
    return this.kept >= 0;
  }

  clear(hint: string): void {
    this.kept = this.focused;
    this.explained = undefined;
    this.isEditing = false;
    this.rows = [];
    this.root.replaceChildren(element("p", { class: "hint", text: hint }));
  }

  show(explained: Explained, labels: Labels): void {
    const focused = this.kept >= 0 ? this.kept : this.focused;
    this.kept = -1;
    this.explained = explained;
    this.labels = labels;
    this.isEditing = false;
    const title = element("div", { class: "title" });
    title.append(
      element("strong", { text: explained.title }),
      element("code", { text: explained.address }),
      element("code", { text: explained.words.map((word) => hexGrouped(BigInt(word), word.length - 2)).join(" ") }),
      button(labels.openLine, this.events.open),
      button(labels.copy, this.events.copy),
    );
    const notes = explained.notes.map((note) => element("p", { class: "note", text: note }));
    this.rows = explained.fields.map((_field, place) => this.fieldRow(explained, place, labels));
    const heads = [labels.bits, labels.field, labels.value, labels.meaning].map((text, at) =>
      element("th", { scope: "col", text, class: at === 3 ? "summary" : at === 1 ? "" : "right" }),
    );
    const table = element(
      "table",
      { "aria-label": explained.title },
      element("thead", {}, element("tr", {}, ...heads)),
      element("tbody", {}, ...this.rows),
    );
    const parts: HTMLElement[] = [title, ...notes];
    if (explained.fields.length > 0) {
      this.ruler.show(explained);
      parts.push(this.ruler.root, table);
    } else parts.push(element("p", { text: explained.summary }));
    this.root.replaceChildren(...parts);
    if (focused >= 0) this.rows[focused]?.focus();
  }

  /** The field that has the keyboard; -1: none. */
  private get focused(): number {
    return this.rows.findIndex((row) => row.contains(document.activeElement));
  }

  /** Puts the keyboard on the first field, when it is there. */
  focus(): void {
    if (this.rows.length === 0) this.kept = 0;
    else this.rows[0].focus();
  }

  private fieldRow(explained: Explained, place: number, labels: Labels): HTMLElement {
    const { bits, name, text, summary } = explained.fields[place];
    const value = element("td", { class: "value", text });
    if (explained.editable) {
      value.title = labels.edit;
      value.classList.add("editable");
      value.addEventListener("dblclick", () => this.edit(place));
    }
    const row = element(
      "tr",
      { tabindex: place === 0 ? "0" : "-1", title: summary },
      element("td", { class: "bits", text: bits }),
      element("td", { text: name }),
      value,
      element("td", { class: "summary", text: summary }),
    );
    row.addEventListener("mouseenter", () => this.point(place));
    row.addEventListener("mouseleave", () => this.point(-1));
    row.addEventListener("focus", () => this.point(place));
    return row;
  }

  private point(field: number): void {
    this.ruler.mark(field);
    for (const [place, row] of this.rows.entries()) row.classList.toggle("pointed", place === field);
  }

  private key(event: KeyboardEvent): void {
    if (this.isEditing) return;
    const at = this.rows.indexOf(document.activeElement as HTMLElement);
    const last = this.rows.length - 1;
    if (event.key === "Escape") this.events.leave();
    else if (at < 0) return;
    else if (event.key === "ArrowDown") this.rows[Math.min(last, at + 1)]?.focus();
    else if (event.key === "ArrowUp") this.rows[Math.max(0, at - 1)]?.focus();
    else if (event.key === "Home") this.rows[0]?.focus();
    else if (event.key === "End") this.rows[last]?.focus();
    else if (event.key === "F2" || event.key === "Enter") this.edit(at);
    else return;
    event.preventDefault();
  }

  /** Makes the value of a field one that can be typed. */
  private edit(place: number): void {
    const field = this.explained?.fields[place];
    const cell = this.rows[place]?.querySelector(".value");
    if (field === undefined || !(cell instanceof HTMLElement) || !this.explained?.editable || this.isEditing) return;
    this.isEditing = true;
    const input = element("input", {
      type: "text",
      spellcheck: "false",
      "aria-label": `${field.name} ${field.bits}`,
      title: this.labels?.edit,
    });
    input.value = field.value;
    input.size = Math.max(10, field.value.length + 2);
    const end = () => {
      if (!this.isEditing) return;
      this.isEditing = false;
      cell.replaceChildren(field.text);
    };
    input.addEventListener("blur", end);
    input.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key !== "Enter" && event.key !== "Escape") return;
      event.preventDefault();
      const { value } = input;
      end();
      this.rows[place]?.focus();
      if (event.key === "Enter" && value !== field.value) this.events.edit(place, value);
    });
    cell.replaceChildren(input);
    input.focus();
    input.select();
  }
}

function button(text: string, act: () => void): HTMLElement {
  const made = element("button", { class: "link", type: "button", text });
  made.addEventListener("click", act);
  return made;
}
