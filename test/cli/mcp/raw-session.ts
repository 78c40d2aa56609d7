import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import process from "node:process";
import { createInterface } from "node:readline";

/** A message of the server. */
export interface Reply {
  readonly id?: string | number | null;
  readonly method?: string;
  readonly result?: { readonly isError?: boolean; readonly content?: readonly { readonly text: string }[] };
  readonly error?: { readonly code: number; readonly message: string };
}

/** A server to which lines are sent as they are. */
export class RawSession {
  readonly child: ChildProcessWithoutNullStreams;
  /** Exit code of the server. */
  readonly ended: Promise<number | null>;
  private readonly lines: AsyncIterator<string>;

  constructor(main: string, cwd: string) {
    this.child = spawn(process.execPath, [main, "mcp"], { cwd });
    this.ended = new Promise((resolve) => this.child.on("exit", resolve));
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  send(line: string | object): void {
    this.child.stdin.write(`${typeof line === "string" ? line : JSON.stringify(line)}\n`);
  }

  /** The server's next message. */
  async next(): Promise<Reply> {
    const { value, done } = await this.lines.next();
    if (done) throw new Error("the server has ended");
    return JSON.parse(value);
  }

  /** The answer to a request. */
  async ask(method: string, params: object, id: string | number = 1): Promise<Reply> {
    this.send({ jsonrpc: "2.0", id, method, params });
    return this.next();
  }

  async initialize(): Promise<Reply> {
    const params = { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "raw", version: "1" } };
    const reply = await this.ask("initialize", params, 0);
    this.send({ jsonrpc: "2.0", method: "notifications/initialized" });
    return reply;
  }

  /** Closes the client's side. @returns the server's exit code */
  close(): Promise<number | null> {
    this.child.stdin.end();
    return this.ended;
  }
}
