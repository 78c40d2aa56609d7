import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DapClient } from "./dap-client.ts";

const script = (model: string): string => `machine { model = ${model} }
MAPC ICID=1, RDbase=2
MAPD DeviceID=0x8, ITT_addr=0x43f00000, Size=4
MAPTI DeviceID=0x8, EventID=3, pINTID=8195, ICID=1
msi DeviceID=0x8, EventID=3
read GITS_CREADR
`;

for (const model of ["kvm-7.2", "qemu-7.2"]) {
  describe(`trace-msi in the console, of ${model}`, async () => {
    const dap = await DapClient.stopped(script(model), 6);

    it("says where the MSI is, and changes nothing", async () => {
      const before = await dap.tree();
      const answer = await dap.evaluate("trace-msi 8, 3", "repl");
      assert.match(answer, /^ok {5} {2}GITS_CTLR: the ITS is enabled\n/);
      assert.match(answer, /\nok {5} {2}pending bit: LPI 8195 is pending on PE 2/);
      assert.match(answer, /\nBROKEN {3}ICC_IGRPEN1_EL1: .* is 0 on PE 2\n {9}Set it on that PE\.$/);
      assert.deepEqual(await dap.tree(), before);
    });

    it("takes PCI functions and expressions as ids", async () => {
      assert.match(await dap.evaluate("trace-msi 00:01.0, 3", "repl"), /LPI 8195 is pending/);
      assert.match(
        await dap.evaluate("trace-msi 4 * 2, mem8[0x43f00000 + (1 - 1)] * 0 + 3", "repl"),
        /LPI 8195 is pending/,
      );
      assert.match(await dap.evaluate("trace-msi 9, 3", "repl"), /BROKEN {3}DTE: DeviceID 0x9 is not mapped/);
    });

    it("refuses other ids with a sentence", async () => {
      await assert.rejects(dap.evaluate("trace-msi 8", "repl"), /it takes two ids/);
      await assert.rejects(dap.evaluate("trace-msi", "repl"), /it takes two ids/);
      await assert.rejects(dap.evaluate("trace-msi -1, 3", "repl"), /-1 is no id from 0 to 0xffffffff/);
      await assert.rejects(dap.evaluate("trace-msi 8, nothing", "repl"), /nothing/);
    });
  });
}
