import type { RowField } from "../tables/table.ts";

/** What a value was taken for. */
export type ReadingKind =
  | "register"
  | "command"
  | "command-error"
  | "intid"
  | "attribute"
  | "irq-line"
  | "address"
  | "errno"
  | "table-entry"
  | "log-line"
  | "size"
  | "number";

/** One way to read what the user wrote. Plain text without markup; a caller lays it out. */
export interface Reading {
  readonly kind: ReadingKind;
  /** "GITS_TYPER = 0x1ef71" */
  readonly title: string;
  /** The whole value in one sentence. */
  readonly summary: string;
  readonly fields: readonly RowField[];
  /** What follows from the fields, and what is remarkable, a sentence each. */
  readonly notes: readonly string[];
}

/** Why there is no reading: a sentence, the word that is wrong and what could stand in its place, for a "did you mean". */
export interface NotExplained {
  readonly message: string;
  readonly word?: string;
  readonly candidates?: readonly string[];
}

/** The readings of an input, most likely first, or why there are none. */
export type Explanation =
  | { readonly ok: true; readonly readings: readonly Reading[] }
  | ({ readonly ok: false } & NotExplained);

export function explained(...readings: Reading[]): Explanation {
  return { ok: true, readings };
}

export function notExplained(message: string, word?: string, candidates?: readonly string[]): Explanation {
  return { ok: false, message, word, candidates };
}

/** A reading without fields and notes. */
export function sentence(kind: ReadingKind, title: string, summary: string, notes: readonly string[] = []): Reading {
  return { kind, title, summary, fields: [], notes };
}
