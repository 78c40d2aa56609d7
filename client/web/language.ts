// The language client in a browser: the server is a worker.
import { l10n } from "vscode";
import { BrowserMessageReader, BrowserMessageWriter } from "vscode-languageserver-protocol/browser";
import { LanguageServer } from "../language/language-client.ts";
import type { StartServer } from "../language/running-server.ts";
import { useTranslation } from "../texts.ts";
import type { WebWorker } from "./web-worker.ts";

// This is packed into a file of its own, with sentences of its own.
useTranslation((message, ...args) => l10n.t(message, ...args));

/** The library's own name for a worker. */
type Port = ConstructorParameters<typeof BrowserMessageReader>[0];

/** The language server as a worker. */
export function languageServer(startWorker: () => Promise<WebWorker>): LanguageServer {
  const start: StartServer = async (output) => {
    const worker = await startWorker();
    const reader = new WorkerReader(worker as unknown as Port);
    worker.onerror = ({ message }) => {
      output.error(message ?? "The worker of the language server has failed.");
      reader.close();
    };
    return {
      transports: { reader, writer: new BrowserMessageWriter(worker as unknown as Port) },
      end: async () => worker.terminate(),
    };
  };
  return new LanguageServer(start);
}

/** A worker that has failed says nothing more, and nothing of the library listens to that. */
class WorkerReader extends BrowserMessageReader {
  close(): void {
    this.fireClose();
  }
}
