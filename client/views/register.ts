import { Disposable, type Event, type ExtensionContext, ViewColumn, type WebviewPanel, window } from "vscode";
import type { SessionTracker } from "../debug/session-tracker.ts";
import { registerCommand } from "../messages.ts";
import type { AskTables } from "../reports/ask-tables.ts";
import { viewIds } from "../shared/view-ids.ts";
import type { SelectedEntry } from "../tables/table-editors.ts";
import type { TextViews } from "../text-views/text-views.ts";
import { registerLiveCommands } from "./commands.ts";
import { registerCompareRegisters } from "./compare-registers.ts";
import { followEditor } from "./follow-editor.ts";
import { LiveViews, type LiveViewsApi } from "./live-views.ts";
import {
  bitsLabels,
  interruptLabels,
  labelsOf,
  liveMapLabels,
  queueLabels,
  registerLabels,
  timelineLabels,
} from "./view-texts.ts";

/** The map is a window beside the script: a picture wants room. */
function registerLiveMap(views: LiveViews): Disposable {
  let panel: WebviewPanel | undefined;
  return Disposable.from(
    registerCommand("gicWorkbench.liveMap", () => {
      if (panel !== undefined) return panel.reveal();
      const title = liveMapLabels.title();
      const options = { enableScripts: true, retainContextWhenHidden: true };
      const made = window.createWebviewPanel(viewIds.map, title, ViewColumn.Beside, options);
      panel = made;
      views.open("map", made.webview, labelsOf(liveMapLabels));
      made.onDidDispose(() => {
        panel = undefined;
        views.close("map");
      });
    }),
    { dispose: () => panel?.dispose() },
  );
}

/** The live views of a session. */
export function registerLiveViews(
  context: ExtensionContext,
  tracker: SessionTracker,
  ask: AskTables,
  onDidSelectEntry: Event<SelectedEntry>,
  texts: TextViews,
): LiveViewsApi {
  const views = new LiveViews(context, tracker);
  texts.add(() => views.textSources);
  context.subscriptions.push(
    views,
    views.provide("interrupts", () => labelsOf(interruptLabels)),
    views.provide("registers", () => labelsOf(registerLabels)),
    views.provide("queue", () => labelsOf(queueLabels)),
    views.provide("bits", () => labelsOf(bitsLabels)),
    views.provide("timeline", () => labelsOf(timelineLabels)),
    registerLiveMap(views),
    followEditor(views),
    onDidSelectEntry((selected) => views.select(selected)),
    registerLiveCommands(views),
    registerCompareRegisters(views, ask, tracker),
  );
  return { seen: (view) => views.seen(view) };
}
