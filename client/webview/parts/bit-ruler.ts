import type { Explained } from "../../protocol.ts";
import { element } from "./dom.ts";
import { rulerLayout } from "./ruler-room.ts";
import type { RulerLine } from "./ruler-segments.ts";

/** Colours that neighbouring fields take in turn; the borders tell them apart without. */
const COLOURS = 4;

/** An entry's words bit by bit, with the fields of the layout under their bits. */
export class BitRuler {
  readonly root = element("div", { class: "ruler", role: "img" });
  private readonly point: (field: number) => void;
  private shown: Explained | undefined;
  private marked = -1;
  /** Pixels that the lines were laid out for. */
  private width = 0;

  /** @param point a field is under the pointer; -1: none */
  constructor(point: (field: number) => void) {
    this.point = point;
    this.root.addEventListener("mouseover", (event) => this.point(fieldOf(event.target)));
    this.root.addEventListener("mouseleave", () => this.point(-1));
    new ResizeObserver(() => {
      if (this.shown !== undefined && this.root.clientWidth !== this.width) this.draw(this.shown);
    }).observe(this.root);
  }

  show(explained: Explained): void {
    this.shown = explained;
    this.marked = -1;
    this.draw(explained);
  }

  private draw({ words, fields, title }: Explained): void {
    this.width = this.root.clientWidth;
    // Digits of a word say how wide it is.
    const wordBits = words.map((word) => (word.length - 2) * 4);
    const value = words.reduceRight((sum, word, at) => (sum << BigInt(wordBits[at])) | BigInt(word), 0n);
    const fontSize = Number.parseFloat(getComputedStyle(this.root).fontSize);
    const layout = rulerLayout(fields, wordBits, this.width, fontSize);
    this.root.classList.toggle("whole-lines", layout.bitWidth === undefined);
    this.root.setAttribute(
      "aria-label",
      `${title}: ${fields.map(({ name, bits, text }) => `${name} ${bits} ${text}`).join(", ")}`,
    );
    this.root.style.setProperty("--bit", layout.bitWidth === undefined ? "1fr" : `${layout.bitWidth}px`);
    this.root.replaceChildren(...layout.lines.map((line) => lineElement(line, value, fields, words.length > 1)));
    this.mark(this.marked);
  }

  /** Lets the bits of a field stand out. */
  mark(field: number): void {
    this.marked = field;
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
    const colour = field < 0 ? "none" : `colour-${field % COLOURS}`;
    const digits = ((value >> BigInt(lsb)) & ((1n << BigInt(width)) - 1n)).toString(2).padStart(width, "0");
    const title = field < 0 ? `[${range}]` : `${name} [${range}] = ${text}\n${summary}`;
    const made = element("div", { class: `segment ${colour}`, title, "data-field": String(field) });
    made.style.setProperty("--width", String(width));
    made.append(
      element("span", { class: "range" }, ...ends(msb, lsb)),
      element(
        "span",
        { class: "digits" },
        ...Array.from(digits, (digit) => element("i", { class: digit === "1" ? "one" : "zero", text: digit })),
      ),
      element("span", { class: "name", text: name }),
    );
    bits.append(made);
  }
  children.push(bits);
  return element("div", { class: "ruler-line" }, ...children);
}

/** Numbers of a segment's first and last bit, each above its own. */
function ends(msb: number, lsb: number): HTMLElement[] {
  return (msb === lsb ? [msb] : [msb, lsb]).map((bit) => element("span", { text: String(bit) }));
}

function fieldOf(target: EventTarget | null): number {
  const found = target instanceof Element ? target.closest("[data-field]") : null;
  return Number(found?.getAttribute("data-field") ?? -1);
}
