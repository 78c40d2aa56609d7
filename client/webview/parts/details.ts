import type { Explained } from "../../protocol.ts";
import { element } from "./dom.ts";

/** The entry of the selected row, bit by bit. */
export class Details {
  readonly root = element("section", { class: "details", "aria-live": "polite" });
  private readonly open: () => void;

  constructor(open: () => void) {
    this.open = open;
  }

  clear(hint: string): void {
    this.root.replaceChildren(element("p", { class: "hint", text: hint }));
  }

  show(explained: Explained, openLabel: string): void {
    const button = element("button", { class: "link", type: "button", text: openLabel });
    button.addEventListener("click", this.open);
    const title = element("div", { class: "title" });
    title.append(
      element("strong", { text: explained.title }),
      element("code", { text: explained.address }),
      element("code", { text: explained.words.join(" ") }),
      button,
    );
    const rows = explained.fields.map(({ bits, name, text, summary }) =>
      element(
        "tr",
        {},
        element("td", { class: "bits", text: bits }),
        element("td", { text: name }),
        element("td", { class: "value", text }),
        element("td", { class: "summary", text: summary }),
      ),
    );
    const notes = explained.notes.map((note) => element("p", { class: "note", text: note }));
    this.root.replaceChildren(title, element("table", {}, element("tbody", {}, ...rows)), ...notes);
  }
}
