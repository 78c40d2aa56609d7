import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { started } from "./support.ts";

/** What the `read` lines of a script show, in order; what is wrong with a line stands in its place. */
function reads(text: string): string[] {
  const run = started(text);
  const found: string[] = [];
  for (let step = run.step(); step !== undefined; step = run.step()) {
    const { shown, problems } = step.result;
    for (const problem of problems) found.push(problem.message);
    if (shown !== undefined) found.push(`0x${shown.value.toString(16)}`);
  }
  return found;
}

describe("entries of tables are what stands in guest memory", () => {
  for (const model of ["qemu", "arch"]) {
    const mapped = `machine {
  model = ${model}
  gic = 4
}
write GITS_CTLR = 0
write GITS_BASER2 = 0x8000000042000200
write GITS_CTLR = 1
MAPC ICID=1, RDbase=2
MAPD DeviceID=0x10, ITT_addr=0x43f00000, Size=4
MAPTI DeviceID=0x10, EventID=0, pINTID=8192, ICID=1
VMAPP vPEID=3, RDbase=1, VPT_addr=0x43e00000, VPT_size=15
VMAPTI DeviceID=0x10, EventID=1, vPEID=3, vINTID=8200, Dbell_pINTID=8201
`;
    const wanted: readonly (readonly [expression: string, value: string])[] = [
      ["ite[0x10, 0]", "0x3ff0000000100008003"],
      ["ite[0x10, 0] & 0xffffffffffffffff", "0x100008003"],
      ["mem64[0x43f00000]", "0x100008003"],
      ["ite[0x10, 0].type", "0x1"],
      ["ite[0x10, 0].INTID", "0x2000"],
      ["ite[0x10, 1].type", "0x0"],
      ["ite[0x10, 1].vPEID", "0x3"],
      ["ite[0x10, 1].doorbell", "0x2009"],
      ["ite[0x10, 1]", "0x20090003000000008021"],
      ["ite[0x10, 2]", "0x0"],
      ["cte[1]", "0x5"],
      ["dte[0x10]", "0x10fc0009"],
    ];
    for (const [expression, value] of wanted) {
      it(`${model}: ${expression} is ${value}`, () => {
        assert.deepEqual(reads(`${mapped}read ${expression}\n`), [value]);
      });
    }

    it(`${model}: bits that software has set in an entry are there`, () => {
      const text = `${mapped}mem64[0x43f00000] = mem64[0x43f00000] | 0x8000000000000000\nread ite[0x10, 0].vPEID\n`;
      assert.deepEqual(reads(text), ["0x8000"]);
    });
  }
});

describe("entries of a KVM model are what SAVE_TABLES would write", () => {
  const mapped = (model: string): string => `machine { model = ${model} }
MAPC ICID=1, RDbase=2
MAPC ICID=4, RDbase=1
MAPD DeviceID=0x10, ITT_addr=0x43f00000, Size=15
MAPD DeviceID=0x15, ITT_addr=0x43f80000, Size=4
MAPTI DeviceID=0x10, EventID=0, pINTID=8192, ICID=1
MAPTI DeviceID=0x10, EventID=3, pINTID=8193, ICID=4
MAPTI DeviceID=0x10, EventID=7, pINTID=8194, ICID=1
MAPTI DeviceID=0x10, EventID=2000, pINTID=8195, ICID=1
MAPTI DeviceID=0x10, EventID=0xffff, pINTID=8196, ICID=4
`;
  /** An entry, and where SAVE_TABLES puts it. */
  const places: readonly (readonly [entry: string, place: string])[] = [
    ["dte[0x10]", "mem64[0x40100080]"],
    ["dte[0x15]", "mem64[0x401000a8]"],
    ["ite[0x10, 0]", "mem64[0x43f00000]"],
    ["ite[0x10, 3]", "mem64[0x43f00018]"],
    ["ite[0x10, 7]", "mem64[0x43f00038]"],
    ["ite[0x10, 2000]", "mem64[0x43f03e80]"],
    ["ite[0x10, 0xffff]", "mem64[0x43f7fff8]"],
    ["cte[1]", "mem64[0x40010000]"],
    ["cte[4]", "mem64[0x40010008]"],
  ];
  for (const model of ["kvm-5.10", "kvm-7.2", "kvm-7.3"]) {
    for (const [entry, place] of places) {
      it(`${model}: ${entry}`, () => {
        const [before, written, after] = reads(`${mapped(model)}read ${entry}\nsave\nread ${place}\nread ${entry}\n`);
        assert.deepEqual([before, after], [written, written]);
        assert.notEqual(written, "0x0");
      });
    }
  }

  for (const model of ["kvm-7.2", "kvm-7.3"]) {
    it(`${model}: next to an event whose collection is gone`, () => {
      const gone = `${mapped(model)}MAPC ICID=4, V=0\n`;
      const [before, written] = reads(`${gone}read ite[0x10, 0].next\nsave\nread mem64[0x43f00000] >> 48\n`);
      assert.equal(before, written);
    });
  }

  it("an event whose collection is gone is mapped, and has no entry", () => {
    const text = `${mapped("kvm-7.2")}MAPC ICID=4, V=0\nread ite[0x10, 3].valid\nread ite[0x10, 3]\nread ite[0x10, 3].pINTID\n`;
    assert.deepEqual(reads(text), [
      "0x1",
      "0x0",
      "The ITE has no pINTID: its collection is gone, and SAVE_TABLES writes 0 for it.",
    ]);
  });

  it("where the kernel would crash at such an event, it says so", () => {
    assert.deepEqual(reads(`${mapped("kvm-5.10")}MAPC ICID=4, V=0\nread ite[0x10, 3]\n`), [
      "There is no ITE to read: its collection is gone, and SAVE_TABLES crashes the host there.",
    ]);
  });
});
