import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { longQueues, queueBesideGuests, sharedPages } from "../runner/long-statements.ts";
import { DapClient } from "./dap-client.ts";

const SCRIPTS = [
  ["a queue of 4,000 INVALLs", longQueues("kvm-7.2", 1, 4000)],
  ["a restore of shared pages", sharedPages("kvm-7.2", 1)],
] as const;

/** A session that is stopped before the line that takes long. */
async function beforeLongLine(text: string): Promise<{ dap: DapClient; line: number }> {
  const lines = text.split("\n");
  const line = lines.findIndex((one) => one.startsWith("write GITS_CWRITER") || one === "restore") + 1;
  return { dap: await DapClient.stopped(text, line), line };
}

/** Lets the line begin, and pauses in it. @returns the event of the stop */
async function pausedInside(dap: DapClient) {
  const going = dap.request("next", { threadId: 1 });
  const pausing = dap.request("pause", { threadId: 1 });
  await Promise.all([going, pausing]);
  return dap.event("stopped");
}

const frameOf = async (dap: DapClient) => (await dap.request("stackTrace", { threadId: 1 })).stackFrames[0];

describe("a line that takes long, in the debugger", () => {
  for (const [what, text] of SCRIPTS) {
    it(`is paused in its middle, and says so: ${what}`, async () => {
      const { dap, line } = await beforeLongLine(text);
      const { body } = await pausedInside(dap);
      const frame = await frameOf(dap);
      assert.deepEqual([body.reason, frame.line], ["pause", line]);
      assert.match(body.description, /^In the middle of this line, after \d+ commands?$/);
      assert.match(frame.name, /^in the middle of /);
    });

    it(`is taken back from its middle as if it had not begun: ${what}`, async () => {
      const { dap } = await beforeLongLine(text);
      const before = await dap.tree();
      await pausedInside(dap);
      await dap.request("stepBack", { threadId: 1 });
      await dap.event("stopped");
      assert.deepEqual(await dap.tree(), before);
    });

    it(`goes on from its middle to the end that it has without a pause: ${what}`, async () => {
      const straight = await beforeLongLine(text);
      await straight.dap.request("next", { threadId: 1 });
      await straight.dap.event("stopped", "terminated");
      const { dap } = await beforeLongLine(text);
      await pausedInside(dap);
      await dap.request("next", { threadId: 1 });
      await dap.event("stopped", "terminated");
      assert.deepEqual(await dap.tree(), await straight.dap.tree());
    });
  }

  it("may be looked at in its middle, with vCPUs in their guests, and ends as it ends without a look", async () => {
    const text = queueBesideGuests();
    const ended = async (look: boolean) => {
      const { dap } = await beforeLongLine(text);
      await pausedInside(dap);
      assert.match((await frameOf(dap)).name, /^in the middle of /);
      if (look) await dap.tree();
      await dap.request("next", { threadId: 1 });
      await dap.event("stopped");
      return dap.tree();
    };
    assert.deepEqual(await ended(true), await ended(false));
  });

  it("lets nothing be changed in its middle, with a sentence", async () => {
    const { dap, line } = await beforeLongLine(SCRIPTS[0][1]);
    await pausedInside(dap);
    const message = await dap.failure("evaluate", { expression: "write GITS_CTLR = 0", context: "repl", frameId: 1 });
    assert.equal(
      message,
      `Line ${line} is in the middle of being carried out. Step over it or step back before you change anything.`,
    );
  });

  it("of the console is interrupted by the end of the session, and answered", async () => {
    const { dap } = await beforeLongLine(SCRIPTS[0][1]);
    const statement = dap.failure("evaluate", {
      expression: "write GITS_CWRITER = 0xfffe0",
      context: "repl",
      frameId: 1,
    });
    await dap.request("disconnect");
    assert.equal(await statement, "It was interrupted and taken back.");
  });
});
