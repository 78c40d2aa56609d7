// The debug adapter as a web worker. It serves one session, and is ended by who has started it.
import type { EditorFiles } from "./script-protocol.ts";
import { createDebugAdapter } from "./web.ts";
import type { FromAdapterWorker, ToAdapterWorker } from "./worker-protocol.ts";

/** What is used of a worker's global object, which Node's types do not have. */
interface WorkerScope {
  onmessage: ((event: { readonly data: ToAdapterWorker }) => void) | null;
  postMessage(message: FromAdapterWorker): void;
}
const scope = globalThis as unknown as WorkerScope;

interface Asked {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

const asked = new Map<number, Asked>();
let questions = 0;

function ask<Value>(question: keyof EditorFiles, ...args: string[]): Promise<Value> {
  const id = ++questions;
  return new Promise((resolve, reject) => {
    asked.set(id, { resolve: resolve as Asked["resolve"], reject });
    scope.postMessage({ kind: "ask", id, question, args });
  });
}

const adapter = createDebugAdapter({
  text: (uri) => ask("text", uri),
  version: (uri) => ask("version", uri),
  bytes: (uri) => ask("bytes", uri),
  named: (uri) => ask("named", uri),
});
adapter.onDidSendMessage((message) => scope.postMessage({ kind: "protocol", message }));
scope.onmessage = ({ data }) => {
  if (data.kind === "protocol") {
    adapter.handleMessage(data.message as never);
    return;
  }
  const waiting = asked.get(data.id);
  asked.delete(data.id);
  if (data.kind === "answer") waiting?.resolve(data.value);
  else waiting?.reject(new Error(data.reason));
};
