import type { Diagnostic } from "../diagnostic.ts";
import { errors } from "../errors.ts";
import type { Exports } from "../includes/exports.ts";
import type { Word } from "../parse/syntax.ts";
import type { BoundInclude } from "./bound.ts";

/** What there is to say of a file at the line that includes it. @param takes whether its machine is that of the script @param place its path */
export function remarkOnIncluded(
  included: BoundInclude,
  { problem, moreProblems, machine, tests }: Exports,
  takes: boolean,
  place: Word,
): Diagnostic | undefined {
  if (problem !== undefined) return insideIncluded(place, included, problem, moreProblems);
  const leavesMachine = machine !== undefined && !takes;
  return leavesMachine || tests > 0 ? errors.notUsedHere(place, included.path, leavesMachine, tests) : undefined;
}

/** What is wrong in an included file, at the line that includes it. */
function insideIncluded(
  place: Word,
  { file, path }: BoundInclude,
  problem: Diagnostic & { readonly line: number },
  more: number,
): Diagnostic {
  const { line, start, length, message, severity } = problem;
  const told = errors.insideIncluded(place, path, line + 1, message, more);
  const inside = problem.inside ?? { file, path, line, start, length, message };
  return { ...told, severity, inside };
}
