import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { longQueues } from "../runner/long-statements.ts";
import { DapClient, SCRIPT } from "./dap-client.ts";

const LINES = 5000;
const script = `${Array.from({ length: LINES }, (_, at) => `MAPC ICID=${at % 100}, RDbase=0\n`).join("")}read GITS_CTLR\n`;
const WANTS = { supportsProgressReporting: true };

/** A clock that goes on by some milliseconds whenever it is looked at: so slow is the machine. */
function slowClock(step = 20): () => number {
  let now = 0;
  return () => {
    now += step;
    return now;
  };
}

/** A session whose adapter is slow, launched; nothing has run. */
async function slow(text = script, client: object = WANTS, step = 20): Promise<DapClient> {
  const dap = await DapClient.unlaunched(text, client, slowClock(step));
  await dap.request("launch", { program: SCRIPT, stopOnEntry: true });
  await dap.event("initialized");
  await dap.request("configurationDone");
  await dap.event("stopped");
  return dap;
}

const progressOf = (dap: DapClient): DebugProtocol.Event[] =>
  dap.events.filter(({ event }) => event.startsWith("progress"));

describe("progress of work that takes long", () => {
  it("begins, goes on and ends with a run, and says how far it is", async () => {
    const dap = await slow();
    await dap.request("continue", { threadId: 1 });
    await dap.event("terminated");
    const [first, second, ...rest] = progressOf(dap);
    assert.deepEqual(
      [first.event, first.body.title, first.body.cancellable],
      ["progressStart", "Running the script", true],
    );
    assert.match(first.body.message, /^line \d+ of 5002$/);
    assert.equal(second.event, "progressUpdate");
    assert.ok(second.body.percentage >= first.body.percentage);
    assert.equal(rest.at(-1)?.event, "progressEnd");
    assert.ok(progressOf(dap).every(({ body }) => body.progressId === first.body.progressId));
  });

  it("is not told to a client that does not want to know, nor of work that is soon over", async () => {
    const dap = await slow(script, {});
    await dap.request("continue", { threadId: 1 });
    await dap.event("terminated");
    assert.deepEqual(progressOf(dap), []);
    const quick = await slow(script, WANTS, 0.001);
    await quick.request("continue", { threadId: 1 });
    await quick.event("terminated");
    assert.deepEqual(progressOf(quick), []);
  });

  it("can be cancelled: the run stops, and says where; it goes on from there", async () => {
    const dap = await slow();
    await dap.request("continue", { threadId: 1 });
    const { body } = await dap.event("progressStart");
    await dap.request("cancel", { progressId: body.progressId });
    const end = await dap.event("progressEnd");
    assert.match(end.body.message, /^Stopped at line \d+$/);
    const stopped = await dap.event("stopped");
    assert.deepEqual([stopped.body.reason, stopped.body.description], ["pause", end.body.message]);
    const { stackFrames } = await dap.request("stackTrace", { threadId: 1 });
    assert.equal(`Stopped at line ${stackFrames[0].line}`, end.body.message);
    await dap.request("continue", { threadId: 1 });
    await dap.event("terminated");
  });

  it("is told of a line that takes long, with the commands so far", async () => {
    const text = longQueues("kvm-7.2", 1, 4000);
    const line = text.split("\n").findIndex((one) => one.startsWith("write GITS_CWRITER")) + 1;
    const dap = await slow(`${text}\nread GITS_CTLR\n`);
    await dap.request("setBreakpoints", { source: { path: SCRIPT }, breakpoints: [{ line: line + 1 }] });
    await dap.request("continue", { threadId: 1 });
    await dap.event("stopped", "terminated");
    const inside = progressOf(dap).find(({ body }) => /commands so far/.test(body.message ?? ""));
    assert.ok(inside !== undefined, JSON.stringify(progressOf(dap).map(({ body }) => body.message)));
  });

  it("is told of a script that is being read, lines by lines", async () => {
    const dap = await DapClient.unlaunched("expect 1\n".repeat(30_000), WANTS, slowClock(600));
    await dap.request("launch", { program: SCRIPT, stopOnEntry: true });
    await dap.event("initialized");
    const [first, ...rest] = progressOf(dap);
    assert.deepEqual([first.event, first.body.title], ["progressStart", "Reading the script"]);
    assert.match(first.body.message, /^line \d+ of 30001$/);
    assert.ok(first.body.percentage > 0 && first.body.percentage < 100);
    assert.equal(rest.at(-1)?.event, "progressEnd");
    await dap.request("configurationDone");
    assert.equal((await dap.event("stopped")).body.reason, "entry");
  });

  it("ends the reading when it is cancelled, by its own id or by that of the launch, or the client goes; another launch may follow", async () => {
    // Blocks are bound when all lines are read: they are slices, too.
    const text = `for i in 0..1 {\n${"expect 1\n".repeat(20_000)}}\n`;
    const ends = [
      (dap: DapClient, body: { progressId: string }) => dap.request("cancel", { progressId: body.progressId }),
      (dap: DapClient, _: unknown, launch: number) => dap.request("cancel", { requestId: launch }),
      (dap: DapClient) => dap.request("disconnect", {}),
    ];
    for (const [at, end] of ends.entries()) {
      const dap = await DapClient.unlaunched(text, WANTS, slowClock(300));
      const seq = dap.nextSeq;
      const failed = dap.failure("launch", { program: SCRIPT });
      const { body } = await dap.event("progressStart");
      const ended = end(dap, body, seq);
      assert.equal(await failed, "cancelled");
      await ended;
      assert.deepEqual(progressOf(dap).at(-1)?.event, "progressEnd");
      assert.ok(progressOf(dap).every((event) => (event.body.percentage ?? 0) < 100));
      if (at === 2) continue;
      await dap.request("launch", { program: SCRIPT, stopOnEntry: true });
      await dap.event("initialized");
    }
  });

  it("is told of the way back without a percentage, and a cancel of what is over does nothing", async () => {
    const dap = await slow();
    await dap.request("setBreakpoints", { source: { path: SCRIPT }, breakpoints: [{ line: LINES }] });
    await dap.request("continue", { threadId: 1 });
    await dap.event("stopped");
    const told = progressOf(dap).length;
    // Watched values are looked at line by line.
    await dap.request("setDataBreakpoints", { breakpoints: [{ dataId: "GITS_BASER0", accessType: "write" }] });
    await dap.request("setBreakpoints", { source: { path: SCRIPT }, breakpoints: [] });
    await dap.request("reverseContinue", { threadId: 1 });
    await dap.event("stopped");
    const back = progressOf(dap).slice(told);
    assert.deepEqual([back[0].body.title, back[0].body.percentage], ["Going back", undefined]);
    assert.equal(back.at(-1)?.event, "progressEnd");
    await dap.request("cancel", { progressId: back[0].body.progressId });
    assert.equal(await dap.where("still"), "still 1");
  });

  it("is told of a search of the console through the past, which a cancel takes back", async () => {
    const dap = await slow();
    await dap.request("setBreakpoints", { source: { path: SCRIPT }, breakpoints: [{ line: LINES }] });
    await dap.request("continue", { threadId: 1 });
    await dap.event("stopped");
    const told = progressOf(dap).length;
    assert.match(await dap.evaluate("who GITS_BASER0", "repl"), /no line of the script has changed it/);
    const [start, ...rest] = progressOf(dap).slice(told);
    assert.deepEqual([start.event, start.body.title], ["progressStart", "Looking through what has run"]);
    assert.equal(rest.at(-1)?.event, "progressEnd");
    await dap.event("progressEnd");
    for (const expression of ["who GITS_BASER0", "back GITS_BASER0"]) {
      const failed = dap.failure("evaluate", { expression, context: "repl" });
      const { body } = await dap.event("progressStart");
      await dap.request("cancel", { progressId: body.progressId });
      assert.match(await failed, /interrupted|taken back|cancelled/i);
      assert.equal(await dap.where("still"), `still ${LINES}`);
    }
  });
});
