import type { ExtensionContext } from "vscode";
import type { SessionTracker } from "../debug/session-tracker.ts";
import type { AskServer } from "../language/language.ts";
import { registerNewScript } from "./new-script.ts";
import { registerSampleWorkspace } from "./sample-workspace.ts";
import { Samples } from "./samples.ts";
import { SessionPlaces } from "./session-place.ts";
import { ModelStatus } from "./status-bar.ts";
import { registerWalkthrough } from "./walkthrough.ts";
import { registerWelcomeView } from "./welcome-view.ts";

/** What is to be seen of the beginning from outside. */
export interface StartApi {
  /** What the item of the status bar says; undefined while it is hidden. */
  readonly modelStatus: () => string | undefined;
}

/** What a newcomer meets: walkthrough, samples, templates, the welcome view; and the item of the status bar. */
export function registerStart(context: ExtensionContext, tracker: SessionTracker, server: AskServer): StartApi {
  const samples = new Samples(context);
  const places = new SessionPlaces(tracker);
  const ask: AskServer["scriptMachine"] = (params) => server.scriptMachine(params);
  const status = new ModelStatus(places, (uri) => ask({ textDocument: { uri: uri.toString() } }));
  context.subscriptions.push(
    places,
    status,
    registerWelcomeView(),
    registerNewScript(samples),
    registerSampleWorkspace(samples),
    registerWalkthrough(samples, tracker),
  );
  return { modelStatus: () => status.shown };
}
