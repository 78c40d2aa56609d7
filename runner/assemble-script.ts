import type { CommandWords } from "../architecture/index.ts";
import { type Diagnostic, isProblem, operationOf, type ScriptDocument } from "../language/index.ts";
import { includedProblem } from "./flow/included-problem.ts";
import { ScriptRun } from "./script-run.ts";
import type { Target } from "./target.ts";

/** A line of a script that cannot be assembled. */
export interface AssemblyProblem {
  /** From 0. */
  readonly line: number;
  readonly problem: Diagnostic;
}

/** The commands of a script, in the order in which it queues them. */
export interface Assembly {
  readonly packets: readonly { readonly line: number; readonly words: CommandWords }[];
  readonly problems: readonly AssemblyProblem[];
}

/**
 * The packets that a script queues. The script is run on the way, because arguments may depend on the state of the machine; that a
 * command fails there is no matter of the assembler, that an argument has no value is.
 * @param target set up as the script describes, see `prepareTarget`
 */
export function assembleScript(document: ScriptDocument, target: Target): Assembly {
  const packets: { line: number; words: CommandWords }[] = [];
  const problems: AssemblyProblem[] = document.diagnostics().list.flatMap((problem) => {
    return problem.severity === "error" ? [{ line: problem.line, problem }] : [];
  });
  const known = new Set(problems.map(({ line }) => line));
  const run = new ScriptRun(document, target);
  for (let line = run.nextLine; line < document.lines.length; line = run.nextLine) {
    const statement = run.nextSource?.statement;
    const at = run.nextIncluded;
    if (statement?.kind === "command" || statement?.kind === "raw") {
      const operation = operationOf(statement, run.scope);
      if (!isProblem(operation)) {
        if (operation.kind === "command") packets.push({ line, words: operation.words });
      } else if (!known.has(line)) {
        const problem = at === undefined ? operation : includedProblem(operation, at, document.lines[line]);
        problems.push({ line, problem });
      }
    }
    run.step();
  }
  problems.sort((a, b) => a.line - b.line);
  return { packets, problems };
}
