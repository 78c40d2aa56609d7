import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { createMachine, type Machine, type ModelName, modelNames } from "../../emulator/index.ts";
import { digestOf } from "./machine-state.ts";
import { enable, RAM_BYTES, run } from "./random-run.ts";

function small(model: ModelName): Machine {
  const machine = createMachine({ model, cpus: 3, ram: [{ base: 0x4000_0000, bytes: RAM_BYTES }] });
  enable(machine);
  return machine;
}

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
          for (const act of acts) act(logged);
          for (const act of acts) act(bare);
          assert.equal(digestOf(bare), digestOf(logged));
        }),
        { numRuns: 30 },
      );
    });
  });
}
