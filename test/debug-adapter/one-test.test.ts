import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DapClient, SCRIPT } from "./dap-client.ts";

const script = `MAPC ICID=0, RDbase=0
test "first" {
  expect 1 == 2, "of the first"
}
test "second" {
  expect cte[0].valid == 1, "a machine of its own"
  print "second"
}
test "third" {
  expect 1 == 3, "of the third"
}
print "the end"
`;

describe("a session about one test", () => {
  it("passes over the others", async () => {
    const dap = await DapClient.launch(script, { test: "second", noDebug: true });
    await dap.request("configurationDone");
    assert.equal((await dap.event("exited")).body.exitCode, 1);
    const said = dap.text("console");
    assert.match(said, /^Expectations: 0 kept, 1 failed: line 6\.$/m);
    assert.doesNotMatch(said, /of the first|of the third/);
  });

  it("steps from the line above the first test to the one that it is about, and behind it", async () => {
    const dap = await DapClient.launch(script, { test: "second", stopOnEntry: true });
    await dap.request("configurationDone");
    const lines: number[] = [];
    for (let at = 0; at < 6; at++) {
      await dap.event("stopped");
      lines.push((await dap.request("stackTrace", { threadId: 1 })).stackFrames[0].line);
      await dap.request("next", { threadId: 1 });
    }
    // An expectation that fails stops where it stands once more: it has run, and the step from there runs the line below.
    assert.deepEqual(lines, [1, 5, 6, 6, 8, 12]);
  });

  it("has breakpoints in the others that nothing reaches", async () => {
    const dap = await DapClient.launch(script, { test: "third", stopAtEnd: true });
    await dap.request("setExceptionBreakpoints", { filters: [] });
    await dap.request("setBreakpoints", { source: { path: SCRIPT }, breakpoints: [{ line: 3 }, { line: 9 }] });
    await dap.request("configurationDone");
    await dap.event("stopped");
    assert.equal((await dap.request("stackTrace", { threadId: 1 })).stackFrames[0].line, 9);
  });

  it("is refused for a title that no test has, and for what is no text", async () => {
    await assert.rejects(DapClient.launch(script, { test: "fourth" }), {
      message: /test\.itscmd has no test "fourth"\. It has "first", "second", "third"\./,
    });
    await assert.rejects(DapClient.launch(script, { test: 4 }), {
      message: /"test" of the launch configuration is the title/,
    });
  });
});
