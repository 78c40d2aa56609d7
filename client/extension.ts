import { type ExtensionContext, l10n } from "vscode";
import type { WorkbenchApi } from "./api.ts";
import { registerDebugging } from "./debug.ts";
import { registerDecodeCommand } from "./decode-command.ts";
import { registerDecodePanels } from "./decode-panel.ts";
import { DecodingGuard } from "./decoding-guard.ts";
import { registerDumpDiagnostics } from "./dump-diagnostics.ts";
import { registerDumpHover } from "./dump-hover.ts";
import { DumpStore } from "./dump-store.ts";
import { registerEditorContext } from "./editor-context.ts";
import { registerEvaluatableExpressions } from "./evaluatable-expression.ts";
import { registerLanguage } from "./language.ts";
import { RegistersView, registerRegisterCommands } from "./registers-view.ts";
import { SessionTracker } from "./session-tracker.ts";
import { StateDumps } from "./state-dumps.ts";
import { useTranslation } from "./texts.ts";

let guard: DecodingGuard | undefined;

/**
 * Called by VS Code when a script or a dump is opened, or a command, a view or a session of ours is wanted. Registers everything and starts
 * nothing: the language server starts with the first script or saved machine, the debug adapter is loaded by the first session.
 */
export function activate(context: ExtensionContext): WorkbenchApi {
  useTranslation((message, ...args) => l10n.t(message, ...args));
  const tracker = new SessionTracker();
  const registers = new RegistersView(tracker);
  guard = new DecodingGuard(context.workspaceState);
  const dumps = new DumpStore(guard);
  const panels = registerDecodePanels(context, dumps);
  context.subscriptions.push(
    dumps,
    tracker,
    registers,
    registerRegisterCommands(registers),
    registerEditorContext(),
    registerEvaluatableExpressions(),
    registerDumpHover(dumps),
    registerDumpDiagnostics(dumps),
  );
  registerDebugging(context);
  const stateDumps = new StateDumps(registerLanguage(context));
  context.subscriptions.push(stateDumps, registerDecodeCommand(panels, stateDumps, dumps));
  return {
    registers,
    decodedRows: (dump, from, count) => panels.rowsOf(dump, from, count),
    decodeFailure: (dump) => panels.failureOf(dump),
  };
}

/** Called by VS Code before the extension host ends as it should: a dump that is being decoded did not end it. */
export function deactivate(): Promise<void> | undefined {
  return guard?.close();
}
