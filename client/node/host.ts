import type { MakeHost } from "../host.ts";

/** The extension host of the desktop, of a remote machine, and of code-server: a program of Node, with the user's files. */
export const nodeHost: MakeHost = (context) => ({
  languageServer: async () => (await import("./language.ts")).languageServer(context),
  debugAdapter: async (editor) => (await import("./parts.ts")).loadAdapter(context.extensionPath, editor),
  sessionTools: () => import("../assistants/session-tools.ts"),
  mcpServer: async (label) => (await import("./mcp-server.ts")).mcpServer(context, label),
  tasks: async () => new (await import("./parts.ts")).GicwbTasks(context.extensionPath),
  openLarge: async (uri) => (await import("./parts.ts")).openLarge(uri),
  // Inside the host of a remote machine its files have their own scheme.
  hasPath: ({ scheme }) => scheme === "file" || scheme === "vscode-remote",
});
