import type { BoundMacro } from "../bind/bound.ts";
import type { MachineDescription } from "../bind/machine.ts";
import type { Declarations } from "../bind/names.ts";
import type { Diagnostic } from "../diagnostic.ts";
import type { Definition } from "../parse/line.ts";
import type { ScriptPart } from "./script-part.ts";

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

/** @param problems what is wrong in it; rules that it breaks are told where it is looked at itself */
export function exportsOf(
  { lines, blocks }: ScriptPart,
  declarations: Declarations,
  problems: Iterable<Diagnostic & { readonly line: number }>,
): Exports {
  const wrong = [...problems].filter(({ severity }) => severity !== "information");
  const otherMachine = lines.findIndex(
    ({ statement }, line) => statement?.kind === "machine" && blocks.around(line) === undefined,
  );
  return {
    definitions: [...declarations.definitions()].flatMap(({ definition, end }) =>
      end === Number.POSITIVE_INFINITY ? [definition] : [],
    ),
    macros: [...declarations.allMacros()],
    machine: declarations.machineLine !== undefined ? declarations.machine : undefined,
    otherMachine: otherMachine < 0 ? undefined : otherMachine,
    tests: blocks.list.filter(({ kind }) => kind === "test").length,
    problem: wrong[0],
    moreProblems: Math.max(wrong.length - 1, 0),
  };
}
