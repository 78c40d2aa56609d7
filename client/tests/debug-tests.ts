import {
  type CancellationToken,
  type DebugSession,
  debug,
  type TestItem,
  type TestRun,
  type TestRunRequest,
  workspace,
} from "vscode";
import { scriptConfiguration } from "../debug/debug-configurations.ts";
import { programOf } from "../debug/programs.ts";
import type { TestItems } from "./test-items.ts";
import type { TestRunner } from "./test-runner.ts";
import { testTexts } from "./test-texts.ts";
import { forTerminal, messageAt } from "./told-messages.ts";

/**
 * Debugs tests one after the other, each in a session of its own. Their verdict is that of a run beside the session: a run always does the same,
 * and what is changed by hand while one debugs is no part of the test.
 */
export async function debugTests(
  run: TestRun,
  request: TestRunRequest,
  token: CancellationToken,
  { runner, items }: { runner: TestRunner; items: TestItems },
): Promise<void> {
  for (const { item, wanted } of runner.chosen(request).values()) {
    for (const test of wanted ?? [item]) {
      if (token.isCancellationRequested) return;
      run.started(test);
      if (!(await debugTest(run, test, item, token, items))) {
        run.errored(test, messageAt(testTexts.notDebugged(), test));
        return;
      }
    }
  }
  if (token.isCancellationRequested) return;
  run.appendOutput(forTerminal([testTexts.verdict()]));
  await runner.into(run, request, token, {});
}

/** Debugs a script, or one test of it. Settles when the session is over. @returns false when it did not start */
async function debugTest(
  run: TestRun,
  test: TestItem,
  { uri }: TestItem,
  token: CancellationToken,
  items: TestItems,
): Promise<boolean> {
  if (uri === undefined) return false;
  const meaning = items.meaningOf(test);
  const more = meaning?.kind === "test" ? { test: meaning.title } : {};
  const program = programOf(uri);
  const configuration = { ...scriptConfiguration(program), ...more };
  let session: DebugSession | undefined;
  let tellEnd: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    tellEnd = resolve;
  });
  const listening = [
    debug.onDidStartDebugSession((started) => {
      if (started.configuration.program === program) session ??= started;
    }),
    debug.onDidTerminateDebugSession((one) => {
      if (one === session) tellEnd();
    }),
    token.onCancellationRequested(() => {
      if (session !== undefined) void debug.stopDebugging(session);
      tellEnd();
    }),
  ];
  try {
    if (!(await debug.startDebugging(workspace.getWorkspaceFolder(uri), configuration, { testRun: run }))) return false;
    await ended;
    return true;
  } finally {
    for (const one of listening) one.dispose();
  }
}
