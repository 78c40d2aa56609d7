import { Location, Position, type TestItem, type TestMessage, type TestRun, type Uri, workspace } from "vscode";
import type { TestEnded, TestEvent } from "../../server/tests-protocol.ts";
import type { TestOutcomes, TestState } from "./test-outcomes.ts";
import { testTexts } from "./test-texts.ts";
import { forTerminal, messageAt, messagesOf, outputOf } from "./told-messages.ts";

/** A script whose tests are being run: tells the editor's run what becomes of them. */
export class ScriptInRun {
  readonly uri: Uri;
  /** As the output calls it. */
  readonly name: string;
  private readonly run: TestRun;
  private readonly item: TestItem;
  private readonly outcomes: TestOutcomes;
  private readonly byLine: ReadonlyMap<number, TestItem>;
  /** Tests that were asked for, and of which nothing was told yet. */
  private readonly left: Set<TestItem>;

  /** @param item of the script, with an address @param wanted the tests that were asked for @param byLine all its blocks */
  constructor(
    run: TestRun,
    item: TestItem & { readonly uri: Uri },
    wanted: readonly TestItem[],
    byLine: ReadonlyMap<number, TestItem>,
    outcomes: TestOutcomes,
  ) {
    this.uri = item.uri;
    this.name = workspace.asRelativePath(item.uri);
    this.run = run;
    this.item = item;
    this.left = new Set(wanted);
    this.byLine = byLine;
    this.outcomes = outcomes;
  }

  take(event: TestEvent): void {
    switch (event.kind) {
      case "begun":
        for (const item of this.left) this.run.started(item);
        return;
      case "output":
        this.output([event.text], event.line);
        return;
      case "ended":
        this.ended(event);
        return;
      case "done":
        if (event.refusal === undefined) for (const item of [...this.left]) this.notRun(item);
        else this.fail(event.refusal);
    }
  }

  /** What was not told of yet cannot be run, and why. */
  fail(sentence: string): void {
    this.output([`ERROR ${this.name}: ${sentence}`]);
    for (const item of [...this.left]) this.settle(item, "errored", [messageAt(sentence, item)]);
  }

  private ended(ended: TestEnded): void {
    const { line, outcome, milliseconds } = ended;
    const item = line === undefined ? this.item : this.byLine.get(line);
    const isWrong = outcome === "failed" || outcome === "broken";
    // What is wrong outside of all tests is told of the script, whichever tests were asked for.
    if (item === undefined || (!this.left.has(item) && !(line === undefined && isWrong))) return;
    this.output(outputOf(ended, this, item.label), undefined, item);
    if (outcome === "passed") this.settle(item, "passed", [], milliseconds);
    else if (outcome === "failed") this.settle(item, "failed", messagesOf(ended, item), milliseconds);
    else if (outcome === "broken") this.settle(item, "errored", messagesOf(ended, item), milliseconds);
    else this.settle(item, "skipped", []);
  }

  private notRun(item: TestItem): void {
    this.output([`empty ${this.name}: ${item.label}: ${testTexts.notRun()}`], undefined, item);
    this.settle(item, "skipped", []);
  }

  private settle(item: TestItem, state: TestState, messages: TestMessage[], milliseconds?: number): void {
    const { run } = this;
    this.left.delete(item);
    if (state === "passed") run.passed(item, milliseconds);
    else if (state === "skipped") run.skipped(item);
    else run[state](item, messages, milliseconds);
    this.outcomes.add(item, { state, messages, run: run.name ?? "" });
  }

  private output(lines: readonly string[], line?: number, item?: TestItem): void {
    const location = line === undefined ? undefined : new Location(this.uri, new Position(line, 0));
    this.run.appendOutput(forTerminal(lines), location, item);
  }
}
