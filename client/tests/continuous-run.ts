import { type CancellationToken, type TestItem, TestRunRequest, type Uri } from "vscode";
import type { ChangedScripts } from "./changed-scripts.ts";
import type { TestItems } from "./test-items.ts";
import type { RunStyle, TestRunner } from "./test-runner.ts";

/** Runs tests whenever a script of theirs is saved, or a file that it includes, until the user turns it off. */
export function runContinuously(
  request: TestRunRequest,
  token: CancellationToken,
  style: RunStyle,
  { runner, items, changed }: { runner: TestRunner; items: TestItems; changed: ChangedScripts },
): void {
  const pending = new Map<string, Uri>();
  let running = false;
  const work = async () => {
    if (running) return;
    running = true;
    while (pending.size > 0 && !token.isCancellationRequested) {
      const uris = new Set(pending.keys());
      pending.clear();
      const again = requestFor(request, uris, runner, items);
      if (again !== undefined) await runner.start(again, token, style);
    }
    running = false;
  };
  const listening = changed.onDidSave((uri) => {
    pending.set(uri.toString(), uri);
    void work();
  });
  token.onCancellationRequested(() => listening.dispose());
}

/** What of a request is to be run again. */
function requestFor(
  { include, exclude, profile }: TestRunRequest,
  uris: ReadonlySet<string>,
  runner: TestRunner,
  items: TestItems,
): TestRunRequest | undefined {
  const scriptOf = (item: TestItem): TestItem => item.parent ?? item;
  const asked = include ?? items.scripts();
  const touched = new Set(runner.touchedBy(uris, [...new Set(asked.map(scriptOf))]));
  const again = asked.filter((item) => touched.has(scriptOf(item)));
  return again.length === 0 ? undefined : new TestRunRequest(again, exclude, profile, true, true);
}
