import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MemoryBudget } from "../../emulator/index.ts";
import { ScriptDocument } from "../../language/index.ts";
import { preparing, ScriptRun, Simulation } from "../../runner/index.ts";

/** Machines that write memory: a machine block, a migration, and a test. */
const MACHINES = `machine { model = kvm-7.2 }
MAPC ICID=0, RDbase=0
machine { model = qemu-7.2 }
fill 0x41000000, 2M, 1
machine { model = kvm-7.2 }
migrate => done
test "of its own" {
  fill 0x41000000, 2M, 1
}
print "end"
`;

function begun(budget: MemoryBudget, text = MACHINES): ScriptRun {
  const document = new ScriptDocument(text);
  const prepare = preparing({ budget });
  const prepared = prepare(document.machine);
  assert.ok("target" in prepared);
  return new ScriptRun(document, prepared.target, prepare);
}

function toEnd(run: ScriptRun): string[] {
  const problems: string[] = [];
  for (let done = run.step(); done !== undefined; done = run.step())
    problems.push(...done.result.problems.map(({ message }) => message));
  return problems;
}

describe("what machines hold of their host", () => {
  it("is given back as they are taken back, so that lines run as often as one likes", () => {
    const budget = new MemoryBudget(64 * 2 ** 20);
    const run = begun(budget);
    const first = budget.used;
    assert.deepEqual(toEnd(run), []);
    const all = budget.used;
    assert.ok(all > first + 4 * 2 ** 20, "both fills count");
    for (let time = 0; time < 3; time++) {
      assert.ok(run.rewindTo(2));
      assert.ok(
        budget.used - first < 2 ** 18,
        `${budget.used} bytes are held before the second machine, ${first} at the start`,
      );
      assert.deepEqual(toEnd(run), []);
      assert.ok(budget.used - all < 2 ** 18);
    }
  });

  it("is given back by machines that nobody goes back to", () => {
    const budget = new MemoryBudget(64 * 2 ** 20);
    const run = begun(budget);
    toEnd(run);
    const all = budget.used;
    run.forgetPast();
    assert.ok(budget.used < all - 4 * 2 ** 20);
    const one = budget.used;
    run.forgetPast();
    assert.equal(budget.used, one);
  });

  it("is given back by a machine that could not be built", () => {
    const budget = new MemoryBudget(64 * 2 ** 20);
    const run = begun(budget, "let x = 1\nmachine {\n  model = kvm-7.2\n  ram = 0x40000000, 64K\n}\n");
    const before = budget.used;
    assert.match(toEnd(run).join(), /setup = ready needs/);
    assert.equal(budget.used, before);
  });

  it("does not grow with edits above machines", () => {
    const budget = new MemoryBudget(32 * 2 ** 20);
    const document = new ScriptDocument(MACHINES);
    const simulation = new Simulation(
      document,
      () => 0,
      () => ({ budget, release: () => budget.release() }),
    );
    const [start, behind] = [
      { line: 1, column: 0 },
      { line: 1, column: 1 },
    ];
    for (let time = 0; time < 12; time++) {
      const typed = time % 2 === 0;
      const change = { start, end: typed ? start : behind, text: typed ? " " : "" };
      const { firstLine } = document.update([change]);
      simulation.changed([change], firstLine);
      while (!simulation.advance(1000));
      assert.deepEqual(simulation.problems().list, []);
    }
  });
});
