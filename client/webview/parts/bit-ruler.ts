import type { Explained } from "../../protocol.ts";
import { element } from "./dom.ts";
import { type LineBits, namePlace, type RulerLine, rangeLabel, rulerLines } from "./ruler-segments.ts";

/** Colours that neighbouring fields take in turn; the borders tell them apart without. */
const COLOURS = 4;

/** Width of a digit of the editor's font, in its size. */
const DIGIT = 0.6;

/** An entry's words bit by bit, with the fields of the layout under their bits. */
export class BitRuler {
  readonly root = element("div", { class: "ruler", role: "img" });
  private readonly point: (field: number) => void;
  private shown: Explained | undefined;
  private lineBits: LineBits = 32;

  /** @param point a field is under the pointer; -1: none */
  constructor(point: (field: number) => void) {
    this.point = point;
    this.root.addEventListener("mouseover", (event) => this.point(fieldOf(event.target)));
    this.root.addEventListener("mouseleave", () => this.point(-1));
    new ResizeObserver(() => {
      if (this.shown !== undefined && this.fittingBits() !== this.lineBits) this.show(this.shown);
    }).observe(this.root);
  }

  show(explained: Explained): void {
    const { words, fields, title } = explained;
    this.shown = explained;
    this.lineBits = this.fittingBits();
    // Digits of a word say how wide it is.
    const wordBits = words.map((word) => (word.length - 2) * 4);
    const value = words.reduceRight((sum, word, at) => (sum << BigInt(wordBits[at])) | BigInt(word), 0n);
    const lines = rulerLines(fields, wordBits, this.lineBits);
    this.root.setAttribute(
      "aria-label",
      `${title}: ${fields.map(({ name, bits, text }) => `${name} ${bits} ${text}`).join(", ")}`,
    );
    this.root.replaceChildren(...lines.map((line) => lineElement(line, value, fields, words.length > 1)));
  }

  /** Digits do not lie upon each other: where 32 have no room, a line has 16. */
  private fittingBits(): LineBits {
    const { clientWidth } = this.root;
    const digit = Number.parseFloat(getComputedStyle(this.root).fontSize) * DIGIT;
    return clientWidth > 0 && clientWidth < 32 * digit ? 16 : 32;
  }

  /** Lets the bits of a field stand out. */
  mark(field: number): void {
    for (const segment of this.root.querySelectorAll("[data-field]")) {
      segment.classList.toggle("pointed", field >= 0 && segment.getAttribute("data-field") === String(field));
    }
  }
}

function lineElement(line: RulerLine, value: bigint, fields: Explained["fields"], hasWords: boolean): HTMLElement {
  const children: HTMLElement[] = [];
  if (hasWords) children.push(element("div", { class: "word", text: `word ${line.word}` }));
  const bits = element("div", { class: "line" });
  bits.style.setProperty("--bits", String(line.msb - line.lsb + 1));
  for (const { field, msb, lsb } of line.segments) {
    const width = msb - lsb + 1;
    const { name = "", text = "", summary = "" } = fields[field] ?? {};
    const range = width === 1 ? `${msb}` : `${msb}:${lsb}`;
    const place = namePlace(name, width);
    const colour = field < 0 ? "none" : `colour-${field % COLOURS}`;
    const digits = ((value >> BigInt(lsb)) & ((1n << BigInt(width)) - 1n)).toString(2).padStart(width, "0");
    const title = field < 0 ? `[${range}]` : `${name} [${range}] = ${text}\n${summary}`;
    const made = element("div", {
      class: `segment ${colour}${width === 1 ? " thin" : ""}`,
      title,
      "data-field": String(field),
    });
    made.style.setProperty("--width", String(width));
    made.append(
      element("span", { class: "range", text: rangeLabel(msb, lsb) }),
      element(
        "span",
        { class: "digits" },
        ...Array.from(digits, (digit) => element("i", { class: digit === "1" ? "one" : "zero", text: digit })),
      ),
      element("span", { class: "name", text: place === "none" ? "" : name }),
    );
    bits.append(made);
  }
  children.push(bits);
  return element("div", { class: "ruler-line" }, ...children);
}

function fieldOf(target: EventTarget | null): number {
  const found = target instanceof Element ? target.closest("[data-field]") : null;
  return Number(found?.getAttribute("data-field") ?? -1);
}
