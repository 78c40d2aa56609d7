import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { limits, ScriptDocument } from "../../language/index.ts";
import { prepareTarget, printedText, ScriptRun, Simulation } from "../../runner/index.ts";
import { allWords, ran, started } from "./support.ts";

/** A digest of a machine; that its registers are read for it is taken back. */
function digest({ target }: ScriptRun): string | undefined {
  return target.time?.peek(() => allWords(target));
}

/** What the `print` lines of a script show, one text each. */
function printed(text: string): string[] {
  const run = started(text);
  const shown: string[] = [];
  for (let done = run.step(); done !== undefined; done = run.step()) {
    assert.deepEqual(done.result.problems, [], `line ${done.line + 1}`);
    if (done.result.printed !== undefined) shown.push(printedText(done.result.printed));
  }
  return shown;
}

/** A script and what it prints. */
const prints: readonly (readonly [title: string, text: string, shown: readonly string[]])[] = [
  ["a loop has both its ends", "for i in 2..4 {\n  print i\n}\nprint 9", ["2", "3", "4", "9"]],
  ["a loop with a step", "for i in 0..7 step 3 {\n  print i\n}", ["0", "3", "6"]],
  ["a loop over nothing", "let n = 0\nfor i in 0..n - 1 {\n  print i\n}\nrepeat n {\n  print 1\n}\nprint 2", ["2"]],
  ["loops in loops", "for i in 0..1 {\n  for j in 0..i {\n    print i, j\n  }\n}", ["0 0", "1 0", "1 1"]],
  [
    "a let in a loop is computed in each turn",
    "repeat 2 {\n  let t = read GITS_CREADR\n  SYNC RDbase=0\n  print t\n}",
    ["0", "0x20"],
  ],
  [
    "the first condition that holds",
    "for i in 0..2 {\n  if i == 0 {\n    print 0\n  } else if i == 1 {\n    print 1\n  } else {\n    print 2\n  }\n}",
    ["0", "1", "2"],
  ],
  ["no condition holds", "if 0 {\n  print 1\n} else if 0 {\n  print 2\n}\nprint 3", ["3"]],
  [
    "a macro with what is given and what is not",
    "let k = 5\nmacro m x, y=k + 1 {\n  let z = x + y\n  print z\n}\nm x=1\nm x=1, y=2",
    ["7", "3"],
  ],
  [
    "a macro in a macro sees its own",
    "macro a x {\n  print x\n}\nmacro b x {\n  a x=x + 1\n  print x\n}\nfor x in 1..2 {\n  b x=x\n}",
    ["2", "1", "3", "2"],
  ],
  [
    "a name behind a macro is not that of the macro",
    "macro m {\n  let v = 1\n  print v\n}\nlet v = 2\nm\nprint v",
    ["1", "2"],
  ],
  [
    "a test has a machine of its own, and the one before goes on behind it",
    'MAPC ICID=1, RDbase=2\ntest "t" {\n  print cte[1].valid\n  MAPC ICID=1, RDbase=3\n}\nprint cte[1].RDbase\ntest "u" {\n  print cte[1].valid\n}\nprint cte[1].RDbase',
    ["0", "2", "0", "2"],
  ],
  [
    "a test with another machine in it",
    'test "t" {\n  machine { cpus = 2 }\n  print GICR_TYPER[1].Last\n}\nprint GICR_TYPER[1].Last',
    ["1", "0"],
  ],
  [
    "registers of a PE",
    "cpu 2 {\n  print GICR_TYPER.Processor_Number, GICR_TYPER[1].Processor_Number\n  let t = read GICR_TYPER\n}\nprint t[23:8]",
    ["2 1", "2"],
  ],
  [
    "a macro runs where it is called from",
    "macro who {\n  print GICR_TYPER.Processor_Number\n}\nwho\ncpu 3 {\n  who\n}",
    ["0", "3"],
  ],
  [
    "an outcome as a number",
    "let a = MAPC ICID=0, RDbase=0\nlet b = MAPTI DeviceID=9, EventID=0, pINTID=8192, ICID=0\nlet c = restore\nprint a, b, c",
    ["0 0x10a04 0"],
  ],
  ["an errno as a number", "vcpu-run 0\nlet e = user-write GITS_CTLR = 0\nprint e", ["0x10"]],
  [
    "what a read returns, once",
    "MAPC ICID=0, RDbase=1\nMAPD DeviceID=8, Size=4, ITT_addr=0x40400000\nMAPTI DeviceID=8, EventID=0, pINTID=8195, ICID=0\nwrite ICC_IGRPEN1_EL1[1] = 1\nwrite ICC_PMR_EL1[1] = 0xff\nmsi DeviceID=8, EventID=0\nlet id = read ICC_IAR1_EL1[1]\nprint id, pending[8195]\nexpect read ICC_IAR1_EL1[1] == 1023",
    ["0x2003 0"],
  ],
];

describe("a block that is wrong", () => {
  it("does not run, nor does what its brace opens", () => {
    const document = new ScriptDocument(
      "batch {\n  repeat 2 {\n    print 1\n  } else {\n    print 2\n  }\n}\nprint 3\n",
    );
    const prepared = prepareTarget(document.machine);
    assert.ok("target" in prepared);
    const run = new ScriptRun(document, prepared.target);
    const lines: number[] = [];
    for (let done = run.step(); done !== undefined; done = run.step()) lines.push(done.line + 1);
    assert.deepEqual(lines, [1, 7, 8]);
  });
});

describe("a brace with more behind it", () => {
  const ends = ["} else {\n  print 2\n}", "} x", "} else if (", "} # done"];
  for (const end of ends) {
    for (const opens of ["batch {", 'test "t" {']) {
      it(`ends ${opens.replace(" {", "")}: ${end.replaceAll("\n", " ")}`, () => {
        const document = new ScriptDocument(
          `MAPC ICID=0, RDbase=1\n${opens}\n  SYNC RDbase=0\n${end}\nprint cte[0].RDbase\n`,
        );
        const simulation = new Simulation(document, () => 0);
        for (let turns = 0; !simulation.advance(1); turns++) assert.ok(turns < 1000, "it comes to its end");
        const shown = simulation.scriptRun?.history.map(({ result }) => printedText(result.printed ?? []));
        assert.deepEqual([shown?.at(-1), shown?.includes("2")], ["1", false]);
      });
    }
  }
});

describe("scripts with loops, conditions, macros and tests", () => {
  for (const [title, text, shown] of prints) it(title, () => assert.deepEqual(printed(text), shown));
});

/** A script and what is wrong with it when it runs, `LINE CODE`. */
const fails: readonly (readonly [title: string, text: string, found: readonly string[]])[] = [
  ["a loop that counts the wrong way", "for i in 5..0 {\n  SYNC RDbase=0\n}", ["1 ITS0410"]],
  ["a step of nothing", "for i in 0..5 step 0 {\n}", ["1 ITS0410"]],
  ["more turns than there may be", `for i in 0..${limits.turns} {\n}`, ["1 ITS0411"]],
  ["turns beyond all numbers", "for i in 0..1 << 62 {\n}\nrepeat 1 << 63 {\n}", ["1 ITS0411", "3 ITS0411"]],
  ["a PE that there is not", "cpu 9 {\n  SYNC RDbase=0\n}", ["1 ITS0519"]],
  ["an ITS that there is not", "its 1 {\n  SYNC RDbase=0\n}", ["1 ITS0522"]],
  ["a value that is not known in a condition", "if ite[1, 2].ICID {\n  SYNC RDbase=0\n}", ["1 ITS0406"]],
  ["an answer that is to be another", "let r = SYNC RDbase=0 => ignored", ["1 ITS0511"]],
];

describe("what goes wrong in loops and their kin", () => {
  for (const [title, text, found] of fails) it(title, () => assert.deepEqual(ran(text).problems, found));
});

const BATCH = `MAPC ICID=0, RDbase=0
MAPD DeviceID=8, Size=4, ITT_addr=0x40400000
batch {
  MAPTI DeviceID=8, EventID=0, pINTID=8192, ICID=0
  INT DeviceID=8, EventID=0
  INT DeviceID=8, EventID=1
  INT DeviceID=8, EventID=2 => INT_UNMAPPED_INTERRUPT
}
expect pending[8192] == 1
`;

describe("a batch", () => {
  it("stores its commands, hands them over at its end, and judges each in its line", () => {
    const run = started(BATCH);
    const seen: unknown[] = [];
    for (let done = run.step(); done !== undefined; done = run.step()) {
      const { line, result } = done;
      seen.push([line + 1, result.commandCount, result.problems.map((one) => [(one.line ?? -1) + 1, one.code])]);
    }
    assert.deepEqual(seen, [
      [1, 1, []],
      [2, 1, []],
      [3, 0, []],
      [4, 0, []],
      [5, 0, []],
      [6, 0, []],
      [7, 0, []],
      [8, 4, [[6, "ITS0501"]]],
      [9, 0, []],
    ]);
  });

  it("moves GITS_CWRITER once, and not before its end", () => {
    const run = started(BATCH);
    for (let count = 0; count < 6; count++) run.step();
    assert.equal(run.target.queue(0).writer, 0x40);
    run.step();
    run.step();
    assert.equal(run.target.queue(0).writer, 0xc0);
  });

  it("that does not fit says so at the first command that does not", () => {
    const { problems } = ran(`batch {\n${"  SYNC RDbase=0\n".repeat(2048)}}\n`);
    assert.deepEqual(problems, ["2049 ITS0534"]);
  });
});

const EVERYTHING = `macro map e, lpi {
  MAPTI DeviceID=8, EventID=e, pINTID=lpi, ICID=0
  let half = lpi / 2
}
MAPC ICID=0, RDbase=0
MAPD DeviceID=8, Size=4, ITT_addr=0x40400000
for i in 0..3 {
  map e=i, lpi=8192 + i
  if i % 2 == 0 {
    msi DeviceID=8, EventID=i
  } else {
    let odd = i
  }
}
test "own" {
  MAPC ICID=3, RDbase=1
}
batch {
  CLEAR DeviceID=8, EventID=0
  CLEAR DeviceID=8, EventID=2
}
expect pending[8192] == 0
MAPTI DeviceID=8, EventID=5, pINTID=8193, ICID=0
MAPTI DeviceID=8, EventID=5, pINTID=8193, ICID=0
`;

describe("time travel over blocks", () => {
  it("goes back line by line to exactly what was", () => {
    const run = started(EVERYTHING);
    const before: unknown[] = [];
    const here = (): unknown => [run.nextLine, digest(run), [...run.variables]];
    for (before.push(here()); run.step() !== undefined; before.push(here()));
    assert.deepEqual(here(), before.pop());
    while (run.stepBack()) assert.deepEqual(here(), before.pop());
    assert.deepEqual(before, []);
  });

  it("goes back to where a line ran first, and to any place", () => {
    const run = started(EVERYTHING);
    while (run.step() !== undefined);
    const end = [digest(run), run.history.map(({ line }) => line)];
    for (let line = 0; line < 24; line++) {
      assert.equal(run.rewindTo(line), true);
      assert.ok(run.reach <= line);
      while (run.step() !== undefined);
      assert.deepEqual([digest(run), run.history.map((done) => done.line)], end, `from line ${line + 1}`);
      const place = (line * 7) % run.history.length;
      run.rewindToPlace(place);
      assert.equal(run.history.length, place);
      while (run.step() !== undefined);
      assert.deepEqual([digest(run), run.history.map((done) => done.line)], end, `from place ${place}`);
    }
  });

  it("of an edited script finds what a new run finds, wherever the edit is", () => {
    const lines = EVERYTHING.split("\n");
    const edits = ["}", "repeat 2 {"];
    for (let line = 0; line < lines.length; line++) {
      for (const text of edits) {
        const document = new ScriptDocument(EVERYTHING);
        const simulation = new Simulation(document, () => 0);
        while (!simulation.advance(1));
        for (const change of [
          { start: { line, column: 0 }, end: { line, column: 0 }, text: `${text}\n` },
          { start: { line, column: 0 }, end: { line: line + 1, column: 0 }, text: "" },
        ]) {
          const { firstLine } = document.update([change]);
          simulation.changed([change], firstLine);
          while (!simulation.advance(1));
          const fresh = new Simulation(new ScriptDocument(document.text), () => 0);
          while (!fresh.advance(1));
          const found = (of: Simulation): unknown => [
            of.problems(),
            of.scriptRun?.history.map((done) => done.line),
            [...(of.scriptRun?.variables ?? [])],
            line % 6 === 0 && of.scriptRun && digest(of.scriptRun),
          ];
          assert.deepEqual(found(simulation), found(fresh), `${text} at line ${line + 1}`);
        }
      }
    }
  });
});

describe("findings of loops", () => {
  it("are told once, with how often", () => {
    const document = new ScriptDocument(
      "for i in 0..999 {\n  INT DeviceID=9, EventID=0\n}\nINT DeviceID=9, EventID=0\n",
    );
    const simulation = new Simulation(document, () => 0);
    while (!simulation.advance(1));
    const { list, total } = simulation.problems();
    assert.equal(total, 2);
    assert.deepEqual(
      list.map(({ line, message }) => [line, /\(([^()]*times[^()]*)\)$/.exec(message)?.[1]]),
      [
        [1, "100 times and more"],
        [3, undefined],
      ],
    );
  });
});
