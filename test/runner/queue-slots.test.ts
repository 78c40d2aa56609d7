import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { allWords, ran, started } from "./support.ts";

const three = "batch {\n  SYNC RDbase=0\n  MAPC ICID=0, RDbase=1\n  MAPC ICID=1, RDbase=1\n}\n";
const models = ["kvm-5.10", "kvm-7.2", "qemu", "qemu-11.1", "arch"];
const machine = (model: string): string => `machine { model = ${model} }\n`;

describe("queue SLOT", () => {
  for (const model of models) {
    it(`has a batch wrap at the end of the queue on ${model}`, () => {
      const { run, problems } = ran(
        `${machine(model)}queue 2046\nexpect GITS_CWRITER == 0xffc0 && GITS_CREADR == 0xffc0\n${three}expect GITS_CREADR == 0x20 && GITS_CWRITER == 0x20\nexpect cte[0].valid && cte[1].valid\n`,
      );
      assert.deepEqual(problems, []);
      const [{ result }] = run.history.filter(({ line }) => line === 1);
      assert.equal(result.commandCount, 2046);
      assert.equal(result.shown?.text, "slot 2046 is next, behind 2046 SYNCs");
    });

    it(`changes nothing but the queue on ${model}`, () => {
      const led = ran(`${machine(model)}queue 2047\nqueue 0\nfill 0x40000000, 64K, 0`);
      assert.deepEqual(led.problems, []);
      assert.equal(
        allWords(led.run.target),
        allWords(ran(`${machine(model)}repeat 2048 {\n  SYNC RDbase=0\n}\nfill 0x40000000, 64K, 0`).run.target),
      );
    });
  }

  it("goes past the end to a slot that is lower, and stores nothing where the slot is next", () => {
    const { run, problems } = ran("queue 10\nqueue 10\nqueue 9\nqueue@0 8 + 2");
    assert.deepEqual(problems, []);
    assert.deepEqual(
      run.history.map(({ result }) => result.commandCount),
      [10, 0, 2047, 1],
    );
  });

  it("is about the slots that the queue has", () => {
    const queue =
      "write GITS_CTLR.Enabled = 0\nwrite GITS_CBASER = { Valid=1, Physical_Address=0x40100000, Size=0 }\nwrite GITS_CTLR.Enabled = 1\n";
    const { problems } = ran(`${queue}queue 127\n${three}expect GITS_CREADR == 0x40\nqueue 128`);
    assert.deepEqual(problems, ["11 ITS0538"]);
  });

  it("is about the ITS that it or the block around it names", () => {
    const two = "machine { its = 0x08060000  its = 0x08080000 }\n";
    const { problems } = ran(
      `${two}queue@1 5\nits 1 {\n  queue 6\n}\nexpect GITS_CWRITER@1 == 0xc0 && GITS_CWRITER == 0\nqueue@2 1`,
    );
    assert.deepEqual(problems, ["7 ITS0522"]);
  });

  it("does not overwrite commands that wait", () => {
    const off = "write GITS_CTLR.Enabled = 0\n";
    const waiting = `${off}queue 4\nqueue 2047\nqueue 3\nexpect GITS_CREADR == 0 && GITS_CWRITER == 0xffe0\n`;
    const { run, problems } = ran(`${waiting}write GITS_CTLR.Enabled = 1\nexpect GITS_CREADR == 0xffe0`);
    assert.deepEqual(problems, ["2 ITS0505", "3 ITS0505", "4 ITS0539"]);
    assert.equal(
      run.history[3].result.problems[0].message,
      "Slot 3 cannot be reached: from slot 0 on (GITS_CREADR) commands wait that were not processed, up to slot 2047 (GITS_CWRITER), and the SYNCs that lead there would overwrite them. Let the ITS process them first.",
    );
  });

  it("of a stalled queue says that the SYNCs wait", () => {
    const { problems } = ran(`${machine("arch")}INV DeviceID=9, EventID=0 => stalled\nqueue 9\nqueue 0\n`);
    assert.deepEqual(problems, ["3 ITS0505", "4 ITS0539"]);
  });

  it("needs a queue, and an ITS", () => {
    assert.deepEqual(ran("machine { setup = reset }\nqueue 1").problems, ["2 ITS0506"]);
    assert.deepEqual(ran("machine { gic = 2 }\nqueue 1").problems, ["2 ITS0522"]);
  });

  it("is taken back as any line", () => {
    const run = started("queue 2046\nSYNC RDbase=0");
    const before = run.target.time?.peek(() => allWords(run.target));
    run.step();
    run.step();
    assert.ok(run.stepBack() && run.stepBack());
    assert.equal(
      run.target.time?.peek(() => allWords(run.target)),
      before,
    );
    assert.equal(run.target.queue(0).writer, 0);
  });
});
