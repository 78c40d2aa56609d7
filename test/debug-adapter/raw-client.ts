import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";

const cli = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));
export const example = path.resolve(path.dirname(cli), "../examples/first-msi.itscmd");

export interface Message {
  readonly type: string;
  readonly event?: string;
  readonly command?: string;
  readonly request_seq?: number;
  readonly success?: boolean;
  readonly message?: string;
  // biome-ignore lint/suspicious/noExplicitAny: each message has a body of its own
  readonly body?: any;
}

export const framed = (text: string): string => `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;

/** A client that knows nothing but bytes. */
export class RawClient {
  readonly messages: Message[] = [];
  private received = Buffer.alloc(0);
  private waiting: (() => void) | undefined;
  private seq = 1;
  private readonly write: (text: string) => void;

  constructor(input: NodeJS.WritableStream, output: NodeJS.ReadableStream) {
    this.write = (text) => input.write(text);
    output.on("data", (data: Buffer) => this.receive(data));
  }

  raw(text: string): void {
    this.write(text);
  }

  async request(command: string, args: object = {}): Promise<Message> {
    const seq = this.seq++;
    this.write(framed(JSON.stringify({ seq, type: "request", command, arguments: args })));
    return await this.until((message) => message.type === "response" && message.request_seq === seq);
  }

  async until(wanted: (message: Message) => boolean): Promise<Message> {
    for (;;) {
      const found = this.messages.find(wanted);
      if (found !== undefined) return found;
      await new Promise<void>((done) => {
        this.waiting = done;
      });
    }
  }

  private receive(data: Buffer): void {
    this.received = Buffer.concat([this.received, data]);
    for (;;) {
      const end = this.received.indexOf("\r\n\r\n");
      const length = Number(/Content-Length: (\d+)/.exec(this.received.toString("latin1", 0, Math.max(end, 0)))?.[1]);
      if (end < 0 || this.received.length < end + 4 + length) return;
      this.messages.push(JSON.parse(this.received.toString("utf8", end + 4, end + 4 + length)));
      this.received = this.received.subarray(end + 4 + length);
      this.waiting?.();
    }
  }
}

export interface Process {
  readonly client: RawClient;
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<{ readonly code: number | null; readonly stderr: string }>;
}

/** Starts `gicwb dap`. */
export function gicwbDap(...args: readonly string[]): Process {
  const child = spawn(process.execPath, [cli, "dap", ...args]);
  let stderr = "";
  child.stderr.on("data", (data: Buffer) => {
    stderr += data.toString();
  });
  child.stdin.on("error", () => undefined);
  const ended = new Promise<{ code: number | null; stderr: string }>((done) => {
    child.on("close", (code) => done({ code, stderr }));
  });
  return { client: new RawClient(child.stdin, child.stdout), child, ended };
}

/** The port that `gicwb dap --port 0` has chosen. */
export function portOf({ child }: Process): Promise<number> {
  return new Promise((done) => {
    child.stderr.on("data", (data: Buffer) => done(Number(/port (\d+)/.exec(data.toString())?.[1])));
  });
}
