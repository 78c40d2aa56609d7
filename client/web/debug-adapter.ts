import { type DebugAdapter, type DebugProtocolMessage, EventEmitter } from "vscode";
import type { EditorFiles } from "../../debug-adapter/script-protocol.ts";
import type { FromAdapterWorker, ToAdapterWorker } from "../../debug-adapter/worker-protocol.ts";
import { reasonOf } from "../inert.ts";
import type { WebWorker } from "./web-worker.ts";

/** The debug adapter in a worker of its own: the extension host stays free while a script runs. */
export class WorkerAdapter implements DebugAdapter {
  private readonly worker: WebWorker;
  private readonly editor: EditorFiles;
  private readonly messages = new EventEmitter<DebugProtocolMessage>();
  readonly onDidSendMessage = this.messages.event;

  constructor(worker: WebWorker, editor: EditorFiles) {
    this.worker = worker;
    this.editor = editor;
    worker.onmessage = ({ data }) => this.receive(data as FromAdapterWorker);
    worker.onerror = ({ message }) => this.fail(message ?? "");
  }

  handleMessage(message: DebugProtocolMessage): void {
    this.send({ kind: "protocol", message });
  }

  dispose(): void {
    this.worker.terminate();
    this.messages.dispose();
  }

  private send(message: ToAdapterWorker): void {
    this.worker.postMessage(message);
  }

  private receive(data: FromAdapterWorker): void {
    if (data.kind === "protocol") this.messages.fire(data.message as DebugProtocolMessage);
    else void this.answer(data);
  }

  private async answer({ id, question, args }: Extract<FromAdapterWorker, { kind: "ask" }>): Promise<void> {
    try {
      const ask = this.editor[question] as (...args: readonly string[]) => Promise<unknown>;
      this.send({ kind: "answer", id, value: await ask(...args) });
    } catch (error) {
      this.send({ kind: "refusal", id, reason: reasonOf(error) });
    }
  }

  /** The worker has failed: the session is over, and says why. */
  private fail(reason: string): void {
    const event = (name: string, body: object) =>
      this.messages.fire({ seq: 0, type: "event", event: name, body } as DebugProtocolMessage);
    // As everything that the console says, in English.
    const said = reason === "" ? "it gave no reason" : reason;
    event("output", {
      category: "stderr",
      output: `The debug adapter has failed: ${said}. Start the session again.\n`,
    });
    event("terminated", {});
  }
}
