import { type TextDocument, type Uri, workspace } from "vscode";

/** The open document of an address, saved or not. */
export function openDocument(uri: Uri): TextDocument | undefined {
  return workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
}

/** The whole path of a file as messages show it; its address where it has none. */
export function pathOf(uri: Uri): string {
  return uri.scheme === "file" || uri.scheme === "vscode-remote" ? uri.fsPath : uri.toString(true);
}

/** Name of a file as messages show it. */
export function nameOf(uri: Uri): string {
  return uri.path.slice(uri.path.lastIndexOf("/") + 1);
}
