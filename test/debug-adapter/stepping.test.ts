import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DapClient, SCRIPT } from "./dap-client.ts";

const script = `# A device with two events.
let dev = 0x10
MAPD DeviceID=dev, ITT_addr=0x43f00000, Size=4

MAPC ICID=1, RDbase=2
MAPTI DeviceID=dev, EventID=0, pINTID=8192, ICID=1
MAPTI DeviceID=dev, EventID=1, pINTID=8193, ICID=1
msi DeviceID=dev, EventID=1
write GITS_CTLR.Enabled = 0
mem64[0x43000000] = 0x1122334455667788
expect pending[8193] == 1
save
`;

describe("run control", () => {
  it("stops at a breakpoint, steps, and steps back to exactly what was", async () => {
    const dap = await DapClient.stopped(script, 6);
    assert.equal(await dap.where("breakpoint"), "breakpoint 6");
    const before = await dap.tree();
    assert.ok(before.includes("Collections / ICID 0x1 = PE 2"));
    assert.ok(before.includes("Devices / DeviceID 0x10 / events = 0 mapped"));
    assert.equal(await dap.move("next"), "step 7");
    const after = await dap.tree();
    assert.ok(after.includes("Devices / DeviceID 0x10 / events / EventID 0x0 = pINTID 8192, ICID 0x1 → PE 2"));
    assert.notDeepEqual(after, before);
    assert.equal(await dap.move("stepBack"), "step 6");
    assert.deepEqual(await dap.tree(), before);
  });

  it("gives every line the same state on the way back as on the way there", async () => {
    const dap = await DapClient.stopped(script);
    const memory = () => dap.request("readMemory", { memoryReference: "0x43000000", count: 16 });
    const trail: unknown[] = [];
    while (!trail.length || (await dap.move("next")) !== "step 12") trail.push([await dap.tree(), await memory()]);
    while (trail.length > 0) {
      await dap.move("stepBack");
      assert.deepEqual([await dap.tree(), await memory()], trail.pop());
    }
    await dap.request("stepBack", { threadId: 1 });
    const { body } = await dap.event("stopped");
    assert.deepEqual([body.reason, body.description], ["entry", "Start of the script"]);
    assert.equal(await dap.move("next"), "step 3");
  });

  it("keeps names and references of variables from stop to stop", async () => {
    const dap = await DapClient.stopped(script, 6);
    const look = async () => {
      const { scopes } = await dap.request("scopes", { frameId: 1 });
      const references = scopes.map(({ name, variablesReference }) => [name, variablesReference]);
      const { variables } = await dap.request("variables", { variablesReference: scopes[0].variablesReference });
      return [references, variables.map(({ name, variablesReference }) => [name, variablesReference])];
    };
    const before = await look();
    await dap.move("next");
    assert.deepEqual(await look(), before);
  });

  it("reverse continues to a breakpoint that holds, and on to the start", async () => {
    const dap = await DapClient.stopped(script, 8);
    await dap.request("setBreakpoints", {
      source: { path: SCRIPT },
      breakpoints: [{ line: 5 }, { line: 7, condition: "ite[dev, 0].valid == 0" }],
    });
    assert.equal(await dap.move("reverseContinue"), "breakpoint 5");
    assert.equal(await dap.evaluate("cte[1].valid"), "0");
    assert.equal(await dap.move("reverseContinue"), "entry 2");
  });

  it("stops once past the last line when stepping, and ends with the next step", async () => {
    const dap = await DapClient.stopped(script, 12);
    await dap.request("next", { threadId: 1 });
    const { body } = await dap.event("stopped");
    assert.equal(body.description, "End of the script");
    const { stackFrames } = await dap.request("stackTrace", { threadId: 1 });
    assert.deepEqual([stackFrames[0].line, stackFrames[0].name], [12, "end of the script, after save"]);
    assert.equal(await dap.move("stepBack"), "step 12");
    assert.equal(await dap.move("next"), "step 12");
    await dap.request("next", { threadId: 1 });
    assert.equal((await dap.event("exited")).body.exitCode, 0);
    await dap.event("terminated");
    assert.match(dap.text("stdout"), /^test\.itscmd: 4 commands, no problems\.\nExpectations: 1 kept, 0 failed\.\n$/m);
    assert.equal(dap.text("console"), "");
  });

  it("runs to the end without a stop and says what each command did", async () => {
    const dap = await DapClient.launch(script);
    await dap.request("configurationDone");
    await dap.event("terminated");
    assert.equal(
      dap.text("stdout"),
      [
        "line 3  MAPD DeviceID=dev, ITT_addr=0x43f00000, Size=4  → done",
        "line 5  MAPC ICID=1, RDbase=2  → done",
        "line 6  MAPTI DeviceID=dev, EventID=0, pINTID=8192, ICID=1  → done",
        "line 7  MAPTI DeviceID=dev, EventID=1, pINTID=8193, ICID=1  → done",
        "test.itscmd: 4 commands, no problems.",
        "Expectations: 1 kept, 0 failed.",
        "",
      ].join("\n"),
    );
    assert.ok(!dap.events.some(({ event }) => event === "stopped"));
  });

  it("names the commands that a late start of the queue runs", async () => {
    const dap = await DapClient.stopped(
      "write GITS_CTLR.Enabled = 0\nMAPC ICID=1, RDbase=2\nMAPC ICID=2, RDbase=9\nwrite GITS_CTLR.Enabled = 1\nread GITS_CREADR\n",
      5,
    );
    assert.match(
      dap.text("stdout"),
      /^line 4 {2}write GITS_CTLR\.Enabled = 1 {2}→ 2 commands from the queue\n {4}MAPC ICID=1, RDbase=2 → done\n {4}MAPC ICID=2, RDbase=9 → ignored, MAPC_PROCNUM_OOR\n$/,
    );
  });

  it("pauses a long run, and goes on", async () => {
    const lines = Array.from({ length: 100_000 }, (_, n) => `MAPC ICID=${n % 100}, RDbase=${n % 4}`);
    const dap = await DapClient.launch(lines.join("\n"));
    await dap.request("configurationDone");
    await dap.event("output");
    const stop = await dap.move("pause");
    const [reason, line] = stop.split(" ");
    assert.equal(reason, "pause");
    assert.ok(Number(line) > 1 && Number(line) <= 100_000, stop);
    await dap.request("continue", { threadId: 1 });
    await dap.event("terminated");
    assert.match(
      dap.text("console"),
      /^(?:[\d,]+ more .*\n)?[\d,]+ more lines did what they should, and are not listed\.\n$/,
    );
    assert.match(dap.text("stdout"), /\ntest\.itscmd: 100000 commands, no problems\.\n$/);
    const listed = dap.text("stdout").trimEnd().split("\n").length;
    assert.ok(listed >= 10_000 && listed <= 20_000, `${listed} lines are listed`);
    const outputs = dap.events.filter(({ event }) => event === "output").length;
    assert.ok(outputs < 1000, `${outputs} output events`);
  });

  it("restarts from the beginning with its breakpoints", async () => {
    const dap = await DapClient.stopped(script, 7);
    await dap.evaluate("mem64[0x43000100] = 1", "repl");
    await dap.request("restart", {});
    const { body } = await dap.event("breakpoint");
    assert.deepEqual([body.reason, body.breakpoint.id, body.breakpoint.line], ["changed", 1, 7]);
    assert.equal(await dap.where((await dap.event("stopped")).body.reason), "breakpoint 7");
    assert.equal(await dap.evaluate("mem64[0x43000100]"), "0x0000_0000_0000_0000");
  });

  it("ends on disconnect and on terminate", async () => {
    const dap = await DapClient.stopped(script);
    await dap.request("terminate", {});
    await dap.event("terminated");
    await dap.request("disconnect", {});
    assert.equal(dap.exited, true);
  });
});
