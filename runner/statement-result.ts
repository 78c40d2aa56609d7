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

/** What executing one statement did. */
export interface StatementResult {
  readonly problems: readonly Diagnostic[];
  /** Rules that it broke, though it did what it says; absent: none, as of most statements. */
  readonly remarks?: readonly Diagnostic[];
  /** Commands that ITSs took from their queues, in order; of very many the first ones and the last. */
  readonly commands: readonly CommandEvent[];
  /** How many those were in all. */
  readonly commandCount: number;
  readonly shown?: ShownValue;
  /** Title of the machine that a machine block has made. */
  readonly begun?: string;
  /** A `let` that was computed. */
  readonly defined?: { readonly name: string; readonly value: bigint };
}

/** Of a statement that nothing is to be told of. */
export const NOTHING_DONE: StatementResult = { problems: [], commands: [], commandCount: 0 };
