import type { Diagnostic, RuleSettings, ScriptDocument } from "../../language/index.ts";
import { RunRules } from "../rules/run-rules.ts";
import { ScriptRun } from "../script-run.ts";
import { machineProblem, type Prepare, type Prepared } from "../setup.ts";
import type { LineDone } from "./run-history.ts";

/** What happens while a script runs, in the order of its lines. Lines are from 0. */
export type RunEvent =
  /** The machine of the script, before its first line. */
  | { readonly kind: "begun"; readonly run: ScriptRun }
  | { readonly kind: "problem"; readonly line: number; readonly problem: Diagnostic }
  | { readonly kind: "line"; readonly done: LineDone; readonly run: ScriptRun }
  /** Between two lines, and in one that takes more than a few milliseconds. Whoever does not go on gives the run up. */
  | { readonly kind: "pause"; readonly run: ScriptRun };

/** Comments that allow what does not happen, of which a run tells at most. */
const MOST_UNUSED = 1000;

/**
 * Runs a script that is not refused to its end, a few milliseconds between two events at most. Problems of a line come behind the line
 * itself. Command line, assistants and library run scripts by this.
 * @param first the machine that it begins on, made by `prepare` or a saved one
 * @param prepare makes the machines that blocks below describe
 */
export function* runningScript(
  document: ScriptDocument,
  first: Prepared,
  prepare: Prepare,
  settings: RuleSettings,
): Generator<RunEvent, void, undefined> {
  const { lines } = document;
  if ("failure" in first) {
    const { machineLine: line } = document;
    yield { kind: "problem", line, problem: machineProblem(first.failure, lines[line]) };
    return;
  }
  const broken = document.diagnostics(undefined, settings).list;
  const rules = new RunRules(document, settings);
  const run = new ScriptRun(document, first.target, prepare, undefined, rules);
  yield { kind: "begun", run };
  let next = 0;
  function* brokenUpTo(line: number): Generator<RunEvent, void, undefined> {
    for (; next < broken.length && broken[next].line <= line; next++)
      yield { kind: "problem", line: broken[next].line, problem: broken[next] };
  }
  for (let done = run.advance(); done !== undefined; done = run.advance()) {
    if (done === "underway") {
      yield { kind: "pause", run };
      continue;
    }
    const { line, result } = done;
    yield* brokenUpTo(line);
    yield { kind: "line", done, run };
    for (const problem of result.problems) yield { kind: "problem", line: problem.line ?? line, problem };
    for (const problem of result.remarks ?? []) yield { kind: "problem", line, problem };
    if (!run.ended) yield { kind: "pause", run };
  }
  yield* brokenUpTo(lines.length);
  if (!run.ended) return;
  for (const { line, remark } of rules.unused(MOST_UNUSED)) yield { kind: "problem", line, problem: remark };
}
