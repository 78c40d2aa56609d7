/** A line that could not be read, from 1. */
export interface TextProblem {
  readonly line: number;
  readonly message: string;
}

/** Text beyond this is not looked at: 16 MiB, about 230,000 interrupts. */
const MAX_CHARACTERS = 16 * 1024 * 1024;
/** Lines between two steps of a work. */
export const LINES_A_STEP = 2048;
/** Problems that are kept. */
const MAX_PROBLEMS = 100;
/** Characters of a strange line that a message repeats. */
const SHOWN = 60;

/** The lines of a text with their numbers, without the marks of a quoting mail (`> `); and where problems go, bounded in both. */
export class TextLines {
  readonly problems: TextProblem[] = [];
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  *lines(): Iterable<readonly [number: number, line: string]> {
    const { text } = this;
    let number = 0;
    for (let start = 0; start < text.length; ) {
      number++;
      if (start >= MAX_CHARACTERS) {
        this.problem(number, "everything from here on is left out: the text is longer than 16 MiB");
        return;
      }
      const end = text.indexOf("\n", start);
      const stop = Math.min(end < 0 ? text.length : end, start + 4096);
      yield [
        number,
        text
          .slice(start, stop)
          .replace(/^(?:> ?)+/, "")
          .trimEnd(),
      ];
      start = end < 0 ? text.length : end + 1;
    }
  }

  problem(line: number, message: string): void {
    if (this.problems.length < MAX_PROBLEMS) this.problems.push({ line, message });
  }

  /** A line that is none of the format. */
  strange(line: number, text: string, wanted: string): void {
    const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
    this.problem(line, `"${shown}" is no ${wanted}`);
  }
}
