import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Target } from "../../runner/index.ts";
import { allWords, ran, started } from "./support.ts";

const mapped = (model: string) => `machine { model = ${model}  cpus = 2 }
MAPC ICID=0, RDbase=1
MAPD DeviceID=0x20, Size=4, ITT_addr=0x43f00000
MAPTI DeviceID=0x20, EventID=0, pINTID=8200, ICID=0
mem64[0x43000000] = 5
`;

/** The reads of a digest let KVM's vCPUs enter their guests, which is taken back. */
function wordsOf(target: Target): string {
  return target.time?.peek(() => allWords(target)) ?? "";
}

const models = ["kvm-5.10", "kvm-6.12", "kvm-7.3", "qemu-7.2", "qemu-11.1", "arch"];

describe("migrate", () => {
  for (const model of models)
    test(`${model} to a new machine: tables, pending LPIs and memory come along`, () => {
      const text = `${mapped(model)}msi DeviceID=0x20, EventID=0
migrate
expect pending[8200] && dte[0x20].valid && cte[0].valid && mem64[0x43000000] == 5
INT DeviceID=0x20, EventID=0 => done
`;
      const { run, problems } = ran(text);
      assert.deepEqual(problems, []);
      assert.equal(run.history[5].result.begun, run.target.title);
    });

  for (const [from, to] of [
    ["kvm-5.10", "kvm-7.3"],
    ["kvm-7.2", "kvm-6.1"],
    ["qemu-7.2", "qemu-11.1"],
    ["qemu-11.1", "qemu"],
  ])
    test(`${from} to ${to}`, () => {
      const { run, problems } = ran(`${mapped(from)}migrate ${to}\nexpect dte[0x20].valid\n`);
      assert.deepEqual(problems, []);
      assert.equal(run.target.name, to === "qemu" ? "qemu-7.2" : to);
    });

  test("several ITSs come along, each with its tables", () => {
    const text = `machine { model = kvm-7.2  its = 0x08080000  its = 0x08060000 }
MAPC@1 ICID=3, RDbase=2
migrate
expect cte@1[3].RDbase == 2 && cte[3].valid == 0
`;
    assert.deepEqual(ran(text).problems, []);
  });

  test("to another family it is refused, and the script goes on where it was", () => {
    const { run, problems } = ran(`${mapped("kvm-7.2")}migrate arch\nexpect dte[0x20].valid\n`);
    assert.deepEqual(problems, ["6 ITS0529"]);
    assert.equal(run.target.name, "kvm-7.2");
  });

  test("a machine that cannot be saved says the kernel's errno", () => {
    const machine = "machine { model = kvm-7.2  setup = created }\n";
    assert.deepEqual(ran(`${machine}migrate => ENXIO\n`).problems, []);
    assert.deepEqual(ran(`${machine}migrate\n`).problems, ["2 ITS0529"]);
  });

  test("is taken back: the source is as it was", () => {
    const run = started(`${mapped("kvm-7.2")}migrate kvm-7.3\nMAPD DeviceID=0x20, V=0\n`);
    while (run.nextLine < 5) run.step();
    const before = wordsOf(run.target);
    while (run.step() !== undefined);
    assert.equal(run.target.name, "kvm-7.3");
    run.stepBack();
    run.stepBack();
    assert.deepEqual([run.target.name, run.nextLine], ["kvm-7.2", 5]);
    assert.equal(wordsOf(run.target), before);
    while (run.step() !== undefined);
    assert.equal(run.target.tables(0).device(0x20), undefined);
  });
});

describe("snapshot and restore NAME", () => {
  for (const model of models)
    test(`${model}: every word is as it was, memory and hidden state too`, () => {
      const text = `${mapped(model)}snapshot mapped
msi DeviceID=0x20, EventID=0
DISCARD DeviceID=0x20, EventID=0
MAPC ICID=1, RDbase=0
mem64[0x43000000] = 6
fill 0x42000000, 1M, 0x55
restore mapped
expect pending[8200] == 0 && dte[0x20].valid && cte[1].valid == 0 && mem64[0x43000000] == 5
expect mem8[0x42000000] == 0
INT DeviceID=0x20, EventID=0
`;
      const run = started(text);
      while (run.nextLine < 6) run.step();
      const taken = wordsOf(run.target);
      const later: string[] = [];
      while (run.nextLine < 12) {
        assert.deepEqual(run.step()?.result.problems, []);
        later.push(wordsOf(run.target));
      }
      assert.equal(later.pop(), taken);
      assert.equal(run.stepBack(), true);
      assert.equal(wordsOf(run.target), later.pop());
      for (let done = run.step(); done !== undefined; done = run.step()) assert.deepEqual(done.result.problems, []);
    });

  test("may be restored again, forwards and backwards in time", () => {
    const text = `snapshot a
MAPC ICID=0, RDbase=1
snapshot b
restore a
expect cte[0].valid == 0
restore b
expect cte[0].valid == 1
snapshot a
MAPC ICID=1, RDbase=1
restore a
expect cte[0].valid == 1 && cte[1].valid == 0
`;
    assert.deepEqual(ran(text).problems, []);
  });

  test("belongs to its machine", () => {
    const text = "snapshot a\nrestore b\nmachine { model = arch }\nrestore a\nsnapshot a\nmigrate\nrestore a\n";
    assert.deepEqual(ran(text).problems, ["2 ITS0530", "4 ITS0530", "7 ITS0530"]);
  });

  test("the commands of the queue that it moves back are not carried out again", () => {
    const run = started(`snapshot a\nMAPC ICID=0, RDbase=1\nrestore a\n`);
    while (run.step() !== undefined);
    assert.equal(run.history[2].result.commandCount, 0);
    assert.deepEqual([...run.target.tables(0).collections()], []);
  });
});

describe("LPIs in their tables", () => {
  for (const model of models)
    test(`${model}: priority and enable bit, seen at the next INV`, () => {
      const text = `${mapped(model)}lpi-config 8200 = { priority=0x40, enabled=0 }
INV DeviceID=0x20, EventID=0
expect priority[8200] == 0x40 && enabled[8200] == 0
lpi-config 8200, 1 = { enabled=1 }
INV DeviceID=0x20, EventID=0
expect priority[8200] == 0x40 && enabled[8200] == 1
lpi-pending 8201, 1 = 1
expect mem8[GICR_PENDBASER[1].Physical_Address + 1025] == 2
lpi-pending 8201, 1 = 0
expect mem8[GICR_PENDBASER[1].Physical_Address + 1025] == 0
`;
      assert.deepEqual(ran(text).problems, []);
    });

  test("KVM keeps what it has until INV", () => {
    const text = `${mapped("kvm-7.2")}lpi-config 8200 = { priority=0x40 }\nexpect priority[8200] == 0xa0\n`;
    assert.deepEqual(ran(text).problems, []);
  });

  test("what is no LPI, no PE and no table is told", () => {
    const lines = "lpi-config 8191 = { enabled=1 }\nlpi-pending 65536 = 1\nlpi-pending 8192, 9 = 1\n";
    assert.deepEqual(ran(lines).problems, ["1 ITS0533", "2 ITS0533", "3 ITS0519"]);
    assert.deepEqual(ran("machine { gic = 2 }\nlpi-pending 8192 = 1\n").problems, ["2 ITS0533"]);
    assert.deepEqual(ran("machine { setup = reset }\nlpi-pending 8192 = 1\n").problems, ["2 ITS0533"]);
  });
});

test("line has the errno of KVM_IRQ_LINE", () => {
  const text = `line 287 = 1 => done
line 288 = 1 => EINVAL
line 5 = 1 => EINVAL
line 40 = 1 => EINVAL
line 1000 = 1
machine { model = arch }
line 40 = 1 => done
line 1000 = 1 => EINVAL
`;
  assert.deepEqual(ran(text).problems, ["4 ITS0511", "5 ITS0523", "8 ITS0523"]);
});

test("a file is not read where nobody gives files, and that is said", () => {
  const run = started('load "a.bin" at 0x43000000\n');
  const [problem] = run.step()?.result.problems ?? [];
  assert.deepEqual([problem.code, problem.severity], ["ITS0532", "information"]);
});

test("state that is read while a vCPU runs lets it stay; a bare read lets it leave", () => {
  const run = started(`machine { model = kvm-7.2  cpus = 1 }
write GICD_ISENABLER1 = 1
write ICC_IGRPEN1_EL1 = 1
write ICC_PMR_EL1 = 0xf0
vcpu-run 0
line 32 = 1
expect running[0] == 1 && ICH_LR0_EL2.vINTID == 32
expect active[32] == 0 && GICD_ISACTIVER1 == 0
read GICD_ISACTIVER1
`);
  const { time } = run.target;
  const words: string[] = [];
  while (run.nextLine < 8) {
    run.step();
    words.push(String(time?.mark()));
  }
  assert.equal(words.at(-1), words.at(-2));
  assert.equal(words.at(-2), words.at(-3));
  assert.equal(run.target.vmm?.running(0), true);
  run.step();
  assert.equal(run.target.vmm?.running(0), true);
});
