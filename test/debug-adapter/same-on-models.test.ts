import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DapClient } from "./dap-client.ts";

const script = `MAPC ICID=0, RDbase=0
MAPD DeviceID=8, Size=4, ITT_addr=0x43f00000
MAPTI DeviceID=8, EventID=0, pINTID=8192, ICID=0
expect same as arch | qemu
MAPTI DeviceID=8, EventID=0, pINTID=8193, ICID=0 # allow L-11
expect same as arch | qemu
queue 2047
SYNC RDbase=0
SYNC RDbase=0
`;

describe("debugging a script that is compared with other models", () => {
  it("stops where it fails, goes back over it, and finds the same again", async () => {
    const dap = await DapClient.launch(script, { stopOnEntry: true });
    await dap.request("configurationDone");
    await dap.event("stopped");
    assert.match(await dap.move("continue"), /^exception /);
    const { description = "" } = await dap.request("exceptionInfo", { threadId: 1 });
    assert.match(
      description,
      /expected the same as on arch \| qemu, but line 5 comes to: kvm-7\.2: done, pINTID 8192; qemu-7\.2, qemu-11\.1, arch: done, pINTID 8193/,
    );
    for (let count = 0; count < 4; count++) await dap.move("stepBack");
    assert.match(await dap.move("continue"), /^exception /);
  });

  it("is asked in the console of the lines so far", async () => {
    const dap = await DapClient.stopped(script, 5);
    assert.doesNotMatch(await dap.evaluate("expect same as arch", "repl"), /expected/);
    await dap.move("next");
    assert.match(
      await dap.failure("evaluate", { expression: "expect same as arch", context: "repl", frameId: 1 }),
      /expected the same as on arch, but line 5 comes to/,
    );
  });

  it("steps over the commands that lead to a slot, and back", async () => {
    const dap = await DapClient.stopped(script, 7);
    assert.equal(await dap.move("next"), "step 8");
    assert.match(await dap.evaluate("GITS_CWRITER"), /_ffe0$/);
    await dap.move("next");
    assert.match(await dap.evaluate("GITS_CWRITER"), /_0000$/);
    await dap.move("stepBack");
    await dap.move("stepBack");
    assert.match(await dap.evaluate("GITS_CWRITER"), /_0080$/);
  });
});
