/** What can be wrong in a dump. The codes are stable: users search for them. */
export type DumpProblemCode =
  | "GIC-DUMP-LINE"
  | "GIC-DUMP-OVERLAP"
  | "GIC-DUMP-REPEAT"
  | "GIC-DUMP-ADDRESS"
  | "GIC-DUMP-HINT"
  | "GIC-DUMP-EMPTY";

/** One thing wrong in a dump, with its place. Reading goes on after it. */
export interface DumpProblem {
  readonly code: DumpProblemCode;
  /** Line number, from 1; 0 when the whole dump is meant. */
  readonly line: number;
  /** Column, from 0, of the character that is wrong. */
  readonly column: number;
  /** One sentence: what is wrong and, where it helps, what was done about it. */
  readonly message: string;
}

/** Problems that are kept one by one; of more only the number is kept, so that a 100 MB log file stays cheap. */
export const MAX_PROBLEMS = 1000;

/** Collects problems up to {@link MAX_PROBLEMS} and counts all. */
export class ProblemList {
  readonly items: DumpProblem[] = [];
  count = 0;

  add(code: DumpProblemCode, line: number, column: number, message: string): void {
    this.count++;
    if (this.items.length < MAX_PROBLEMS) this.items.push({ code, line, column, message });
  }
}
