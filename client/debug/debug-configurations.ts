import {
  type DebugConfiguration,
  type DebugConfigurationProvider,
  FileType,
  Uri,
  type WorkspaceFolder,
  window,
  workspace,
} from "vscode";
import { isUri } from "../../debug-adapter/script-protocol.ts";
import { nameOf, openDocument } from "../file-names.ts";
import { host } from "../host.ts";
import { showError } from "../messages.ts";
import { setting } from "../settings.ts";
import { texts } from "../texts.ts";
import { activeProgram, isEmptyConfiguration } from "./debug-configuration.ts";
import { isAbsolute, programOf, uriOfProgram } from "./programs.ts";
import { debugType } from "./session-tracker.ts";

/** VS Code's variable for the file in the active editor. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: VS Code fills it in, not JavaScript.
const ACTIVE_FILE = "${file}";

/** Scripts that are offered in the list of "Select and Start Debugging". */
const OFFERED_SCRIPTS = 50;

/** A configuration that debugs one script. @param program absolute path, or URI of what is no file; absent: the script in the active editor */
export function scriptConfiguration(program: string | undefined): DebugConfiguration {
  const name = program === undefined ? texts.debugCurrentScript() : texts.debugScript(nameOf(uriOfProgram(program)));
  const configuration: DebugConfiguration = { type: debugType, request: "launch", name };
  return program === undefined ? configuration : { ...configuration, program };
}

/** A configuration that stands on a saved machine, without a script. @param state as {@link programOf} has it */
export function stateConfiguration(state: string): DebugConfiguration {
  return { type: debugType, request: "launch", name: texts.debugScript(nameOf(uriOfProgram(state))), state };
}

/** Fills what a launch configuration leaves out, and says what is wrong with it before a session begins. */
export class ScriptConfigurations implements DebugConfigurationProvider {
  /** `undefined` ends the start: the user has been told why. */
  resolveDebugConfiguration(
    _folder: WorkspaceFolder | undefined,
    configuration: DebugConfiguration,
  ): DebugConfiguration | undefined {
    const { program, state, trace } = configuration;
    if (program !== undefined ? program !== ACTIVE_FILE : state !== undefined || trace !== undefined)
      return configuration;
    const document = window.activeTextEditor?.document;
    const choice = activeProgram(document && { languageId: document.languageId, program: programOf(document.uri) });
    if (choice.kind === "program") {
      const base = isEmptyConfiguration(configuration) ? scriptConfiguration(choice.program) : configuration;
      return { ...base, program: choice.program };
    }
    showError(texts.noScript());
    return undefined;
  }

  async resolveDebugConfigurationWithSubstitutedVariables(
    folder: WorkspaceFolder | undefined,
    configuration: DebugConfiguration,
  ): Promise<DebugConfiguration | undefined> {
    const { program, state, trace } = configuration;
    const isWithout = program === undefined && (state !== undefined || trace !== undefined);
    const problem =
      (isWithout ? undefined : await fileProblem(program, folder, programTexts)) ??
      (state === undefined ? undefined : await fileProblem(state, folder, stateTexts)) ??
      (trace === undefined ? undefined : await fileProblem(trace, folder, traceTexts));
    if (problem === undefined) {
      const stopAtEnd = setting("debug.stopAtEnd", folder);
      return {
        ...(program === undefined && trace === undefined ? {} : { stopAtEnd }),
        ...(program === undefined || folder === undefined ? {} : { filesRoot: programOf(folder.uri) }),
        ...configuration,
        ...(program === undefined ? {} : { program: absolute(program, folder) }),
        ...(state === undefined ? {} : { state: absolute(state, folder) }),
        ...(trace === undefined ? {} : { trace: absolute(trace, folder) }),
      };
    }
    // Not awaited: the start ends now, and not when the user has read the message.
    void reportProblem(problem, folder);
    return undefined;
  }
}

/** Shows what is wrong with a launch configuration, with a way to it where there is a file. */
async function reportProblem(problem: string, folder: WorkspaceFolder | undefined): Promise<void> {
  const file = folder && Uri.joinPath(folder.uri, ".vscode", "launch.json");
  const open = texts.openLaunchJson();
  const picked = await showError(problem, ...(file !== undefined && (await exists(file)) ? [open] : []));
  if (picked === open && file !== undefined) await window.showTextDocument(file);
}

/** A configuration for each script of the workspace, for "Select and Start Debugging". */
export class WorkspaceScripts implements DebugConfigurationProvider {
  async provideDebugConfigurations(folder: WorkspaceFolder | undefined): Promise<DebugConfiguration[]> {
    const files = await workspace.findFiles("**/*.itscmd", undefined, OFFERED_SCRIPTS);
    return files
      .filter(
        (uri) => folder === undefined || workspace.getWorkspaceFolder(uri)?.uri.toString() === folder.uri.toString(),
      )
      .map((uri) => ({
        ...scriptConfiguration(programOf(uri)),
        name: texts.debugScript(workspace.asRelativePath(uri)),
      }))
      .sort((a, b) => a.name.localeCompare(b.name));
  }
}

/** What is wrong with a path, by attribute. */
interface FileTexts {
  readonly notText: (given: string) => string;
  readonly missing: (file: string) => string;
  readonly isFolder: (file: string) => string;
}

const programTexts: FileTexts = {
  notText: texts.programNotText,
  missing: texts.programMissing,
  isFolder: texts.programIsFolder,
};
const stateTexts: FileTexts = {
  notText: texts.stateNotText,
  missing: texts.stateMissing,
  isFolder: texts.stateIsFolder,
};

const traceTexts: FileTexts = {
  notText: texts.traceNotText,
  missing: texts.traceMissing,
  isFolder: texts.traceIsFolder,
};

/** Why an attribute names no file that can be read, in a sentence. */
async function fileProblem(
  file: unknown,
  folder: WorkspaceFolder | undefined,
  { notText, missing, isFolder }: FileTexts,
): Promise<string | undefined> {
  if (typeof file !== "string") return notText(JSON.stringify(file));
  try {
    const uri = uriOfProgram(absolute(file, folder));
    // A document that was never saved is in no file system.
    if (uri.scheme === "untitled" && openDocument(uri) !== undefined) return undefined;
    const { type } = await workspace.fs.stat(uri);
    return type & FileType.Directory ? isFolder(file) : undefined;
  } catch {
    return missing(file);
  }
}

/** A relative path in launch.json begins at the folder that it belongs to. */
function absolute(program: string, folder: WorkspaceFolder | undefined): string {
  if (isUri(program)) return program;
  if (folder !== undefined && !isAbsolute(program)) return programOf(Uri.joinPath(folder.uri, program));
  return host().hasPath({ scheme: "file" }) ? program : programOf(uriOfProgram(program, folder));
}

async function exists(uri: Uri): Promise<boolean> {
  return workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}
