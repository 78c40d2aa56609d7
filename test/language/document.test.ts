import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { countLines, parseLine, ScriptDocument, splitLines, type TextChange } from "../../language/index.ts";
import { pieces, problems, script } from "./scripts.ts";

/** All that a document says, without the identity of its objects. */
function contents(document: ScriptDocument) {
  return {
    text: document.text,
    machine: document.machine,
    refusal: document.refusal,
    diagnostics: document.diagnostics(),
    lines: document.lines.map((line) => ({
      text: line.text,
      ending: line.ending,
      states: [line.stateBefore, line.stateAfter],
      syntax: line.syntax,
      problem: line.problem,
      statement: line.statement,
      uses: line.binding.uses.map(({ name, definition }) => [
        name,
        definition && document.lines.indexOf(definition.line),
        definition?.constant,
      ]),
    })),
    names: document.namesAt(document.lines.length),
  };
}

const ending = fc.constantFrom("\n", "\n", "\r\n", "\r");
const line = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...pieces) },
  { weight: 1, arbitrary: fc.string({ unit: "binary-ascii", maxLength: 30 }) },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 10 }) },
);
const text = fc
  .array(fc.tuple(line, ending), { maxLength: 25 })
  .map((lines) => lines.map(([content, end]) => content + end).join(""));
/** Few names, so that they meet: defined twice, used before, misspelt, by constants and by state. */
const declarations = [
  "let nic = 1",
  "let nic = 2",
  "let nic = base + 1",
  "let base = nic + 1",
  "let base = GITS_CREADR",
  "let nics = 3",
  "SYNC RDbase=nic",
  "SYNC RDbase=nicc",
  "INVALL ICID=base",
  "machine { cpus = 2 }",
  "machine {",
  "  cpus = 3",
  "}",
  "# comment",
];
const position = fc.record({ line: fc.integer({ min: -1, max: 30 }), column: fc.integer({ min: -1, max: 60 }) });
const anywhere: fc.Arbitrary<TextChange> = fc.record({
  start: position,
  end: position,
  text: fc.oneof(line, ending, text, fc.constant("")),
});
/** A whole line replaced, removed or put in before another: what changes declarations most. */
const wholeLine: fc.Arbitrary<TextChange> = fc
  .tuple(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 1 }), fc.constantFrom(...declarations), fc.boolean())
  .map(([first, removed, content, isDeletion]) => ({
    start: { line: first, column: 0 },
    end: { line: first + removed, column: 0 },
    text: isDeletion ? "" : `${content}\n`,
  }));
const change = fc.oneof(anywhere, wholeLine);

describe("a document kept up to date equals one that is read anew", () => {
  test("random edits", () => {
    fc.assert(
      fc.property(text, fc.array(change, { maxLength: 12 }), (before, changes) => {
        const document = new ScriptDocument(before);
        assert.equal(document.text, before);
        for (const edit of changes) {
          document.update([edit]);
          assert.deepEqual(contents(document), contents(new ScriptDocument(document.text)));
        }
      }),
      { numRuns: 300 },
    );
  });

  test("random edits of lines that declare and use names", () => {
    const short = fc.array(fc.constantFrom(...declarations), { maxLength: 8 }).map((lines) => lines.join("\n"));
    fc.assert(
      fc.property(short, fc.array(wholeLine, { maxLength: 15 }), (before, changes) => {
        const document = new ScriptDocument(before);
        for (const edit of changes) {
          document.update([edit]);
          assert.deepEqual(contents(document), contents(new ScriptDocument(document.text)));
        }
      }),
      { numRuns: 500 },
    );
  });

  test("single characters, as they are typed", () => {
    const goal = script(
      "machine {",
      "  cpus = 2",
      "}",
      "let nic = 0x10",
      "MAPD DeviceID=nic, V=0",
      "INV DeviceID=nic",
    ).text;
    const document = new ScriptDocument("");
    for (let length = 0; length < goal.length; length++) {
      const lines = splitLines(goal.slice(0, length));
      const end = { line: lines.length - 1, column: lines[lines.length - 1].text.length };
      document.update([{ start: end, end, text: goal[length] }]);
      assert.deepEqual(contents(document), contents(new ScriptDocument(goal.slice(0, length + 1))));
    }
  });
});

test("any text is read without throwing, character for character, at most one diagnostic a line", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (rubbish) => {
      const document = new ScriptDocument(rubbish);
      assert.equal(document.text, rubbish);
      const { list } = document.diagnostics();
      assert.equal(new Set(list.map((entry) => entry.line)).size, list.length);
      for (const { line: number, start, length, message } of list) {
        assert.ok(start >= 0 && length >= 0 && message.length > 0);
        assert.ok(document.refusal !== undefined || start <= document.lines[number].text.length);
      }
    }),
    { numRuns: 1000 },
  );
});

test("text made of the language's own pieces is read without throwing", () => {
  const words = [...pieces.flatMap((piece) => piece.split(/\b/)), "(", ")", "[", "]", "\n", ".", ":", "@", "-", "=>"];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...words), { maxLength: 60 }), (list) => {
      const document = new ScriptDocument(list.join(""));
      assert.equal(document.text, list.join(""));
      document.diagnostics();
    }),
    { numRuns: 2000 },
  );
});

test("lines below an edit stay the same objects", () => {
  const document = script("SYNC RDbase=0", "SYNC RDbase=1", "let x = 1", "SYNC RDbase=x");
  const [first, , third, fourth] = document.lines;
  const { firstLine } = document.update([
    { start: { line: 1, column: 0 }, end: { line: 1, column: 0 }, text: "# new\n" },
  ]);
  assert.equal(firstLine, 1);
  assert.equal(document.lines[0], first);
  assert.equal(document.lines[3], third);
  assert.equal(document.lines[4], fourth);
});

test("an edit of a name reaches the lines that use it, and their words", () => {
  const document = script("let pe = 1", "SYNC RDbase=pe");
  const word = () => {
    const statement = document.lines[1].statement;
    return statement?.kind === "command" ? statement.words?.[2] : undefined;
  };
  assert.equal(word(), 0x1_0000n);
  document.update([{ start: { line: 0, column: 9 }, end: { line: 0, column: 10 }, text: "3" }]);
  assert.equal(word(), 0x3_0000n);
  document.update([{ start: { line: 0, column: 4 }, end: { line: 0, column: 6 }, text: "cpu" }]);
  assert.deepEqual(problems(document), ["2 ITS0301 pe"]);
});

test("commands follow each value of a name as if they were read anew", () => {
  const values = ["0", "1", "0x100", "257", "0xffff", "0xfffff00", "0xffffffff", "0x7fffffffffff00", "2**", "-1"];
  const edge = ["18446744073709551615", "0 - 1", "GITS_CREADR", "1 << 51"];
  const uses = [
    "SYNC RDbase=a",
    "MAPTI DeviceID=1, EventID=a, pINTID=8192 + a, ICID=0",
    "MAPTI DeviceID=1, EventID=2, pINTID=8192 + a, ICID=0 # a",
    "MAPTI DeviceID=1, EventID=2, pINTID=a - 5, ICID=0 => done",
    "MAPTI DeviceID=1, EventID=2, pINTID=8195 - a, ICID=0",
    "MAPD DeviceID=4, ITT_addr=a, Size=3, V=1",
    "MAPD DeviceID=4, ITT_addr=0x40400000 + a, Size=3, V=1",
    "MAPD DeviceID=4, Size=3, V=a, ITT_addr=0",
    "MAPD DeviceID=4, V=a",
    "MAPC ICID=1, V=1, RDbase=a << 1",
    "INT DeviceID=a, EventID=(a)",
    "INT DeviceID=(a), EventID=7",
  ];
  const value = fc.constantFrom(...values, ...edge);
  fc.assert(
    fc.property(fc.array(value, { minLength: 2, maxLength: 6 }), ([first, ...others]) => {
      const document = script(`let a = ${first}`, ...uses);
      let last = first;
      for (const next of others) {
        const [start, end] = [8, 8 + last.length].map((column) => ({ line: 0, column }));
        document.update([{ start, end, text: next }]);
        assert.deepEqual(contents(document), contents(script(`let a = ${next}`, ...uses)));
        last = next;
      }
    }),
    { numRuns: 200 },
  );
});

test("a definition is found from its name", () => {
  const document = script("# names", "  let nic = 5", "SYNC RDbase=nic");
  assert.deepEqual(document.definition("nic"), { line: 1, start: 6, length: 3 });
  assert.deepEqual(document.namesAt(2), [{ name: "nic", constant: 5n }]);
  assert.deepEqual(document.namesAt(1), []);
  assert.equal(document.definition("other"), undefined);
});

test("a refused file that is edited into a script becomes one", () => {
  const document = new ScriptDocument("SYNC RDbase=0\n\0");
  assert.equal(document.refusal?.code, "ITS0003");
  document.update([{ start: { line: 1, column: 0 }, end: { line: 1, column: 1 }, text: "" }]);
  assert.equal(document.refusal, undefined);
  assert.equal(document.lines[0].statement?.kind, "command");
});

test("diagnostics are capped and counted", () => {
  const { list, total } = script(...Array.from({ length: 50 }, () => "rubbish")).diagnostics(10);
  assert.equal(list.length, 10);
  assert.equal(total, 50);
});

test("a machine block below other statements is executed by the line that opens it", () => {
  const document = script("let a = 1", "machine {", "  model = qemu", "  cpus = 2", "}", "read GITS_CTLR");
  const begins = () => {
    const { statement } = document.lines[1];
    return statement?.kind === "machine" ? [statement.machine.model, statement.machine.cpus] : [];
  };
  assert.deepEqual(begins(), ["qemu-7.2", 2]);
  assert.equal(document.machine.model, "kvm-7.2");
  assert.ok(document.lines.slice(2, 5).every(({ statement }) => statement === undefined));
  const change = { start: { line: 3, column: 9 }, end: { line: 3, column: 10 }, text: "8" };
  assert.deepEqual(document.update([change]), { firstLine: 1 });
  assert.deepEqual(begins(), ["qemu-7.2", 8]);
});

test("a machine block begins its machine though one of its properties is refused", () => {
  const document = script("let a = 1", "machine { model = qemu  cpus = 0 }");
  const { statement, problem } = document.lines[1];
  assert.equal(problem?.code, "ITS0207");
  assert.deepEqual(statement?.kind === "machine" && [statement.machine.model, statement.machine.cpus], ["qemu-7.2", 4]);
});

test("a machine block may be on one line or over several", () => {
  const one = script(
    "machine { model = kvm-6.1  cpus = 8  ram = 0x80000000, 1M * 16  its = 0x1000_0000  setup = reset }",
  );
  const several = script(
    "machine {",
    "\tmodel = kvm-6.1 # model",
    "",
    "  cpus = 8",
    "ram = 0x80000000, 16M",
    " its = 256M",
    "  setup = reset }",
  );
  assert.deepEqual(one.machine, {
    model: "kvm-6.1",
    cpus: 8,
    gic: 3,
    security: 1,
    ram: [{ base: 0x8000_0000n, size: 0x100_0000n }],
    its: [0x1000_0000n],
    setup: "reset",
  });
  assert.deepEqual(several.machine, one.machine);
  assert.deepEqual(problems(several), []);
  assert.equal(script("machine { model = kvm }").machine.model, "kvm-7.2");
  const { model, gic, security } = script("machine { model = qemu  gic = 4  security = 2 }").machine;
  assert.deepEqual([model, gic, security], ["qemu-7.2", 4, 2]);
  assert.equal(script("machine { model = qemu-11.1  nmi = on }").machine.nmi, true);
});

test("a line whose packet is known reads again how it is written", () => {
  const text =
    "let base = 8192\nMAPTI DeviceID=1, EventID=2, pINTID=base + 5, ICID=0 => done\nINT DeviceID=dte[1].V, EventID=2\n";
  for (const line of new ScriptDocument(text).lines) {
    const read = parseLine(line.text, line.stateBefore).statement;
    assert.deepEqual(line.syntax, read);
    assert.equal(line.kind, read.kind);
    if (line.statement?.kind === "command") assert.deepEqual(line.statement.syntax, read);
  }
});

test("lines are as many as they are counted to be", () => {
  const anyText = fc.array(fc.constantFrom("a", "\n", "\r", "\r\n"), { maxLength: 12 }).map((parts) => parts.join(""));
  fc.assert(fc.property(anyText, (given) => assert.equal(countLines(given), splitLines(given).length)));
});
