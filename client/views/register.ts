import type { ExtensionContext } from "vscode";
import type { SessionTracker } from "../debug/session-tracker.ts";
import { registerLiveCommands } from "./commands.ts";
import { LiveViews, type LiveViewsApi } from "./live-views.ts";
import { interruptLabels, labelsOf, registerLabels } from "./view-texts.ts";

/** The live views of a session. */
export function registerLiveViews(context: ExtensionContext, tracker: SessionTracker): LiveViewsApi {
  const views = new LiveViews(context, tracker);
  context.subscriptions.push(
    views,
    views.provide("interrupts", () => labelsOf(interruptLabels)),
    views.provide("registers", () => labelsOf(registerLabels)),
    registerLiveCommands(views),
  );
  return { seen: (view) => views.seen(view) };
}
