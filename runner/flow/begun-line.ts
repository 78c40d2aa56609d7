import type { Mark, Steps } from "../../emulator/index.ts";
import type { Span } from "../../language/index.ts";
import type { StatementResult } from "../statement-result.ts";
import type { IncludedLine } from "./included-problem.ts";

/** A line that is being carried out. */
export interface Begun {
  /** Of a line of an included file the one that includes it or calls its macro. */
  readonly line: number;
  /** The line of the included file. */
  readonly at: IncludedLine | undefined;
  readonly mark: Mark;
  readonly stage: number;
  readonly whole: Span;
}

/** One that did not end at once. */
export interface Underway extends Begun {
  readonly steps: Steps<StatementResult>;
}
