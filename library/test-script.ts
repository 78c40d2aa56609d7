import type { ModelName } from "../architecture/models.ts";
import { finish, type Work } from "../dumps/work.ts";
import type { ScriptDocument } from "../language/document.ts";
import { testing } from "../runner/tests/run-tests.ts";
import type { TestResult } from "../runner/tests/script-tests.ts";

/** How the tests of a script are run. */
export interface TestRunOptions {
  /** The model of every machine, whatever the script says. */
  readonly model?: ModelName;
  /** Title of the only `test` block that runs; absent: all. */
  readonly onlyTest?: string;
}

/** Runs the `test` blocks of a script, each on a machine of its own, or a script without one as a test. @returns what became of each */
export function testScript(document: ScriptDocument, options: TestRunOptions = {}): TestResult[] {
  return finish(testScriptWork(document, options));
}

/** As {@link testScript}, in slices of some milliseconds: who does not ask for the next one gives the run up. */
export function* testScriptWork(document: ScriptDocument, options: TestRunOptions = {}): Work<TestResult[]> {
  const tests = testing(document, options);
  try {
    for (;;) {
      const step = tests.next();
      if (step.done) return step.value;
      yield;
    }
  } finally {
    tests.return([]);
  }
}
