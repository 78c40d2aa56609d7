import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DapClient, SCRIPT } from "./dap-client.ts";

const script = `machine { cpus = 2 }
let dev = 0x10
# a comment
MAPC ICID=0, RDbase=0
MAPC ICID=1, RDbase=1
MAPC ICID=2, RDbase=2
expect cte[1].RDbase == 0, "collection 1"
MAPC ICID=3, RDbase=1
`;

async function launched(breakpoints: readonly object[]) {
  const dap = await DapClient.launch(script);
  const placed = await dap.request("setBreakpoints", { source: { path: SCRIPT }, breakpoints });
  await dap.request("setExceptionBreakpoints", { filters: [] });
  return { dap, placed: placed.breakpoints };
}

describe("breakpoints", () => {
  it("move to the next line with a statement, and say when there is none", async () => {
    const { placed } = await launched([{ line: 1 }, { line: 3 }, { line: 5 }, { line: 9 }]);
    assert.deepEqual(
      placed.map(({ verified, line }) => [verified, line]),
      [
        [true, 2],
        [true, 4],
        [true, 5],
        [false, 9],
      ],
    );
    assert.equal(placed[3].message, "There is no statement on this line or below it.");
  });

  it("are refused in another file", async () => {
    const { dap } = await launched([]);
    const answer = await dap.request("setBreakpoints", { source: { path: "/other" }, breakpoints: [{ line: 1 }] });
    assert.equal(answer.breakpoints[0].verified, false);
    assert.match(answer.breakpoints[0].message ?? "", /not the script/);
  });

  it("with a condition stop where it holds", async () => {
    const { dap } = await launched([
      { line: 4, condition: "dev == 0x11" },
      { line: 5, condition: "cte[0].valid && dev == 0x10" },
    ]);
    await dap.request("configurationDone");
    assert.equal(await dap.where((await dap.event("stopped")).body.reason), "breakpoint 5");
  });

  it("with a condition that means nothing are not verified", async () => {
    const { placed } = await launched([
      { line: 4, condition: "dev ==" },
      { line: 4, condition: "dve == 1" },
      { line: 4, condition: "GITS_CTRL == 1" },
      { line: 4, hitCondition: "often" },
    ]);
    assert.deepEqual(
      placed.map(({ verified }) => verified),
      [false, false, false, false],
    );
    assert.match(placed[1].message ?? "", /'dve' is not defined above this line\. Did you mean dev\?/);
    assert.match(placed[2].message ?? "", /Did you mean GITS_CTLR\?/);
    assert.match(placed[3].message ?? "", /no hit count/);
  });

  it("with a condition that cannot be computed stop and say why", async () => {
    const { dap } = await launched([{ line: 4, condition: "dte[dev].ITT_addr == 0" }]);
    await dap.request("configurationDone");
    assert.equal(await dap.where((await dap.event("stopped")).body.reason), "breakpoint 4");
    assert.match(dap.text("console"), /cannot be computed: DeviceID 0x10 is not mapped/);
  });

  it("with an id that no machine has stop and say so", async () => {
    const { dap } = await launched([{ line: 4, condition: "ite[-1, 0] != 0" }]);
    await dap.request("configurationDone");
    assert.equal(await dap.where((await dap.event("stopped")).body.reason), "breakpoint 4");
    assert.match(dap.text("console"), /cannot be computed: DeviceID -1 cannot exist/);
  });

  it("count hits", async () => {
    const { dap } = await launched([
      { line: 4, hitCondition: "2" },
      { line: 5, hitCondition: ">= 1" },
    ]);
    await dap.request("configurationDone");
    assert.equal(await dap.where((await dap.event("stopped")).body.reason), "breakpoint 5");
  });

  it("with a message log it and go on", async () => {
    const { dap } = await launched([{ line: 5, logMessage: "cte 0 is {cte[0].valid}, dev {dev}, {dve}" }]);
    await dap.request("configurationDone");
    await dap.event("terminated");
    assert.match(dap.text("console"), /^cte 0 is 1, dev 0x10 \(16\), \{dve: 'dve'.*\}\n/);
    assert.ok(!dap.events.some(({ event }) => event === "stopped"));
  });

  it("can stand where breakpointLocations says", async () => {
    const { dap } = await launched([]);
    const { breakpoints } = await dap.request("breakpointLocations", { source: { path: SCRIPT }, line: 1, endLine: 4 });
    assert.deepEqual(
      breakpoints.map(({ line, column, endColumn }) => [line, column, endColumn]),
      [
        [2, 1, 15],
        [4, 1, 22],
      ],
    );
  });
});

describe("exception stops", () => {
  it("stand at the failing line, with code, sentence and place", async () => {
    const dap = await DapClient.launch(script);
    await dap.request("configurationDone");
    const { body } = await dap.event("stopped");
    assert.equal(await dap.where(body.reason), "exception 6");
    assert.match(body.text, /^MAPC_PROCNUM_OOR \(0x010902\)/);
    const info = await dap.request("exceptionInfo", { threadId: 1 });
    assert.equal(info.exceptionId, "ITS0501");
    assert.equal(info.description, body.text);
    assert.match(info.details?.stackTrace ?? "", /^at test\.itscmd:6:21\nMAPC: RDbase names no PE\./);
    assert.match(dap.text("stderr"), /^test\.itscmd:6:21: error ITS0501: MAPC_PROCNUM_OOR/);
    // The next stop is the next failure.
    assert.equal(await dap.move("continue"), "exception 7");
    assert.match(dap.text("stderr"), /collection 1: expected == 0x0, found 0x1/);
    // The failing line is taken back, the one before it too.
    assert.equal(await dap.move("stepBack"), "step 7");
    assert.match(await dap.failure("exceptionInfo", { threadId: 1 }), /did not stop at a problem/);
    assert.equal(await dap.move("stepBack"), "step 6");
    assert.equal(await dap.move("next"), "exception 6");
    assert.equal(await dap.move("next"), "exception 7");
    assert.equal(await dap.move("next"), "step 8");
  });

  it("do not hide a breakpoint on the line after", async () => {
    const dap = await DapClient.launch(script);
    await dap.request("setBreakpoints", { source: { path: SCRIPT }, breakpoints: [{ line: 7 }] });
    await dap.request("configurationDone");
    await dap.event("stopped");
    assert.equal(await dap.move("continue"), "breakpoint 7");
  });

  const filters: readonly (readonly [filters: readonly string[], stops: readonly string[]])[] = [
    [["command-errors"], ["exception 6"]],
    [["failed-expectations"], ["exception 7"]],
    [[], []],
  ];
  for (const [wanted, stops] of filters) {
    it(`follow the filters [${wanted.join()}]`, async () => {
      const dap = await DapClient.launch(script);
      await dap.request("setExceptionBreakpoints", { filters: wanted });
      await dap.request("configurationDone");
      for (const stop of stops) {
        assert.equal(await dap.where((await dap.event("stopped")).body.reason), stop);
        await dap.request("continue", { threadId: 1 });
      }
      assert.equal((await dap.event("exited")).body.exitCode, 1);
      assert.match(dap.text("console"), /: 4 commands, 2 problems\.\nExpectations: 0 kept, 1 failed: line 7\.\n$/);
    });
  }
});

describe("breakpoints on commands", () => {
  it("by the thousand stop at the one that fits", async () => {
    const dap = await DapClient.launch(script);
    const breakpoints = Array.from({ length: 20_000 }, (_, at) => ({ name: `MAPC ICID == ${at + 2} && RDbase == 2` }));
    await dap.request("setFunctionBreakpoints", { breakpoints });
    await dap.request("configurationDone");
    assert.equal(await dap.where((await dap.event("stopped")).body.reason), "function breakpoint 6");
  });
});

describe("reverse continue", () => {
  it("over many lines stops at the nearest breakpoint above, however far, and at the start", async () => {
    const lines = Array.from({ length: 30_000 }, (_, n) => `MAPC ICID=${n % 50}, RDbase=0`).join("\n");
    const dap = await DapClient.launch(lines);
    await dap.request("setBreakpoints", {
      source: { path: SCRIPT },
      breakpoints: [
        { line: 7, condition: "cte[5].valid && !cte[6].valid" },
        { line: 12, condition: "cte[40].valid" },
        { line: 30_000 },
      ],
    });
    await dap.request("configurationDone");
    assert.equal(await dap.where((await dap.event("stopped")).body.reason), "breakpoint 7");
    assert.equal(await dap.move("continue"), "breakpoint 30000");
    assert.equal(await dap.move("reverseContinue"), "breakpoint 7");
    assert.equal(await dap.evaluate("cte[6].valid"), "0");
    assert.equal(await dap.move("reverseContinue"), "entry 1");
  });
});

describe("a run that is under way", () => {
  const count = 60_000;
  const lines = Array.from({ length: count }, (_, at) => `mem64[0x43e00000] = ${at}`);
  const long = `machine { cpus = 2 }\n${lines.join("\n")}\nMAPC ICID=0, RDbase=1\nread GITS_CREADR\n`;

  /** Lets a run begin, and then sets something that it is to stop at. */
  async function stopOf(command: string, args: object): Promise<[reason: string, line: number]> {
    const dap = await DapClient.stopped(long);
    const going = dap.send("continue", { threadId: 1 });
    const set = dap.send(command, args);
    await Promise.all([going, set]);
    const { reason } = (await dap.event("stopped", "terminated")).body;
    const { stackFrames } = await dap.request("stackTrace", { threadId: 1 });
    return [reason, stackFrames[0].line];
  }

  it("stops at a breakpoint that is set meanwhile", async () => {
    const args = { source: { path: SCRIPT }, breakpoints: [{ line: count }] };
    assert.deepEqual(await stopOf("setBreakpoints", args), ["breakpoint", count]);
  });

  it("stops before a command that is watched meanwhile", async () => {
    const args = { breakpoints: [{ name: "MAPC RDbase == 1" }] };
    assert.deepEqual(await stopOf("setFunctionBreakpoints", args), ["function breakpoint", count + 2]);
  });

  it("stops at a value that is watched meanwhile", async () => {
    const args = { breakpoints: [{ dataId: "cte[0].RDbase" }] };
    assert.deepEqual(await stopOf("setDataBreakpoints", args), ["data breakpoint", count + 3]);
  });
});
