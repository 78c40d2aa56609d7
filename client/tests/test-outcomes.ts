import type { FileCoverage, TestItem, TestMessage } from "vscode";

export type TestState = "passed" | "failed" | "errored" | "skipped";

/** What became of a test last. */
export interface TestOutcome {
  readonly state: TestState;
  readonly messages: readonly TestMessage[];
  /** Name of the run: the model, where one was asked for. */
  readonly run: string;
}

/** What became of tests last: VS Code shows it, and tells nobody. */
export class TestOutcomes {
  /** What the last run with coverage has told. */
  coverage: readonly FileCoverage[] = [];
  private readonly byItem = new WeakMap<TestItem, TestOutcome>();

  add(item: TestItem, outcome: TestOutcome): void {
    this.byItem.set(item, outcome);
  }

  of(item: TestItem): TestOutcome | undefined {
    return this.byItem.get(item);
  }
}
