import type { ScriptLine } from "../parse/line.ts";
import type { ScriptPart } from "./script-part.ts";

/** The lines of a script, and of the files that it includes, that include a file before every other line does: those run it. */
export function firstIncludes(script: ScriptPart): ReadonlySet<ScriptLine> {
  const first = new Set<ScriptLine>();
  const seen = new Set<string>();
  const visit = (part: ScriptPart): void => {
    for (const line of part.lines) {
      const { statement } = line;
      if (statement?.kind !== "include" || seen.has(statement.file)) continue;
      seen.add(statement.file);
      first.add(line);
      const inner = part.included(statement.file);
      if (inner !== undefined) visit(inner);
    }
  };
  visit(script);
  return first;
}
