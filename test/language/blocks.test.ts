import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { formatDocument, limits, ScriptDocument } from "../../language/index.ts";
import { problems, script } from "./scripts.ts";

/** A script and its diagnostics, `LINE CODE TEXT`. */
const wrong: readonly (readonly [title: string, text: string, found: readonly string[]])[] = [
  ["a brace that belongs to nothing", "repeat 2 {\n}\n}", ["3 ITS0204 }"]],
  [
    "a block without its brace ends where the lines stand further left",
    "repeat 2 {\n  SYNC RDbase=0\nMAPC",
    ["1 ITS0208 repeat", "3 ITS0304 MAPC"],
  ],
  [
    "the inner block has lost its brace",
    "repeat 2 {\n  repeat 3 {\n    SYNC RDbase=0\n}\nSYNC RDbase=1",
    ["2 ITS0208 repeat"],
  ],
  ["else of a loop", "repeat 2 {\n} else {\n}", ["2 ITS0209 else"]],
  ["else behind else", "if 1 {\n} else {\n} else {\n}", ["3 ITS0209 else"]],
  ["a test in a block", 'if 1 {\n  test "x" {\n  }\n}', ['2 ITS0211 test "x" {']],
  ["a macro in a block", "repeat 2 {\n  macro m {\n  }\n}", ["2 ITS0211 macro m {"]],
  ["a let in a batch", "batch {\n  let x = 1\n}", ["2 ITS0212 let x = 1"]],
  ["a loop in a batch", "batch {\n  repeat 2 {\n  }\n}", ["2 ITS0212 repeat 2 {"]],
  ["a machine in a loop", "repeat 2 {\n  machine { cpus = 2 }\n}", ["2 ITS0213 machine"]],
  ["two macros of a name", "macro m {\n}\nmacro m {\n}", ["3 ITS0317 m"]],
  ["a macro named as a command", "macro MAPD x {\n}", ["1 ITS0112 MAPD"]],
  ["a macro that calls itself", "macro m {\n  m\n}", ["2 ITS0102 m"]],
  ["a macro that calls one below", "macro a {\n  b\n}\nmacro b {\n}", ["2 ITS0102 b"]],
  ["a call without what it needs", "macro m x, y {\n}\nm x=1", ["3 ITS0304 m"]],
  ["a call with what there is not", "macro m x {\n}\nm x=1, z=2", ["3 ITS0303 z"]],
  ["a call with something twice", "macro m x {\n}\nm x=1, x=2", ["3 ITS0305 x"]],
  ["a parameter twice", "macro m x, x {\n}", ["1 ITS0305 x"]],
  ["the value of a loop behind it", "for i in 0..3 {\n}\nread32 i", ["3 ITS0301 i"]],
  ["a name of a loop behind it", "repeat 2 {\n  let x = 1\n}\nread32 x", ["4 ITS0301 x"]],
  ["a name that a loop takes", "let i = 1\nfor i in 0..3 {\n}", ["2 ITS0302 i"]],
  ["a name inside a block that is defined above", "let x = 1\nrepeat 2 {\n  let x = 2\n}", ["3 ITS0302 x"]],
  ["too many blocks in blocks", `${"repeat 1 {\n".repeat(17)}${"}\n".repeat(17)}`, ["17 ITS0210 repeat 1 {"]],
];

describe("what is wrong with blocks", () => {
  for (const [title, text, found] of wrong) test(title, () => assert.deepEqual(problems(script(text)), found));
});

const right: readonly (readonly [title: string, text: string])[] = [
  ["names of two blocks are two", "repeat 2 {\n  let x = 1\n}\nrepeat 2 {\n  let x = 2\n}\nlet x = 3"],
  [
    "names of cpu and its are seen behind them",
    "cpu 1 {\n  let x = GICR_TYPER\n}\nits 0 {\n  let y = x\n}\nread32 x + y",
  ],
  ["parameters of two macros", "macro a x {\n  read32 x\n}\nmacro b x, y=1 {\n  a x=x + y\n}\nb x=2"],
  ["words of blocks may be names", "let test = 1\nlet cpu = test\nlet its = cpu\nlet batch = its\nread32 batch"],
  ["a machine in a test", 'test "x" {\n  machine { cpus = 2 }\n  SYNC RDbase=1\n}'],
  [
    "answers of statements",
    "let a = MAPC ICID=0, RDbase=0\nlet b = get-attr VGIC_V3, NR_IRQS\nlet c = save\nlet d = read GITS_CTLR & 1",
  ],
];

describe("what is right", () => {
  for (const [title, text] of right) test(title, () => assert.deepEqual(problems(script(text)), []));
});

test("edits leave a document as if it had been opened so", () => {
  const words = [
    "repeat 2 {",
    "}",
    "  SYNC RDbase=0",
    "} else {",
    "if 1 {",
    "let x = 1",
    "read32 x",
    "",
    "macro m {",
    "m",
    "batch {",
    '  test "t" {',
    "    }",
  ];
  // A small generator of numbers that are the same each time.
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed % below;
  };
  for (let round = 0; round < 300; round++) {
    const text = Array.from({ length: 12 }, () => words[random(words.length)]).join("\n");
    const document = new ScriptDocument(text);
    for (let edit = 0; edit < 6; edit++) {
      const from = random(document.lines.length);
      const to = Math.min(from + random(3), document.lines.length - 1);
      const inserted = Array.from({ length: random(3) }, () => `${words[random(words.length)]}\n`).join("");
      const before = [...document.lines];
      const { firstLine } = document.update([
        { start: { line: from, column: 0 }, end: { line: to, column: 0 }, text: inserted },
      ]);
      const fresh = new ScriptDocument(document.text);
      assert.deepEqual(problems(document), problems(fresh), document.text);
      assert.deepEqual(
        document.blocks.list.map(({ kind, open, close, closed }) => [kind, open, close, closed]),
        fresh.blocks.list.map(({ kind, open, close, closed }) => [kind, open, close, closed]),
      );
      for (let line = 0; line < firstLine && line < document.lines.length; line++)
        assert.equal(document.lines[line], before[line]);
    }
  }
});

test("blocks are indented and words stand apart as they should", () => {
  const text =
    'test "x" {\nfor i in  0 .. 3 step - 1+2 {\nif(i==1){\nm a = 1,b=2 # why\n} else   if (i) {\n# comment\nlet r=mapti deviceid=1, eventid=i, pintid=8192, icid=0\n}\n}\nmachine { cpus=2 }\n}\n';
  const formatted = formatDocument(new ScriptDocument(text));
  assert.equal(
    formatted,
    'test "x" {\n  for i in 0..3 step -1 + 2 {\n    if (i == 1) {\n      m a=1, b=2  # why\n    } else if (i) {\n      # comment\n      let r = MAPTI DeviceID=1, EventID=i, pINTID=8192, ICID=0\n    }\n  }\n  machine { cpus = 2 }\n}\n',
  );
  assert.equal(formatDocument(new ScriptDocument(formatted)), formatted);
});

test("a hundred thousand lines of blocks are read, and braces without end are", () => {
  const many = new ScriptDocument('test "x" {\n  SYNC RDbase=0\n}\n'.repeat(30_000));
  assert.deepEqual([many.blocks.list.length, many.diagnostics().total], [30_000, 0]);
  const open = new ScriptDocument("repeat 2 {\n".repeat(20_000));
  assert.equal(open.diagnostics().total, 20_000);
  const close = new ScriptDocument("}\n".repeat(limits.lines - 1));
  assert.equal(close.diagnostics(1).total, limits.lines - 1);
});
