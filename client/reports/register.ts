import type { ExtensionContext, WebviewPanel } from "vscode";
import type { SessionTracker } from "../debug/session-tracker.ts";
import type { TextViews } from "../text-views/text-views.ts";
import type { AskTables } from "./ask-tables.ts";
import { registerCheckCommand } from "./check-command.ts";
import { registerCompareCommand } from "./compare-command.ts";
import { registerDebugDumpCommand } from "./debug-dump-command.ts";
import { KeptWindows, replaceWindows } from "./kept-windows.ts";
import { registerMapCommand } from "./map-command.ts";
import { MapPanels } from "./map-panel.ts";
import { ReportPanels } from "./report-panel.ts";
import { WindowRestorer } from "./restore-windows.ts";
import type { EntryRevealer } from "./reveal-entry.ts";
import { registerTraceCommand } from "./trace-command.ts";

/** What is to be seen of reports from outside. */
export interface ReportsApi {
  /** Reports that windows show, the latest question last. */
  readonly reports: () => ReportPanels["reports"];
  /** What windows say that came back after a reload of the editor and have no answer. */
  readonly reportFailures: () => ReportPanels["failures"];
  /** Follows a link of the report with a title. */
  readonly followLink: ReportPanels["follow"];
  /** Interrupt maps that windows show. */
  readonly interruptMaps: () => MapPanels["maps"];
  /** Fills a window with what its page kept, as after a reload of the editor. */
  readonly restoreWindow: (panel: WebviewPanel, kept: unknown) => Promise<void>;
}

/** The commands over whole captures, dumps, saved guests and machines. `reopen` is for what a fallen extension host has left. */
export function registerReports(
  context: ExtensionContext,
  ask: AskTables,
  revealer: EntryRevealer,
  tracker: SessionTracker,
  texts: TextViews,
): ReportsApi & { readonly reopen: () => Promise<void> } {
  const windows = new KeptWindows(context.workspaceState);
  const { before } = windows;
  const keep = () => windows.keep([...panels.kept, ...maps.kept]);
  const panels = new ReportPanels(context.extensionUri, revealer, keep);
  const maps = new MapPanels(context.extensionUri, keep);
  texts.add(() => [...panels.textSources, ...maps.textSources]);
  const restorer = new WindowRestorer(ask, panels, maps, revealer);
  context.subscriptions.push(
    panels,
    maps,
    restorer,
    registerCompareCommand(ask, panels, tracker),
    registerCheckCommand(ask, panels, tracker),
    registerTraceCommand(ask, panels, tracker),
    registerDebugDumpCommand(ask, panels, tracker, context),
    registerMapCommand(ask, maps, revealer, tracker),
  );
  return {
    reports: () => panels.reports,
    reportFailures: () => panels.failures,
    followLink: (title, link) => panels.follow(title, link),
    interruptMaps: () => maps.maps,
    restoreWindow: (panel, kept) => restorer.restore(panel, kept),
    reopen: () => replaceWindows(before, (panel, question) => restorer.restore(panel, question)),
  };
}
