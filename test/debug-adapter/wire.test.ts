import assert from "node:assert/strict";
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import net from "node:net";
import path from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { matchesGolden } from "./transcript.ts";

const cli = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));
const example = path.resolve(path.dirname(cli), "../examples/first-msi.itscmd");

interface Message {
  readonly type: string;
  readonly event?: string;
  readonly command?: string;
  readonly request_seq?: number;
  readonly success?: boolean;
  readonly message?: string;
  // biome-ignore lint/suspicious/noExplicitAny: each message has a body of its own
  readonly body?: any;
}

const framed = (text: string): string => `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;

/** A client that knows nothing but bytes. */
class RawClient {
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

interface Process {
  readonly client: RawClient;
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<{ readonly code: number | null; readonly stderr: string }>;
}

function gicwbDap(...args: readonly string[]): Process {
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

/** A session from its first request to the stop at the end of the example. */
async function session(client: RawClient): Promise<void> {
  assert.equal((await client.request("initialize", { adapterID: "gic" })).body.supportsStepBack, true);
  assert.equal((await client.request("launch", { program: example, stopOnEntry: true })).success, true);
  await client.until(({ event }) => event === "initialized");
  const early = await client.request("next", { threadId: 1 });
  assert.equal(early.message, '"next" comes too early: send "configurationDone" first.');
  await client.request("configurationDone");
  await client.until(({ event }) => event === "stopped");
  assert.match((await client.request("configurationDone")).message ?? "", /sent already/);
  await client.request("next", { threadId: 1 });
  await client.until(({ event, body }) => event === "stopped" && body.reason === "step");
}

describe("gicwb dap", () => {
  it("serves a raw client over standard input and output, and ends with 0 when it disconnects", async () => {
    const { client, ended } = gicwbDap("--stdio");
    await session(client);
    const { body } = await client.request("threads");
    assert.equal(body.threads[0].name, "ITS 0");
    await client.request("disconnect");
    assert.deepEqual(await ended, { code: 0, stderr: "" });
  });

  it("says to a raw client what the golden has, message by message", async () => {
    const { client, ended } = gicwbDap("--stdio");
    await session(client);
    await client.request("gic/timeline", { text: "", failed: false, from: 0, count: 2 });
    await client.request("gic/goTo", { line: 7 });
    await client.until(({ event, body }) => event === "stopped" && body.reason === "goto");
    await client.request("disconnect");
    await ended;
    const lines = client.messages.map(({ type, event, command, success, message, body }) =>
      type === "event"
        ? `⚡ ${event} ${JSON.stringify(body ?? {})}`
        : `← ${command} ${success ? JSON.stringify(body ?? {}) : `✗ ${message}`}`,
    );
    matchesGolden("gicwb-dap", `${lines.join("\n")}\n`.replaceAll(path.dirname(example), "PLACE"));
  });

  it("ends with 0 when its input does", async () => {
    const { client, child, ended } = gicwbDap();
    await client.request("initialize", { adapterID: "gic" });
    child.stdin.end();
    assert.deepEqual(await ended, { code: 0, stderr: "" });
  });

  const broken: readonly (readonly [what: string, text: string, message: RegExp])[] = [
    ["no JSON", framed("{nonsense"), /a message is not JSON/],
    ["no header", "GET / HTTP/1.1\r\n\r\n", /a header has no Content-Length: "GET \/ HTTP\/1\.1"/],
    ["an endless header", "x".repeat(5000), /a header is longer than 4096 bytes/],
    ["a message of 900 MB", "Content-Length: 900000000\r\n\r\n", /longer than 67108864/],
    ["a list", framed("[1, 2]"), /a message is no request/],
  ];
  for (const [what, text, message] of broken) {
    it(`ends with 2 and says why when it gets ${what}`, async () => {
      const { client, ended } = gicwbDap();
      client.raw(text);
      const { code, stderr } = await ended;
      assert.equal(code, 2);
      assert.match(stderr, message);
    });
  }

  it("answers requests that name no command or type, and unknown ones", async () => {
    const { client, child, ended } = gicwbDap();
    client.raw(framed('{"seq": 900, "type": "request"}'));
    assert.match(
      (await client.until(({ request_seq }) => request_seq === 900)).message ?? "",
      /its "command" is missing/,
    );
    client.raw(framed('{"seq": 901, "command": "threads"}'));
    assert.match((await client.until(({ request_seq }) => request_seq === 901)).message ?? "", /its "type" is missing/);
    assert.match((await client.request("stepSideways")).message ?? "", /has no request "stepSideways"/);
    child.stdin.end();
    assert.equal((await ended).code, 0);
  });

  it("serves connections on a port", async () => {
    const { child, ended } = gicwbDap("--port", "0");
    const port = await new Promise<number>((done) => {
      child.stderr.on("data", (data: Buffer) => done(Number(/port (\d+)/.exec(data.toString())?.[1])));
    });
    for (let connection = 0; connection < 2; connection++) {
      const socket = net.connect(port, "127.0.0.1");
      const client = new RawClient(socket, socket);
      await session(client);
      await client.request("disconnect");
      socket.destroy();
    }
    child.kill("SIGTERM");
    assert.equal((await ended).code, 0);
  });

  it("refuses what it cannot do", async () => {
    const { ended } = gicwbDap("--stdio", "--port", "1");
    assert.match((await ended).stderr, /--stdio or --port, not both/);
  });
});
