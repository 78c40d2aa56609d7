import {
  CancellationTokenSource,
  Disposable,
  type FileCoverage,
  type TestItem,
  type TestRunProfile,
  TestRunProfileKind,
  type TestRunRequest,
  tests,
  type Uri,
} from "vscode";
import { models } from "../../architecture/models.ts";
import { reasonOf } from "../inert.ts";
import { ChangedScripts } from "./changed-scripts.ts";
import { runContinuously } from "./continuous-run.ts";
import { statementsOf } from "./covered-files.ts";
import { debugTests } from "./debug-tests.ts";
import { type FindTests, TestFinder } from "./test-finder.ts";
import { TestItems } from "./test-items.ts";
import { type TestOutcome, TestOutcomes } from "./test-outcomes.ts";
import { type RunStyle, type RunTests, TestRunner } from "./test-runner.ts";
import { testTexts } from "./test-texts.ts";

/** What the Test Explorer asks of the language server. */
export interface AskTests {
  readonly find: FindTests;
  readonly run: RunTests;
}

/** Whether an address is that of a file in a folder, or below. */
function isBelow(folder: Uri, { scheme, path }: Uri): boolean {
  return scheme === folder.scheme && path.startsWith(`${folder.path}/`);
}

/** The tests of scripts in VS Code's Test Explorer. Nothing is looked for, nor the server started, until somebody looks at the tests. */
export class TestExplorer extends Disposable {
  readonly controller = tests.createTestController("gicWorkbench.tests", testTexts.controller());
  readonly profiles: TestRunProfile[] = [];
  private readonly outcomes = new TestOutcomes();
  private readonly items = new TestItems(this.controller);
  private readonly finder: TestFinder;
  private readonly runner: TestRunner;
  private readonly changed = new ChangedScripts();

  /** @param log takes what goes wrong while nobody waits for it */
  constructor({ find, run }: AskTests, log: (text: string) => void) {
    super(() => {
      this.changed.dispose();
      this.controller.dispose();
    });
    const { controller, items, outcomes, changed } = this;
    const finder = new TestFinder(find, items);
    this.finder = finder;
    this.runner = new TestRunner({ controller, items, finder, outcomes, ask: run });
    controller.resolveHandler = async (item) => {
      if (item === undefined) await this.looking((token) => finder.all(token));
    };
    controller.refreshHandler = (token) => finder.refresh(token);
    changed.onDidSettle((uris) => {
      // Until somebody has looked at the tests, those of what is in the editor are shown, for its margin.
      finder.lookAgain(uris).catch((error: unknown) => log(reasonOf(error)));
    });
    changed.onDidLoseCount(() => {
      if (finder.knowsAll)
        this.looking((token) => finder.refresh(token)).catch((error: unknown) => log(reasonOf(error)));
    });
    changed.onDidDelete((uri) => {
      for (const item of items.scripts()) if (item.uri !== undefined && isBelow(uri, item.uri)) changed.touch(item.uri);
    });
    changed.onDidChange((uri) => {
      const item = items.script(uri);
      if (item !== undefined) controller.invalidateTestResults(item);
    });
    this.addProfiles();
  }

  /** What became of a test last. */
  readonly outcomeOf = (item: TestItem): TestOutcome | undefined => this.outcomes.of(item);

  /** What the last run with coverage has told. */
  readonly coverage = (): readonly FileCoverage[] => this.outcomes.coverage;

  /** Shows the tests of scripts that are open already. */
  lookAt(uris: Parameters<TestFinder["lookAgain"]>[0]): Promise<void> {
    return this.finder.lookAgain(uris);
  }

  private async looking(work: (token: CancellationTokenSource["token"]) => Promise<void>): Promise<void> {
    const source = new CancellationTokenSource();
    try {
      await work(source.token);
    } finally {
      source.dispose();
    }
  }

  private addProfiles(): void {
    const { Run, Debug, Coverage } = TestRunProfileKind;
    this.addProfile(testTexts.run(), Run, {}).isDefault = true;
    const debugging = this.controller.createRunProfile(
      testTexts.debug(),
      Debug,
      async (request, token) => {
        const run = this.controller.createTestRun(request);
        try {
          await debugTests(run, request, token, { runner: this.runner, items: this.items });
        } finally {
          run.end();
        }
      },
      true,
    );
    this.profiles.push(debugging);
    const coverage = this.addProfile(testTexts.coverage(), Coverage, { coverage: true });
    coverage.isDefault = true;
    coverage.loadDetailedCoverage = async (_run, file) => statementsOf(file);
    // Drafts are there to be read about; the lens over a test offers them, too.
    for (const { name, kind } of models)
      if (kind !== "draft") this.addProfile(testTexts.runOn(name), Run, { model: name });
  }

  private addProfile(label: string, kind: TestRunProfileKind, style: RunStyle): TestRunProfile {
    const handler = async (request: TestRunRequest, token: CancellationTokenSource["token"]) => {
      const { runner, items, changed, finder } = this;
      if (request.continuous !== true) return runner.start(request, token, style);
      if (request.include === undefined) await finder.all(token);
      runContinuously(request, token, style, { runner, items, changed });
    };
    const profile = this.controller.createRunProfile(label, kind, handler, false, undefined, true);
    this.profiles.push(profile);
    return profile;
  }
}
