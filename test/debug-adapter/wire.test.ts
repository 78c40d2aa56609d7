import assert from "node:assert/strict";
import net from "node:net";
import path from "node:path";
import { describe, it } from "node:test";
import { example, framed, gicwbDap, portOf, RawClient } from "./raw-client.ts";
import { matchesGolden } from "./transcript.ts";

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
    const adapter = gicwbDap("--port", "0");
    const { child, ended } = adapter;
    const port = await portOf(adapter);
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
