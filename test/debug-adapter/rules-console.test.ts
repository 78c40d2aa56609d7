import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DapClient } from "./dap-client.ts";

const script = `MAPC ICID=0, RDbase=0
MAPD DeviceID=1, ITT_addr=0x43f00000, Size=4
MAPTI DeviceID=1, EventID=0, pINTID=8192, ICID=0
MAPTI DeviceID=1, EventID=0, pINTID=8193, ICID=0
msi DeviceID=1, EventID=0
MAPD DeviceID=1, V=0  # allow L-09
`;

describe("rules in the Debug Console", () => {
  it("are told as warnings, hints are not, and neither stops the run or fails it", async () => {
    const dap = await DapClient.launch(script, { stopAtEnd: false });
    await dap.request("setExceptionBreakpoints", { filters: ["commands"] });
    await dap.request("configurationDone");
    assert.equal((await dap.event("exited")).body.exitCode, 0);
    const said = dap.text("console");
    assert.match(said, /^test\.itscmd:4:1: warning L-11: EventID 0x0 of DeviceID 0x1 is mapped already/m);
    assert.doesNotMatch(said, /L-14|L-09/);
  });
});
