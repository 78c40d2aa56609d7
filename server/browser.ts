// The language server in a worker of a browser.
import { BrowserMessageReader, BrowserMessageWriter, createConnection } from "vscode-languageserver/browser";
import { serve } from "./connection.ts";
import { connectionOptions } from "./protocol/connection-options.ts";
import { editorFiles } from "./workspace/editor-files.ts";

/** What the library wants of a worker's global object; `self` is one, which Node's types do not say. */
type WorkerScope = ConstructorParameters<typeof BrowserMessageReader>[0];
const scope = globalThis as unknown as WorkerScope;

const clock = {
  now: () => performance.now(),
  // A message is a task of its own there: it is read, handled and answered before a timer.
  turn: (callback: () => void) => later(0, callback),
  later,
};

const connection = createConnection(
  new BrowserMessageReader(scope),
  new BrowserMessageWriter(scope),
  connectionOptions,
);
serve(connection, clock, undefined, editorFiles(connection));

function later(milliseconds: number, callback: () => void): () => void {
  const timer = setTimeout(callback, milliseconds);
  return () => clearTimeout(timer);
}
