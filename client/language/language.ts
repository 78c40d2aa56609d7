import { type ExtensionContext, workspace } from "vscode";
import { registerCommand } from "../messages.ts";
import type { AskTables } from "../reports/ask-tables.ts";
import type { AskForDump } from "../saved-machines/state-files.ts";
import type { LanguageServer } from "./language-client.ts";

/**
 * Starts the language server with the first command script that is opened, or the first saved machine that is decoded; before that not even
 * its client is loaded. @returns what it is asked beside the protocol
 */
export function registerLanguage(context: ExtensionContext): {
  readonly stateDump: AskForDump;
  readonly tables: AskTables;
} {
  let server: Promise<LanguageServer> | undefined;
  /** The server as soon as it can be told what to do; whether it has started is not waited for, a server that hangs never has. */
  const load = () => {
    server ??= import("./language-client.ts").then(({ LanguageServer }) => {
      const loaded = new LanguageServer(context);
      context.subscriptions.push(loaded);
      return loaded;
    });
    return server;
  };
  const start = async () => (await load()).start();
  const isScript = ({ languageId }: { readonly languageId: string }) => languageId === "itscmd";
  context.subscriptions.push(
    workspace.onDidOpenTextDocument((document) => {
      if (isScript(document)) void start();
    }),
    registerCommand("gicWorkbench.restartServer", async () => {
      await (await load()).restart();
    }),
  );
  if (workspace.textDocuments.some(isScript)) void start();
  return {
    stateDump: async (params) => (await load()).stateDump(params),
    tables: async (name, params, token) => (await load()).askTables(name, params, token),
  };
}
