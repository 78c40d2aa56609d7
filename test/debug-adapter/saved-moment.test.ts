import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { fileSource } from "../../debug-adapter/sources/file-source.ts";
import { decodeState, loadState } from "../../emulator/index.ts";
import { DapClient } from "./dap-client.ts";

const script = (model: string): string => `machine { model = ${model} }
MAPC ICID=1, RDbase=2
MAPD DeviceID=0x8, ITT_addr=0x43f00000, Size=4
MAPTI DeviceID=0x8, EventID=3, pINTID=8195, ICID=1
msi DeviceID=0x8, EventID=3
read GITS_CREADR
`;

for (const model of ["kvm-7.2", "kvm-5.10", "qemu-7.2", "arch"]) {
  describe(`the machine of a moment of a session, of ${model}`, async () => {
    const dap = await DapClient.stopped(script(model), 6);

    it("is a saved machine that can be restored, and the session's is as it was", async () => {
      const before = await dap.tree();
      const word = await dap.evaluate("mem64[0x43f00018]", "repl");
      const { json, line } = await dap.request("gic/savedMachine");
      assert.equal(line, 6);
      const decoded = decodeState(json);
      assert.ok("state" in decoded, JSON.stringify(decoded));
      assert.equal(decoded.state.model, model);
      const loaded = loadState(decoded.state);
      assert.ok("machine" in loaded);
      assert.equal(loaded.machine.tables(0).event(8, 3)?.intid, 8195);
      assert.deepEqual(await dap.tree(), before);
      // A save of KVM writes the tables to memory; that is taken back.
      assert.equal(await dap.evaluate("mem64[0x43f00018]", "repl"), word);
    });
  });
}

it("looking at a saved machine changes nothing of it", async () => {
  const dap = new DapClient(fileSource);
  await dap.initialize();
  const state = fileURLToPath(new URL("../../examples/saved-guest.gicstate.json", import.meta.url));
  await dap.request("launch", { state });
  await dap.event("initialized");
  await dap.request("configurationDone");
  await dap.event("stopped");
  const before = (await dap.request("gic/savedMachine")).json;
  await dap.tree();
  await dap.request("gic/registers", { groups: ["GITS0", "GICD", "GICR0"] });
  // A memory view over a frame of registers.
  await dap.request("readMemory", { memoryReference: "0x8080000", count: 0x100 });
  assert.equal((await dap.request("gic/savedMachine")).json, before);
});
