import { MAX_SECTIONS } from "../limits.ts";
import type { ProblemList } from "../problem.ts";
import { HASH, textOf } from "./characters.ts";
import { type DumpSection, parseHints, parseNumber } from "./hints.ts";

/** Characters of a comment that are looked at. */
const MAX_COMMENT = 1000;

/** The sections that the `# gic:` lines of a text begin. */
export class SectionList {
  readonly items: DumpSection[] = [];
  /** There was one beyond {@link MAX_SECTIONS}: from it on the text is not to be read. */
  isFull = false;
  private readonly problems: ProblemList;

  constructor(problems: ProblemList) {
    this.problems = problems;
  }

  /** Takes a comment line, characters `start` up to `end` of the text. */
  take(text: Uint8Array, start: number, end: number, line: number): void {
    let at = start;
    while (text[at] !== HASH) at++;
    const hints = parseHints(textOf(text, at, Math.min(end, at + MAX_COMMENT)), line, this.problems);
    if (hints === undefined) return;
    this.close(line - 1);
    if (this.items.length >= MAX_SECTIONS) {
      this.isFull = true;
      const message = `The dump has more than ${MAX_SECTIONS} \`# gic:\` sections. This one and all after it are not read. Put them into a dump of their own.`;
      this.problems.addLimit("GIC-DUMP-LIMIT", line, message);
      return;
    }
    this.items.push({ line, lastLine: Number.MAX_SAFE_INTEGER, hints });
  }

  /** Ends the last section with a line; nothing when it has ended. */
  close(lastLine: number): void {
    const last = this.items[this.items.length - 1];
    if (last !== undefined && !this.isFull) last.lastLine = lastLine;
  }

  /** Where the table that begins in a line is said to be. */
  baseAt(line: number): bigint | undefined {
    const section = this.items.findLast((candidate) => candidate.line < line);
    return section?.hints.base === undefined ? undefined : parseNumber(section.hints.base);
  }
}
