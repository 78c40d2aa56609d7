import process from "node:process";
import { type ExtensionContext, McpStdioServerDefinition, workspace } from "vscode";
import { asNode, commandLineIn } from "./own-node.ts";

/** How an editor starts `gicwb mcp`, in the first folder of the workspace. Editors ask for it as soon as they run. */
export function mcpServer({ extensionPath, extension }: ExtensionContext, label: string): McpStdioServerDefinition {
  const { version } = extension.packageJSON as { readonly version: string };
  const args = [commandLineIn(extensionPath), "mcp"];
  const server = new McpStdioServerDefinition(label, process.execPath, args, asNode, version);
  const folder = workspace.workspaceFolders?.find(({ uri }) => uri.scheme === "file" || uri.scheme === "vscode-remote");
  if (folder !== undefined) server.cwd = folder.uri;
  return server;
}
