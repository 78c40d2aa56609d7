import { createRequire } from "node:module";
import path from "node:path";
import process from "node:process";
import {
  type CancellationToken,
  Disposable,
  type ExtensionContext,
  LanguageModelTextPart,
  LanguageModelToolResult,
  lm,
  McpStdioServerDefinition,
  workspace,
} from "vscode";
import type { SessionTracker } from "../debug/session-tracker.ts";
import { texts } from "../texts.ts";
import type { SessionToolsModule } from "./session-tools.ts";

/** Of package.json. */
const serverId = "gicWorkbench.mcp";

/**
 * What assistants get: the server `gicwb mcp`, and tools that look at the session that is being debugged. Editors that have no assistants
 * lack these parts of the API, and nothing else changes there. Nothing is loaded before a tool is called.
 */
export function registerAssistants(context: ExtensionContext, tracker: SessionTracker): Disposable {
  return Disposable.from(...registerServer(context), ...registerSessionTools(context, tracker));
}

function registerServer({ extensionPath, extension }: ExtensionContext): Disposable[] {
  if (typeof lm?.registerMcpServerDefinitionProvider !== "function") return [];
  const { version } = extension.packageJSON as { readonly version: string };
  return [
    lm.registerMcpServerDefinitionProvider(serverId, {
      provideMcpServerDefinitions: () => {
        const args = [path.join(extensionPath, "dist", "gicwb.cjs"), "mcp"];
        // In the desktop's VS Code the program that runs this is Electron, which must be told to be Node.
        const env = { ELECTRON_RUN_AS_NODE: "1", ELECTRON_NO_ASAR: "1" };
        const server = new McpStdioServerDefinition(texts.serverName(), process.execPath, args, env, version);
        const folder = workspace.workspaceFolders?.find(
          ({ uri }) => uri.scheme === "file" || uri.scheme === "vscode-remote",
        );
        if (folder !== undefined) server.cwd = folder.uri;
        return [server];
      },
    }),
  ];
}

function registerSessionTools({ extension, extensionPath }: ExtensionContext, tracker: SessionTracker): Disposable[] {
  if (typeof lm?.registerTool !== "function") return [];
  const { languageModelTools } = extension.packageJSON.contributes as {
    readonly languageModelTools: readonly { readonly name: string }[];
  };
  const load = createRequire(path.join(extensionPath, "dist", "client.cjs"));
  return languageModelTools.map(({ name }) =>
    lm.registerTool(name, {
      invoke: async ({ input }, token: CancellationToken) => {
        const { callSessionTool } = load("./session-tools.cjs") as SessionToolsModule;
        const session = tracker.active;
        const stands = session !== undefined && tracker.standsStill(session);
        const text = await callSessionTool(name, input, session, stands, token);
        return new LanguageModelToolResult([new LanguageModelTextPart(text)]);
      },
    }),
  );
}
