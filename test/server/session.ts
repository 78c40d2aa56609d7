import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import type { ClientCapabilities, InitializeResult, PublishDiagnosticsParams } from "vscode-languageserver/node";
import {
  createConnection,
  createProtocolConnection,
  ProposedFeatures,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";
import { serve } from "../../server/connection.ts";
import { connectionOptions } from "../../server/protocol/connection-options.ts";
import type { Clock } from "../../server/scripts/publisher.ts";
import { noFiles, type ScriptFiles } from "../../server/workspace/script-files.ts";

export const uri = "file:///protocol.itscmd";
const refreshes = ["diagnostic", "inlayHint", "codeLens"].map((what) => `workspace/${what}/refresh`);

/** A clock whose callbacks run when the test says so: what is published when does not depend on the machine's speed. */
export class ManualClock implements Clock {
  private readonly waiting = new Set<() => void>();
  now = () => 0;
  turn = (callback: () => void) => this.later(0, callback);
  later = (_milliseconds: number, callback: () => void) => {
    this.waiting.add(callback);
    return () => void this.waiting.delete(callback);
  };
  get idle(): boolean {
    return this.waiting.size === 0;
  }
  /** Runs what waits, and what that brings. */
  run(): void {
    while (!this.idle)
      for (const callback of [...this.waiting]) {
        this.waiting.delete(callback);
        callback();
      }
  }
}

/** A server and a client that speaks with it over streams in this process. */
export class Session {
  readonly clock = new ManualClock();
  readonly client: ReturnType<typeof createProtocolConnection>;
  readonly published: PublishDiagnosticsParams[] = [];
  readonly shown: unknown[] = [];
  settings: unknown = null;
  /** How often the server asked for the settings. */
  asked = 0;

  /** Methods that the server has called, in order, diagnostics aside. */
  readonly called: string[] = [];
  /** @param files scripts of the workspace that are not open */
  constructor(files: ScriptFiles = noFiles) {
    const toServer = new PassThrough();
    const toClient = new PassThrough();
    const connection = createConnection(
      ProposedFeatures.all,
      new StreamMessageReader(toServer),
      new StreamMessageWriter(toClient),
      connectionOptions,
    );
    serve(connection, this.clock, undefined, files);
    this.client = createProtocolConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
    this.client.onNotification("textDocument/publishDiagnostics", (params: PublishDiagnosticsParams) => {
      this.published.push(params);
    });
    this.client.onNotification("window/showMessage", (params: unknown) => {
      this.shown.push(params);
    });
    this.client.onRequest("workspace/configuration", () => {
      this.asked++;
      return [this.settings];
    });
    for (const method of ["client/registerCapability", ...refreshes])
      this.client.onRequest(method, () => {
        this.called.push(method);
        return null;
      });
    this.client.listen();
  }

  /** @param more what the client can do beside the usual */
  async start(more: ClientCapabilities = {}, folders: readonly string[] = []): Promise<InitializeResult> {
    const result = await this.request<InitializeResult>("initialize", {
      processId: null,
      rootUri: null,
      initializationOptions: { documentation: "file:///language.md" },
      workspaceFolders: folders.map((folder) => ({ uri: folder, name: folder })),
      capabilities: {
        ...more,
        workspace: { configuration: true, didChangeConfiguration: { dynamicRegistration: true }, ...more.workspace },
        textDocument: { completion: { completionItem: { snippetSupport: true } }, ...more.textDocument },
      },
    });
    await this.client.sendNotification("initialized", {});
    await this.untilAsked(1);
    return result;
  }

  /** The answer to a request that may wait for the script to have run. */
  async settled<Result>(method: string, params: unknown): Promise<Result> {
    const asked = this.request<Result>(method, params);
    await this.problems();
    return asked;
  }

  /** Waits until the server has asked for the settings so many times; its next answer comes after it has read them. */
  async untilAsked(times: number): Promise<void> {
    while (this.asked < times) await new Promise(setImmediate);
  }

  request<Result>(method: string, params: unknown): Promise<Result> {
    return this.client.sendRequest<Result>(method, params);
  }

  /** Lets the server work on everything that was sent, and gives the problems that it published last. */
  async problems(): Promise<readonly string[]> {
    // A request's answer says that the notifications before it have arrived; the second, that those of the server have.
    await this.request("textDocument/foldingRange", { textDocument: { uri } });
    this.clock.run();
    await this.request("textDocument/foldingRange", { textDocument: { uri } });
    const last = this.published.findLast((params) => params.uri === uri);
    return (last?.diagnostics ?? []).map(({ range, code }) => `${range.start.line + 1} ${code}`);
  }

  open(text: string): Promise<void> {
    return this.client.sendNotification("textDocument/didOpen", {
      textDocument: { uri, languageId: "itscmd", version: 1, text },
    });
  }

  change(version: number, line: number, from: number, to: number, text: string): Promise<void> {
    const range = { start: { line, character: from }, end: { line, character: to } };
    return this.client.sendNotification("textDocument/didChange", {
      textDocument: { uri, version },
      contentChanges: [{ range, text }],
    });
  }

  async end(): Promise<void> {
    await this.request("shutdown", null);
    this.client.dispose();
    assert.deepEqual(this.shown, []);
    assert.ok(this.clock.idle);
  }
}

export const at = (line: number, character: number) => ({ textDocument: { uri }, position: { line, character } });
