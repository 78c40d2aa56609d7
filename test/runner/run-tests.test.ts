import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ScriptDocument } from "../../language/index.ts";
import { LineCoverage, preparing, ScriptRun, type TestOptions, type TestResult, testing } from "../../runner/index.ts";

const lines = (...all: readonly string[]) => `${all.join("\n")}\n`;

function results(text: string, options: TestOptions = {}): TestResult[] {
  const work = testing(new ScriptDocument(text), options);
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

function runOf(text: string): ScriptRun {
  const document = new ScriptDocument(text);
  const prepare = preparing();
  const prepared = prepare(document.machine);
  if ("failure" in prepared) assert.fail(prepared.failure);
  return new ScriptRun(document, prepared.target, prepare);
}

describe("tests of a script", () => {
  it("are told as they end, before the next one begins", () => {
    const told: string[] = [];
    results(lines('test "a" {', "  print 1", "}", 'test "b" {', "}"), {
      ended: ({ title, outcome }) => told.push(`${title} ${outcome}`),
      ran: ({ line }) => told.push(String(line)),
    });
    assert.deepEqual(told, ["0", "1", "2", "a passed", "3", "4", "b empty"]);
  });

  it("take the time of their own lines", () => {
    let now = 0;
    const all = results(lines("let a = 1", 'test "a" {', "  print 1", "}", 'test "b" {', "}"), { now: () => now++ });
    assert.deepEqual(
      all.map(({ title, milliseconds }) => [title, milliseconds]),
      [
        ["a", 3],
        ["b", 2],
      ],
    );
  });

  it("have the turns and calls that have led to what fails, the nearest first", () => {
    const text = lines(
      "macro check value {",
      "  expect value < 2",
      "}",
      'test "a" {',
      "  for one in 0..2 {",
      "    repeat 1 {",
      "      check value=one",
      "    }",
      "  }",
      "}",
    );
    const [{ problems }] = results(text);
    assert.deepEqual(
      problems.map(({ line, callers = [] }) => [line, callers.map((one) => `${one.line} ${one.text}`)]),
      [[1, ["6 check value=one", "5 repeat 1: turn 1", "4 for one in 0..2: one = 2"]]],
    );
  });

  it("are as many as there are lines for: machines of tests that have ended are forgotten", () => {
    const run = runOf(lines('test "a" {', "  snapshot s", "}", "restore s", 'test "b" {', "}", "print 1"));
    for (let n = 0; n < 3; n++) run.step();
    const own = run.target;
    run.forgetPast();
    assert.equal(run.target, own);
    const restored = run.step();
    assert.match(restored?.result.problems[0]?.message ?? "", /is of another machine/);
    while (run.step() !== undefined);
    assert.equal(run.target, own);
    assert.equal(run.rewindTo(0), false, "what is forgotten cannot be taken back");
  });

  it("fail at the machine block where there is no machine", () => {
    const all = results(lines("# small", "machine {", "  ram = 0x40000000, 64K", "}", 'test "a" {', "}"));
    assert.deepEqual(
      all.map(({ outcome, problems: [{ line, problem }] }) => [outcome, line, problem.code]),
      [
        ["failed", 1, "ITS0514"],
        ["failed", 1, "ITS0514"],
      ],
    );
  });
});

describe("coverage of lines", () => {
  it("counts what ran, and lists what did not", () => {
    const document = new ScriptDocument(
      lines(
        "macro m {",
        "  print 1",
        "}",
        "if 1 == 2 {",
        "  m",
        "} else {",
        "  print 2",
        "}",
        "repeat 2 {",
        "  print 3",
        "}",
      ),
    );
    const coverage = new LineCoverage(document);
    const work = testing(document, { ran: (done) => coverage.ran(done) });
    while (!work.next().done);
    const [{ file, lines: at, runs }] = coverage.files();
    assert.equal(file, undefined);
    assert.deepEqual(
      at.map((line, n) => [line, runs[n]]),
      [
        [1, 0],
        [3, 1],
        [4, 0],
        [6, 1],
        [8, 3],
        [9, 2],
      ],
    );
  });
});
