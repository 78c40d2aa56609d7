import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { ScriptDocument } from "../../language/index.ts";
import { peekMany, prepareTarget, readRegister, registerGroups, ScriptRun, type Target } from "../../runner/index.ts";

const examples = path.resolve(import.meta.dirname, "../../examples");
const scripts = globSync("{*,reviews/*}.itscmd", { cwd: examples }).sort();

/** The registers that people look at first, with their values; list registers before a read can make KVM enter a guest. */
function values(target: Target): string[] {
  return registerGroups(target)
    .filter(({ secondary }) => !secondary)
    .sort((a, b) => Number(b.kind === "hypervisor") - Number(a.kind === "hypervisor"))
    .flatMap(({ id, locations }) =>
      locations.map((location) => `${id} ${location.name} ${readRegister(target, location).value?.toString(16)}`),
    );
}

describe("registers that are read together", () => {
  it("have the values that each has when it is read alone, and leave the machine as it was", () => {
    let compared = 0;
    for (const script of scripts) {
      const document = new ScriptDocument(readFileSync(path.join(examples, script), "utf8"));
      const prepared = prepareTarget(document.machine);
      if ("failure" in prepared) continue;
      const run = new ScriptRun(document, prepared.target);
      for (let at = 0; run.step() !== undefined; at++) {
        if (at % 7 !== 0) continue;
        const { target } = run;
        const mark = target.time?.mark();
        assert.deepEqual(
          peekMany(target, () => values(target)),
          values(target),
          `${script}, line ${run.nextLine}`,
        );
        assert.equal(target.time?.mark(), mark);
        compared++;
      }
    }
    assert.ok(compared > 20, String(compared));
  });
});
