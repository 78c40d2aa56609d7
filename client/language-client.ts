import path from "node:path";
import { type ExtensionContext, type LogOutputChannel, window } from "vscode";
import {
  CloseAction,
  type CloseHandlerResult,
  ErrorAction,
  LanguageClient,
  type LanguageClientOptions,
  type ServerOptions,
  TransportKind,
} from "vscode-languageclient/node";
import { type StateDumpAnswer, type StateDumpParams, stateDumpRequest } from "../server/state-protocol.ts";
import { texts } from "./texts.ts";

/** Ends of the server within {@link CRASH_WINDOW_MS} after which it is not started again unasked. */
const MOST_CRASHES = 3;
const CRASH_WINDOW_MS = 180_000;

/** The language server for command scripts: started once, started again when it falls over, and at the user's word. */
export class LanguageServer {
  readonly #module: string;
  readonly #channel: LogOutputChannel;
  #client: LanguageClient | undefined;
  #crashes: number[] = [];
  /** A message is on the screen: one trouble, one message. */
  #told = false;

  constructor(context: ExtensionContext) {
    this.#module = path.join(context.extensionPath, "dist", "server.cjs");
    this.#channel = window.createOutputChannel(texts.serverName(), { log: true });
  }

  /** Starts the server; a failure is told to the user and does not reject. */
  async start(): Promise<void> {
    const client = new LanguageClient("gicWorkbench", texts.serverName(), this.#serverOptions(), this.#clientOptions());
    this.#client = client;
    try {
      await client.start();
    } catch (error) {
      await this.#offerRestart(texts.serverFailed(error instanceof Error ? error.message : String(error)));
    }
  }

  /** Ends the server, if it runs, and starts it anew. */
  async restart(): Promise<void> {
    this.#crashes = [];
    await this.stop();
    await this.start();
  }

  async stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    // A client that has never come up, or whose server is gone, refuses to stop; it is left behind either way.
    if (client?.isRunning()) await client.stop();
  }

  /** The tables of a saved machine as a dump. @throws Error with a sentence when the server does not run */
  async stateDump(params: StateDumpParams): Promise<StateDumpAnswer> {
    const client = this.#client;
    if (!client?.isRunning()) throw new Error(texts.stateNoServer());
    return client.sendRequest<StateDumpAnswer>(stateDumpRequest, params);
  }

  async dispose(): Promise<void> {
    await this.stop();
    this.#channel.dispose();
  }

  #serverOptions(): ServerOptions {
    const run = { module: this.#module, transport: TransportKind.ipc };
    return { run, debug: { ...run, options: { execArgv: ["--nolazy", "--inspect=6019"] } } };
  }

  #clientOptions(): LanguageClientOptions {
    return {
      documentSelector: [{ language: "itscmd" }],
      outputChannel: this.#channel,
      synchronize: { configurationSection: "gicWorkbench" },
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: () => this.#closed(),
      },
      // The message about a server that does not start is ours.
      initializationFailedHandler: () => false,
    };
  }

  #closed(): CloseHandlerResult {
    const now = Date.now();
    this.#crashes = [...this.#crashes.filter((time) => now - time < CRASH_WINDOW_MS), now];
    if (this.#crashes.length < MOST_CRASHES) return { action: CloseAction.Restart, handled: true };
    void this.#offerRestart(texts.serverCrashed());
    return { action: CloseAction.DoNotRestart, handled: true };
  }

  async #offerRestart(message: string): Promise<void> {
    if (this.#told) return;
    this.#told = true;
    const restart = texts.restart();
    const show = texts.showOutput();
    const picked = await window.showErrorMessage(message, restart, show);
    this.#told = false;
    if (picked === restart) await this.restart();
    else if (picked === show) this.#channel.show();
  }
}

/** Starts the server. The command that restarts it is registered by the caller, which may not have loaded this file yet. */
export async function startLanguageServer(context: ExtensionContext): Promise<LanguageServer> {
  const server = new LanguageServer(context);
  context.subscriptions.push(server);
  await server.start();
  return server;
}
