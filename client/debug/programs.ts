import { Uri, workspace } from "vscode";
import { type EditorFiles, isUri } from "../../debug-adapter/script-protocol.ts";
import { openDocument } from "../file-names.ts";

/** A document as "program" of a configuration names it: the path of a file on disk, the URI of anything else. */
export function programOf(uri: Pick<Uri, "scheme" | "fsPath" | "toString">): string {
  return uri.scheme === "file" || uri.scheme === "vscode-remote" ? uri.fsPath : uri.toString();
}

/** The document that "program" of a configuration names. */
export function uriOfProgram(program: string): Uri {
  return isUri(program) ? Uri.parse(program) : Uri.file(program);
}

/** Documents for the debug adapter that are no files on disk. */
export const editorFiles: EditorFiles = {
  text: async (uri) => (await workspace.openTextDocument(Uri.parse(uri))).getText(),
  version: async (uri) => openDocument(Uri.parse(uri))?.version.toString(),
  bytes: async (uri) => workspace.fs.readFile(Uri.parse(uri)),
};
