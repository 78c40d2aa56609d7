import { createDebugAdapter } from "../debug-adapter/inline.ts";
import type { GicDebugSession } from "../debug-adapter/session.ts";

interface Message {
  readonly type: string;
  readonly request_seq?: number;
  readonly success?: boolean;
  readonly message?: string;
  readonly event?: string;
  // biome-ignore lint/suspicious/noExplicitAny: each request has a body of its own
  readonly body?: any;
}

/** The adapter as it runs inside an editor: messages are objects, and nothing goes over a stream. */
export class BenchSession {
  private readonly session: GicDebugSession = createDebugAdapter();
  private readonly pending = new Map<number, (message: Message) => void>();
  private waiting: { readonly names: readonly string[]; readonly done: (event: Message) => void } | undefined;
  private seq = 1;

  constructor() {
    this.session.onDidSendMessage((message) => this.receive(message as unknown as Message));
  }

  /** A session over a script, with its breakpoints; it has not begun. */
  static async launch(program: string, attributes: object = {}): Promise<BenchSession> {
    const session = new BenchSession();
    await session.request("initialize", { adapterID: "gic", pathFormat: "path", supportsVariableType: true });
    const initialized = session.event("initialized");
    await session.request("launch", { program, ...attributes });
    await initialized;
    return session;
  }

  // biome-ignore lint/suspicious/noExplicitAny: each request has a body of its own
  request(command: string, args: object = {}): Promise<any> {
    const seq = this.seq++;
    return new Promise((resolve, reject) => {
      this.pending.set(seq, ({ success, message, body }) => {
        if (success === true) resolve(body);
        else reject(new Error(`${command}: ${message}`));
      });
      this.session.handleMessage({ seq, type: "request", command, arguments: args } as never);
    });
  }

  /** The next event of one of these names. */
  event(...names: readonly string[]): Promise<Message> {
    return new Promise((done) => {
      this.waiting = { names, done };
    });
  }

  /** Moves, and waits for the stop or the end. */
  async move(command: string): Promise<Message> {
    const stopped = this.event("stopped", "terminated");
    await this.request(command, { threadId: 1 });
    return stopped;
  }

  /** What an editor asks at a stop, with all scopes open: a page of each that is long. */
  async look(): Promise<void> {
    await this.request("threads");
    const { stackFrames } = await this.request("stackTrace", { threadId: 1, startFrame: 0, levels: 20 });
    const { scopes } = await this.request("scopes", { frameId: stackFrames[0].id });
    for (const { variablesReference, indexedVariables } of scopes) {
      const page = indexedVariables === undefined ? {} : { start: 0, count: 100, filter: "indexed" };
      await this.request("variables", { variablesReference, ...page });
    }
  }

  private receive(message: Message): void {
    if (message.type === "response") {
      this.pending.get(message.request_seq ?? 0)?.(message);
      this.pending.delete(message.request_seq ?? 0);
    } else if (this.waiting?.names.includes(message.event ?? "")) {
      const { done } = this.waiting;
      this.waiting = undefined;
      done(message);
    }
  }
}
