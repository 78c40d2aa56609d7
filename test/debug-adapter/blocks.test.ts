import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DapClient, SCRIPT } from "./dap-client.ts";

const script = `macro map_event event, lpi {
  MAPTI DeviceID=8, EventID=event, pINTID=lpi, ICID=0
}
MAPC ICID=0, RDbase=0
MAPD DeviceID=8, Size=4, ITT_addr=0x40400000
for i in 0..3 {
  map_event event=i, lpi=8192 + i
}
test "own" {
  expect dte[8].valid == 0
}
print dte[8].valid
`;
const source = { path: SCRIPT };

async function stoppedAt(breakpoints: readonly object[], text = script): Promise<DapClient> {
  const dap = await DapClient.launch(text);
  await dap.request("setBreakpoints", { source, breakpoints });
  await dap.request("configurationDone");
  await dap.event("stopped");
  return dap;
}

async function frames(dap: DapClient): Promise<(string | number)[][]> {
  const { stackFrames } = await dap.request("stackTrace", { threadId: 1 });
  return stackFrames.map(({ name, line }) => [name, line]);
}

describe("debugging loops, macros and tests", () => {
  it("shows the line of a macro, the line that called it, and the names there", async () => {
    const dap = await stoppedAt([{ line: 2 }]);
    assert.deepEqual(await frames(dap), [
      ["MAPTI DeviceID=8, EventID=event, pINTID=lpi, ICID=0", 2],
      ["map_event event=i, lpi=8192 + i", 7],
    ]);
    assert.equal(await dap.evaluate("lpi"), "0x2000 (8192)");
    assert.match(await dap.failure("evaluate", { expression: "i", context: "watch" }), /'i' is not defined/);
  });

  it("stops in each turn, or in the one that a condition or a count names", async () => {
    const each = await stoppedAt([{ line: 7 }]);
    assert.equal(await each.evaluate("i"), "0");
    assert.equal(await each.move("continue"), "breakpoint 7");
    assert.equal(await each.evaluate("i"), "1");
    const third = await stoppedAt([{ line: 7, hitCondition: "3" }]);
    assert.equal(await third.evaluate("i"), "2");
    const last = await stoppedAt([{ line: 2, condition: "lpi == 8195" }]);
    assert.equal(await last.evaluate("event"), "3");
  });

  it("steps by lines, each turn from the line of the loop, and back the same way", async () => {
    const dap = await stoppedAt([{ line: 6 }]);
    const lines: string[] = [];
    for (let count = 0; count < 6; count++) lines.push(await dap.move("next"));
    assert.deepEqual(lines, ["step 7", "step 2", "step 6", "step 7", "step 2", "step 6"]);
    for (let count = 0; count < 6; count++) lines.push(await dap.move("stepBack"));
    assert.deepEqual(lines.slice(6), ["step 2", "step 7", "step 6", "step 2", "step 7", "step 6"]);
  });

  it("goes back to the turn that wrote a value", async () => {
    const dap = await stoppedAt([{ line: 12 }]);
    await dap.request("evaluate", { expression: "back ite[8, 1].valid", context: "repl" });
    assert.equal(await dap.where((await dap.event("stopped")).body.reason), "goto 2");
    assert.deepEqual([await dap.evaluate("event"), await dap.evaluate("ite[8, 1].valid")], ["1", "0"]);
  });

  it("has the machine of a test in it, and the one before behind it", async () => {
    const dap = await stoppedAt([{ line: 10 }, { line: 12 }]);
    assert.equal(await dap.evaluate("dte[8].valid"), "0");
    assert.equal(await dap.move("continue"), "breakpoint 12");
    assert.equal(await dap.evaluate("dte[8].valid"), "1");
    assert.equal(await dap.move("reverseContinue"), "breakpoint 10");
    assert.equal(await dap.evaluate("dte[8].valid"), "0");
  });

  it("has each turn in the timeline, and goes to one of them", async () => {
    const dap = await stoppedAt([{ line: 12 }]);
    const { rows } = await dap.request("gic/timeline", { text: "", failed: false, from: 0, count: 500 });
    const turn = rows.find(({ key }) => key === "7#3");
    assert.deepEqual([turn?.line, turn?.kind], [7, "statement"]);
    await dap.request("gic/goTo", { line: 7, place: turn?.place });
    assert.equal(await dap.where((await dap.event("stopped")).body.reason), "goto 7");
    assert.equal(await dap.evaluate("i"), "2");
  });

  it("says that blocks are no matter of the console", async () => {
    const dap = await stoppedAt([{ line: 12 }]);
    assert.match(
      await dap.failure("evaluate", { expression: "repeat 3 {", context: "repl" }),
      /Blocks stand in the script/,
    );
  });
});
