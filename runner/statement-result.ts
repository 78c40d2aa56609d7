import type { CommandEvent } from "../emulator/index.ts";
import type { Diagnostic } from "../language/index.ts";

/** A value that a `read` shows. */
export interface ShownValue {
  /** What was read, as the script names it. */
  readonly label: string;
  readonly value: bigint;
  /** Width in bits. */
  readonly width: number;
  /** What is shown in place of the value: what a step was. */
  readonly text?: string;
}

/** A problem that running a line has found. */
export interface RunProblem extends Diagnostic {
  /** The line that it is about, from 0, where that is another one: a command of a batch. */
  readonly line?: number;
}

/** What executing one statement did. */
export interface StatementResult {
  readonly problems: readonly RunProblem[];
  /** Rules that it broke, though it did what it says; absent: none, as of most statements. */
  readonly remarks?: readonly Diagnostic[];
  /** Commands that ITSs took from their queues, in order; of very many the first ones and the last. */
  readonly commands: readonly CommandEvent[];
  /** How many those were in all. */
  readonly commandCount: number;
  readonly shown?: ShownValue;
  /** What a `print` shows, one part behind the other. */
  readonly printed?: readonly (string | bigint)[];
  /** What a `let` may keep of a statement that shows no value: 0, or the code of its error. */
  readonly answer?: bigint | undefined;
  /** Name of the snapshot that a line has taken: the machine as it was when the line began. */
  readonly snapshot?: string | undefined;
  /** Title of the machine that a machine block or a migration has made. */
  readonly begun?: string;
  /** A `let` that was computed, or the value of a loop's turn. */
  readonly defined?: { readonly name: string; readonly value: bigint };
}

/** Of a statement that nothing is to be told of. */
export const NOTHING_DONE: StatementResult = { problems: [], commands: [], commandCount: 0 };
