import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { WorkbenchApi } from "../../client/api.ts";
import { until } from "./until.ts";

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

/** Writes a file of the workspace, with the folders it needs. */
export async function writeFile(text: string, ...parts: string[]): Promise<vscode.Uri> {
  const uri = workspaceFile(...parts);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  return uri;
}

/** What the extension gives to others, once it is active. */
export async function extensionApi(): Promise<WorkbenchApi> {
  const extension = vscode.extensions.getExtension<WorkbenchApi>("gic-workbench.gic-workbench");
  assert.ok(extension, "the extension is installed");
  await until("activation", () => extension.isActive);
  return extension.exports;
}
