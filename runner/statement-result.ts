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
  /** Commands that ITSs took from their queues, in order; of very many the first ones and the last. */
  readonly commands: readonly CommandEvent[];
  /** How many those were in all. */
  readonly commandCount: number;
  readonly shown?: ShownValue;
  /** Name of the snapshot that a line has taken: the machine as it was when the line began. */
  readonly snapshot?: string | undefined;
  /** Title of the machine that a machine block or a migration has made. */
  readonly begun?: string;
  /** A `let` that was computed. */
  readonly defined?: { readonly name: string; readonly value: bigint };
}

/** Of a statement that nothing is to be told of. */
export const NOTHING_DONE: StatementResult = { problems: [], commands: [], commandCount: 0 };
