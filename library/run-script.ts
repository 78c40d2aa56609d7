import type { ModelName } from "../architecture/models.ts";
import { finish, type Work } from "../dumps/work.ts";
import type { Machine } from "../emulator/machine.ts";
import { MemoryBudget } from "../emulator/memory-budget.ts";
import type { Diagnostic } from "../language/diagnostic.ts";
import type { ScriptDocument } from "../language/document.ts";
import { defaultRuleSettings } from "../language/rules/settings.ts";
import { EmulatorTarget } from "../runner/emulator-target.ts";
import type { LineDone } from "../runner/flow/run-history.ts";
import { runningScript } from "../runner/flow/running-script.ts";
import { preparing } from "../runner/setup.ts";

/** Memory of the host that the machines of one script may take when nothing else is said: 1 GiB, as on the command line. */
const MEMORY_BYTES = 2 ** 30;

/** How a script is run. */
export interface RunOptions {
  /** The model of every machine, whatever the script says; absent: what it says, and else the default. */
  readonly model?: ModelName;
  /** Bytes of the host's memory that its machines may hold together. Default: 1 GiB. What needs more is a problem of its line. */
  readonly memoryBytes?: number;
  /** Is told of each line that has run, in loops of each turn. */
  readonly ran?: (done: LineDone) => void;
}

/** A problem, and its line in the script, from 0. Of an included file's line it is the one that includes it. */
export interface LineProblem {
  readonly line: number;
  readonly problem: Diagnostic;
}

/** What came of a script. */
export interface ScriptResult {
  /** In the order in which they came up; 10,000 at most. */
  readonly problems: readonly LineProblem[];
  /** How many there were in all. */
  readonly problemCount: number;
  /** Those of severity `error`: it has failed when there are any. */
  readonly errorCount: number;
  /** ITS commands that were carried out. */
  readonly commandCount: number;
  /** The machine as the last line left it; undefined: none could be built. */
  readonly machine: Machine | undefined;
}

/** Problems that are kept of a run. */
const MOST_PROBLEMS = 10_000;

/** Runs a script to its end. A script with an endless loop does not come to one before its limits are met: see {@link runScriptWork}. */
export function runScript(document: ScriptDocument, options: RunOptions = {}): ScriptResult {
  return finish(runScriptWork(document, options));
}

/** As {@link runScript}, in slices of some milliseconds: who does not ask for the next one gives the run up. */
export function* runScriptWork(document: ScriptDocument, options: RunOptions = {}): Work<ScriptResult> {
  const { model, memoryBytes = MEMORY_BYTES, ran } = options;
  const problems: LineProblem[] = [];
  const found = { problemCount: 0, errorCount: 0, commandCount: 0 };
  const note = (line: number, problem: Diagnostic): void => {
    found.problemCount++;
    if (problem.severity === "error") found.errorCount++;
    if (problems.length < MOST_PROBLEMS) problems.push({ line, problem });
  };
  let machine: Machine | undefined;
  if (document.refusal !== undefined) {
    note(0, document.refusal);
    return { problems, ...found, machine };
  }
  const prepare = preparing({ budget: new MemoryBudget(memoryBytes) }, (described) =>
    model === undefined ? described : { ...described, model },
  );
  for (const event of runningScript(document, prepare(document.machine), prepare, defaultRuleSettings)) {
    if (event.kind === "problem") {
      note(event.line, event.problem);
      continue;
    }
    if (event.run.target instanceof EmulatorTarget) machine = event.run.target.machine;
    if (event.kind === "pause") yield;
    if (event.kind !== "line") continue;
    found.commandCount += event.done.result.commandCount;
    ran?.(event.done);
  }
  return { problems, ...found, machine };
}
