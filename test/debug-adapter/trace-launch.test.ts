import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DapClient, SCRIPT } from "./dap-client.ts";

const trace = `24080@1795180068.038800:gicv3_its_cmd_mapc GICv3 ITS: command MAPC ICID 0x0 RDbase 0x1 V 1
24080@1795180068.038892:gicv3_its_cmd_mapd GICv3 ITS: command MAPD DeviceID 0x8 Size 0x4 ITT_addr 0x404000 V 1
24080@1795180068.038992:gicv3_its_cmd_mapti GICv3 ITS: command MAPTI DeviceID 0x8 EventID 0x0 ICID 0x0 pINTID 0x2000
`;

/** A session over a log, before its first statement. */
async function launched(): Promise<DapClient> {
  const dap = await DapClient.unlaunched(trace);
  await dap.request("launch", { trace: SCRIPT, stopOnEntry: true });
  await dap.event("initialized");
  await dap.request("configurationDone");
  await dap.event("stopped");
  return dap;
}

describe("a log of ITS commands", () => {
  it("is run as the script that it becomes, which the session shows", async () => {
    const dap = await launched();
    const { stackFrames } = await dap.request("stackTrace", { threadId: 1 });
    const source = stackFrames[0].source ?? {};
    assert.deepEqual(source, { name: "test.itscmd.itscmd", sourceReference: 2 });
    const { content } = await dap.request("source", { source, sourceReference: 2 });
    assert.match(content, /^# Imported from test\.itscmd\.\n# 3 lines of a trace of QEMU/);
    const lines = content.split("\n");
    const at = lines.findIndex((line) => line.startsWith("MAPTI")) + 1;
    const { breakpoints } = await dap.request("setBreakpoints", { source, breakpoints: [{ line: at }] });
    assert.deepEqual([breakpoints[0].verified, breakpoints[0].line], [true, at]);
    assert.equal(await dap.move("continue"), `breakpoint ${at}`);
    assert.deepEqual([await dap.evaluate("dte[8].valid"), await dap.evaluate("ite[8, 0].valid")], ["1", "0"]);
    assert.equal(await dap.move("next"), `step ${at}`);
    assert.equal(await dap.evaluate("ite[8, 0].INTID"), "8192");
    assert.equal(await dap.move("stepBack"), `step ${at}`);
  });

  it("says that a file is none, and that there is one script", async () => {
    const none = await DapClient.unlaunched("hello\n");
    assert.match(await none.failure("launch", { trace: SCRIPT }), /has no line of a log of ITS commands/);
    const two = await DapClient.unlaunched(trace);
    assert.match(await two.failure("launch", { trace: SCRIPT, program: SCRIPT }), /two scripts/);
    assert.match(await two.failure("launch", { trace: 5 }), /trace/);
  });
});
