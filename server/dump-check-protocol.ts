// What an editor and the server say to each other about dumps. The editor's side imports this file: it has files, and no emulator.

import type { NamedLayoutFile } from "../dumps/layout-files/index.ts";

/** The request for what is wrong with the tables of a dump as it stands in an editor, and what kernels do with them: one of TablesParams. */
export const dumpCheckRequest = "gic/dumpCheck";

export interface DumpCheckParams {
  /** Text of the dump. */
  readonly text: string;
  /** Name of its file, for the lines of {@link DumpCheckAnswer}. */
  readonly name: string;
  /** The layout files that its `# gic:` lines name, or why they are not read. Absent: none was looked for. */
  readonly layoutFiles?: readonly NamedLayoutFile[];
  /** Kernels that are asked; others than those that there are do not count. Absent: all of them. */
  readonly models?: readonly string[];
  /** Most problems of the answer. */
  readonly maxProblems: number;
}

/** A part of a line: lines and columns from 0, `end` not included; beyond the line's end: up to it. */
export interface DumpPlace {
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

export interface DumpProblem {
  /** Rule of docs/check-and-diff.md, or `GIC-RESTORE-…`, `GIC-DUMP-…`. */
  readonly code: string;
  readonly isRule: boolean;
  readonly severity: "error" | "warning" | "note";
  readonly message: string;
  readonly place: DumpPlace;
  readonly related: readonly { readonly message: string; readonly place: DumpPlace }[];
}

/**
 * `problems` in the order of their lines, the first of them; `more`: how many there are beside. `lines`: what `gicwb check` prints.
 * `notChecked`: the dump holds no device or collection table that is known as such. `refusal`: why there is no answer.
 */
export type DumpCheckAnswer =
  | { readonly problems: readonly DumpProblem[]; readonly more: number; readonly lines: readonly string[] }
  | { readonly notChecked: true }
  | { readonly refusal: string };
