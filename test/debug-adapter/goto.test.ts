import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DapClient, SCRIPT } from "./dap-client.ts";

const script =
  "MAPC ICID=1, RDbase=0\n# a comment\nMAPC ICID=1, RDbase=1\nMAPC ICID=1, RDbase=2\nMAPC ICID=1, RDbase=3\n";
const source = { path: SCRIPT };

describe("jumping", () => {
  it("goes back to before a line that has run, exactly, from a comment to the next statement", async () => {
    const dap = await DapClient.stopped(script, 5);
    const { targets } = await dap.request("gotoTargets", { source, line: 2 });
    assert.deepEqual(
      targets.map(({ label, line }) => [label, line]),
      [["Back to line 3", 3]],
    );
    await dap.request("goto", { threadId: 1, targetId: targets[0].id });
    assert.equal(await dap.where((await dap.event("stopped")).body.reason), "goto 3");
    assert.equal(await dap.evaluate("cte[1].RDbase"), "0");
  });

  it("offers no line that has not run, and refuses one", async () => {
    const dap = await DapClient.stopped(script, 3);
    assert.deepEqual(await dap.request("gotoTargets", { source, line: 4 }), { targets: [] });
    assert.match(await dap.failure("goto", { threadId: 1, targetId: 3 }), /Line 4 has not run/);
  });

  it("goes to the start by restarting the frame", async () => {
    const dap = await DapClient.stopped(script, 5);
    await dap.request("restartFrame", { frameId: 1 });
    assert.equal(await dap.where((await dap.event("stopped")).body.reason), "goto 1");
    assert.equal(await dap.evaluate("cte[1]"), "not mapped");
  });
});
