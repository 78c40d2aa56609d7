import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { CompareRegistersArguments } from "../../debug-adapter/views-protocol.ts";
import { DapClient } from "./dap-client.ts";
import { Transcript } from "./transcript.ts";

const SCRIPT = `machine { cpus = 2 }
write GICD_IPRIORITYR8 = 0xa0a0a0a0
write GICR_ISENABLER0[1] = 0x10000
write GITS_CTLR = 0
write GICD_IPRIORITYR8 = 0x80808080
read GITS_CTLR
`;

/** Registers that are others than in what they are compared with: `name: now, there`. */
async function unlike(dap: DapClient): Promise<string[]> {
  const find = { text: "", differs: false, changed: false, base: true };
  const { groups } = await dap.request("gic/registerTable", { groups: [], fields: [], find });
  return groups.flatMap(({ registers = [] }) =>
    registers.map(({ expression, value, base }) => `${expression}: ${value}, ${base}`),
  );
}

const compare = (dap: DapClient, wanted: CompareRegistersArguments) => dap.request("gic/compareRegisters", wanted);

describe("registers compared with another moment", () => {
  it("are those that differ from the moment before a line, with both values", async () => {
    const dap = await DapClient.stopped(SCRIPT, 6);
    const { registers } = await compare(dap, { line: 3 });
    assert.ok(registers > 500, String(registers));
    assert.deepEqual(await unlike(dap), [
      "GITS_CTLR: 0x80000000, 0x80000001",
      "GICR_ISENABLER0[1]: 0x0001ffff, 0x0000ffff",
      "GICR_ICENABLER0[1]: 0x0001ffff, 0x0000ffff",
      "GICD_IPRIORITYR8: 0x80808080, 0xa0a0a0a0",
    ]);
    // Nothing of the session has moved.
    assert.equal(await dap.evaluate("GITS_CTLR"), "0x80000000");
    await compare(dap, { line: 2 });
    assert.equal((await unlike(dap)).length, 4);
  });

  it("show which fields differ, and with what they are compared", async () => {
    const dap = await DapClient.stopped(SCRIPT, 6);
    await compare(dap, { line: 4 });
    const { fields, base } = await dap.request("gic/registerTable", { groups: ["GITS0"], fields: ["GITS_CTLR"] });
    assert.deepEqual(
      fields.GITS_CTLR.filter((field) => field.base !== undefined).map(({ name, text, base: other }) => [
        name,
        text,
        other,
      ]),
      [["Enabled", "0", "1"]],
    );
    assert.deepEqual([base?.kind, base?.line], ["line", 4]);
  });

  it("are compared with the stop before, with this one later, with values of a file, and with nothing", async () => {
    const dap = await DapClient.stopped(SCRIPT, 4);
    assert.match(await dap.failure("gic/compareRegisters", { stop: "before" }), /The stop before is not known/);
    await compare(dap, { stop: "here" });
    await dap.request("next", { threadId: 1 });
    await dap.event("stopped");
    assert.deepEqual(await unlike(dap), ["GITS_CTLR: 0x80000000, 0x80000001"]);
    await compare(dap, { stop: "before" });
    assert.deepEqual(await unlike(dap), ["GITS_CTLR: 0x80000000, 0x80000001"]);
    await compare(dap, { name: "guest.gicstate.json", values: [{ expression: "GITS_CBASER", value: "0x1" }] });
    assert.deepEqual(await unlike(dap), ["GITS_CBASER: 0xb80000004000040f, 0x0000000000000001"]);
    await compare(dap, {});
    const { base } = await dap.request("gic/registerTable", { groups: [], fields: [] });
    assert.equal(base, undefined);
  });

  it("are asked for as the golden has it", async () => {
    const dap = await DapClient.stopped(SCRIPT, 6);
    const transcript = new Transcript(dap);
    await transcript.ask("gic/compareRegisters", { line: 5 });
    const find = { text: "gicd_ipriorityr8", differs: false, changed: false, base: true };
    await transcript.ask("gic/registerTable", { groups: [], fields: [], find: { ...find, text: "no such register" } });
    await transcript.ask("gic/compareRegisters", { line: 6 });
    await transcript.ask("gic/compareRegisters", { stop: "sideways" });
    transcript.matches("compare-registers");
  });
});

describe("the machine of a moment as a script", () => {
  it("is written as the golden has it, and nothing of the session has moved", async () => {
    const dap = await DapClient.stopped(
      "machine { model = qemu  cpus = 1 }\nMAPC ICID=1, RDbase=0\nread GITS_CTLR\n",
      3,
    );
    const transcript = new Transcript(dap);
    await transcript.ask("gic/recreate");
    await transcript.ask("evaluate", { expression: "GITS_CREADR", context: "watch" });
    transcript.matches("recreate");
  });

  it("goes on as the session does: the same lines do the same on it", async () => {
    const lines = "MAPD DeviceID=2, Size=3, ITT_addr=0x43f00000\nMAPTI DeviceID=2, EventID=1, pINTID=8192, ICID=1\n";
    const dap = await DapClient.stopped(
      `MAPC ICID=1, RDbase=2\n${lines}msi DeviceID=2, EventID=1\nread GITS_CTLR\n`,
      4,
    );
    const { text } = await dap.request("gic/recreate", {});
    const again = await DapClient.launch(`${text}msi DeviceID=2, EventID=1\nread GITS_CTLR\n`, { stopAtEnd: true });
    await again.request("configurationDone");
    await again.event("stopped");
    assert.equal(await again.evaluate("pending[8192, 2]"), "1");
    assert.equal(await again.evaluate("ite[2, 1].pINTID"), "8192");
    assert.equal(again.text("stderr"), "");
  });
});
