import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DapClient } from "./dap-client.ts";

const script = `let dev = 0x10
MAPC ICID=0, RDbase=0
MAPC ICID=1, RDbase=1
MAPD DeviceID=dev, ITT_addr=0x43f00000, Size=4
MAPTI DeviceID=dev, EventID=3, pINTID=8195, ICID=0
fill 0x42000000, 0x10000, 0xa1
MOVI DeviceID=dev, EventID=3, ICID=1
mem64[0x43000000] = 7
mem64[0x43000000] = 7
DISCARD DeviceID=dev, EventID=3
`;

async function launched(dataBreakpoints: readonly object[], functions: readonly object[] = []) {
  const dap = await DapClient.launch(script);
  await dap.request("setExceptionBreakpoints", { filters: [] });
  const data = (await dap.request("setDataBreakpoints", { breakpoints: dataBreakpoints })).breakpoints;
  const commands = (await dap.request("setFunctionBreakpoints", { breakpoints: functions })).breakpoints;
  return { dap, data, commands };
}

/** Where the next stop is and why; "terminated" when there is none. */
async function moved(dap: DapClient, move: "configurationDone" | "continue" | "reverseContinue"): Promise<string> {
  await dap.request(move, { threadId: 1 });
  const event = await dap.event("stopped", "terminated");
  return event.event === "terminated" ? "terminated" : dap.where(event.body.reason);
}

describe("data breakpoints", () => {
  it("stop behind each line that changes a table entry's field, also to and from no entry", async () => {
    const { dap, data } = await launched([{ dataId: "ite[dev, 3].ICID" }]);
    assert.deepEqual(
      data.map(({ verified }) => verified),
      [true],
    );
    assert.equal(await moved(dap, "configurationDone"), "data breakpoint 6");
    assert.equal(await moved(dap, "continue"), "data breakpoint 8");
    assert.match(dap.text("console"), /ite\[dev, 3\]\.ICID: 0 → 1/);
    // Behind the last line: the script has ended, and it stops nevertheless.
    assert.equal(await moved(dap, "continue"), "data breakpoint 10");
    assert.match(dap.text("console"), /ICID: 1 → no value \(.*not mapped\)/);
    assert.equal(await moved(dap, "continue"), "terminated");
  });

  it("go back to the line that wrote the value", async () => {
    const { dap } = await launched([{ dataId: "ite[dev, 3].ICID" }], [{ name: "DISCARD" }]);
    assert.equal(await moved(dap, "configurationDone"), "data breakpoint 6");
    assert.equal(await moved(dap, "continue"), "data breakpoint 8");
    assert.equal(await moved(dap, "continue"), "function breakpoint 10");
    assert.equal(await moved(dap, "reverseContinue"), "data breakpoint 7");
    assert.equal(await moved(dap, "reverseContinue"), "data breakpoint 5");
    assert.equal(await moved(dap, "reverseContinue"), "entry 1");
    assert.equal(await moved(dap, "continue"), "data breakpoint 6");
  });

  it("watch memory by address, and do not stop where the same value is written", async () => {
    const { dap } = await launched([]);
    const info = await dap.request("dataBreakpointInfo", { name: "0x43000000", bytes: 8, asAddress: true });
    assert.equal(info.dataId, "mem64[0x43000000]");
    await dap.request("setDataBreakpoints", { breakpoints: [{ dataId: info.dataId }] });
    assert.equal(await moved(dap, "configurationDone"), "data breakpoint 9");
    assert.equal(await moved(dap, "continue"), "terminated");
  });

  it("are offered by the variables that have an expression, fields of registers among them", async () => {
    const dap = await DapClient.stopped(script);
    const { scopes } = await dap.request("scopes", { frameId: 1 });
    const offered: string[] = [];
    for (const { variablesReference } of scopes) {
      const { variables } = await dap.request("variables", { variablesReference });
      for (const { name } of variables) {
        const info = await dap.request("dataBreakpointInfo", { variablesReference, name });
        if (info.dataId !== null) offered.push(info.dataId);
      }
    }
    assert.ok(offered.includes("GITS_CTLR"), offered.join(", "));
  });

  it("with a condition and a hit count stop where these hold; going back uncounts", async () => {
    const { dap } = await launched([{ dataId: "ite[dev, 3].ICID", hitCondition: "2", condition: "cte[1].valid" }]);
    assert.equal(await moved(dap, "configurationDone"), "data breakpoint 8");
    assert.equal(await moved(dap, "reverseContinue"), "data breakpoint 7");
    assert.equal(await moved(dap, "reverseContinue"), "entry 1");
    assert.equal(await moved(dap, "continue"), "data breakpoint 8");
  });

  it("that mean nothing are refused with the reason", async () => {
    const { dap, data } = await launched([{ dataId: "GITS_CTRL" }, { dataId: "dev", hitCondition: "often" }]);
    assert.deepEqual(
      data.map(({ verified }) => verified),
      [false, false],
    );
    assert.match(data[0].message ?? "", /Did you mean GITS_CTLR\?/);
    assert.match(data[1].message ?? "", /no hit count/);
    const { dataId, description } = await dap.request("dataBreakpointInfo", {
      name: "0x43000000",
      bytes: 5000,
      asAddress: true,
    });
    assert.deepEqual([dataId, description], [null, "1 to 4096 bytes can be watched, not 5000."]);
  });
});

describe("function breakpoints", () => {
  it("stop before commands of a kind, in both directions", async () => {
    const { dap } = await launched([], [{ name: "MAPC" }]);
    assert.equal(await moved(dap, "configurationDone"), "function breakpoint 2");
    assert.equal(await moved(dap, "continue"), "function breakpoint 3");
    assert.equal(await moved(dap, "reverseContinue"), "function breakpoint 2");
  });

  it("look at the arguments as scripts write them, and at the state", async () => {
    const { dap } = await launched(
      [],
      [
        { name: "MAPC ICID == 1" },
        { name: "MAPD ITT_addr == 0x43f00000 && DeviceID == dev", condition: "cte[1].valid" },
      ],
    );
    assert.equal(await moved(dap, "configurationDone"), "function breakpoint 3");
    assert.equal(await moved(dap, "continue"), "function breakpoint 4");
    assert.equal(await moved(dap, "continue"), "terminated");
  });

  it("say what is no command, and what is no argument of it", async () => {
    const { commands } = await launched([], [{ name: "MAPX" }, { name: "MAPC DeviceID == 1" }, { name: "" }]);
    assert.deepEqual(
      commands.map(({ verified }) => verified),
      [false, false, false],
    );
    assert.match(commands[0].message ?? "", /no ITS command "MAPX"\. Did you mean MAP[A-Z]+\?/);
    assert.match(commands[1].message ?? "", /DeviceID/);
  });
});
