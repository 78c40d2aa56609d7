// The language client in Node: the server is a process.
import path from "node:path";
import { type ExtensionContext, l10n } from "vscode";
import { IPCMessageReader, IPCMessageWriter } from "vscode-languageserver-protocol/node";
import { LanguageServer } from "../language/language-client.ts";
import type { StartServer } from "../language/running-server.ts";
import { useTranslation } from "../texts.ts";
import { ServerProcess } from "./server-process.ts";

// This is packed into a file of its own, with sentences of its own.
useTranslation((message, ...args) => l10n.t(message, ...args));

/** The language server as a process of the file beside this one. */
export function languageServer(context: ExtensionContext): LanguageServer {
  const module = path.join(context.extensionPath, "dist", "server.cjs");
  const start: StartServer = async (output) => {
    const server = new ServerProcess(module, output);
    const { child } = server;
    return {
      transports: { reader: new IPCMessageReader(child), writer: new IPCMessageWriter(child) },
      end: () => server.end(),
    };
  };
  return new LanguageServer(start);
}
