import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { ShownTests } from "../../client/tests/register-tests.ts";
import type { TestOutcome } from "../../client/tests/test-outcomes.ts";
import { until } from "./until.ts";
import { extensionApi } from "./workspace.ts";

/** The Test Explorer, once it is there. */
export async function shownTests(): Promise<ShownTests> {
  const { tests } = await extensionApi();
  return until("the Test Explorer", () => tests());
}

/** The item of a script, or of a block by its title, once it shows. */
export async function itemOf(script: vscode.Uri, title?: string): Promise<vscode.TestItem> {
  const { controller } = await shownTests();
  return until(`the test ${title ?? ""} of ${script.path}`, () => {
    const item = controller.items.get(script.toString());
    return title === undefined ? item : item?.children.get(`0 ${title}`);
  });
}

/** What became of a test, once it is another than before. */
export async function outcomeOf(item: vscode.TestItem, before?: TestOutcome): Promise<TestOutcome> {
  const { outcomeOf: last } = await shownTests();
  return until(`an outcome of ${item.label}`, () => {
    const now = last(item);
    return now !== before && now;
  });
}

/** Begins to run tests by a profile, as its button does. */
export async function startBy(label: string, items: readonly vscode.TestItem[], continuous = false) {
  const { profiles } = await shownTests();
  const profile = profiles.find((one) => one.label === label);
  assert.ok(profile, `a profile ${label} among ${profiles.map((one) => one.label).join(", ")}`);
  const source = new vscode.CancellationTokenSource();
  const request = new vscode.TestRunRequest(items, undefined, profile, continuous);
  return { cancel: () => source.cancel(), ended: Promise.resolve(profile.runHandler(request, source.token)) };
}

/** The same, to the end of the run. */
export async function runBy(...asked: Parameters<typeof startBy>): Promise<{ readonly cancel: () => void }> {
  const { cancel, ended } = await startBy(...asked);
  await ended;
  return { cancel };
}

/** `failed 3:9 sentence`, place from 1; with what was expected and found. */
export function told({ state, messages }: TestOutcome): string[] {
  return [
    state,
    ...messages.map(({ message, location, expectedOutput, actualOutput, stackTrace = [] }) => {
      const at = location?.range.start;
      const file = location?.uri.path.split("/").at(-1);
      const diff = expectedOutput === undefined ? "" : ` <${expectedOutput}|${actualOutput}>`;
      const stack = stackTrace.map(({ label, position }) => ` ${label}@${(position?.line ?? -1) + 1}`).join(" /");
      return `${file}:${(at?.line ?? -1) + 1}:${(at?.character ?? -1) + 1} ${String(message)}${diff}${stack}`;
    }),
  ];
}
