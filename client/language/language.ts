import { type ExtensionContext, workspace } from "vscode";
import type { ScriptMachineAnswer, ScriptMachineParams } from "../../server/script-machine-protocol.ts";
import { host } from "../host.ts";
import { registerCommand } from "../messages.ts";
import type { AskTables } from "../reports/ask-tables.ts";
import type { AskForDump } from "../saved-machines/state-files.ts";
import type { AskTests } from "../tests/test-explorer.ts";
import type { LanguageServer } from "./language-client.ts";
import { RulePages } from "./rule-pages.ts";

/** What the rest of the extension asks the language server, which has the emulator. */
export interface AskServer {
  readonly stateDump: AskForDump;
  readonly tables: AskTables;
  readonly tests: AskTests;
  readonly scriptMachine: (params: ScriptMachineParams) => Promise<ScriptMachineAnswer>;
}

/**
 * Starts the language server with the first command script that is opened, the first saved machine that is decoded, or the first question
 * about tables; before that not even its client is loaded.
 */
export function registerLanguage(context: ExtensionContext): AskServer {
  let server: Promise<LanguageServer> | undefined;
  /** The server as soon as it can be told what to do; whether it has started is not waited for, a server that hangs never has. */
  const load = () => {
    server ??= host()
      .languageServer()
      .then((loaded) => {
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
    new RulePages(async (params) => (await load()).rulePage(params)),
    registerCommand("gicWorkbench.restartServer", async () => {
      await (await load()).restart();
    }),
  );
  // Once the activation is over, which waits for nothing: loading the client and starting the server would be part of it.
  if (workspace.textDocuments.some(isScript)) setTimeout(() => void start(), 0);
  return {
    stateDump: async (params) => (await load()).stateDump(params),
    scriptMachine: async (params) => (await load()).scriptMachine(params),
    tables: async (name, params, token) => (await load()).askTables(name, params, token),
    tests: {
      find: async (params, token) => (await load()).findTests(params, token),
      run: async (params, tell, token) => (await load()).runTests(params, tell, token),
    },
  };
}
