import {
  type CancellationToken,
  type TestController,
  type TestItem,
  type TestRun,
  type TestRunRequest,
  Uri,
} from "vscode";
import type { RunTestsAnswer, RunTestsParams, TestEvent } from "../../server/tests-protocol.ts";
import { reasonOf } from "../inert.ts";
import { CoveredFiles } from "./covered-files.ts";
import { ScriptInRun } from "./script-in-run.ts";
import { readInBatches, type ScriptText, type TestFinder } from "./test-finder.ts";
import { leavesOf, type TestItems } from "./test-items.ts";
import type { TestOutcomes } from "./test-outcomes.ts";
import { testTexts } from "./test-texts.ts";
import { forTerminal, messageAt } from "./told-messages.ts";

/** Asks the server to run tests. @throws Error with a sentence when it does not run */
export type RunTests = (
  params: Omit<RunTestsParams, "partialResultToken">,
  tell: (events: readonly TestEvent[]) => void,
  token: CancellationToken,
) => Promise<RunTestsAnswer>;

/** How tests are run. */
export interface RunStyle {
  /** The model of every machine; absent: what the scripts say. */
  readonly model?: string;
  readonly coverage?: boolean;
}

/** What the runner works with. */
export interface RunnerParts {
  readonly controller: TestController;
  readonly items: TestItems;
  readonly finder: TestFinder;
  readonly outcomes: TestOutcomes;
  readonly ask: RunTests;
}

/** Runs the tests that the user asks for, and tells the editor what becomes of them. */
export class TestRunner {
  /** Files that a script included when it ran last, by its address. */
  private readonly includes = new Map<string, ReadonlySet<string>>();
  private readonly parts: RunnerParts;

  constructor(parts: RunnerParts) {
    this.parts = parts;
  }

  /** Runs tests in a run of their own. Settles when it is over, and does not reject. */
  async start(request: TestRunRequest, token: CancellationToken, style: RunStyle): Promise<void> {
    const run = this.parts.controller.createTestRun(request, style.model);
    const given = token.onCancellationRequested(() => run.end());
    try {
      await this.into(run, request, token, style);
    } finally {
      given.dispose();
      run.end();
    }
  }

  /** Runs tests as a part of a run. */
  async into(run: TestRun, request: TestRunRequest, token: CancellationToken, style: RunStyle): Promise<void> {
    const { finder } = this.parts;
    const covered = new CoveredFiles();
    try {
      if (request.include === undefined) await finder.all(token);
      const chosen = this.chosen(request);
      for (const { wanted, item } of chosen.values()) for (const one of wanted ?? leavesOf(item)) run.enqueued(one);
      const failed = (uri: Uri, reason: string) => {
        const item = chosen.get(uri.toString())?.item;
        if (item !== undefined) run.errored(item, messageAt(reason, item));
      };
      const uris = [...chosen.keys()].map((uri) => Uri.parse(uri));
      for await (const batch of readInBatches(uris, failed)) {
        if (token.isCancellationRequested) return;
        await finder.show(batch, token);
        await this.runBatch(run, batch, chosen, { token, style, covered });
      }
      const coverage = covered.tell(run);
      if (style.coverage === true) this.parts.outcomes.coverage = coverage;
    } catch (error) {
      // What is given up fails in the middle of something; there is nothing to tell then.
      if (!token.isCancellationRequested) run.appendOutput(forTerminal([reasonOf(error)]));
    }
  }

  /** The scripts of some that mean something else when one of some files has changed: itself, or one that includes it. */
  touchedBy(changed: ReadonlySet<string>, scripts: readonly TestItem[]): TestItem[] {
    return scripts.filter(({ id }) => {
      const included = this.includes.get(id) ?? new Set();
      return changed.has(id) || [...changed].some((uri) => included.has(uri));
    });
  }

  /** What a request is about, by scripts. */
  chosen({ include, exclude = [] }: TestRunRequest): Map<string, Chosen> {
    const { items } = this.parts;
    const left = new Set(exclude);
    const chosen = new Map<string, Chosen>();
    for (const item of include ?? items.scripts()) {
      const script = items.meaningOf(item)?.kind === "test" ? item.parent : item;
      if (script === undefined || items.meaningOf(script) === undefined || left.has(item) || left.has(script)) continue;
      const known = chosen.get(script.id);
      if (item === script) chosen.set(script.id, { item: script, left });
      else if (known === undefined) chosen.set(script.id, { item: script, left, wanted: [item] });
      else known.wanted?.push(item);
    }
    return chosen;
  }

  private async runBatch(
    run: TestRun,
    batch: readonly ScriptText[],
    chosen: ReadonlyMap<string, Chosen>,
    { token, style, covered }: { token: CancellationToken; style: RunStyle; covered: CoveredFiles },
  ): Promise<void> {
    const scripts: ScriptInRun[] = [];
    const asked: RunTestsParams["scripts"][number][] = [];
    for (const { uri, text } of batch) {
      const found = chosen.get(uri.toString());
      const prepared = found && this.prepare(run, uri, found);
      if (prepared === undefined) continue;
      const { script, only } = prepared;
      scripts.push(script);
      asked.push({ uri: uri.toString(), name: script.name, text, ...(only === undefined ? {} : { only }) });
    }
    if (asked.length === 0) return;
    const { model, coverage } = style;
    const tell = (events: readonly TestEvent[]) => {
      if (token.isCancellationRequested) return;
      for (const event of events) {
        const script = scripts[event.script];
        script.take(event);
        if (event.kind === "done")
          this.includes.set(script.uri.toString(), new Set(event.includes.map((uri) => Uri.parse(uri).toString())));
      }
    };
    try {
      const answer = await this.parts.ask({ scripts: asked, model, coverage }, tell, token);
      covered.add(answer.coverage);
    } catch (error) {
      if (token.isCancellationRequested) throw error;
      for (const script of scripts) script.fail(reasonOf(error));
    }
  }

  /** A script that is about to run. Undefined: nothing of it is left to be run. */
  private prepare(
    run: TestRun,
    uri: Uri,
    { item: chosen, wanted, left }: Chosen,
  ): { readonly script: ScriptInRun; readonly only: string | undefined } | undefined {
    const { items, outcomes } = this.parts;
    const item = items.script(uri);
    const gone = (one: TestItem) => run.errored(one, messageAt(testTexts.noLine(chosen.label), one));
    if (item === undefined || !hasUri(item)) {
      for (const one of wanted ?? [chosen]) gone(one);
      return undefined;
    }
    const there = new Set(leavesOf(item));
    for (const one of wanted ?? []) if (!there.has(one)) gone(one);
    const tests = (wanted ?? [...there]).filter((one) => there.has(one) && !left.has(one));
    if (tests.length === 0) return undefined;
    const byLine = new Map<number, TestItem>();
    for (const test of there) {
      const meaning = items.meaningOf(test);
      if (meaning?.kind === "test") byLine.set(meaning.line, test);
    }
    const meaning = items.meaningOf(tests[0]);
    const only = tests.length === 1 && there.size > 1 && meaning?.kind === "test" ? meaning.title : undefined;
    return { script: new ScriptInRun(run, item, tests, byLine, outcomes), only };
  }
}

/** A script of which tests are to be run. */
export interface Chosen {
  readonly item: TestItem;
  /** Absent: all its tests. */
  readonly wanted?: TestItem[];
  /** Tests that are left out. */
  readonly left: ReadonlySet<TestItem>;
}

function hasUri(item: TestItem): item is TestItem & { readonly uri: Uri } {
  return item.uri !== undefined;
}
