import { Uri, type WorkspaceFolder, workspace } from "vscode";
import { type EditorFiles, isUri } from "../../debug-adapter/script-protocol.ts";
import { openDocument } from "../file-names.ts";
import { host } from "../host.ts";
import { namedFile } from "../named-file.ts";

/** A document as "program" of a configuration names it: the path of a file that the debug adapter reads itself, the URI of anything else. */
export function programOf(uri: Pick<Uri, "scheme" | "fsPath" | "toString">): string {
  return host().hasPath(uri) ? uri.fsPath : uri.toString();
}

/**
 * The document that "program" of a configuration names. A path in a host that has no files is one of the file system that the workspace is in.
 * @param folder that the configuration belongs to; absent: the workspace's first
 */
export function uriOfProgram(program: string, folder?: WorkspaceFolder): Uri {
  if (isUri(program)) return Uri.parse(program);
  const file = Uri.file(program);
  const root = (folder ?? workspace.workspaceFolders?.[0])?.uri;
  return root === undefined || host().hasPath(file) ? file : root.with({ path: file.path });
}

/** Whether a path of a launch configuration begins at a root, of any system. */
export function isAbsolute(program: string): boolean {
  return /^([/\\]|[a-z]:[/\\])/i.test(program);
}

/** Documents for the debug adapter that are no files on disk. */
export const editorFiles: EditorFiles = {
  text: async (uri) => (await workspace.openTextDocument(Uri.parse(uri))).getText(),
  version: async (uri) => openDocument(Uri.parse(uri))?.version.toString(),
  bytes: async (uri) => workspace.fs.readFile(Uri.parse(uri)),
  named: (uri) => namedFile(Uri.parse(uri)),
};
