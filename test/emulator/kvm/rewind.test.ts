import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { commandByOpcode, commands, type ModelName } from "../../../architecture/index.ts";
import { createMachine, DONE, type Machine, modelNames } from "../../../emulator/index.ts";
import { digestOf } from "../machine-state.ts";
import { enable, populate, RAM_BYTES, run } from "../random-run.ts";

function small(model: ModelName): Machine {
  const machine = createMachine({ model, cpus: 3, ram: [{ base: 0x4000_0000, bytes: RAM_BYTES }] });
  enable(machine);
  populate(machine);
  return machine;
}

describe("the random runs", () => {
  it("carry out every GICv3 command, and are refused by most", () => {
    const done = new Set<string>();
    const refused = new Set<string>();
    const machine = small("kvm-7.2");
    machine.onCommand = ({ opcode, outcome }) => {
      const name = commandByOpcode(opcode)?.name;
      if (name !== undefined) (outcome === DONE ? done : refused).add(name);
    };
    for (const acts of fc.sample(run, { numRuns: 300, seed: 1 })) {
      enable(machine);
      populate(machine);
      for (const act of acts) act(machine);
    }
    const v3 = commands.filter(({ since }) => since === "v3").map(({ name }) => name);
    assert.deepEqual(
      v3.filter((name) => !done.has(name)),
      [],
    );
    assert.ok(refused.size > 12, [...refused].join(" "));
  });
});

for (const model of modelNames) {
  describe(`the journal of ${model}`, () => {
    it("rewinding any run restores every word, at every mark in it", () => {
      fc.assert(
        fc.property(run, (acts) => {
          const machine = small(model);
          const marks = acts.map((act) => {
            const at = { mark: machine.journal.mark(), digest: digestOf(machine) };
            act(machine);
            return at;
          });
          const end = digestOf(machine);
          for (const { mark, digest } of marks.reverse()) {
            assert.equal(machine.journal.rewind(mark), true);
            assert.equal(digestOf(machine), digest);
          }
          for (const act of acts) act(machine);
          assert.equal(digestOf(machine), end, "the same run again ends in the same state");
        }),
        { numRuns: 60 },
      );
    });

    it("a run without the journal ends in the same state", () => {
      fc.assert(
        fc.property(run, (acts) => {
          const logged = small(model);
          const bare = createMachine({
            model,
            cpus: 3,
            ram: [{ base: 0x4000_0000, bytes: RAM_BYTES }],
            journal: false,
          });
          enable(bare);
          populate(bare);
          for (const act of acts) act(logged);
          for (const act of acts) act(bare);
          assert.equal(digestOf(bare), digestOf(logged));
        }),
        { numRuns: 30 },
      );
    });
  });
}
