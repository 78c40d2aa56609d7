import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { commandByOpcode, commands } from "../../../architecture/index.ts";
import { digestOf } from "../machine-state.ts";
import { populated, run, shapes } from "./runs.ts";

describe("the random runs on arch", () => {
  it("carry out every command of GICv4.1, and are refused by every one that can fail", () => {
    const done = new Set<string>();
    const refused = new Set<string>();
    for (const acts of fc.sample(run, { numRuns: 150, seed: 7 })) {
      const strict = populated({ gicVersion: 4.1, singleVmovp: false });
      strict.machine.onCommand = ({ opcode, outcome }) => {
        const name = commandByOpcode(opcode)?.name;
        if (name !== undefined) (outcome === 0 ? done : refused).add(name);
      };
      for (const step of acts) step(strict);
    }
    assert.deepEqual(
      commands.map(({ name }) => name).filter((name) => !done.has(name)),
      [],
    );
    assert.deepEqual(
      commands.map(({ name }) => name).filter((name) => !refused.has(name)),
      ["SYNC"],
    );
  });
});

for (const shape of shapes) {
  describe(`the journal of arch, GICv${shape.gicVersion}`, () => {
    it("rewinding any run restores every word, and the same run ends the same again", () => {
      fc.assert(
        fc.property(run, (acts) => {
          const strict = populated(shape);
          const marks = acts.map((step) => {
            const at = { mark: strict.machine.journal.mark(), digest: digestOf(strict.machine) };
            step(strict);
            return at;
          });
          const end = digestOf(strict.machine);
          for (const { mark, digest } of marks.reverse()) {
            assert.equal(strict.machine.journal.rewind(mark), true);
            assert.equal(digestOf(strict.machine), digest);
          }
          for (const step of acts) step(strict);
          assert.equal(digestOf(strict.machine), end);
        }),
        { numRuns: 25 },
      );
    });

    it("listening to remarks changes nothing", () => {
      fc.assert(
        fc.property(run, (acts) => {
          const heard = populated(shape);
          const unheard = populated(shape);
          unheard.machine.onRemark = undefined;
          for (const step of acts) {
            step(heard);
            step(unheard);
          }
          assert.equal(digestOf(unheard.machine), digestOf(heard.machine));
        }),
        { numRuns: 15 },
      );
    });
  });
}
