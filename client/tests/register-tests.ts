import {
  Disposable,
  type FileCoverage,
  type TestController,
  type TestItem,
  type TestRunProfile,
  workspace,
} from "vscode";
import { reasonOf } from "../inert.ts";
import { hasScript, isScript } from "./script-texts.ts";
import type { AskTests, TestExplorer } from "./test-explorer.ts";
import type { TestOutcome } from "./test-outcomes.ts";

/** What others may ask about the tests of scripts. */
export interface TestsApi {
  /** The Test Explorer; undefined while there is no script. */
  tests(): ShownTests | undefined;
}

/** What the Test Explorer shows, which VS Code tells nobody. */
export interface ShownTests {
  /** Items of scripts have their addresses as ids, those of blocks a number, from 0, before their titles: which one of that title it is. */
  readonly controller: TestController;
  readonly profiles: readonly TestRunProfile[];
  /** What became of a test last. */
  outcomeOf(item: TestItem): TestOutcome | undefined;
  /** What the last run with coverage has told. */
  coverage(): readonly FileCoverage[];
}

/**
 * Shows the Test Explorer as soon as there is a script: in the editor, or in the workspace, which is looked at when the extension is active
 * already. Whoever has none sees nothing of it.
 */
export function registerTests(
  ask: AskTests,
  log: (text: string) => void,
): TestsApi & { readonly subscription: Disposable } {
  let explorer: TestExplorer | undefined;
  let loading: Promise<void> | undefined;
  let disposed = false;
  const show = () => {
    loading ??= import("./test-explorer.ts").then(({ TestExplorer }) => {
      if (disposed) return;
      explorer = new TestExplorer(ask, log);
      const open = workspace.textDocuments.filter(isScript).map(({ uri }) => uri);
      explorer.lookAt(open).catch((error: unknown) => log(reasonOf(error)));
    });
    loading.catch((error: unknown) => log(reasonOf(error)));
  };
  const opened = workspace.onDidOpenTextDocument((document) => {
    if (isScript(document)) show();
  });
  // Behind the activation: the search runs in another process.
  setTimeout(() => {
    void hasScript().then((has) => {
      if (has) show();
    });
  }, 0);
  return {
    tests: () => explorer,
    subscription: new Disposable(() => {
      disposed = true;
      opened.dispose();
      explorer?.dispose();
    }),
  };
}
