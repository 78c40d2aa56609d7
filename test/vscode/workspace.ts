import assert from "node:assert/strict";
import * as vscode from "vscode";

/** A file of the copy of test/vscode/workspace that the suite runs on; the project's examples are under `examples/`. */
export function workspaceFile(...parts: string[]): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, "the suite runs on a folder");
  return vscode.Uri.joinPath(folder.uri, ...parts);
}

/** Opens a file in an editor as a user does. */
export async function openFile(...parts: string[]): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(workspaceFile(...parts)));
}
