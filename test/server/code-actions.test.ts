import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Range } from "vscode-languageserver";
import { codeActions, FIX_ALL } from "../../server/editing/code-actions.ts";
import { rename } from "../../server/editing/rename.ts";
import { scriptDiagnostics } from "../../server/scripts/diagnostics.ts";
import type { Script } from "../../server/scripts/script.ts";
import { expectProblems, fix, mapped, marked, open } from "./kit.ts";

/** The text after the action of a title at `<|>`, or over the text between two of them. */
function acted(text: string, title: string, only?: string[]): string {
  const parts = text.split("<|>");
  const { script, position } = marked(`${parts[0]}<|>${parts.slice(1).join("")}`);
  const end = { ...position, character: position.character + (parts.length > 2 ? parts[1].length : 0) };
  const found = codeActions(script, [], { range: { start: position, end }, only });
  const action = found.find((entry) => entry.title === title);
  assert.ok(action, `${title} among ${found.map((entry) => entry.title).join(" | ")}`);
  return applied(script, action.edit?.changes?.[script.uri] ?? []);
}

function applied(script: Script, edits: readonly { range: Range; newText: string }[]): string {
  const later = [...edits].sort(
    (a, b) => b.range.start.line - a.range.start.line || b.range.start.character - a.range.start.character,
  );
  script.document.update(
    later.map(({ range: { start, end }, newText }) => ({
      start: { line: start.line, column: start.character },
      end: { line: end.line, column: end.character },
      text: newText,
    })),
  );
  return script.document.text;
}

describe("fixes from the text", () => {
  const cases: readonly (readonly [text: string, title: string, then: string])[] = [
    ["SYNC RDbase=0 // all", "Change // to #", "SYNC RDbase=0 # all"],
    ["// a comment", "Change // to #", "# a comment"],
    ["save -> EINVAL", "Change -> to =>", "save => EINVAL"],
    ["MAPD DeviceID=1, V=0 -> done", "Change -> to =>", "MAPD DeviceID=1, V=0 => done"],
    ["let a = 1;", "Remove the ;", "let a = 1"],
    ["MAPD DeviceID=1 V=0", "Add ,", "MAPD DeviceID=1, V=0"],
    ["raw 0x5 0, 0, 0", "Add ,", "raw 0x5, 0, 0, 0"],
    ["let a 1", "Add =", "let a = 1"],
    ["MAPD DeviceID 1, V=0", "Add =", "MAPD DeviceID = 1, V=0"],
    ["read dte[1", "Add ]", "read dte[1]"],
    ["let a = (1 + 2", "Add )", "let a = (1 + 2)"],
    ["write GITS_CBASER = { Valid=1", "Add }", "write GITS_CBASER = { Valid=1 }"],
    ["machine {\n  cpus = 2\nlet a = 1", "Add } that ends the block", "machine {\n  cpus = 2\n}\nlet a = 1"],
    ["machine {\n  cpus = 2", "Add } that ends the block", "machine {\n  cpus = 2\n}"],
    ["}", "Remove the }", ""],
    ["read quux", "Define quux above", "let quux = 0\nread quux"],
    ["MAPD DeviceID=1, Size=4", "Add ITT_addr", "MAPD DeviceID=1, Size=4, ITT_addr=0x40250000"],
    ["SYNC", "Add RDbase", "SYNC RDbase=0"],
  ];
  for (const [text, title, then] of cases)
    test(text, () => assert.equal(fix(text, title).replace(/0x402[0-9a-f]+/, "0x40250000"), then));

  test("a missing argument gets a value that works", () => {
    const text = fix(`${mapped}\nMAPTI DeviceID=0x10, EventID=1`, "Add pINTID, ICID");
    assert.equal(text.split("\n")[3], "MAPTI DeviceID=0x10, EventID=1, pINTID=8192, ICID=0");
    expectProblems(text);
  });
});

describe("kinds of actions", () => {
  const kinds = (text: string, only?: string[]) => {
    const script = open(text);
    const range = { start: { line: 0, character: 5 }, end: { line: 0, character: 5 } };
    const list = codeActions(script, scriptDiagnostics(script, { maxProblems: 10 }), { range, only });
    return [...new Set(list.map(({ kind }) => kind))];
  };
  test("only what is asked for, with what lies below it", () => {
    assert.deepEqual(kinds("SYNC RDbse=0", ["quickfix"]), ["quickfix"]);
    assert.deepEqual(kinds("SYNC RDbse=0", ["refactor"]), []);
    assert.deepEqual(kinds("SYNC RDbase=0", ["refactor"]), ["refactor.rewrite"]);
    assert.deepEqual(kinds("SYNC RDbse=0", ["source.fixAll"]), [FIX_ALL]);
    assert.deepEqual(kinds("SYNC RDbse=0", ["source"]), [FIX_ALL]);
    assert.ok(!kinds("SYNC RDbse=0").includes(FIX_ALL));
  });
  test("fix-all mends every problem that has one sure fix", () => {
    const script = open("MAPDD DeviceID=1, V=0\nlet a = 1 // one\nMAPC ICID=0 RDbase=1\nINT DeviceID=9, EventID=0");
    const [action] = codeActions(script, [], { only: [FIX_ALL] });
    assert.equal(action.title, "Fix 3 problems");
    assert.equal(
      applied(script, action.edit?.changes?.[script.uri] ?? []),
      "MAPD DeviceID=1, V=0\nlet a = 1 # one\nMAPC ICID=0, RDbase=1\nINT DeviceID=9, EventID=0",
    );
  });
});

describe("refactorings", () => {
  test("a number becomes a constant named after its argument", () => {
    assert.equal(
      acted("let device = 1\n  MAPD DeviceID=<|>0x10, V=0", "Extract to let device2"),
      "let device = 1\n  let device2 = 0x10\n  MAPD DeviceID=device2, V=0",
    );
  });
  test("a selection becomes a constant as a whole", () => {
    assert.equal(acted("expect 3 == <|>1 + 2<|>", "Extract to let value"), "let value = 1 + 2\nexpect 3 == value");
  });
  test("a loop over constants is written out", () => {
    const loop = "let n = 1\n<|>for i in 0..n {\n  INT DeviceID=i, EventID=i + 1 => ignored\n}\nread n";
    assert.equal(
      acted(loop, "Write the loop out (2 times)"),
      "let n = 1\nINT DeviceID=0, EventID=0 + 1 => ignored\nINT DeviceID=1, EventID=1 + 1 => ignored\nread n",
    );
  });
  test("a loop that defines names, or holds a block, stays", () => {
    for (const body of ["let a = i", "repeat 2 {\n}"]) {
      const script = open(`for i in 0..1 {\n${body}\n}`);
      const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
      assert.ok(codeActions(script, [], { range }).every(({ kind }) => kind !== "refactor.inline"));
    }
  });
  test("what a fix does is not offered again by another name", () => {
    const script = open("MAPTI DeviceID=8, EventID=0, pINTID=8192, ICID=0");
    const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
    const problems = scriptDiagnostics(script, { maxProblems: 10 });
    assert.deepEqual(
      codeActions(script, problems, { range }).map(({ title }) => title),
      ["Map DeviceID 0x8 above", "Expect MAPTI_UNMAPPED_DEVICE"],
    );
  });
  test("expect what happened: the outcome, the value, the LPI", () => {
    assert.equal(acted("SYNC<|> RDbase=0", "Expect what happened"), "SYNC RDbase=0 => done");
    assert.equal(
      acted("read GITS_CTLR<|>.Enabled", "Expect what happened"),
      "read GITS_CTLR.Enabled\nexpect GITS_CTLR.Enabled == 1",
    );
    const text = acted(`${mapped}\nmsi<|> DeviceID=0x10, EventID=0 # allow L-14`, "Expect what happened");
    assert.equal(text.split("\n").at(-1), "expect pending[8195, 1] == 1");
    expectProblems(text);
  });
});

describe("renaming refuses what would mean something else", () => {
  const refused = (text: string, name: string) => {
    const { script, position } = marked(text);
    const result = rename(script, position, name);
    return "refusal" in result ? result.refusal : undefined;
  };
  test("begin and step know the word user", () => {
    assert.match(
      refused("let pe<|> = 0\nbegin pe, GITS_CWRITER = 0x20", "user") ?? "",
      /means something else on line 2/,
    );
  });
  test("a name that nothing defines would be defined", () => {
    assert.match(refused("let a<|> = 1\nread b", "b") ?? "", /used on line 2/);
  });
  test("a name that is free is taken", () => {
    assert.equal(refused("let a<|> = 1\nread a", "b"), undefined);
  });
});
