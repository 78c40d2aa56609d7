import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DapClient, SCRIPT } from "./dap-client.ts";

const script = `MAPC ICID=0, RDbase=0
MAPD DeviceID=1, ITT_addr=0x43f00000, Size=4
MAPTI DeviceID=1, EventID=0, pINTID=8192, ICID=0
msi DeviceID=1, EventID=0
write GICD_ISPENDR1 = 0x4
expect pending[8192] == 1
expect pending[8192] == 0
MAPC ICID=0, RDbase=900 => done
`;

async function launched(attributes: object): Promise<DapClient> {
  const dap = await DapClient.launch(script, attributes);
  await dap.request("setExceptionBreakpoints", { filters: [] });
  return dap;
}

describe("the end of a script", () => {
  it("stops a run that nothing has stopped, says what it has done, and ends it with the next continue", async () => {
    const dap = await launched({ stopAtEnd: true });
    await dap.request("configurationDone");
    const { body } = await dap.event("stopped");
    assert.deepEqual([body.reason, body.description], ["end", "Paused at the end of the script"]);
    const said = dap.text("console");
    assert.match(said, /^test\.itscmd: 4 commands, 2 problems\.$/m);
    assert.match(said, /^Expectations: 1 kept, 2 failed: line 7, line 8\.$/m);
    assert.match(said, /^Pending: 1 LPI: 8192 on PE 0; 1 of SGIs, PPIs and SPIs: SPI 34\.$/m);
    await dap.request("continue", { threadId: 1 });
    assert.equal((await dap.event("exited")).body.exitCode, 1);
    assert.equal(said.length, dap.text("console").length);
  });

  it("can be left backwards", async () => {
    const dap = await launched({ stopAtEnd: true });
    await dap.request("configurationDone");
    await dap.event("stopped");
    await dap.request("stepBack", { threadId: 1 });
    assert.equal(await dap.where((await dap.event("stopped")).body.reason), "step 8");
  });

  it("does not stop a run that a breakpoint has stopped", async () => {
    const dap = await launched({ stopAtEnd: true });
    await dap.request("setBreakpoints", { source: { path: SCRIPT }, breakpoints: [{ line: 2 }] });
    await dap.request("configurationDone");
    await dap.event("stopped");
    await dap.request("continue", { threadId: 1 });
    assert.equal((await dap.event("stopped", "terminated")).event, "terminated");
  });

  for (const attributes of [{}, { stopAtEnd: false }, { stopAtEnd: true, noDebug: true }]) {
    it(`ends a run with ${JSON.stringify(attributes)}`, async () => {
      const dap = await launched(attributes);
      await dap.request("configurationDone");
      assert.equal((await dap.event("stopped", "terminated")).event, "terminated");
    });
  }
});
