import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ScriptDocument } from "../../language/index.ts";
import {
  assembleScript,
  prepareTarget,
  printedText,
  runTests,
  type ScriptRun,
  Simulation,
} from "../../runner/index.ts";
import { Files } from "../language/script-files.ts";
import { allWords, started } from "./support.ts";

/** A digest of a machine; that its registers are read for it is taken back. */
function digest({ target }: ScriptRun): string | undefined {
  return target.time?.peek(() => allWords(target));
}

const COMMON = `let base = 8192
let here = GITS_CREADR
macro map e {
  MAPTI DeviceID=8, EventID=e, pINTID=base + e, ICID=0
  for i in 0..1 {
    print "event", e, i
  }
}
MAPC ICID=0, RDbase=0
cpu 1 {
  let creadr = GITS_CREADR
}
repeat 2 {
  print creadr
}
test "own" {
  print 99
}
batch {
  SYNC RDbase=0
  SYNC RDbase=1
}
`;

const FILES = { "common.itscmd": COMMON, "more.itscmd": 'include "common.itscmd"\nmap e=3\nlet more = 1\n' };

const EVERYTHING = `MAPD DeviceID=8, Size=4, ITT_addr=0x40400000
include "more.itscmd"
include "common.itscmd"
let x = base + more
map e=1
for n in 4..5 {
  map e=n
}
test "t" {
  MAPC ICID=0, RDbase=1
  MAPD DeviceID=8, Size=4, ITT_addr=0x40400000
  map e=1
}
expect ite[8, 3].pINTID == 8195
`;

/** What the `print` lines show, each with its line and the place in an included file, lines from 1. */
function printed(text: string): string[] {
  const run = started(text, new Files(FILES));
  const shown: string[] = [];
  for (let done = run.step(); done !== undefined; done = run.step()) {
    assert.deepEqual(done.result.problems, [], `line ${done.line + 1}`);
    const { at, line, result } = done;
    const place = at === undefined ? "" : ` ${at.part.file?.path}:${at.line + 1}`;
    if (result.printed !== undefined) shown.push(`${line + 1}${place}: ${printedText(result.printed)}`);
  }
  return shown;
}

describe("lines of included files", () => {
  it("run where the file is included first, and macros where they are called", () => {
    assert.deepEqual(printed(EVERYTHING), [
      "2 common.itscmd:14: 0x40",
      "2 common.itscmd:14: 0x40",
      "2 common.itscmd:6: event 3 0",
      "2 common.itscmd:6: event 3 1",
      "5 common.itscmd:6: event 1 0",
      "5 common.itscmd:6: event 1 1",
      "7 common.itscmd:6: event 4 0",
      "7 common.itscmd:6: event 4 1",
      "7 common.itscmd:6: event 5 0",
      "7 common.itscmd:6: event 5 1",
      "12 common.itscmd:6: event 1 0",
      "12 common.itscmd:6: event 1 1",
    ]);
  });

  it("name values for the lines below", () => {
    const run = started(EVERYTHING, new Files(FILES));
    while (run.step() !== undefined);
    assert.deepEqual(Object.fromEntries(run.variables), {
      base: 8192n,
      here: 0x20n,
      creadr: 0x40n,
      more: 1n,
      x: 8193n,
    });
  });

  it("run however often the line that includes them is one that has run", () => {
    const run = started(EVERYTHING, new Files(FILES));
    while (run.nextLine < 3) run.step();
    assert.deepEqual(
      [run.runsOf(1), run.runsOf(2), run.reach, run.history[run.lastRunOf(1) ?? -1].at],
      [1, 1, 3, undefined],
    );
  });

  it("tell what is wrong with file and line, at the line that includes or calls", () => {
    const files = new Files({
      a: "macro m {\n  INT DeviceID=9, EventID=0\n}\nexpect 1 == 2\nbatch {\n  INT DeviceID=9, EventID=0\n}\n",
    });
    const document = new ScriptDocument('  include "a"\nm\n', new Map(), { files, file: "" });
    const simulation = new Simulation(document, () => 0);
    while (!simulation.advance(1));
    const { list } = simulation.problems();
    assert.deepEqual(
      list.map(({ line, start, length, message, inside }) => [line, start, length, message.slice(0, 4), inside?.line]),
      [
        [0, 2, 11, "a:4:", 3],
        [0, 2, 11, "a:6:", 5],
        [1, 0, 1, "a:2:", 1],
      ],
    );
  });

  it("are a part of the first test, and what is wrong there of the test that calls", () => {
    const files = new Files({ a: "expect 1\nmacro m x {\n  expect x == 1\n}\n" });
    const document = new ScriptDocument('include "a"\ntest "t" {\n  m x=1\n}\ntest "u" {\n  m x=2\n}\n', new Map(), {
      files,
      file: "",
    });
    const prepared = prepareTarget(document.machine);
    assert.ok("target" in prepared);
    const run = started(document.text, files);
    assert.deepEqual(
      runTests(document, run).map(({ title, outcome, kept, problems }) => [
        title,
        outcome,
        kept,
        problems.map(({ line }) => line),
      ]),
      [
        ["t", "passed", 1, []],
        ["u", "failed", 0, [5]],
      ],
    );
  });

  it("are assembled in their order", () => {
    const run = started(EVERYTHING, new Files(FILES));
    const document = new ScriptDocument(EVERYTHING, new Map(), { files: new Files(FILES), file: "main.itscmd" });
    const { packets, problems } = assembleScript(document, run.target);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      packets.map(({ line, words }) => `${line + 1} ${(words[0] & 0xffn).toString(16)}`),
      ["1 8", "2 9", "2 5", "2 5", "2 a", "5 a", "7 a", "7 a", "10 9", "11 8", "12 a"],
    );
  });
});

describe("time travel over included files", () => {
  it("goes back line by line to exactly what was", () => {
    const run = started(EVERYTHING, new Files(FILES));
    const before: unknown[] = [];
    const here = (): unknown => [run.nextLine, run.nextIncluded?.line, digest(run), [...run.variables]];
    for (before.push(here()); run.step() !== undefined; before.push(here()));
    assert.deepEqual(here(), before.pop());
    while (run.stepBack()) assert.deepEqual(here(), before.pop());
    assert.deepEqual(before, []);
  });

  it("goes back to where a line ran first, and to any place", () => {
    const run = started(EVERYTHING, new Files(FILES));
    while (run.step() !== undefined);
    const places = (): unknown => run.history.map(({ line, at }) => [line, at?.line]);
    const end = [digest(run), places()];
    for (let line = 0; line < 14; line++) {
      assert.equal(run.rewindTo(line), true);
      assert.ok(run.reach <= line);
      while (run.step() !== undefined);
      assert.deepEqual([digest(run), places()], end, `from line ${line + 1}`);
    }
    for (let place = run.history.length - 1; place >= 0; place -= 3) {
      run.rewindToPlace(place);
      assert.equal(run.history.length, place);
      while (run.step() !== undefined);
      assert.deepEqual([digest(run), places()], end, `from place ${place}`);
    }
  });
});

describe("the run of a script with included files", () => {
  const found = (of: Simulation, withDigest: boolean): unknown => [
    of.problems(),
    of.scriptRun?.history.map(({ line, at }) => [line, at?.line, at?.part.file?.path]),
    [...(of.scriptRun?.variables ?? [])],
    withDigest && of.scriptRun && digest(of.scriptRun),
  ];
  const place = (files: Files) => ({ files, file: "main.itscmd" });
  const complete = (simulation: Simulation): Simulation => {
    while (!simulation.advance(1));
    return simulation;
  };

  it("is after an edit as a new run is, wherever the edit is", () => {
    const lines = EVERYTHING.split("\n");
    const edits = ["}", "repeat 2 {", 'include "common.itscmd"', "let more = 2"];
    for (let line = 0; line < lines.length; line++) {
      for (const text of edits) {
        const files = new Files(FILES);
        const document = new ScriptDocument(EVERYTHING, new Map(), place(files));
        const simulation = complete(new Simulation(document, () => 0));
        for (const change of [
          { start: { line, column: 0 }, end: { line, column: 0 }, text: `${text}\n` },
          { start: { line, column: 0 }, end: { line: line + 1, column: 0 }, text: "" },
        ]) {
          const { firstLine } = document.update([change]);
          simulation.changed([change], firstLine);
          complete(simulation);
          const fresh = new ScriptDocument(document.text, new Map(), place(files));
          const other = complete(new Simulation(fresh, () => 0));
          assert.deepEqual(
            found(simulation, line % 5 === 0),
            found(other, line % 5 === 0),
            `${text} at line ${line + 1}`,
          );
        }
      }
    }
  });

  it("is as a new run after any edits of any texts", () => {
    const words =
      'include "a"|include "|include|include "a|include ""|include "b" # x|include "c"|}|repeat 2 {|macro m {|m|let x = 1|print x|machine { cpus = 2 }|machine {|test "t" {|batch {|SYNC RDbase=0|cpu 1 {|} else {'.split(
        "|",
      );
    let seed = 5;
    const random = (count: number): number => {
      seed = (seed * 1103515245 + 12345) % 2 ** 31;
      return seed % count;
    };
    const some = (count: number): string => Array.from({ length: count }, () => words[random(words.length)]).join("\n");
    for (let round = 0; round < 60; round++) {
      const files = new Files({ a: some(6), b: some(6), c: some(4) });
      const document = new ScriptDocument(some(8), new Map(), place(files));
      const simulation = complete(new Simulation(document, () => 0));
      for (let edit = 0; edit < 4; edit++) {
        const line = random(document.lines.length);
        const end = Math.min(line + random(2), document.lines.length - 1);
        const text = random(3) === 0 ? "" : `${words[random(words.length)]}\n`;
        const change = { start: { line, column: 0 }, end: { line: end, column: 0 }, text };
        simulation.changed([change], document.update([change]).firstLine);
        files.texts.set(["a", "b", "c"][random(3)], some(5));
        const update = document.refreshIncludes();
        if (update !== undefined) simulation.changed([], update.firstLine);
      }
      complete(simulation);
      const fresh = new ScriptDocument(document.text, new Map(), place(files));
      const other = complete(new Simulation(fresh, () => 0));
      assert.deepEqual(document.diagnostics(), fresh.diagnostics(), document.text);
      assert.deepEqual(found(simulation, false), found(other, false), document.text);
    }
  });

  it("is as a new run when an included file has changed", () => {
    const files = new Files(FILES);
    const document = new ScriptDocument(EVERYTHING, new Map(), place(files));
    const simulation = complete(new Simulation(document, () => 0));
    const inner = COMMON.split("\n");
    for (let at = 0; at < inner.length; at++) {
      files.texts.set("common.itscmd", [...inner.slice(0, at), ...inner.slice(at + 1)].join("\n"));
      const update = document.refreshIncludes();
      if (update !== undefined) simulation.changed([], update.firstLine);
      complete(simulation);
      const other = complete(new Simulation(new ScriptDocument(EVERYTHING, new Map(), place(files)), () => 0));
      assert.deepEqual(found(simulation, true), found(other, true), `without line ${at + 1}`);
    }
  });
});
