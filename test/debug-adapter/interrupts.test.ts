import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DapClient } from "./dap-client.ts";

/** A session that stands behind the last line of a script. */
async function atEnd(script: string): Promise<DapClient> {
  return DapClient.stopped(`${script}\nread GITS_CTLR`, script.split("\n").length + 1);
}

/** Names and values below a path of names. */
async function below(dap: DapClient, ...path: readonly string[]): Promise<[string, string][]> {
  const { scopes } = await dap.request("scopes", { frameId: 1 });
  let reference = scopes.find(({ name }) => name === "Interrupts")?.variablesReference ?? 0;
  for (const wanted of path) {
    const { variables } = await dap.request("variables", { variablesReference: reference });
    reference = variables.find(({ name }) => name === wanted)?.variablesReference ?? assert.fail(`no ${wanted}`);
  }
  const { variables } = await dap.request("variables", { variablesReference: reference });
  return variables.map(({ name, value }) => [name, value]);
}

for (const model of ["kvm", "qemu", "arch"]) {
  describe(`interrupts of ${model}`, () => {
    const script = `machine { model = ${model}  cpus = 2 }
write GICD_IGROUPR1 = 0x4
write GICD_ICFGR2 = 0x20
write GICD_IPRIORITYR8 = 0x00400000
write GICD_IROUTER34 = 1
write GICD_ISENABLER1 = 0x4
write GICR_ISPENDR0[1] = 0x8
write GICD_ISPENDR1 = 0xc`;

    it("show every SPI with its state and its target", async () => {
      const dap = await atEnd(script);
      const spis = await below(dap, "SPIs");
      assert.deepEqual(spis[2], ["SPI 34", "pending, enabled, edge, priority 0x40, group 1, to PE 1"]);
      assert.deepEqual(await below(dap, "SPIs", "SPI 34"), [
        ["enabled", "1"],
        ["pending", "1"],
        ["active", "0"],
        ["priority", "0x40"],
        ["group", "1"],
        ["trigger", "edge"],
        ["target", "PE 1"],
      ]);
    });

    it("list what is pending or active on any PE", async () => {
      const dap = await atEnd(script);
      const names = (await below(dap, "Pending or active")).map(([name]) => name);
      assert.deepEqual(names, ["SGI 3, PE 1", "SPI 34", "SPI 35"]);
    });

    it("give expressions that say the same", async () => {
      const dap = await atEnd(script);
      assert.equal(await dap.evaluate("pending[34]"), "1");
      assert.equal(await dap.evaluate("(GICR_ISPENDR0[1] >> 3) & 0x1"), "1");
    });
  });
}

it("interrupts of a GICv2 have targets by GICD_ITARGETSR", async () => {
  const dap = await atEnd(`machine { model = kvm  gic = 2  cpus = 2 }
write GICD_ITARGETSR8 = 0x00030000
write GICD_ISPENDR1 = 0x4`);
  const [name, value] = (await below(dap, "Pending or active"))[0];
  assert.equal(name, "SPI 34");
  assert.match(value, /^pending, disabled, .*, to PE 0, 1$/);
});
