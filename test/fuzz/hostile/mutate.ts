import type { Random } from "../random.ts";

const ODD = [
  "\u0000",
  "\t",
  "\\",
  '"',
  "*",
  "😀",
  "\ud800",
  "é",
  "-",
  "0x",
  "[",
  "]",
  "{",
  "}",
  ",",
  "=",
  ":",
  "#",
  "$&",
  "__proto__",
  " ",
];

/** Changes texts as a slip, a cut or an enemy would: lines, words, numbers, characters. */
export class Mutator {
  private readonly random: Random;
  /** A number to put where one was. */
  private readonly number: () => string;
  /** A line that may be put between others. */
  private readonly line: () => string;

  constructor(random: Random, number: () => string, line: () => string) {
    this.random = random;
    this.number = number;
    this.line = line;
  }

  /** Some lines of a text, in a row, changed in a few places. @param most lines */
  lines(text: readonly string[], most: number): string[] {
    const { random } = this;
    const length = random.between(1, Math.min(most, text.length));
    const start = random.chance(60) ? 0 : random.below(text.length - length + 1);
    const lines = text.slice(start, start + length);
    for (let times = random.between(1, 6); times > 0; times--) this.change(lines);
    return lines;
  }

  private change(lines: string[]): void {
    const { random } = this;
    const at = random.below(lines.length);
    const line = lines[at];
    const [removed, ...added] = random.weighted<() => [removed: number, ...added: string[]]>([
      [8, () => [1, this.withNumber(line)]],
      [4, () => [0, this.line()]],
      [2, () => [0, random.pick(lines)]],
      [1, () => [lines.length > 1 ? 1 : 0]],
      [2, () => [1, this.withWord(line, random.pick(lines))]],
      [2, () => [1, this.withCharacter(line)]],
      [1, () => [1, line.slice(0, random.below(line.length + 1))]],
    ])();
    lines.splice(at, removed, ...added);
  }

  private withNumber(line: string): string {
    const found = [...line.matchAll(/\b(?:0x[0-9a-f_]+|[0-9][0-9_a-f]*)\b/gi)];
    if (found.length === 0) return line;
    const { index, 0: old } = this.random.pick(found);
    return line.slice(0, index) + this.number() + line.slice(index + old.length);
  }

  private withWord(line: string, other: string): string {
    const mine = [...line.matchAll(/[\w.]+/g)];
    const others = [...other.matchAll(/[\w.]+/g)];
    if (mine.length === 0 || others.length === 0) return line;
    const { index, 0: old } = this.random.pick(mine);
    return line.slice(0, index) + this.random.pick(others)[0] + line.slice(index + old.length);
  }

  private withCharacter(line: string): string {
    const at = this.random.below(line.length + 1);
    const odd = this.random.pick(ODD);
    return line.slice(0, at) + odd + line.slice(at + (this.random.chance(50) ? 1 : 0));
  }
}
