import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { registerByName } from "../../architecture/index.ts";
import { registerNames, ScriptDocument } from "../../language/index.ts";
import { EmulatorTarget, prepareTarget, Simulation } from "../../runner/index.ts";
import { anyScript } from "./random-scripts.ts";
import { allWords, started } from "./support.ts";

describe("ScriptRun", () => {
  it("goes line by line, passing over what executes nothing", () => {
    const run = started("# one\n\nlet a = 1\nMAPC ICID=a, RDbase=2\n");
    assert.equal(run.nextLine, 2);
    assert.deepEqual(run.step()?.result.defined, { name: "a", value: 1n });
    assert.equal(run.lookup("a"), 1n);
    assert.equal(run.step()?.line, 3);
    assert.equal(run.target.tables(0).collection(1)?.target, 2);
    assert.equal(run.ended, true);
    assert.equal(run.step(), undefined);
  });

  it("forgets names when it goes back", () => {
    const run = started("let a = GITS_CREADR\nlet b = a + 1\n");
    run.step();
    run.step();
    assert.deepEqual(
      [...run.variables],
      [
        ["a", 0n],
        ["b", 1n],
      ],
    );
    assert.equal(run.stepBack(), true);
    assert.deepEqual([...run.variables], [["a", 0n]]);
    assert.equal(run.stepBack(), true);
    assert.equal(run.stepBack(), false);
    assert.equal(run.nextLine, 0);
  });

  it("restores every word of the machine, from any line of any script", () => {
    fc.assert(
      fc.property(anyScript, (lines) => {
        const run = started(lines.join("\n"));
        const words = [allWords(run.target)];
        while (run.step() !== undefined) words.push(allWords(run.target));
        assert.equal(words.length, lines.length + 1);
        words.pop();
        while (run.stepBack()) assert.equal(allWords(run.target), words.pop());
        assert.equal(words.length, 0);
      }),
      { numRuns: 20 },
    );
  });

  it("goes on on a new machine below a machine block, with the names of the one before, and back", () => {
    const run = started("let a = 1\nMAPC ICID=a, RDbase=2\nmachine { model = qemu }\nMAPC ICID=a, RDbase=3\n");
    for (let count = 0; count < 2; count++) run.step();
    const first = run.target;
    assert.equal(run.step()?.result.begun, "QEMU 7.2, emulated GIC (TCG)");
    assert.deepEqual([run.target.name, [...run.placesOfMachine()]], ["qemu-7.2", []]);
    assert.deepEqual([...run.target.tables(0).collections()], []);
    run.step();
    assert.equal(run.target.tables(0).collection(1)?.target, 3);
    assert.deepEqual(
      [1, 2, 3].map((place) => run.targetBefore(place).name),
      ["kvm-7.2", "kvm-7.2", "qemu-7.2"],
    );
    run.stepBack();
    assert.equal(run.target.tables(0).collection(1), undefined);
    run.stepBack();
    assert.equal(run.target, first);
    assert.equal(run.target.tables(0).collection(1)?.target, 2);
    assert.equal(run.rewindTo(1), true);
    assert.equal(run.target.tables(0).collection(1), undefined);
    assert.equal(run.lookup("a"), 1n);
  });

  it("stays on the machine before when a new one cannot be built, and says so", () => {
    const run = started("let a = 1\nmachine { ram = 0x40000000, 64K }\nMAPC ICID=a, RDbase=2\n");
    run.step();
    const { target } = run;
    assert.deepEqual(
      run.step()?.result.problems.map(({ code }) => code),
      ["ITS0514"],
    );
    assert.equal(run.target, target);
    assert.deepEqual(run.step()?.result.problems, []);
  });

  it("looks at registers of the CPU interface without letting KVM enter the guest", () => {
    const pending =
      "user-write GICD_ICFGR2 = 2\nuser-write GICD_ISENABLER1 = 1\nuser-write GICD_ISPENDR1 = 1\nuser-write GICD_CTLR = 2\n";
    const run = started(
      `${pending}expect ICC_PMR_EL1 == 0\nexpect ICH_LR0_EL2 == 0\nread ICC_PMR_EL1\nexpect ICH_LR0_EL2.vINTID == 32\n`,
    );
    for (let done = run.step(); done !== undefined; done = run.step()) assert.deepEqual(done.result.problems, []);
  });

  it("looks at any register, from any line of any script, without changing a word", () => {
    const members = registerNames.flatMap((name) => {
      const member = registerByName(name);
      return member === undefined || member.register.readEffect !== undefined ? [] : [{ name, ...member, its: 0 }];
    });
    fc.assert(
      fc.property(
        anyScript,
        fc.array(fc.tuple(fc.constantFrom(...members), fc.nat(3)), { maxLength: 40 }),
        (lines, looks) => {
          const run = started(lines.join("\n"));
          while (run.step() !== undefined);
          const { target } = run;
          assert.ok(target instanceof EmulatorTarget);
          const { journal } = target.machine;
          const words = () => journal.banks.map((bank) => [...bank.words.subarray(0, 4096)]);
          const before = words();
          const mark = journal.mark();
          for (const [member, pe] of looks) run.state.register({ ...member, pe });
          assert.equal(journal.mark(), mark);
          assert.deepEqual(words(), before);
        },
      ),
      { numRuns: 20 },
    );
  });

  it("takes back what a statement outside the script did with the line before it", () => {
    const run = started("MAPC ICID=0, RDbase=0\nMAPC ICID=1, RDbase=1\n");
    run.step();
    const outside = new ScriptDocument("MAPC ICID=7, RDbase=3").lines[0].statement;
    assert.ok(outside?.kind === "command");
    assert.deepEqual(run.perform(outside, { start: 0, length: 1 }).problems, []);
    assert.equal(run.target.tables(0).collection(7)?.target, 3);
    assert.equal(run.history.length, 1);
    run.stepBack();
    assert.equal(run.target.tables(0).collection(7), undefined);
  });

  const outcomes: readonly (readonly [line: string, code: string | undefined, message?: RegExp])[] = [
    ["MAPC ICID=0, RDbase=9", "ITS0501", /^MAPC_PROCNUM_OOR \(0x010902\): RDbase names no PE/],
    ["MAPC ICID=0, RDbase=9 => MAPC_PROCNUM_OOR", undefined],
    ["MAPC ICID=0, RDbase=9 => ignored", undefined],
    ["MAPC ICID=0, RDbase=9 => done", "ITS0511", /^Expected done, found ignored, MAPC_PROCNUM_OOR\.$/],
    ["MAPC ICID=0, RDbase=1 => ignored", "ITS0511", /found done/],
    ["INT DeviceID=0x10, EventID=0", "ITS0501", /DeviceID 0x10 is not mapped/],
    ["raw 0x20, 0, 0, 0", "ITS0503", /no command with opcode 0x20/],
    ["read64 0x1000", "ITS0525", /No device of the kernel claims 0x1000/],
    ["mem64[0x1000] = 1", "ITS0508", /no RAM at 0x1000 to 0x1007/],
    [
      "mem8[0x8000421] = 1",
      "ITS0508",
      /no RAM at 0x8000421, but a frame of GICD_ registers\. .* write32 and write64 store/,
    ],
    ["mem16[0x80c0400] = 1", "ITS0508", /a frame of GICR_ registers/],
    ["mem32[0x8090040] = 1", "ITS0508", /a frame of GITS_ registers/],
    ["expect mem8[0x8000400] == 0", "ITS0406", /no RAM at 0x8000400, but a frame of GICD_ registers/],
    ["expect 1 == 2", "ITS0510", /expected == 0x2, found 0x1/],
    ['expect 0, "why"', "ITS0510", /^why: expected a value other than 0, found 0\.$/],
    ["msi DeviceID=1, EventID=0", "ITS0515", /MSI is lost: DeviceID 0x1 is not mapped/],
    ["read GICR_CTLR[9]", "ITS0509", /no GICR_CTLR/],
    ["write GITS_CBASER.Valid = 0", undefined],
  ];
  for (const [line, code, message] of outcomes) {
    it(`${line}: ${code ?? "no problem"}`, () => {
      const problems = started(line).step()?.result.problems ?? [];
      assert.equal(problems[0]?.code, code);
      if (message !== undefined) assert.match(problems[0].message, message);
    });
  }

  it("says when commands wait, and when there is no queue", () => {
    const code = (script: string) => {
      const run = started(script);
      let last: string | undefined;
      for (let done = run.step(); done !== undefined; done = run.step()) last = done.result.problems[0]?.code;
      return last;
    };
    assert.equal(code("write GITS_CTLR.Enabled = 0\nMAPC ICID=0, RDbase=0"), "ITS0505");
    assert.equal(code("machine { setup = reset }\nMAPC ICID=0, RDbase=0"), "ITS0506");
  });

  it("cannot be prepared for a machine that is too small, and says so", () => {
    const prepared = prepareTarget(new ScriptDocument("machine { ram = 0x40000000, 64K }").machine);
    assert.ok("failure" in prepared);
    assert.match(prepared.failure, /setup = ready needs 3 MiB/);
  });
});

/** Lines of all kinds: good, failing, broken, rubbish. */
const anyText = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: anyScript.map((lines) => lines[0].replace(/let at\d+/, "let at")) },
    { weight: 1, arbitrary: fc.constantFrom("", "# note", "let x = 5", "let x = x", "MAPC ICID=x, RDbase=0", "}") },
    { weight: 1, arbitrary: fc.constantFrom("machine { cpus = 2 }", "machine {", "cpus = 3", "setup = reset") },
    {
      weight: 1,
      arbitrary: fc.string({ unit: "binary", maxLength: 40 }).map((text) => text.replaceAll(/[\r\n\0]/g, "?")),
    },
  ),
  { minLength: 1, maxLength: 15 },
);

const found = (simulation: Simulation) =>
  simulation.problems().list.map(({ line, code, message }) => [line, code, message]);

/** A clock that stands still: budgets never run out. */
const stopped = () => 0;

function simulate(document: ScriptDocument): Simulation {
  const simulation = new Simulation(document, stopped);
  complete(simulation);
  return simulation;
}

function complete(simulation: Simulation): void {
  while (!simulation.advance(1000));
}

describe("Simulation", () => {
  it("never throws, whatever the text", () => {
    fc.assert(
      fc.property(anyText, (lines) => {
        const simulation = simulate(new ScriptDocument(lines.join("\n")));
        for (const { message } of simulation.problems().list) assert.doesNotMatch(message, /undefined|NaN|\[object/);
      }),
      { numRuns: 60 },
    );
  });

  it("finds after any edits what a run from the start finds, in the same machine", () => {
    const edit = fc.record({
      at: fc.nat(14),
      remove: fc.nat(3),
      insert: fc.array(
        anyText.map((lines) => lines[0]),
        { maxLength: 2 },
      ),
    });
    fc.assert(
      fc.property(anyText, fc.array(edit, { minLength: 1, maxLength: 6 }), (lines, edits) => {
        const document = new ScriptDocument(lines.join("\n"));
        const simulation = simulate(document);
        for (const { at, remove, insert } of edits) {
          const count = document.lines.length;
          const first = Math.min(at, count - 1);
          const change = {
            start: { line: first, column: 0 },
            end: { line: first + remove, column: 0 },
            text: insert.map((text) => `${text}\n`).join(""),
          };
          simulation.changed([change], document.update([change]).firstLine);
          complete(simulation);
        }
        const fresh = simulate(new ScriptDocument(document.text));
        assert.deepEqual(found(simulation), found(fresh));
        assert.deepEqual(simulation.scriptRun?.variables, fresh.scriptRun?.variables);
        const [mine, other] = [simulation.scriptRun?.target, fresh.scriptRun?.target];
        assert.equal(mine && allWords(mine), other && allWords(other));
      }),
      { numRuns: 40 },
    );
  });

  it("runs in slices and goes on where it was", () => {
    const lines = Array.from({ length: 3000 }, (_, n) => `MAPC ICID=${n % 50}, RDbase=0`);
    const simulation = new Simulation(new ScriptDocument(lines.join("\n")), stopped);
    assert.equal(simulation.advance(0), false);
    assert.equal(simulation.scriptRun?.nextLine, 0, "the machine is made first");
    assert.equal(simulation.advance(0), false);
    const reached = simulation.scriptRun?.nextLine ?? 0;
    assert.ok(reached > 0 && reached < 3000);
    assert.equal(simulation.complete, false);
    complete(simulation);
    assert.equal(simulation.scriptRun?.ended, true);
  });

  it("shows the state that a line sees, whichever line was asked for before", () => {
    const simulation = new Simulation(
      new ScriptDocument("MAPC ICID=0, RDbase=0\nMAPC ICID=1, RDbase=1\nsave\n"),
      stopped,
    );
    const collections = (line: number) =>
      [...(simulation.stateBefore(line, 1)?.target.tables(0).collections() ?? [])].length;
    assert.deepEqual([2, 0, 1, 2, 1].map(collections), [2, 0, 1, 2, 1]);
  });

  it("reports a machine that cannot be built on its line", () => {
    const simulation = simulate(
      new ScriptDocument("# small\nmachine { ram = 0x40000000, 64K }\nMAPC ICID=0, RDbase=0\n"),
    );
    const [[line, code]] = found(simulation);
    assert.deepEqual([line, code], [1, "ITS0514"]);
  });
});
