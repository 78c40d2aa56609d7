import type { ModelName } from "../../architecture/index.ts";
import type { MachineDescription, ScriptDocument } from "../../language/index.ts";
import type { LineDone } from "../flow/run-history.ts";
import { ScriptRun } from "../script-run.ts";
import { machineProblem, preparing, scriptBounds } from "../setup.ts";
import { failedTests, TestRecord, type TestResult } from "./script-tests.ts";

/** How the tests of a script are run, and who is told. */
export interface TestOptions {
  /** The model of every machine, whatever the script says; absent: what it says. */
  readonly model?: ModelName | undefined;
  /** Title of the only tests that run; absent: all. */
  readonly onlyTest?: string | undefined;
  /** A clock in milliseconds; absent: results have no times. */
  readonly now?: () => number;
  /** Is told of each line that has run. */
  readonly ran?: (done: LineDone) => void;
  /** Is told of each `test` block when it ends, before the next one begins. */
  readonly ended?: (result: TestResult) => void;
}

/**
 * Runs the tests of a script on machines of its own, some milliseconds at a time: `gicwb test` and the Test Explorer of editors do it by this.
 * Between two stretches it may be left.
 * @returns what became of each
 */
export function* testing(document: ScriptDocument, options: TestOptions = {}): Generator<void, TestResult[]> {
  const { model, onlyTest, now, ran, ended } = options;
  const overridden = (machine: MachineDescription) => (model === undefined ? machine : { ...machine, model });
  const prepare = preparing(scriptBounds(), overridden);
  const prepared = prepare(document.machine);
  const { machineLine, lines } = document;
  if ("failure" in prepared) return failedTests(document, machineProblem(prepared.failure, lines[machineLine]));
  const run = new ScriptRun(document, prepared.target, prepare);
  run.onlyTest = onlyTest;
  const record = new TestRecord(document, now);
  for (;;) {
    yield;
    const done = run.advance();
    if (done === undefined) return record.results();
    if (done === "underway") continue;
    ran?.(done);
    const result = record.ran(done, onlyTest);
    if (result === undefined) continue;
    ended?.(result);
    // Nobody goes back, and each test has a machine of its own: those of some hundred tests are all that a script may hold.
    run.forgetPast();
  }
}

/** As {@link testing}, without a stop, on a run that has been made already. */
export function runTests(document: ScriptDocument, run: ScriptRun): TestResult[] {
  const record = new TestRecord(document);
  for (let done = run.step(); done !== undefined; done = run.step()) record.ran(done, run.onlyTest);
  return record.results();
}
