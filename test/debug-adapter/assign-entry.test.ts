import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DapClient } from "./dap-client.ts";
import { Transcript } from "./transcript.ts";

const LINES = `MAPC ICID=1, RDbase=1
MAPC ICID=2, RDbase=0
MAPD DeviceID=0x10, Size=4, ITT_addr=0x43f00000
MAPTI DeviceID=0x10, EventID=1, pINTID=8193, ICID=1
read GITS_CTLR`;

for (const model of ["kvm", "kvm-5.10", "qemu", "arch"]) {
  const intid = model.startsWith("kvm") ? "pINTID" : "INTID";

  describe(`fields of table entries of ${model}`, () => {
    const stopped = () => DapClient.stopped(`machine { model = ${model}  cpus = 2 }\n${LINES}`, 6);
    const set = (dap: DapClient, expression: string, value: string) =>
      dap.request("setExpression", { expression, value }).then((body) => body.value);

    it("are given other values by commands, which are told", async () => {
      const dap = await stopped();
      assert.equal(await set(dap, "ite[0x10, 1].ICID", "2"), "2");
      await dap.event("invalidated");
      assert.match(dap.text("console"), /Carried out: MOVI DeviceID=0x10, EventID=0x1, ICID=0x2\./);
      assert.equal(await set(dap, `ite[0x10, 1].${intid}`, "8200"), "8200");
      assert.equal(await set(dap, "cte[1].RDbase", "0"), "0");
      assert.equal(await dap.evaluate("ite[0x10, 1].ICID"), "2");
      assert.match(await set(dap, "dte[0x10].Size", "5"), /^5/);
      assert.equal(await dap.evaluate("dte[0x10].ITT_addr"), "0x43f00000");
      assert.equal(await dap.evaluate(`ite[0x10, 1].${intid}`), "8200");
    });

    it("are refused with the reason, and then nothing has changed", async () => {
      const dap = await stopped();
      const refused = (expression: string, value: string) => dap.failure("setExpression", { expression, value });
      assert.match(await refused("dte[0x10].V", "0"), /V is no field that a command gives another value; MAPD maps/);
      assert.match(await refused("ite[0x10, 2].ICID", "1"), /EventID 0x2 of DeviceID 0x10 is not mapped/);
      await refused(`ite[0x10, 1].${intid}`, "5");
      assert.equal(await dap.evaluate(`ite[0x10, 1].${intid}`), "8193");
      await refused("ite[0x10, 1].ICID", "70000");
      assert.equal(await dap.evaluate("ite[0x10, 1].ICID"), "1");
    });

    it("are changed in the bits, too, and only those that can be", async () => {
      const dap = await stopped();
      const { fields } = await dap.request("gic/bits", { expression: "ite[0x10, 1]" });
      const settable = fields.filter(({ expression }) => expression !== undefined).map(({ expression }) => expression);
      assert.deepEqual(settable.sort(), [`ite[0x10, 1].${intid}`, "ite[0x10, 1].ICID"].sort());
      await set(dap, "ite[0x10, 1].ICID", "2");
      await dap.event("invalidated");
      const { previous } = await dap.request("gic/bits", { expression: "ite[0x10, 1]" });
      assert.ok(previous !== undefined);
    });
  });
}

describe("the bits of a command of the script", () => {
  /** The line with a field changed as the view does it. */
  async function changed(script: string, line: number, field: string, value: string): Promise<string> {
    const dap = await DapClient.stopped(script, 2);
    const { fields, source } = await dap.request("gic/bits", { line });
    const { edit } = fields.find(({ name }) => name === field) ?? assert.fail(`no field ${field}`);
    assert.ok(edit !== undefined && source !== undefined);
    const { text } = source;
    return text.slice(0, edit.start) + edit.before + value + text.slice(edit.start + edit.length);
  }

  it("say which part of the line a field's value is, or where it would stand", async () => {
    const script =
      "let nic = 0x10\nMAPTI DeviceID=nic, EventID=1 + 2, pINTID=8192, ICID=1  # note\nMAPC ICID=1, RDbase=2\n";
    assert.equal(
      await changed(script, 2, "EventID", "0x5"),
      "MAPTI DeviceID=nic, EventID=0x5, pINTID=8192, ICID=1  # note",
    );
    assert.equal(
      await changed(script, 2, "DeviceID", "7"),
      "MAPTI DeviceID=7, EventID=1 + 2, pINTID=8192, ICID=1  # note",
    );
    assert.equal(await changed(script, 3, "V", "0"), "MAPC ICID=1, RDbase=2, V=0");
  });

  it("are those of the line as an editor has it that has not saved it", async () => {
    const dap = await DapClient.stopped("let nic = 0x10\nMAPC ICID=1, RDbase=0\nlet below = 7\n", 2);
    const text = "MAPC ICID=nic + 1, RDbase=0";
    const { title, summary, source, fields } = await dap.request("gic/bits", { line: 2, text });
    assert.equal(title, "MAPC ICID=17, RDbase=0");
    assert.match(summary, /^line 2, not saved: /);
    assert.deepEqual(source, { line: 2, text });
    assert.equal(fields.find(({ name }) => name === "ICID")?.text, "17");
    for (const [wrong, told] of [
      ["MAPC ICID=below, RDbase=0", /'below'/],
      ["MAPC ICID=", /expected/i],
      ["# nothing", /expression/i],
      ["for i in 0..3 {", /expression/i],
    ] as const)
      await assert.rejects(dap.request("gic/bits", { line: 2, text: wrong }), told, wrong);
    assert.equal(
      (await dap.request("gic/bits", { line: 2, text: "MAPC ICID=1, RDbase=0" })).summary.startsWith("line 2:"),
      true,
    );
  });

  it("cannot be changed in a slot of the queue, nor in a raw statement, and say so", async () => {
    const dap = await DapClient.stopped("MAPC ICID=1, RDbase=0\nraw 5, 0, 0, 0\n", 2);
    const slot = await dap.request("gic/bits", { its: 0, slot: 0 });
    const raw = await dap.request("gic/bits", { line: 2 });
    assert.deepEqual([slot.fixed, raw.fixed], ["slot", "raw"]);
    assert.ok([...slot.fields, ...raw.fields].every(({ edit, expression }) => edit ?? expression === undefined));
  });

  it("and those of a table entry are changed as the golden has it", async () => {
    const dap = await DapClient.stopped(`machine { model = qemu  cpus = 2 }\n${LINES}`, 6);
    const transcript = new Transcript(dap);
    transcript.say("A command of a line");
    await transcript.ask("gic/bits", { line: 4 });
    transcript.say("A device with an event, whose ITT gets room for more");
    await transcript.ask("setExpression", { expression: "dte[0x10].Size", value: "7" });
    await dap.event("invalidated");
    transcript.say("A virtual event's fields, and what is not mapped");
    await transcript.ask("setExpression", { expression: "ite[0x10, 1].doorbell", value: "1" });
    await transcript.ask("setExpression", { expression: "cte[9].RDbase", value: "1" });
    transcript.matches("entry-fields");
  });
});
