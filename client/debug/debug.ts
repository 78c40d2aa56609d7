import {
  commands,
  type DebugAdapterDescriptorFactory,
  DebugAdapterInlineImplementation,
  DebugConfigurationProviderTriggerKind,
  debug,
  type ExtensionContext,
  Uri,
  window,
  workspace,
} from "vscode";
import { models } from "../../architecture/models.ts";
import { activeResource } from "../active-resource.ts";
import { openDocument } from "../file-names.ts";
import { host } from "../host.ts";
import { inertError, reasonOf } from "../inert.ts";
import { inertAdapter, registerCommand, showInformation } from "../messages.ts";
import { stateFileOf } from "../saved-machines/state-dump-uri.ts";
import { beginsLikeState, isStateDump } from "../saved-machines/state-text.ts";
import { texts } from "../texts.ts";
import {
  ScriptConfigurations,
  scriptConfiguration,
  stateConfiguration,
  WorkspaceScripts,
} from "./debug-configurations.ts";
import { editorFiles, programOf } from "./programs.ts";
import { debugType } from "./session-tracker.ts";

/** Everything that makes F5 work on a script. */
export function registerDebugging(context: ExtensionContext): void {
  const configurations = new ScriptConfigurations();
  context.subscriptions.push(
    debug.registerDebugAdapterDescriptorFactory(debugType, adapterFactory),
    debug.registerDebugConfigurationProvider(debugType, configurations),
    debug.registerDebugConfigurationProvider(
      debugType,
      new WorkspaceScripts(),
      DebugConfigurationProviderTriggerKind.Dynamic,
    ),
    registerCommand("gicWorkbench.debugScript", (resource?: unknown, test?: unknown) =>
      launch(resource, false, onlyTest(test)),
    ),
    registerCommand("gicWorkbench.runScript", (resource?: unknown, test?: unknown) =>
      launch(resource, true, onlyTest(test)),
    ),
    registerCommand("gicWorkbench.runTestOn", runTestOn),
    registerCommand("gicWorkbench.compareModels", compareModels),
    registerCommand("gicWorkbench.debugState", debugState),
    registerCommand("gicWorkbench.pickScript", pickScript),
  );
}

/** The adapter is in a file of its own: nobody who only edits pays for an emulator. */
const adapterFactory: DebugAdapterDescriptorFactory = {
  async createDebugAdapterDescriptor() {
    try {
      return new DebugAdapterInlineImplementation(inertAdapter(await host().debugAdapter(editorFiles)));
    } catch (error) {
      throw inertError(texts.adapterMissing(reasonOf(error)));
    }
  },
};

/** The buttons in an editor's title and the lenses, which pass on the file that they stand over. @param more attributes of the session */
async function launch(resource: unknown, noDebug: boolean, more: object = {}): Promise<boolean> {
  const uri = scriptOf(resource);
  const configuration = { ...scriptConfiguration(uri && programOf(uri)), ...more };
  const folder = uri && workspace.getWorkspaceFolder(uri);
  return debug.startDebugging(folder, configuration, { noDebug });
}

/** The file of a menu, or as a lens names it; else the one that the user looks at. */
function scriptOf(resource: unknown): Uri | undefined {
  if (resource instanceof Uri) return resource;
  return typeof resource === "string" ? Uri.parse(resource) : window.activeTextEditor?.document.uri;
}

/** Debugs a script on its own model and, in step with it, on one that the user chooses. */
async function compareModels(resource?: unknown): Promise<boolean> {
  const items = models.map(({ name, title }) => ({ label: name, description: title }));
  const picked = await window.showQuickPick(items, { placeHolder: texts.compareWithModel() });
  return picked === undefined ? false : launch(resource, false, { compareWith: picked.label });
}

/** What a session is about where a lens over a test begins it. Menus pass other things behind the file. */
function onlyTest(title: unknown): object {
  return typeof title === "string" ? { test: title } : {};
}

/** Runs a test on a model that the user chooses. */
async function runTestOn(resource?: unknown, test?: unknown): Promise<boolean> {
  const items = models.map(({ name, title }) => ({ label: name, description: title }));
  const picked = await window.showQuickPick(items, { placeHolder: texts.testOnModel() });
  return picked === undefined ? false : launch(resource, true, { ...onlyTest(test), model: picked.label });
}

/** Debugs a saved machine: the file of a menu, or the one that the user looks at, also as a dump of its tables or beside them. */
async function debugState(resource?: unknown): Promise<boolean> {
  const uri = resource instanceof Uri ? fileOf(resource) : shownState();
  if (uri === undefined) {
    showInformation(texts.noState());
    return false;
  }
  const started = await debug.startDebugging(workspace.getWorkspaceFolder(uri), stateConfiguration(programOf(uri)));
  // A session that stands still from the beginning is there to be looked at; editors open the view at a breakpoint only.
  if (started) await commands.executeCommand("workbench.view.debug");
  return started;
}

/**
 * The saved machine that the user looks at: in the active editor or, where that is a decoded table, in one that shows. What is open as a
 * text has to look like one; a file that is too large for that is read, and what is wrong with it told.
 */
function shownState(): Uri | undefined {
  const shown = [activeResource(), ...window.visibleTextEditors.map(({ document }) => document.uri)];
  const files = shown.flatMap((uri) => (uri === undefined || uri.scheme === "untitled" ? [] : [fileOf(uri)]));
  return files.find((uri) => {
    const text = openDocument(uri)?.getText();
    return text === undefined || beginsLikeState(text);
  });
}

/** The file of a dump of a saved machine's tables; every other address is what it is. */
function fileOf(uri: Uri): Uri {
  return isStateDump(uri) ? stateFileOf(uri) : uri;
}

/** `${command:PickScript}` of launch.json. */
async function pickScript(): Promise<string | undefined> {
  const files = await workspace.findFiles("**/*.itscmd", undefined, 1000);
  const items = files.map((uri) => ({ label: workspace.asRelativePath(uri), program: programOf(uri) }));
  items.sort((a, b) => a.label.localeCompare(b.label));
  return (await window.showQuickPick(items, { placeHolder: texts.debugCurrentScript() }))?.program;
}
