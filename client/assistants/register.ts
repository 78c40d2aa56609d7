import {
  type CancellationToken,
  Disposable,
  type ExtensionContext,
  LanguageModelTextPart,
  LanguageModelToolResult,
  lm,
} from "vscode";
import type { SessionTracker } from "../debug/session-tracker.ts";
import { host } from "../host.ts";
import { texts } from "../texts.ts";

/** Of package.json. */
const serverId = "gicWorkbench.mcp";

/**
 * What assistants get: the server `gicwb mcp`, and tools that look at the session that is being debugged. Editors that have no assistants
 * lack these parts of the API, and nothing else changes there. Nothing is loaded before a tool is called.
 */
export function registerAssistants(context: ExtensionContext, tracker: SessionTracker): Disposable {
  return Disposable.from(...registerServer(), ...registerSessionTools(context, tracker));
}

function registerServer(): Disposable[] {
  const start = host().mcpServer;
  if (start === undefined || typeof lm?.registerMcpServerDefinitionProvider !== "function") return [];
  return [
    lm.registerMcpServerDefinitionProvider(serverId, {
      provideMcpServerDefinitions: async () => [await start(texts.serverName())],
    }),
  ];
}

function registerSessionTools({ extension }: ExtensionContext, tracker: SessionTracker): Disposable[] {
  if (typeof lm?.registerTool !== "function") return [];
  const { languageModelTools } = extension.packageJSON.contributes as {
    readonly languageModelTools: readonly { readonly name: string }[];
  };
  return languageModelTools.map(({ name }) =>
    lm.registerTool(name, {
      invoke: async ({ input }, token: CancellationToken) => {
        const { callSessionTool } = await host().sessionTools();
        const session = tracker.active;
        const stands = session !== undefined && tracker.standsStill(session);
        const text = await callSessionTool(name, input, session, stands, token);
        return new LanguageModelToolResult([new LanguageModelTextPart(text)]);
      },
    }),
  );
}
