import { Disposable, type Uri, workspace } from "vscode";
import { reasonOf } from "../inert.ts";
import { hasScript, isScript } from "./script-texts.ts";
import type { AskTests, TestExplorer } from "./test-explorer.ts";
import type { TestOutcome } from "./test-outcomes.ts";

/** What others may ask about the tests of scripts. */
export interface TestsApi {
  /** The controller's items by their labels: of a script, or of a block of it. Undefined while there are none. */
  testItem(script: Uri, title?: string): { readonly id: string; readonly children: number } | undefined;
  /** What became of a test last: of a block by its title, of a script without one. */
  testOutcome(script: Uri, title?: string): TestOutcome | undefined;
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
  const itemOf = (script: Uri, title?: string) => {
    const item = explorer?.controller.items.get(script.toString());
    return title === undefined ? item : item?.children.get(`0 ${title}`);
  };
  return {
    testItem: (script, title) => {
      const item = itemOf(script, title);
      return item && { id: item.id, children: item.children.size };
    },
    testOutcome: (script, title) => {
      const item = itemOf(script, title);
      return item && explorer?.outcomes.of(item);
    },
    subscription: new Disposable(() => {
      disposed = true;
      opened.dispose();
      explorer?.dispose();
    }),
  };
}
