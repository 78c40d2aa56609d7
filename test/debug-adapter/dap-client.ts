import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { errors } from "../../debug-adapter/errors.ts";
import type { RequestBodies } from "../../debug-adapter/request-types.ts";
import { GicDebugSession } from "../../debug-adapter/session.ts";
import { fileSource } from "../../debug-adapter/sources/file-source.ts";
import type { ScriptSource } from "../../debug-adapter/sources/script-source.ts";

export type Body<Command extends keyof RequestBodies> = NonNullable<RequestBodies[Command]>;

/** Name of the script of {@link DapClient.launch}. */
export const SCRIPT = "/scripts/test.itscmd";

/** A source with one script; every other path is of the file system. */
function oneScript(text: string): ScriptSource {
  return {
    ...fileSource,
    read: (path) =>
      path === SCRIPT
        ? text === ""
          ? Promise.reject(errors.empty(path))
          : Promise.resolve(text)
        : fileSource.read(path),
  };
}

/** An editor's side of the protocol, over streams in this process. */
export class DapClient {
  /** Every event so far. */
  readonly events: DebugProtocol.Event[] = [];
  exited = false;

  private readonly input = new PassThrough();
  private readonly output = new PassThrough();
  private readonly pending = new Map<number, (response: DebugProtocol.Response) => void>();
  private waiting: {
    readonly wanted: (event: DebugProtocol.Event) => boolean;
    readonly done: (event: DebugProtocol.Event) => void;
  }[] = [];
  private received = Buffer.alloc(0);
  private seq = 1;
  /** Index of the first event that {@link event} has not given. */
  private read = 0;

  /** @param now the adapter's clock */
  constructor(source: ScriptSource, now?: () => number) {
    const session = new GicDebugSession({
      source,
      ...(now === undefined ? {} : { now }),
      schedule: setImmediate,
      exit: () => {
        this.exited = true;
      },
    });
    session.start(this.input, this.output);
    this.output.on("data", (data: Buffer) => this.receive(data));
  }

  /** A session over one script, initialized. */
  static async unlaunched(script: string, client: object = {}, now?: () => number): Promise<DapClient> {
    const dap = new DapClient(oneScript(script), now);
    await dap.initialize(client);
    return dap;
  }

  /** A session over one script, initialized and launched; configuration is not done yet. */
  static async launch(script: string, attributes: object = {}, client: object = {}): Promise<DapClient> {
    const dap = await DapClient.unlaunched(script, client);
    await dap.request("launch", { program: SCRIPT, ...attributes });
    await dap.event("initialized");
    return dap;
  }

  /** As {@link launch}, stopped at a line (from 1) by a breakpoint there, or before the first statement. */
  static async stopped(script: string, line?: number, client: object = {}): Promise<DapClient> {
    const dap = await DapClient.launch(script, { stopOnEntry: line === undefined }, client);
    if (line !== undefined) await dap.request("setBreakpoints", { source: { path: SCRIPT }, breakpoints: [{ line }] });
    await dap.request("configurationDone");
    await dap.event("stopped");
    return dap;
  }

  initialize(client: object = {}): Promise<Body<"initialize">> {
    return this.request("initialize", {
      adapterID: "gic",
      pathFormat: "path",
      supportsVariableType: true,
      supportsMemoryReferences: true,
      ...client,
    });
  }

  /** A request that succeeds. */
  async request<Command extends keyof RequestBodies>(command: Command, args?: object): Promise<Body<Command>> {
    const response = await this.send(command, args);
    assert.equal(response.success, true, `${command}: ${response.message}`);
    return response.body;
  }

  /** The message of a request that fails. */
  async failure(command: string, args?: unknown): Promise<string> {
    const response = await this.send(command, args);
    assert.equal(response.success, false, `${command} succeeded`);
    assert.equal(response.body.error.variables._text, response.message);
    return response.message ?? "";
  }

  /** The number that the next request has. */
  get nextSeq(): number {
    return this.seq;
  }

  send(command: string, args?: unknown): Promise<DebugProtocol.Response> {
    const seq = this.seq++;
    const text = JSON.stringify({ seq, type: "request", command, arguments: args });
    return new Promise((done) => {
      this.pending.set(seq, done);
      this.input.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
    });
  }

  /** The next event of one of these kinds; those before it are passed over. */
  event(...names: readonly string[]): Promise<DebugProtocol.Event> {
    const wanted = (event: DebugProtocol.Event): boolean => names.includes(event.event);
    for (; this.read < this.events.length; ) {
      const event = this.events[this.read++];
      if (wanted(event)) return Promise.resolve(event);
    }
    return new Promise((done) => {
      this.waiting.push({ wanted, done });
    });
  }

  /** Moves and waits for the stop; gives its reason and, from 1, the line of the frame. */
  async move(command: "next" | "stepBack" | "continue" | "reverseContinue" | "pause"): Promise<string> {
    await this.request(command, { threadId: 1 });
    return this.where((await this.event("stopped")).body.reason);
  }

  async where(reason: string): Promise<string> {
    const { stackFrames } = await this.request("stackTrace", { threadId: 1 });
    return `${reason} ${stackFrames[0].line}`;
  }

  /** Text of the output events so far, of one category. */
  text(category: string): string {
    return this.events
      .filter(({ event, body }) => event === "output" && body.category === category)
      .map(({ body }) => body.output)
      .join("");
  }

  async evaluate(expression: string, context = "watch", format?: object): Promise<string> {
    return (await this.request("evaluate", { expression, context, frameId: 1, format })).result;
  }

  /** Every variable below a scope, each with its path, down to the leaves. */
  async tree(scopeName?: string): Promise<string[]> {
    const lines: string[] = [];
    const { scopes } = await this.request("scopes", { frameId: 1 });
    const walk = async (path: string, variablesReference: number): Promise<void> => {
      for (const variable of (await this.request("variables", { variablesReference })).variables) {
        lines.push(`${path}${variable.name} = ${variable.value}`);
        if (variable.variablesReference > 0) await walk(`${path}${variable.name} / `, variable.variablesReference);
      }
    };
    for (const { name, variablesReference } of scopes) {
      if (scopeName === undefined || name === scopeName) await walk(`${name} / `, variablesReference);
    }
    return lines;
  }

  private receive(data: Buffer): void {
    this.received = Buffer.concat([this.received, data]);
    for (;;) {
      const header = /^Content-Length: (\d+)\r\n\r\n/.exec(this.received.toString("latin1", 0, 64));
      if (header === null) return;
      const end = header[0].length + Number(header[1]);
      if (this.received.length < end) return;
      const message = JSON.parse(this.received.toString("utf8", header[0].length, end));
      this.received = this.received.subarray(end);
      this.dispatch(message);
    }
  }

  private dispatch(message: DebugProtocol.Response | DebugProtocol.Event): void {
    if (message.type === "response") {
      const response = message as DebugProtocol.Response;
      this.pending.get(response.request_seq)?.(response);
      this.pending.delete(response.request_seq);
      return;
    }
    const event = message as DebugProtocol.Event;
    this.events.push(event);
    const [first] = this.waiting;
    if (first === undefined) return;
    this.read = this.events.length;
    if (!first.wanted(event)) return;
    this.waiting.shift();
    first.done(event);
  }
}
