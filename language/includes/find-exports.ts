import type { Declarations } from "../bind/names.ts";
import type { Diagnostic } from "../diagnostic.ts";
import type { Exports } from "./exports.ts";
import type { ScriptPart } from "./script-part.ts";

/** What a file has for those that include it. @param problems what is wrong in it; rules that it breaks are told where it is looked at itself */
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
