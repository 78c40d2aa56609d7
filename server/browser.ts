// The language server in a worker of a browser.
import { BrowserMessageReader, BrowserMessageWriter, createConnection } from "vscode-languageserver/browser";
import { serve } from "./connection.ts";

/** What the library wants of a worker's global object; `self` is one, which Node's types do not say. */
type WorkerScope = ConstructorParameters<typeof BrowserMessageReader>[0];
const scope = globalThis as unknown as WorkerScope;

serve(createConnection(new BrowserMessageReader(scope), new BrowserMessageWriter(scope)), {
  now: () => performance.now(),
  later(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
});
