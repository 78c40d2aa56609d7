import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { type CaptureFile, openCapture, walkCapture } from "../../dumps/captures/index.ts";
import { finish, readDump } from "../../dumps/index.ts";

const examples = path.join(import.meta.dirname, "..", "..", "examples");

function text(name: string, content: string): CaptureFile {
  return { name, content: { text: content, dump: readDump(content) } };
}

describe("where RAM is", () => {
  test("says a kernel's log", () => {
    const log =
      "[    0.000000]   node   0: [mem 0x0000000040000000-0x000000007fffffff]\n[    0.1] Initmem setup node 0 [mem 0x1-0x2]\n";
    assert.deepEqual(openCapture([text("boot.log", log)]).facts.ram, [{ from: 0x4000_0000, to: 0x8000_0000 }]);
  });

  test("says /proc/iomem, and nothing of what is in it", () => {
    const iomem = "08080000-0809ffff : GITS\n40000000-7fffffff : System RAM\n  40210000-418affff : Kernel code\n";
    assert.deepEqual(openCapture([text("iomem", iomem)]).facts.ram, [{ from: 0x4000_0000, to: 0x8000_0000 }]);
  });

  test("says a list of addresses", () => {
    const list = { ram: [{ base: "0x40000000", bytes: 0x1000 }, { base: 1 }] };
    const { facts, problems } = openCapture([text("a.giccap.json", JSON.stringify(list))]);
    assert.deepEqual(facts.ram, [{ from: 0x4000_0000, to: 0x4000_1000 }]);
    assert.deepEqual(
      problems.map(({ message }) => message),
      ["ram[1] has no base and bytes"],
    );
  });
});

describe("lines # gic: of dumps", () => {
  const opened = (name: string) => openCapture([text(name, readFileSync(path.join(examples, name), "utf8"))]);

  test("say where a flat table is, and up to where it is seen", () => {
    const { facts, layout } = opened("kvm-6.1-device-table.gicdump");
    const { address, indirect, bytes, seen } = facts.tables.get("device") ?? {};
    assert.deepEqual(
      [layout?.name, address, indirect, bytes, seen],
      ["kvm-rev0", 0x4010_0000, false, undefined, 0x8_0000],
    );
  });

  test("say where a two-level table is, whose devices are found then", () => {
    const capture = opened("kvm-6.1-device-table-two-level.gicdump");
    assert.equal(capture.facts.tables.get("device")?.indirect, true);
    assert.equal(finish(walkCapture(capture)).devices.length, 8);
  });

  test("say where the other tables are", () => {
    const dump = [
      "# gic: table=itt layout=kvm-rev0 base=0x40200000 device-id=0x8 event-bits=2",
      "40200000: 0000000020000000 0000000000000000",
      "# gic: table=lpi-config base=0x40020000",
      "40020000: a1a1a1a1a1a1a1a1 a1a1a1a1a1a1a1a1",
      "# gic: table=lpi-pending base=0x40030000",
      "40030000: 0000000000000000 0000000000000000",
      "# gic: table=lpi-pending base=0x40040000",
      "40040000: 0000000000000000 0000000000000000",
    ].join("\n");
    const { facts } = openCapture([text("tables.txt", dump)]);
    assert.equal(facts.itts.get(8)?.address, 0x4020_0000);
    assert.equal(facts.propertyTable?.address, 0x4002_0000);
    assert.deepEqual(
      [...facts.pendingTables].map(([pe, { address }]) => [pe, address]),
      [
        [0, 0x4003_0000],
        [1, 0x4004_0000],
      ],
    );
    assert.equal(facts.pes, 2);
  });
});

describe("registers in a capture", () => {
  const frame = [
    "0x08080000: 0x4b00043b00000001 0x000000070f0f0781",
    "0x08080080: 0xb80000004000040f 0x0000000000000140",
    "0x08080100: 0xb907000040100607 0xbc07000040010600",
    "0x080a0070: 0x000000004002078f 0x0000000040030780",
    "0x080c0070: 0x000000004002078f 0x0000000040040780",
  ].join("\n");

  test("are kept by name, with the queue's length and each PE's table", () => {
    const { facts } = openCapture([text("registers.txt", frame)]);
    assert.equal(facts.registers.get("GITS_IIDR"), 0x4b00_043bn);
    assert.equal(facts.registers.get("GITS_CTLR"), 1n);
    assert.equal(facts.registers.get("PE 1 GICR_PENDBASER"), 0x4004_0780n);
    assert.equal(facts.commandQueueBytes, 0x1_0000);
    assert.deepEqual([...facts.propertyTables.keys()], [0, 1]);
    assert.equal(facts.pes, 2);
  });

  test("of KVM's ITS tell the layout of its tables, however damaged they are", () => {
    assert.equal(openCapture([text("registers.txt", frame)]).layout?.name, "kvm-rev0");
    assert.equal(openCapture([text("registers.txt", frame.replace("4b00043b", "0000043b"))]).layout, undefined);
  });
});
