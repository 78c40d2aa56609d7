import { commands, type ExtensionContext, workspace } from "vscode";
import type { LanguageServer } from "./language-client.ts";

/** Starts the language server with the first command script that is opened; before that not even its client is loaded. */
export function registerLanguage(context: ExtensionContext): void {
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
}
