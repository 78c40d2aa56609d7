import type { Choice, Labels, ReadingChoice, ReadingOffer } from "../../protocol.ts";
import { element, fill, onEnter } from "./dom.ts";

/** How the dump was read, with its reasons, and how else it may be: one line, which opens. */
export class ReadingBox {
  readonly root = element("details", { class: "reading" });
  private readonly summary = element("summary");
  private readonly facts = element("div");
  private readonly order = element("select");
  private readonly layout = element("select");
  private readonly base = element("input", { type: "text", spellcheck: "false", size: "18" });
  private readonly start = element("input", { type: "text", spellcheck: "false", size: "18" });
  private offered: ReadingOffer | undefined;

  constructor(change: (reading: ReadingChoice) => void) {
    const choose = (part: Partial<ReadingChoice>) =>
      this.offered !== undefined && change({ ...this.offered.chosen, ...part });
    this.order.addEventListener("change", () => choose({ order: this.order.value }));
    this.layout.addEventListener("change", () => choose({ layout: this.layout.value }));
    onEnter(this.base, () => choose({ base: this.base.value.trim() }));
    onEnter(this.start, () => choose({ start: this.start.value.trim() }));
    const fields = [this.order, this.layout, this.base, this.start].map((field) =>
      element("label", {}, element("span"), field),
    );
    this.root.append(this.summary, this.facts, element("div", { class: "choices" }, ...fields));
  }

  name({ reading, order, layout, base, start }: Labels): void {
    this.summary.textContent = reading;
    for (const [at, label] of [order, layout, base, start].entries()) {
      const field = [this.order, this.layout, this.base, this.start][at];
      if (field.previousElementSibling !== null) field.previousElementSibling.textContent = label;
    }
  }

  /** A list with nothing to choose from is not shown. */
  show(offer: ReadingOffer, facts: readonly string[], hasTable: boolean, labels: Labels): void {
    this.offered = offer;
    const { chosen, orders, layouts } = offer;
    this.facts.replaceChildren(...facts.map((text) => element("p", { class: "subtitle", text })));
    const asRead: Choice = { value: "", label: labels.asGuessed };
    fill(this.order, [asRead, ...orders], chosen.order);
    fill(this.layout, [asRead, ...layouts], chosen.layout);
    this.base.placeholder = offer.base;
    this.base.value = chosen.base;
    this.start.placeholder = offer.start ?? "";
    this.start.value = chosen.start;
    hide(this.order, orders.length === 0);
    hide(this.layout, layouts.length === 0);
    hide(this.base, !hasTable && chosen.base === "");
    hide(this.start, offer.start === undefined);
    this.root.classList.toggle(
      "chosen",
      Object.values(chosen).some((value) => value !== ""),
    );
    // What cannot be decoded as it was chosen to be is to be chosen otherwise.
    if (!hasTable && Object.values(chosen).some((value) => value !== "")) this.root.open = true;
  }
}

function hide({ parentElement }: HTMLElement, isHidden: boolean): void {
  if (parentElement !== null) parentElement.hidden = isHidden;
}
