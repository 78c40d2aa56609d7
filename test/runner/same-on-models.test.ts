import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MemoryBudget } from "../../emulator/index.ts";
import { ScriptDocument } from "../../language/index.ts";
import { prepareTarget, preparing, runTests, ScriptRun, Simulation } from "../../runner/index.ts";
import { Files } from "../language/script-files.ts";
import { allWords, ran, started } from "./support.ts";

const event = `MAPC ICID=0, RDbase=0
MAPD DeviceID=8, Size=4, ITT_addr=0x43f00000
MAPTI DeviceID=8, EventID=0, pINTID=8192, ICID=0
`;
/** KVM keeps the first mapping, QEMU and the architecture take the second. */
const again = "MAPTI DeviceID=8, EventID=0, pINTID=8193, ICID=0 # allow L-11\n";

/** What the lines of a script that ask found: `LINE MESSAGE`, lines from 1. */
function failures(text: string): string[] {
  const run = started(text);
  const found: string[] = [];
  for (let done = run.step(); done !== undefined; done = run.step())
    for (const { code, message } of done.result.problems)
      if (code === "ITS0510" || code === "ITS0537") found.push(`${done.line + 1} ${message}`);
  return found;
}

describe("expect same as", () => {
  const kept: readonly (readonly [title: string, text: string])[] = [
    ["nothing above", "expect same as arch"],
    ["lines that are the same everywhere", `${event}expect same as arch | qemu | kvm`],
    ["the model itself", `${event}${again}expect same as kvm-7.2`],
    ["a line that is about other models", `${event}${again}expect same as arch on qemu`],
    ["an outcome that is met", `${event}INV DeviceID=9, EventID=0 => ignored | stalled\nexpect same as qemu`],
    [
      "a test that is the same, beside lines that are not",
      `${event}${again}test "t" {\n${event}expect same as arch\n}`,
    ],
    ["lines behind a test that is not the same", `test "t" {\n${event}${again}}\n${event}expect same as arch`],
    [
      "a new machine behind lines that are not the same",
      `${event}${again}machine { model = kvm }\n${event}expect same as arch`,
    ],
    [
      "a test behind one in which models go different ways",
      `test "t" {\n  if GITS_IIDR.ProductID == 0x4b {\n    SYNC RDbase=0\n    SYNC RDbase=0\n  }\n  SYNC RDbase=0\n}\ntest "u" {\n${event}expect same as arch\n}\n${event}expect same as qemu`,
    ],
    [
      "a test of a machine that the others have",
      `test "t" {\nmachine { model = arch }\n${event}${again}expect same as qemu\n}`,
    ],
    ["a name that is called so", "let same = 1\nexpect same on kvm\nexpect same == 1"],
  ];
  for (const [title, text] of kept) it(`holds of ${title}`, () => assert.deepEqual(failures(text), []));

  const broken: readonly (readonly [title: string, text: string, found: readonly string[]])[] = [
    [
      "an outcome, with the answers of all",
      "INV DeviceID=9, EventID=0\nSYNC RDbase=0\nexpect same as arch | qemu",
      [
        "3 expected the same as on arch | qemu, but line 1 comes to: kvm-7.2: ignored, INV_UNMAPPED_INTERRUPT; qemu-7.2, qemu-11.1: ignored, INV_UNMAPPED_DEVICE; arch: stalled, INV_UNMAPPED_DEVICE.",
      ],
    ],
    [
      "what is mapped in silence, with the author's words",
      `${event}${again}expect same as arch, "mapped twice"`,
      [
        "5 mapped twice: expected the same as on arch, but line 4 comes to: kvm-7.2: done, pINTID 8192; arch: done, pINTID 8193.",
      ],
    ],
    [
      "a value that is read",
      "read GITS_IIDR\nexpect same as arch",
      ["2 expected the same as on arch, but line 1 comes to: kvm-7.2: 0x4b00043b; arch: 0x43b."],
    ],
    [
      "a value that is named",
      "let id = GITS_IIDR\nexpect same as arch",
      ["2 expected the same as on arch, but line 1 comes to: kvm-7.2: id = 0x4b00043b; arch: id = 0x43b."],
    ],
    [
      "a command of a batch that is not its last",
      `${event}batch {\n${again}SYNC RDbase=0\n}\nexpect same as arch`,
      [
        "8 expected the same as on arch, but line 7 comes to: kvm-7.2: done, pINTID 8192; done; arch: done, pINTID 8193; done.",
      ],
    ],
    [
      "the turn of a loop in which it differs first",
      `${event}for lpi in 8192..8194 {\nMAPTI DeviceID=8, EventID=0, pINTID=lpi, ICID=0 # allow L-11\nexpect same as arch\n}`,
      [8193, 8193].map(
        () =>
          "6 expected the same as on arch, but line 5 comes to: kvm-7.2: done, pINTID 8192; arch: done, pINTID 8193.",
      ),
    ],
    [
      "lines that only some models go to",
      "if GITS_IIDR.ProductID == 0x4b {\n  SYNC RDbase=0\n}\nexpect same as arch",
      [
        "4 expected the same as on arch, but line 1 comes to: kvm-7.2: done, and line 2 is next; arch: done, and line 4 is next.",
      ],
    ],
    [
      "lines above a test, behind it",
      `${event}${again}test "t" {\n  MAPC ICID=0, RDbase=0\n}\nexpect same as arch`,
      ["8 expected the same as on arch, but line 4 comes to: kvm-7.2: done, pINTID 8192; arch: done, pINTID 8193."],
    ],
    [
      "what a machine before a migration came to",
      `${event}${again}migrate kvm-6.1\nexpect same as kvm-5.10 | qemu`,
      [
        "6 expected the same as on kvm-5.10 | qemu, but line 4 comes to: kvm-7.2, kvm-5.10: done, pINTID 8192; qemu-7.2, qemu-11.1: done, pINTID 8193.",
      ],
    ],
    [
      "a machine that a model does not have",
      "machine { gic = 2 }\nline 40 = 1\nexpect same as kvm-6.1\nexpect same as arch",
      ["4 the lines above cannot be compared with arch: arch has no such machine: gicVersion is 3, 4 or 4.1."],
    ],
  ];
  for (const [title, text, found] of broken)
    it(`tells of ${title}`, () => {
      const all = failures(text);
      assert.equal(all.length, found.length, all.join("\n"));
      for (const [at, sentence] of found.entries()) assert.ok(all[at].startsWith(sentence), all[at]);
    });

  it("tells of a line of an included file by its file", () => {
    const files = new Files({ "common.itscmd": "let id = 1\nread GITS_IIDR\n" });
    const run = started('include "common.itscmd"\nexpect same as arch', files);
    for (let done = run.step(); done !== undefined; done = run.step())
      for (const { message } of done.result.problems)
        assert.match(message, /^expected the same as on arch, but common\.itscmd:2 \(line 1\) comes to: /);
    assert.equal(run.history.at(-1)?.result.problems.length, 1);
  });

  it("has the line and the answers as data", () => {
    const run = started(`${event}${again}expect same as arch`);
    while (run.step() !== undefined);
    assert.deepEqual(run.history.at(-1)?.result.problems[0].data, {
      kind: "models-differ",
      line: 3,
      model: "kvm-7.2",
      answer: "done, pINTID 8192",
      other: "arch",
      otherAnswer: "done, pINTID 8193",
    });
  });

  it("changes nothing of the machine", () => {
    const digest = (text: string): string => allWords(ran(text).run.target);
    assert.equal(digest(`${event}expect same as arch\n${again}expect same as qemu`), digest(`${event}${again}`));
  });

  it("gives the same answer again after going back, also past a place where models part", () => {
    const run = started(
      `${event}if GITS_IIDR.ProductID == 0x4b {\n  SYNC RDbase=0\n}\nexpect same as arch\nmachine { model = kvm }\n${event}expect same as arch\n${again}expect same as arch`,
    );
    const codes = (): string[][] =>
      run.history.flatMap(({ result }) =>
        result.problems.length === 0 ? [] : [result.problems.map(({ code }) => code)],
      );
    while (run.step() !== undefined);
    const first = codes();
    assert.deepEqual(first, [["ITS0510"], ["ITS0510"]]);
    for (const back of [1, 3, 8, run.history.length]) {
      for (let count = 0; count < back; count++) assert.ok(run.stepBack());
      while (run.step() !== undefined);
      assert.deepEqual(codes(), first, `${back} lines back`);
    }
  });

  it("runs in slices, and can be left in the middle", () => {
    const run = started(`${event}for i in 0..200 {\n  INV DeviceID=8, EventID=0\n}\nexpect same as arch | qemu`);
    while (run.nextLine !== 6) run.step();
    for (let count = 0; count < 10; count++) assert.equal(run.advance(), "underway");
    assert.ok(run.stepBack());
    assert.equal(run.nextLine, 6);
    let slices = 0;
    for (; run.advance() === "underway"; slices++);
    assert.ok(slices > 10, `${slices} slices`);
    assert.deepEqual(run.history.at(-1)?.result.problems, []);
  });

  it("says when the memory is not enough, and gives back what it took", () => {
    const document = new ScriptDocument(`${event}expect same as arch`);
    const budget = new MemoryBudget(2 ** 22);
    const prepare = preparing({ budget });
    const prepared = prepare(document.machine);
    assert.ok("target" in prepared);
    const run = new ScriptRun(document, prepared.target, prepare);
    while (run.nextLine !== 3) run.step();
    const { used } = budget;
    while (run.step() !== undefined);
    assert.deepEqual(
      run.history.at(-1)?.result.problems.map(({ code }) => code),
      ["ITS0537"],
    );
    assert.equal(budget.used, used);
  });

  it("of a run on a saved machine says that no other model has it", () => {
    const document = new ScriptDocument("expect same as arch");
    const prepared = prepareTarget(document.machine);
    assert.ok("target" in prepared);
    const run = new ScriptRun(document, prepared.target, (machine) => prepareTarget(machine));
    const problems = run.step()?.result.problems ?? [];
    assert.deepEqual(
      problems.map(({ code, message }) => [code, message]),
      [
        [
          "ITS0537",
          "the lines above cannot be compared with arch: the run begins on a saved machine, which no other model has.",
        ],
      ],
    );
  });

  it("is an expectation of its test", () => {
    const document = new ScriptDocument(`test "t" {\n${event}expect same as arch\n${again}expect same as arch\n}`);
    const prepare = preparing();
    const prepared = prepare(document.machine);
    assert.ok("target" in prepared);
    const [{ outcome, kept, errors }] = runTests(document, new ScriptRun(document, prepared.target, prepare));
    assert.deepEqual([outcome, kept, errors], ["failed", 1, 1]);
  });

  it("is found anew while the lines above are edited", () => {
    const document = new ScriptDocument(`${event}SYNC RDbase=0\nexpect same as arch\n`);
    const simulation = new Simulation(document, () => 0);
    const codes = (): string[] => {
      while (!simulation.advance(1000));
      return simulation.problems().list.map(({ line, code }) => `${line + 1} ${code}`);
    };
    assert.deepEqual(codes(), []);
    const replace = (line: number, text: string): void => {
      const { length } = document.lines[line].text;
      const change = { start: { line, column: 0 }, end: { line, column: length }, text };
      simulation.changed([change], document.update([change]).firstLine);
    };
    replace(3, again.trim());
    assert.deepEqual(codes(), ["5 ITS0510"]);
    replace(3, "SYNC RDbase=0");
    assert.deepEqual(codes(), []);
    replace(0, "MAPC ICID=0, RDbase=1");
    assert.deepEqual(codes(), []);
    replace(4, "expect same as arch | qemu");
    assert.deepEqual(codes(), []);
  });
});
