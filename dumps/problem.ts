/** What can be wrong in a dump. The codes are stable: users search for them. */
export type DumpProblemCode =
  | "GIC-DUMP-LINE"
  | "GIC-DUMP-OVERLAP"
  | "GIC-DUMP-REPEAT"
  | "GIC-DUMP-ADDRESS"
  | "GIC-DUMP-STEP"
  | "GIC-DUMP-HINT"
  | "GIC-DUMP-LIMIT"
  | "GIC-DUMP-SUM"
  | "GIC-DUMP-CORE"
  | "GIC-DUMP-EMPTY";

/** One thing wrong in a dump, with its place. Reading goes on after it. */
export interface DumpProblem {
  readonly code: DumpProblemCode;
  /** Line number, from 1; 0 when the whole dump is meant. */
  readonly line: number;
  /** Column, from 0, of the character that is wrong. */
  readonly column: number;
  /** Where in a file that is no text it is. */
  readonly offset?: number;
  /** One sentence: what is wrong and, where it helps, what was done about it. */
  readonly message: string;
}

/** Problems that are kept one by one; of more only the number is kept, so that a 100 MB log file stays cheap. */
export const MAX_PROBLEMS = 1000;

/** Collects problems up to {@link MAX_PROBLEMS} and counts all. */
export class ProblemList {
  readonly items: DumpProblem[] = [];
  /** Those of the items that say what of the dump was left out, as it is more than one dump may cost. */
  readonly limits: DumpProblem[] = [];
  count = 0;

  /** @param message made only when it is kept */
  add(code: DumpProblemCode, line: number, column: number, message: string | (() => string)): void {
    this.count++;
    if (this.items.length >= MAX_PROBLEMS) return;
    this.items.push({ code, line, column, message: typeof message === "string" ? message : message() });
  }

  /** Adds what is wrong at an offset of a file that is no text. */
  addAt(code: DumpProblemCode, offset: number, message: string | (() => string)): void {
    this.count++;
    if (this.items.length >= MAX_PROBLEMS) return;
    this.items.push({ code, line: 0, column: 0, offset, message: typeof message === "string" ? message : message() });
  }

  /** Adds what is left out from a line on; it is kept always, as there are few of these. */
  addLimit(code: DumpProblemCode, line: number, message: string): void {
    const problem = { code, line, column: 0, message };
    this.count++;
    this.items.push(problem);
    this.limits.push(problem);
  }
}
