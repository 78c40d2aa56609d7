import path from "node:path";
import process from "node:process";
import { type ExtensionContext, McpStdioServerDefinition, workspace } from "vscode";

/** How an editor starts `gicwb mcp`, in the first folder of the workspace. Editors ask for it as soon as they run. */
export function mcpServer({ extensionPath, extension }: ExtensionContext, label: string): McpStdioServerDefinition {
  const { version } = extension.packageJSON as { readonly version: string };
  const args = [path.join(extensionPath, "dist", "gicwb.cjs"), "mcp"];
  // In the desktop's VS Code the program that runs this is Electron, which must be told to be Node.
  const env = { ELECTRON_RUN_AS_NODE: "1", ELECTRON_NO_ASAR: "1" };
  const server = new McpStdioServerDefinition(label, process.execPath, args, env, version);
  const folder = workspace.workspaceFolders?.find(({ uri }) => uri.scheme === "file" || uri.scheme === "vscode-remote");
  if (folder !== undefined) server.cwd = folder.uri;
  return server;
}
