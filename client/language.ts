import { commands, type ExtensionContext, workspace } from "vscode";
import type { LanguageServer } from "./language-client.ts";
import type { AskForDump } from "./state-files.ts";

/**
 * Starts the language server with the first command script that is opened, or the first saved machine that is decoded; before that not even
 * its client is loaded. @returns asks it for the dump of a saved machine
 */
export function registerLanguage(context: ExtensionContext): AskForDump {
  let server: Promise<LanguageServer> | undefined;
  const start = () => {
    server ??= import("./language-client.ts").then(({ startLanguageServer }) => startLanguageServer(context));
    return server;
  };
  const isScript = ({ languageId }: { readonly languageId: string }) => languageId === "itscmd";
  context.subscriptions.push(
    workspace.onDidOpenTextDocument((document) => {
      if (isScript(document)) void start();
    }),
    commands.registerCommand("gicWorkbench.restartServer", async () => {
      const running = server !== undefined;
      const started = await start();
      if (running) await started.restart();
    }),
  );
  if (workspace.textDocuments.some(isScript)) void start();
  return async (params) => (await start()).stateDump(params);
}
