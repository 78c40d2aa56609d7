import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { InterruptRow, InterruptsArguments, InterruptsBody } from "../../debug-adapter/views-protocol.ts";
import { DapClient } from "./dap-client.ts";

const ALL: InterruptsArguments = {
  text: "",
  states: [],
  changed: false,
  sort: "intid",
  descending: false,
  from: 0,
  count: 500,
};

function ask(dap: DapClient, wanted: Partial<InterruptsArguments> = {}): Promise<InterruptsBody> {
  return dap.request("gic/interrupts", { ...ALL, ...wanted });
}

async function row(dap: DapClient, key: string): Promise<InterruptRow> {
  const { rows } = await ask(dap, { text: `intid:${/\d+/.exec(key)}` });
  return rows.find((one) => one.key === key) ?? assert.fail(`no ${key} in ${rows.map((one) => one.key).join()}`);
}

async function step(dap: DapClient, command: "next" | "stepBack" = "next"): Promise<void> {
  await dap.request(command, { threadId: 1 });
  await dap.event("stopped");
}

const LPIS = `machine { model = kvm  cpus = 2 }
MAPC ICID=1, RDbase=1
MAPD DeviceID=0x10, Size=4, ITT_addr=0x43f00000
MAPTI DeviceID=0x10, EventID=0, pINTID=8192, ICID=1
MAPTI DeviceID=0x10, EventID=1, pINTID=8193, ICID=1
MAPTI DeviceID=0x10, EventID=99, pINTID=8194, ICID=1 => MAPTI_ID_OOR
msi DeviceID=0x10, EventID=1
read GITS_CTLR`;

for (const model of ["kvm", "qemu", "arch"]) {
  const script = LPIS.replace("model = kvm", `model = ${model}`).replace(/.*EventID=99.*/, "read GITS_CTLR");

  describe(`the list of interrupts of ${model}`, () => {
    it("has every SGI and PPI of each PE, every SPI, and LPIs with their way", async () => {
      const dap = await DapClient.stopped(script, 8);
      const { rows, total, matching } = await ask(dap, { text: "lpi" });
      assert.equal(matching, 2);
      const { total: all, rows: first } = await ask(dap, { count: 65 });
      assert.equal(total, all);
      assert.deepEqual(
        [first[0].key, first[1].key, first[63].key, first[64].key],
        ["SGI 0@0", "SGI 0@1", "PPI 31@1", "SPI 32"],
      );
      const { kind, intid, enabled, pending, active, priority, trigger, group, target, device, event, icid } = rows[1];
      assert.deepEqual(
        { kind, intid, enabled, pending, active, priority, trigger, group, target, device, event, icid },
        {
          kind: "LPI",
          intid: 8193,
          enabled: true,
          pending: true,
          active: undefined,
          priority: 0xa0,
          trigger: "edge",
          group: 1,
          target: { kind: "pes", pes: [1] },
          device: 0x10,
          event: 1,
          icid: 1,
        },
      );
    });

    it("marks what a step has changed, also when nobody looked before", async () => {
      const dap = await DapClient.stopped(script, 7);
      await step(dap);
      assert.deepEqual((await row(dap, "LPI 8193 0/16/1")).changed, ["pending"]);
      const { changesKnown, rows } = await ask(dap, { changed: true });
      assert.ok(changesKnown);
      assert.deepEqual(
        rows.map(({ key }) => key),
        ["LPI 8193 0/16/1"],
      );
    });

    it("sets what software can set, as software does", async () => {
      const dap = await DapClient.stopped(script, 8);
      const set = async (key: string, piece: "enabled" | "pending" | "priority", value: number) =>
        (await dap.request("gic/setInterrupt", { key, piece, value })).statements;
      assert.deepEqual(await set("SPI 34", "enabled", 1), ["write GICD_ISENABLER1 = 0x4"]);
      assert.deepEqual(await set("SPI 34", "priority", 0x40), ["write GICD_IPRIORITYR8 = 0x400000"]);
      assert.deepEqual(await set("PPI 20@1", "pending", 1), ["write GICR_ISPENDR0[1] = 0x100000"]);
      const spi = await row(dap, "SPI 34");
      assert.deepEqual([spi.enabled, spi.priority], [true, 0x40]);
      assert.equal((await row(dap, "PPI 20@1")).pending, true);
      assert.equal((await row(dap, "PPI 20@0")).pending, false);
      const lpi = "LPI 8193 0/16/1";
      assert.deepEqual(await set(lpi, "pending", 0), ["CLEAR DeviceID=0x10, EventID=0x1"]);
      assert.equal((await set(lpi, "enabled", 0)).at(-1), "INV DeviceID=0x10, EventID=0x1");
      await set(lpi, "priority", 0x30);
      const { pending, enabled, priority } = await row(dap, lpi);
      assert.deepEqual([pending, enabled, priority], [false, false, 0x30]);
    });
  });
}

describe("the list of interrupts", () => {
  it("is filtered by words, states and numbers, and sorted by what there is", async () => {
    const dap = await DapClient.stopped(LPIS, 8);
    const keys = async (wanted: Partial<InterruptsArguments>) => (await ask(dap, wanted)).rows.map(({ key }) => key);
    assert.deepEqual(await keys({ states: ["pending"] }), ["LPI 8193 0/16/1"]);
    assert.deepEqual(await keys({ text: "lpi device:0x10", sort: "event", descending: true }), [
      "LPI 8193 0/16/1",
      "LPI 8192 0/16/0",
    ]);
    assert.deepEqual(await keys({ text: "ppi pe:1 27" }), ["PPI 27@1"]);
    assert.equal((await keys({ sort: "pending" }))[0], "LPI 8193 0/16/1");
    const { matching, unknownWords } = await ask(dap, { text: "sideways" });
    assert.deepEqual([matching, unknownWords], [0, ["sideways"]]);
  });

  it("does not know what has changed when a step back leads to where nobody looked", async () => {
    const dap = await DapClient.stopped(LPIS, 8);
    await step(dap, "stepBack");
    assert.equal((await ask(dap)).changesKnown, false);
    await step(dap);
    await ask(dap);
    await step(dap, "stepBack");
    assert.deepEqual((await row(dap, "LPI 8193 0/16/1")).changed, ["pending"]);
  });

  it("shows in which list register an interrupt is", async () => {
    const script = `machine { model = kvm  cpus = 1 }
write GICD_IGROUPR1 = 0xf
write GICD_ICFGR2 = 0xaa
write GICD_IPRIORITYR8 = 0xb8b0a8a0
write GICD_ISENABLER1 = 0xf
write GICD_ISPENDR1 = 0xc
vcpu-run 0
read GITS_CTLR`;
    const dap = await DapClient.stopped(script, 8);
    assert.deepEqual((await row(dap, "SPI 34")).listRegister, { pe: 0, index: 0, state: "Pending" });
    assert.deepEqual((await row(dap, "SPI 35")).listRegister, { pe: 0, index: 1, state: "Pending" });
    assert.equal((await row(dap, "SPI 33")).listRegister, undefined);
  });

  it("says which line mapped an event, and which one changed a value", async () => {
    const dap = await DapClient.stopped(LPIS, 8);
    assert.equal((await dap.request("gic/changedBy", { device: 0x10, event: 1 })).line, 5);
    assert.equal((await dap.request("gic/changedBy", { device: 0x10 })).line, 3);
    assert.equal((await dap.request("gic/changedBy", { icid: 1 })).line, 2);
    assert.equal((await dap.request("gic/changedBy", { expression: "pending[8193]" })).line, 7);
    assert.equal((await dap.request("gic/changedBy", { expression: "GITS_TYPER" })).line, undefined);
    await assert.rejects(dap.request("gic/changedBy", { its: 9, device: 1 }), /There is no ITS 9 here/);
  });
});

describe("the command queue", () => {
  it("has a command in each slot, with what became of it and at which line", async () => {
    const dap = await DapClient.stopped(LPIS, 8);
    const { rows, reader, writer, slots, waiting } = await dap.request("gic/queue", { its: 0, from: 0, count: 7 });
    assert.ok(slots >= 128);
    assert.deepEqual([reader, writer, waiting], [writer, writer, 0]);
    const taken = rows.filter(({ state }) => state === "consumed");
    assert.deepEqual(
      taken.map(({ text, outcome, line }) => [text?.split(" ")[0], outcome?.good, line]),
      [
        ["MAPC", true, 2],
        ["MAPD", true, 3],
        ["MAPTI", true, 4],
        ["MAPTI", true, 5],
        ["MAPTI", false, 6],
      ],
    );
    assert.equal(rows.at(-1)?.state, "empty");
  });

  it("shows what waits while the ITS is off", async () => {
    const dap = await DapClient.stopped(
      `write GITS_CTLR = 0
write GITS_CWRITER = 0x40
read GITS_CTLR`,
      3,
    );
    const { rows, waiting, enabled } = await dap.request("gic/queue", { its: 0, from: 0, count: 3 });
    assert.deepEqual([enabled, waiting], [false, 2]);
    assert.deepEqual(
      rows.map(({ state }) => state),
      ["next", "waiting", "empty"],
    );
  });
});

describe("the map of a session", () => {
  it("leads from devices to PEs, and marks what the last command changed", async () => {
    const dap = await DapClient.stopped(LPIS, 7);
    await step(dap);
    const { map, changesKnown } = await dap.request("gic/map", {});
    assert.ok(changesKnown);
    assert.deepEqual([map.pes, map.leftOut, map.devices.length], [2, 0, 1]);
    assert.deepEqual(map.devices[0].events, [
      { eventId: 0, intid: 8192, icid: 1, target: 1, enabled: true, priority: 0xa0, pending: [] },
      { eventId: 1, intid: 8193, icid: 1, target: 1, enabled: true, priority: 0xa0, pending: [1], changed: true },
    ]);
  });
});

describe("the bits", () => {
  it("of a register have names, meanings, and what a step has changed", async () => {
    const dap = await DapClient.stopped(LPIS, 4);
    await step(dap);
    const bits = await dap.request("gic/bits", { expression: "GITS_CREADR.Offset" });
    assert.equal(bits.title, "GITS_CREADR");
    assert.deepEqual(bits.words, ["0x0000000000000060"]);
    assert.deepEqual(bits.previous, ["0x0000000000000040"]);
    assert.ok(bits.fields.some(({ name, text }) => name === "Offset" && text.startsWith("0x60")));
    const baser = await dap.request("gic/bits", { expression: "GITS_BASER0" });
    const type = baser.fields.find(({ name }) => name === "Type");
    assert.ok(type?.values.some(({ name }) => name === "Devices"));
  });

  it("of an entry and of commands are those of the layout", async () => {
    const dap = await DapClient.stopped(LPIS, 8);
    const entry = await dap.request("gic/bits", { expression: "ite[0x10, 1]" });
    assert.ok(entry.fields.some(({ name, text }) => name === "pINTID" && text === "8193"));
    const slot = await dap.request("gic/bits", { slot: 3 });
    const line = await dap.request("gic/bits", { line: 5 });
    assert.equal(slot.title, "MAPTI DeviceID=0x10, EventID=0x1, pINTID=8193, ICID=1");
    assert.deepEqual([line.title, line.words], [slot.title, slot.words]);
    assert.ok(
      line.fields.some(({ name, msb, lsb, text }) => name === "pINTID" && lsb === 96 && msb === 127 && text === "8193"),
    );
  });
});

describe("the table of registers", () => {
  const closed = { groups: [], fields: [] };

  it("has groups with what they come to, and reads nothing but for that", async () => {
    const dap = await DapClient.stopped(LPIS, 8);
    const { groups, model } = await dap.request("gic/registerTable", closed);
    assert.match(model, /KVM/);
    assert.ok(groups.every(({ registers }) => registers === undefined));
    const summary = (id: string) => groups.find((group) => group.id === id)?.summary;
    assert.deepEqual(summary("GITS0"), { enabled: { what: "its", on: true }, waiting: 0, stalled: false });
    assert.deepEqual(summary("GICR1"), { enabled: { what: "lpis", on: true }, pending: 1 });
    assert.deepEqual(summary("GICR0"), { enabled: { what: "lpis", on: true }, pending: 0 });
    assert.deepEqual(summary("ICH0"), { listRegisters: 0 });
  });

  it("has every register of an INTID, each once, and says which INTID a field is about", async () => {
    const dap = await DapClient.stopped(LPIS, 8);
    const { groups } = await dap.request("gic/registerTable", closed);
    const ids = groups.map(({ id }) => id);
    const all = await dap.request("gic/registerTable", { groups: ids, fields: ["GICD_ISPENDR1", "GICD_IPRIORITYR9"] });
    const names = all.groups.flatMap(({ registers = [] }) => registers.map(({ expression }) => expression));
    assert.equal(new Set(names).size, names.length, "none twice");
    for (const name of [
      "GICD_IROUTER32",
      "GICD_IROUTER63",
      "GICD_IPRIORITYR9",
      "GICD_ICFGR3",
      "GICR_ISPENDR0",
      "GICR_IPRIORITYR7[1]",
    ])
      assert.ok(names.includes(name), name);
    assert.equal(all.fields.GICD_ISPENDR1.at(-3)?.intid, 34);
    assert.equal(all.fields.GICD_IPRIORITYR9.at(-1)?.intid, 36);
  });

  it("tells what has changed since the stop before, and what differs from reset", async () => {
    const dap = await DapClient.stopped(LPIS, 4);
    await step(dap);
    const find = { text: "", differs: false, changed: true };
    const { groups } = await dap.request("gic/registerTable", { ...closed, find });
    const changed = groups.flatMap(({ registers = [] }) => registers.map(({ name }) => name));
    assert.deepEqual(changed, ["GITS_CWRITER", "GITS_CREADR"]);
    const opened = await dap.request("gic/registerTable", {
      groups: ["GITS0"],
      fields: ["GITS_CREADR", "GITS_BASER0"],
    });
    const offset = opened.fields.GITS_CREADR.find(({ name }) => name === "Offset");
    assert.deepEqual([offset?.changed, offset?.differs], [true, true]);
    const type = opened.fields.GITS_BASER0.find(({ name }) => name === "Type");
    assert.deepEqual(
      [type?.differs, type?.settable, type?.values.some(({ name }) => name === "Devices")],
      [false, false, true],
    );
    const far = await dap.request("gic/registerTable", {
      ...closed,
      find: { text: "baser0", differs: true, changed: false },
    });
    assert.deepEqual(
      far.groups.flatMap(({ registers = [] }) => registers.map(({ name }) => name)),
      ["GITS_BASER0"],
    );
  });

  it("finds registers by name, address and value", async () => {
    const dap = await DapClient.stopped(LPIS, 8);
    const found = async (text: string) => {
      const { groups } = await dap.request("gic/registerTable", {
        ...closed,
        find: { text, differs: false, changed: false },
      });
      return groups.flatMap(({ registers = [] }) => registers.map(({ expression }) => expression));
    };
    assert.deepEqual(await found("gits_cbaser"), ["GITS_CBASER"]);
    assert.ok((await found("0x8080080")).includes("GITS_CBASER"));
    assert.deepEqual(await found("gicr_ctlr[1]"), ["GICR_CTLR[1]"]);
  });
});
