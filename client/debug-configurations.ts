import path from "node:path";
import {
  type DebugConfiguration,
  type DebugConfigurationProvider,
  FileType,
  Uri,
  type WorkspaceFolder,
  window,
  workspace,
} from "vscode";
import { activeProgram, isEmptyConfiguration } from "./debug-configuration.ts";
import { nameOf } from "./dump-source.ts";
import { debugType } from "./session-tracker.ts";
import { texts } from "./texts.ts";

/** VS Code's variable for the file in the active editor. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: VS Code fills it in, not JavaScript.
const ACTIVE_FILE = "${file}";

/** Scripts that are offered in the list of "Select and Start Debugging". */
const OFFERED_SCRIPTS = 50;

/** A configuration that debugs one script. @param program absolute path; absent: the script in the active editor */
export function scriptConfiguration(program: string | undefined): DebugConfiguration {
  const name = program === undefined ? texts.debugCurrentScript() : texts.debugScript(nameOf(Uri.file(program)));
  const configuration: DebugConfiguration = { type: debugType, request: "launch", name };
  return program === undefined ? configuration : { ...configuration, program };
}

/** Fills what a launch configuration leaves out, and says what is wrong with it before a session begins. */
export class ScriptConfigurations implements DebugConfigurationProvider {
  /** `undefined` ends the start: the user has been told why. */
  resolveDebugConfiguration(
    _folder: WorkspaceFolder | undefined,
    configuration: DebugConfiguration,
  ): DebugConfiguration | undefined {
    if (configuration.program !== undefined && configuration.program !== ACTIVE_FILE) return configuration;
    const document = window.activeTextEditor?.document;
    const choice = activeProgram(
      document && {
        languageId: document.languageId,
        name: nameOf(document.uri),
        scheme: document.uri.scheme,
        fsPath: document.uri.fsPath,
      },
    );
    if (choice.kind === "program") {
      const base = isEmptyConfiguration(configuration) ? scriptConfiguration(choice.program) : configuration;
      return { ...base, program: choice.program };
    }
    if (choice.kind === "none") window.showErrorMessage(texts.noScript());
    else if (choice.kind === "unsaved") window.showErrorMessage(texts.unsaved(choice.name));
    else window.showErrorMessage(texts.programNotLocal(choice.name));
    return undefined;
  }

  async resolveDebugConfigurationWithSubstitutedVariables(
    folder: WorkspaceFolder | undefined,
    configuration: DebugConfiguration,
  ): Promise<DebugConfiguration | undefined> {
    const problem = await programProblem(configuration.program, folder);
    if (problem === undefined) return { ...configuration, program: absolute(configuration.program, folder) };
    // Not awaited: the start ends now, and not when the user has read the message.
    void reportProblem(problem, folder);
    return undefined;
  }
}

/** Shows what is wrong with a launch configuration, with a way to it where there is a file. */
async function reportProblem(problem: string, folder: WorkspaceFolder | undefined): Promise<void> {
  const file = folder && Uri.joinPath(folder.uri, ".vscode", "launch.json");
  const open = texts.openLaunchJson();
  const picked = await window.showErrorMessage(problem, ...(file !== undefined && (await exists(file)) ? [open] : []));
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
      .map((uri) => ({ ...scriptConfiguration(uri.fsPath), name: texts.debugScript(workspace.asRelativePath(uri)) }))
      .sort((a, b) => a.name.localeCompare(b.name));
  }
}

/** Why a program is no script that can be run, in a sentence. */
async function programProblem(program: unknown, folder: WorkspaceFolder | undefined): Promise<string | undefined> {
  if (typeof program !== "string") return texts.programNotText(JSON.stringify(program));
  try {
    const { type } = await workspace.fs.stat(Uri.file(absolute(program, folder)));
    return type & FileType.Directory ? texts.programIsFolder(program) : undefined;
  } catch {
    return texts.programMissing(program);
  }
}

/** A relative path in launch.json begins at the folder that it belongs to. */
function absolute(program: string, folder: WorkspaceFolder | undefined): string {
  return folder === undefined ? program : path.resolve(folder.uri.fsPath, program);
}

async function exists(uri: Uri): Promise<boolean> {
  return workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}
