import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, it } from "node:test";
import { longQueues } from "../runner/long-statements.ts";
import { example, gicwbDap, portOf, RawClient } from "./raw-client.ts";

const folder = mkdtempSync(path.join(tmpdir(), "gicwb-ended-"));
after(() => rmSync(folder, { recursive: true }));
const longRun = path.join(folder, "long-run.itscmd");
writeFileSync(longRun, longQueues("kvm-7.2", 100));

const SENTENCE = "The debug adapter was told to end, so the session ends. Start the adapter and the session again.\n";

/** A session in the middle of its run. */
async function running(client: RawClient): Promise<void> {
  await client.request("initialize", { adapterID: "gic" });
  assert.equal((await client.request("launch", { program: longRun })).success, true);
  await client.until(({ event }) => event === "initialized");
  await client.request("configurationDone");
  // The first line has run, and a hundred queues follow.
  await client.until(({ event, body }) => event === "output" && /MAPC/.test(body.output));
}

/** A session from its start to the end of the example. */
async function whole(client: RawClient): Promise<void> {
  await client.request("initialize", { adapterID: "gic" });
  assert.equal((await client.request("launch", { program: example, stopAtEnd: true })).success, true);
  await client.until(({ event }) => event === "initialized");
  await client.request("configurationDone");
  await client.until(({ event }) => event === "stopped");
}

/** The last that a client has heard. */
const heard = ({ messages }: RawClient): readonly string[] =>
  messages.slice(-2).map(({ event, body }) => body?.output ?? event);

function connected(port: number): { readonly client: RawClient; readonly socket: net.Socket } {
  const socket = net.connect(port, "127.0.0.1");
  return { client: new RawClient(socket, socket), socket };
}

describe("gicwb dap that is ended in the middle of a run", () => {
  it("says so and ends the session, on standard input and output", async () => {
    const { client, child, ended } = gicwbDap("--stdio");
    await running(client);
    child.kill("SIGTERM");
    assert.deepEqual(await ended, { code: 0, stderr: "" });
    assert.deepEqual(heard(client), [SENTENCE, "terminated"]);
  });

  it("says so to each of its connections", async () => {
    const adapter = gicwbDap("--port", "0");
    const port = await portOf(adapter);
    const [one, other] = [connected(port), connected(port)];
    await Promise.all([running(one.client), running(other.client)]);
    const closed = Promise.all([once(one.socket, "close"), once(other.socket, "close")]);
    adapter.child.kill("SIGTERM");
    await closed;
    assert.equal((await adapter.ended).code, 0);
    for (const { client } of [one, other]) assert.deepEqual(heard(client), [SENTENCE, "terminated"]);
  });

  it("leaves no client waiting when it is killed, and another one serves the next session", async () => {
    const { client, child } = gicwbDap("--stdio");
    await running(client);
    const closed = once(child.stdout, "close");
    child.kill("SIGKILL");
    await closed;
    const next = gicwbDap("--stdio");
    await whole(next.client);
    await next.client.request("disconnect");
    assert.deepEqual(await next.ended, { code: 0, stderr: "" });
  });

  it("goes on for the others when one client falls over", async () => {
    const adapter = gicwbDap("--port", "0");
    const port = await portOf(adapter);
    const fallen = connected(port);
    await running(fallen.client);
    fallen.socket.resetAndDestroy();
    const other = connected(port);
    await whole(other.client);
    await other.client.request("disconnect");
    adapter.child.kill("SIGTERM");
    assert.equal((await adapter.ended).code, 0);
  });
});
