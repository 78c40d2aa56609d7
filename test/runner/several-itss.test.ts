import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { releasedModelNames } from "../../emulator/index.ts";
import type { Target } from "../../runner/index.ts";
import { allWords, ran, started } from "./support.ts";

const two = (model: string, more = "") =>
  `machine { model = ${model}  its = 0x08080000  its = 0x08060000  cpus = 2 ${more} }\n`;

const work = `MAPC ICID=0, RDbase=1
MAPC@1 ICID=0, RDbase=0
MAPD@1 DeviceID=0x20, Size=4, ITT_addr=0x43f00000
MAPTI@1 DeviceID=0x20, EventID=0, pINTID=8200, ICID=0
expect dte[0x20].valid == 0 && dte@1[0x20].valid == 1
expect cte[0].RDbase == 1 && cte@1[0].RDbase == 0
expect ite@1[0x20, 0].valid == 1
msi@1 DeviceID=0x20, EventID=0
expect pending[8200, 0] == 1 && pending[8200, 1] == 0
raw@1 0x4 | 0x20 << 32, 0, 0, 0 => done
expect pending[8200] == 0
expect GITS_CWRITER@1 == 0x80 && GITS_CWRITER == 0x20
`;

for (const model of [...releasedModelNames, "arch"].filter((name, at, all) => all.indexOf(name) === at)) {
  test(`commands, MSIs, registers and tables of two ITSs: ${model}`, () => {
    assert.deepEqual(ran(two(model) + work).problems, []);
  });
}

test("save, restore, reset and attributes are for the ITS behind @", () => {
  const text = `${two("kvm-7.2")}${work}save@1
set-attr VGIC_ITS@1, CTRL, RESET
expect dte@1[0x20].valid == 0 && cte[0].valid
user-write GITS_BASER0@1 = 0xb807000040340207
restore@0
get-attr VGIC_ITS@1, ITS_REGS, 0x100
`;
  assert.deepEqual(ran(text).problems, []);
});

test("each ITS is set up, in memory of its own", () => {
  const { run } = ran(`${two("arch", "gic = 4")}let a = GITS_CBASER@1\n`);
  const registers = ["GITS_CBASER", "GITS_BASER0", "GITS_BASER1", "GITS_BASER2"];
  const offsets = [0x80, 0x100, 0x108, 0x110];
  const pages = run.target.map.its.flatMap((base) =>
    offsets.map((offset) => ((run.target.read(base + offset, 8) ?? 0n) >> 16n) & 0xffff_ffffn),
  );
  assert.equal(new Set(pages).size, 2 * registers.length);
});

describe("an ITS that is not there", () => {
  const lines: readonly (readonly [line: string, code: string])[] = [
    ["MAPC@2 ICID=0, RDbase=0", "2 ITS0522"],
    ["msi@2 DeviceID=0, EventID=0", "2 ITS0522"],
    ["save@15", "2 ITS0522"],
    ["read GITS_CTLR@2", "2 ITS0522"],
    ["write GITS_CTLR@2 = 0", "2 ITS0522"],
    ["expect dte@2[0].valid == 0", "2 ITS0406"],
    ["expect GITS_CTLR@2 == 0", "2 ITS0406"],
    ["has-attr VGIC_ITS@2, CTRL, RESET", "2 ITS0521"],
  ];
  for (const [line, code] of lines)
    test(line, () => assert.deepEqual(ran(`${two("kvm-7.2")}${line}\n`).problems, [code]));
});

/** The reads of a digest let KVM's vCPUs enter their guests, which is taken back. */
function wordsOf(target: Target): string {
  return target.time?.peek(() => allWords(target)) ?? "";
}

describe("each line can be taken back", () => {
  for (const model of ["kvm-7.2", "arch", "qemu-11.1"])
    test(model, () => {
      const run = started(two(model) + work);
      const words = [wordsOf(run.target)];
      while (run.step() !== undefined) words.push(wordsOf(run.target));
      words.pop();
      while (run.stepBack()) assert.equal(wordsOf(run.target), words.pop());
      assert.equal(words.length, 0);
    });
});
