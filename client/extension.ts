import { type ExtensionContext, l10n } from "vscode";
import { dumpCheckRequest } from "../server/dump-check-protocol.ts";
import type { WorkbenchApi } from "./api.ts";
import { registerAssistants } from "./assistants/register.ts";
import { registerDebugging } from "./debug/debug.ts";
import { registerEvaluatableExpressions } from "./debug/evaluatable-expression.ts";
import { LostSessions } from "./debug/lost-sessions.ts";
import { SessionTracker } from "./debug/session-tracker.ts";
import { registerDecodeCommand } from "./dumps/decode-command.ts";
import { DecodingGuard } from "./dumps/decoding-guard.ts";
import { registerDumpDiagnostics } from "./dumps/dump-diagnostics.ts";
import { registerDumpHover } from "./dumps/dump-hover.ts";
import { DumpStore } from "./dumps/dump-store.ts";
import { registerDumpText } from "./dumps/text/dump-text.ts";
import { registerEditorContext } from "./editor-context.ts";
import { type MakeHost, useHost } from "./host.ts";
import { reasonOf } from "./inert.ts";
import { registerLanguage } from "./language/language.ts";
import { nodeHost } from "./node/host.ts";
import { readCaptureDump } from "./reports/capture-dump.ts";
import { registerReports } from "./reports/register.ts";
import { EntryRevealer } from "./reports/reveal-entry.ts";
import { hostWasRestarted } from "./restarted-host.ts";
import { StateDumps } from "./saved-machines/state-dumps.ts";
import { registerStart } from "./start/register.ts";
import { reopenTables } from "./tables/reopen-tables.ts";
import { registerTableCommands } from "./tables/table-commands.ts";
import { registerTableEditors } from "./tables/table-editors.ts";
import { registerTasks } from "./tasks/register-tasks.ts";
import { registerTests } from "./tests/register-tests.ts";
import { TextViews } from "./text-views/text-views.ts";
import { useTranslation } from "./texts.ts";
import { registerLiveViews } from "./views/register.ts";

let guard: DecodingGuard | undefined;

/**
 * Called by VS Code when a script or a dump is opened, or a command, a view or a session of ours is wanted. Registers everything and starts
 * nothing: the language server starts with the first script or saved machine, the debug adapter is loaded by the first session.
 * @param makeHost given by web/main.ts alone; VS Code calls this with the context
 */
export function activate(context: ExtensionContext, makeHost: MakeHost = nodeHost): WorkbenchApi {
  useHost(makeHost(context));
  useTranslation((message, ...args) => l10n.t(message, ...args));
  const restarted = hostWasRestarted(context.workspaceState);
  const tracker = new SessionTracker();
  guard = new DecodingGuard(context.workspaceState);
  const dumps = new DumpStore(guard);
  const tables = registerTableEditors(context, dumps);
  context.subscriptions.push(
    dumps,
    tracker,
    new LostSessions(context.workspaceState, restarted),
    registerEditorContext(),
    registerEvaluatableExpressions(),
    registerDumpHover(dumps),
    registerDumpDiagnostics(dumps),
    registerAssistants(context, tracker),
  );
  registerDebugging(context);
  const server = registerLanguage(context);
  const texts = new TextViews();
  texts.add(() => tables.textSources);
  const stateDumps = new StateDumps(server.stateDump, (place) => readCaptureDump(place, server.tables));
  context.subscriptions.push(
    stateDumps,
    texts,
    registerTableCommands(tables),
    registerDecodeCommand(tables, stateDumps, dumps),
    registerDumpText(context, dumps, (params, token) => server.tables(dumpCheckRequest, params, token)),
  );
  const { subscription, tests } = registerTests(server.tests, (text) => console.warn(`GIC Workbench: ${text}`));
  context.subscriptions.push(subscription, registerTasks());
  const { reopen, ...reports } = registerReports(
    context,
    server.tables,
    new EntryRevealer(dumps, stateDumps),
    tracker,
    texts,
  );
  if (restarted) {
    const failed = (error: unknown) => console.error(`GIC Workbench: ${reasonOf(error)}`);
    reopenTables().then(reopen).catch(failed);
  }
  return {
    decodedRows: (dump, from, count) => tables.rowsOf(dump, from, count),
    decodeFailure: (dump) => tables.failureOf(dump),
    ...reports,
    tests,
    ...registerStart(context, tracker, server),
    ...registerLiveViews(context, tracker, server.tables, tables.onDidSelect, texts),
  };
}

/** Called by VS Code before the extension host ends as it should: a dump that is being decoded did not end it. */
export function deactivate(): Promise<void> | undefined {
  return guard?.close();
}
