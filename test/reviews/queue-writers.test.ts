import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { ModelName } from "../../architecture/index.ts";
import { createMachine, type Machine, type Vmm } from "../../emulator/index.ts";
import { EmulatorTarget, setUpTarget } from "../../runner/index.ts";

const RAM = 0x4000_0000;
const CPUS = 4;
const COMMANDS = 12;
const [CTLR, CBASER, CWRITER, CREADR] = [0x0, 0x80, 0x88, 0x90];

/** A machine whose queue holds MAPC of ICID 0, 1, 2, … that nobody has announced yet. */
function machineWithCommands(model: ModelName): { machine: Machine; user: Vmm; done: number[] } {
  const machine = createMachine({ model, cpus: CPUS });
  assert.equal(setUpTarget(new EmulatorTarget(machine), RAM, 0x400_0000), undefined);
  for (let icid = 0; icid < COMMANDS; icid++) {
    machine.write(RAM + icid * 32, 8, 0x9n);
    machine.write(RAM + icid * 32 + 16, 8, (1n << 63n) | BigInt(icid));
  }
  const done: number[] = [];
  machine.onCommand = ({ queueOffset, outcome }) => {
    assert.equal(outcome, 0);
    done.push(queueOffset / 32);
  };
  assert.ok(machine.vmm);
  return { machine, user: machine.vmm, done };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const register = (machine: Machine, offset: number): number => Number(machine.read(machine.map.its[0] + offset, 8));

for (const model of ["kvm-7.2", "kvm-draft-2016"] as const) {
  describe(`stores to GITS_CWRITER by several vCPUs on ${model}`, () => {
    it("carry out every command once and in order, in any interleaving", () => {
      fc.assert(
        fc.property(
          fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 8 }),
          fc.array(fc.nat({ max: CPUS - 1 }), { maxLength: 80 }),
          (lengths, steps) => {
            const { machine, user, done } = machineWithCommands(model);
            const queue: number[] = [];
            for (const length of lengths) if (sum(queue) + length <= COMMANDS && length > 0) queue.push(length);
            const end = sum(queue);
            // Software's lock orders the stores: one begins when the value before it is in the register or waits for the lock.
            let stored = 0;
            for (const pe of [...steps, ...new Array<number[]>(COMMANDS * 4).fill([0, 1, 2, 3]).flat()]) {
              if (user.writing(pe)) user.stepCwriter(pe);
              else if (queue.length > 0 && register(machine, CWRITER) === stored * 32) {
                stored += queue.shift() ?? 0;
                assert.equal(user.beginCwriter(pe, 0, stored * 32), true);
              }
              assert.deepEqual(done, [...done.keys()], "in order");
              if (model === "kvm-7.2" && [0, 1, 2, 3].every((one) => !user.writing(one))) {
                assert.equal(done.length, stored, "a store that has returned has its commands done");
              }
            }
            assert.equal(done.length, end);
            assert.equal(register(machine, CREADR), end * 32);
          },
        ),
        { numRuns: 60 },
      );
    });

    it("is a whole store without steps", () => {
      const { machine, user, done } = machineWithCommands(model);
      machine.write(machine.map.its[0] + CWRITER, 8, BigInt(COMMANDS * 32));
      assert.equal(done.length, COMMANDS);
      assert.equal(user.writing(0), false);
      assert.equal(user.stepCwriter(0), undefined);
    });

    it("has its effect also when nobody listens", () => {
      const { machine, user } = machineWithCommands(model);
      machine.onCommand = undefined;
      user.beginCwriter(1, 0, 0x40);
      while (user.writing(1)) user.stepCwriter(1);
      assert.deepEqual(
        Array.from(machine.tables(0).collections(), ({ icid }) => icid),
        [0, 1],
      );
    });

    it("cannot be begun twice by one vCPU, and keeps user space out", () => {
      const { machine, user } = machineWithCommands(model);
      assert.equal(user.beginCwriter(2, 0, 0x40), true);
      assert.equal(user.beginCwriter(2, 0, 0x60), false);
      assert.equal(user.getRegister({ name: "GITS_CREADR", pe: 0, its: 0 })?.errno, 16);
      assert.equal(machine.vmm?.saveTables(0).errno, 16);
    });

    it("is taken back step by step", () => {
      const { machine, user } = machineWithCommands(model);
      const mark = machine.journal.mark();
      user.beginCwriter(1, 0, 0x40);
      const begun = machine.journal.mark();
      for (let step = 0; step < 3; step++) user.stepCwriter(1);
      assert.ok(register(machine, CWRITER) === 0x40);
      assert.equal(machine.journal.rewind(begun), true);
      assert.equal(user.writing(1), true);
      assert.equal(register(machine, CWRITER), 0);
      assert.equal(machine.journal.rewind(mark), true);
      assert.equal(user.writing(1), false);
    });
  });
}

describe("GITS_CWRITER equal to the queue's size", () => {
  it("sends the draft's vCPU round the queue for ever, in bounded time here", () => {
    const { machine, user } = machineWithCommands("kvm-draft-2016");
    const seen: number[] = [];
    machine.onCommand = ({ queueOffset }) => seen.push(queueOffset);
    machine.write(machine.map.its[0] + CWRITER, 8, 0x10000n);
    assert.equal(seen.length, 0x10000 / 32);
    assert.equal(user.writing(0), true);
    assert.equal(register(machine, CREADR), 0);
    assert.equal(user.stepCwriter(0), "command");
  });

  it("is ignored by kernels, and beyond it by both", () => {
    for (const [model, value] of [
      ["kvm-7.2", 0x10000n],
      ["kvm-7.2", 0x10020n],
      ["kvm-draft-2016", 0x10020n],
    ] as const) {
      const { machine, user } = machineWithCommands(model);
      machine.write(machine.map.its[0] + CWRITER, 8, value);
      assert.equal(register(machine, CWRITER), 0);
      user.beginCwriter(3, 0, Number(value));
      assert.equal(user.stepCwriter(3), "returned");
      assert.equal(register(machine, CWRITER), 0);
    }
  });
});

describe("the kernels' lock", () => {
  it("makes other accesses to the ITS wait for the store in progress", () => {
    const { machine, user, done } = machineWithCommands("kvm-7.2");
    user.beginCwriter(1, 0, 0x60);
    assert.equal(user.stepCwriter(1), "took the queue");
    machine.write(machine.map.its[0] + CTLR, 4, 0n);
    assert.equal(done.length, 3);
    assert.equal(user.writing(1), false);
    machine.write(machine.map.its[0] + CBASER, 8, 1n << 63n);
    assert.equal(register(machine, CREADR), 0);
  });
});
