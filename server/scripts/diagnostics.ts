import type { Diagnostic, DiagnosticRelatedInformation } from "vscode-languageserver";
import { DiagnosticSeverity } from "vscode-languageserver";
import type { LineDiagnostic, RuleSettings, Severity } from "../../language/index.ts";
import { relatedPlaces } from "./related-places.ts";
import { rangeOf, type Script } from "./script.ts";

export interface DiagnosticOptions {
  /** Problems that are sent at most; one more says how many there are. */
  readonly maxProblems: number;
  /** URI of docs/language.md. Absent: codes are no links. */
  readonly documentation?: string;
  /** URI of the page of a code, with `{code}` in its place. */
  readonly rulePages?: string;
  /** What users make of rules. */
  readonly rules?: RuleSettings;
}

/** Code of the one that stands for all beyond the limit. */
export const MORE_PROBLEMS = "ITS0601";

/** Code of the one that says that a script which is not open was not run to its end. */
export const NOT_RUN_TO_END = "ITS0602";

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/**
 * What is wrong with a script: what reading it finds, then what running it on the emulator finds, in the order of the lines each.
 * Asks the run for what is known now; it does not run anything.
 */
export function scriptDiagnostics(script: Script, options: DiagnosticOptions): Diagnostic[] {
  const { maxProblems } = options;
  const read = script.document.diagnostics(maxProblems, options.rules);
  const run = script.simulation?.problems(maxProblems - read.list.length) ?? { list: [], total: 0 };
  const differing = script.portable?.hints ?? [];
  const found = [...read.list, ...run.list, ...differing].slice(0, maxProblems);
  const list = found.map((problem) => toDiagnostic(problem, relatedPlaces(script, problem), options));
  const more = read.total + run.total + differing.length - found.length;
  if (more > 0) list.push(moreProblems(more));
  return list;
}

/** A problem as the protocol has it. */
export function toDiagnostic(
  problem: LineDiagnostic,
  relatedInformation: DiagnosticRelatedInformation[] | undefined,
  options: DiagnosticOptions,
): Diagnostic {
  const href = linkOf(problem.code, options);
  return {
    range: rangeOf(problem.line, problem),
    severity: severities[problem.severity],
    source: "gic",
    code: problem.code,
    message: problem.message,
    ...(problem.data === undefined ? {} : { data: problem.data }),
    ...(href === undefined ? {} : { codeDescription: { href } }),
    ...(relatedInformation === undefined ? {} : { relatedInformation }),
  };
}

/** Where a code is explained. */
function linkOf(code: string, { documentation, rulePages }: DiagnosticOptions): string | undefined {
  if (rulePages !== undefined) return rulePages.replace("{code}", code);
  return documentation === undefined ? undefined : `${documentation}#diagnostics`;
}

function moreProblems(count: number): Diagnostic {
  const what = count === 1 ? "1 more problem is" : `${count} more problems are`;
  return note(0, MORE_PROBLEMS, `${what} not shown. Correct the first ones, or raise gicWorkbench.maxProblems.`);
}

/** Says of a script that is not open from where on its problems are not known, as its run has taken too long. @param line from 0 */
export function notRunToEnd(line: number): Diagnostic {
  return note(
    line,
    NOT_RUN_TO_END,
    "From here on this script was not run: that takes long. Open it to see what is wrong below.",
  );
}

function note(line: number, code: string, message: string): Diagnostic {
  const range = rangeOf(line, { start: 0, length: 0 });
  return { range, severity: DiagnosticSeverity.Information, source: "gic", code, message };
}
