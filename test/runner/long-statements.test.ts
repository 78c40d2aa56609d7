import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MemoryBudget, MemoryLimitError } from "../../emulator/index.ts";
import { findRegister, ScriptDocument } from "../../language/index.ts";
import { EmulatorTarget, prepareTarget, ScriptRun } from "../../runner/index.ts";
import { peekRegister } from "../../runner/target.ts";
import { digestOf } from "../emulator/machine-state.ts";
import { filledMachines, longQueues, queueBesideGuests, sharedPages } from "./long-statements.ts";
import { started } from "./support.ts";

/** Runs a script up to the first line that does not end within a stretch. */
function inLongLine(text: string): ScriptRun {
  const run = started(text);
  for (let done = run.advance(); done !== "underway"; done = run.advance()) assert.notEqual(done, undefined);
  return run;
}

function digest({ target }: ScriptRun): string {
  assert.ok(target instanceof EmulatorTarget);
  return digestOf(target.machine);
}

/** How many stretches the line under way has left. */
function stretchesLeft(run: ScriptRun): number {
  let count = 0;
  while (run.advance() === "underway") count++;
  return count;
}

const longScripts = [
  ["a queue of 2,000 INVALLs on kvm-7.2", longQueues("kvm-7.2", 1, 2000)],
  ["a queue of 32,767 commands on qemu-7.2", longQueues("qemu-7.2", 1)],
  ["a queue of 32,767 commands on arch", longQueues("arch", 1)],
  ["a restore whose level-1 entries share a page", sharedPages("kvm-7.2", 2)],
  ["a fill of 128 MiB", filledMachines(1, "128M")],
] as const;

describe("a statement that takes long", () => {
  for (const [what, text] of longScripts) {
    it(`goes in stretches and ends as it ends at once: ${what}`, () => {
      const run = inLongLine(text);
      const { target } = run;
      assert.ok(target instanceof EmulatorTarget);
      // The same statement on the same machine, without a bound.
      const { pace } = target.machine.memory;
      const allow = pace.allow.bind(pace);
      assert.ok(stretchesLeft(run) > 0);
      const sliced = digest(run);
      run.stepBack();
      pace.allow = () => allow(Number.POSITIVE_INFINITY);
      run.step();
      assert.equal(digest(run), sliced);
    });

    it(`is taken back exactly from its middle: ${what}`, () => {
      const run = inLongLine(text);
      run.stepBack();
      const before = digest(run);
      assert.equal(run.advance(), "underway");
      run.stepBack();
      assert.deepEqual([run.inLine, digest(run)], [false, before]);
    });
  }

  it("goes on as if nobody had looked in its middle, though the look makes a vCPU leave its guest", () => {
    const ended = (look: (run: ScriptRun) => void): string => {
      const run = inLongLine(queueBesideGuests());
      look(run);
      stretchesLeft(run);
      return digest(run);
    };
    const active = findRegister("GICR_ISACTIVER0");
    assert.ok(active !== undefined);
    const looked = ended(({ target }) =>
      assert.equal(peekRegister(target, { ...active, name: "GICR_ISACTIVER0", pe: 1, its: 0 }), 0n),
    );
    assert.equal(
      looked,
      ended(() => undefined),
    );
  });

  it("of the host's kernel leaves no trace of a stop: a restore that was left is begun anew", () => {
    const run = inLongLine(sharedPages("kvm-7.2", 2));
    run.stepBack();
    run.step();
    const result = run.history.at(-1)?.result;
    assert.deepEqual([result?.problems, [...run.target.tables(0).devices()].length], [[], 65536]);
  });

  it("has its commands counted, and the first ones and the last kept", () => {
    const run = started(longQueues("qemu-7.2", 1));
    while (run.step() !== undefined);
    const { commands, commandCount } = run.history.at(-1)?.result ?? {};
    assert.deepEqual([commandCount, commands?.length, commands?.at(-1)?.queueOffset], [32766, 256, 0xfffc0]);
  });
});

describe("memory of a script's machines", () => {
  it("is not taken by large fills: six machines of 1 GiB, each filled, hold less than 64 MiB", () => {
    const budget = new MemoryBudget(2 ** 40);
    const document = new ScriptDocument(filledMachines(6));
    const prepared = prepareTarget(document.machine, { budget });
    assert.ok("target" in prepared);
    const run = new ScriptRun(document, prepared.target, (machine) => prepareTarget(machine, { budget }));
    while (run.step() !== undefined);
    assert.ok(budget.used < 2 ** 26, `${budget.used}`);
  });

  it("reads back what a large fill has noted, beside and in what is written over it", () => {
    const run = started("machine {\n  ram = 0x40000000, 1G\n}\nfill 0x40001001, 16M, 0xa5\nmem8[0x40003004] = 1");
    while (run.step() !== undefined);
    const read = (address: number) => Buffer.from(run.target.readMemory(address, 8) ?? []).toString("hex");
    assert.deepEqual([0x40000ffd, 0x40003000, 0x40ffffff, 0x41000ffd].map(read), [
      "00000000a5a5a5a5",
      "a5a5a5a501a5a5a5",
      "a5a5a5a5a5a5a5a5",
      "a5a5a5a500000000",
    ]);
  });

  it("ends at its bound with a problem, and the line that went over it has done nothing", () => {
    const text = Array.from({ length: 64 }, (_, page) => `mem8[${0x4000_0000 + page * 4096}] = 1`).join("\n");
    const document = new ScriptDocument(`machine {\n  setup = reset\n}\n${text}`);
    const free = new MemoryBudget(2 ** 40);
    prepareTarget(document.machine, { budget: free });
    const budget = new MemoryBudget(free.used + 40 * 4096);
    const prepared = prepareTarget(document.machine, { budget });
    assert.ok("target" in prepared);
    const run = new ScriptRun(document, prepared.target);
    while (run.step() !== undefined);
    const problems = run.history.flatMap(({ result }) => result.problems.map(({ code }) => code));
    const written = run.target.readMemory(0x4000_0000, 64 * 4096)?.filter((byte) => byte === 1).length;
    assert.deepEqual([new Set(problems), written], [new Set(["ITS0527"]), 64 - problems.length]);
  });

  it("is refused to a machine that begins beyond it, with a sentence", () => {
    const document = new ScriptDocument("machine {\n  cpus = 4\n}\nread GITS_CTLR");
    const prepared = prepareTarget(document.machine, { budget: new MemoryBudget(1000) });
    assert.match("failure" in prepared ? prepared.failure : "", /may hold 0 MiB of memory together/);
  });

  it("is given back in stages: a document's share to the server's", () => {
    const server = new MemoryBudget(100);
    const script = new MemoryBudget(80, server);
    script.take(60);
    assert.throws(() => new MemoryBudget(80, server).take(50), MemoryLimitError);
    script.release();
    assert.equal(server.used, 0);
  });
});
