import type { BoundMacro } from "../bind/bound.ts";
import type { MachineDescription } from "../bind/machine.ts";
import type { Diagnostic } from "../diagnostic.ts";
import type { Definition } from "../parse/line.ts";

/** What a file has for those that include it. Lines from 0. */
export interface Exports {
  /** Names that are seen to its end, those of files that it includes among them. */
  readonly definitions: readonly Definition[];
  readonly macros: readonly BoundMacro[];
  /** The machine that it begins on, where it says one. */
  readonly machine: MachineDescription | undefined;
  /** The first line that begins another machine outside of tests. */
  readonly otherMachine: number | undefined;
  /** Its own test blocks. */
  readonly tests: number;
  /** What is wrong in it, the first one, and how many more there are. */
  readonly problem: (Diagnostic & { readonly line: number }) | undefined;
  readonly moreProblems: number;
}
