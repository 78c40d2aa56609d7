import type { SavedState } from "../../emulator/index.ts";
import type { Diagnostic, MachineDescription, RuleSettings, ScriptDocument } from "../../language/index.ts";
import {
  EmulatorTarget,
  type LineDone,
  type MachineBounds,
  machineProblem,
  type Prepare,
  type Prepared,
  preparing,
  RunRules,
  ScriptRun,
  scriptBounds,
} from "../../runner/index.ts";
import { restoredMachine } from "../../runner/saved-machines/index.ts";
import { errors } from "../errors.ts";

/** What is given for the machine that a script describes. */
export interface GivenMachine {
  /** Whatever the script says. */
  readonly model?: MachineDescription["model"] | undefined;
  /** Of each script the first machine: each gets a new one. */
  readonly saved?: { readonly file: string; readonly state: SavedState } | undefined;
}

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
 * Runs a script to its end, a few milliseconds between two events at most. Problems of a line come behind the line itself.
 * @param name of the script, in errors
 * @param bounds what its machines may take of their host
 * @throws CliError for a script that cannot be run at all, and for a saved machine that cannot be restored
 */
export function* runScript(
  name: string,
  document: ScriptDocument,
  given: GivenMachine,
  settings: RuleSettings,
  bounds: MachineBounds = scriptBounds(),
): Generator<RunEvent, void, undefined> {
  if (document.refusal !== undefined) throw errors.script(name, document.refusal.message);
  const { lines } = document;
  const broken = document.diagnostics(undefined, settings).list;
  if (broken.length === 0 && !lines.some(({ statement }) => statement !== undefined)) throw errors.noStatement(name);

  const described = preparing(bounds, (machine) =>
    given.model === undefined ? machine : { ...machine, model: given.model },
  );
  // A saved machine is that of its model alone, and nothing runs beside it.
  const prepare: Prepare = given.saved === undefined ? described : (machine) => described(machine);
  const prepared = firstMachine(given, () => prepare(document.machine));
  if ("failure" in prepared) {
    const { machineLine: line } = document;
    yield { kind: "problem", line, problem: machineProblem(prepared.failure, lines[line]) };
    return;
  }

  const rules = new RunRules(document, settings);
  const run = new ScriptRun(document, prepared.target, prepare, undefined, rules);
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

/** The machine that a script begins on. @throws CliError for a saved one that cannot be restored */
function firstMachine({ saved }: GivenMachine, described: () => Prepared): Prepared {
  if (saved === undefined) return described();
  const restored = restoredMachine(saved.state);
  if ("failure" in restored) throw errors.state(saved.file, restored.failure);
  return { target: new EmulatorTarget(restored.machine) };
}
