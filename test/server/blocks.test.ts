import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { SymbolKind } from "vscode-languageserver";
import { rename } from "../../server/editing/rename.ts";
import { incomingCalls, outgoingCalls, prepareCallHierarchy } from "../../server/navigation/call-hierarchy.ts";
import { folding } from "../../server/navigation/folding.ts";
import { references } from "../../server/navigation/references.ts";
import { symbols } from "../../server/navigation/symbols.ts";
import { expectDefinition, marked, open } from "./kit.ts";

const script = [
  "macro map device, icid=0 {",
  "  MAPC ICID=icid, RDbase=0",
  "}",
  "macro both device {",
  "  map device=device",
  "  map device=device, icid=1",
  "}",
  'test "first" {',
  "  for i in 0..3 {",
  "    both device=i",
  "  }",
  "}",
  "for i in 0..1 {",
  "  read i",
  "}",
].join("\n");

const lines = (text: string) => {
  const { script: opened, position } = marked(text);
  return references(opened, position, true).map(({ range }) => range.start.line + 1);
};

describe("blocks of a script", () => {
  test("fold, their closing brace visible", () => {
    assert.deepEqual(
      folding(open(script)).map(({ startLine, endLine }) => [startLine + 1, endLine + 1]),
      [
        [1, 2],
        [4, 6],
        [8, 11],
        [9, 10],
        [13, 14],
      ],
    );
  });
  test("macros and tests are in the outline", () => {
    const found = symbols(open(script)).filter(
      ({ kind }) => kind === SymbolKind.Function || kind === SymbolKind.Method,
    );
    assert.deepEqual(
      found.map(({ name, range }) => [name, range.start.line + 1, range.end.line + 1]),
      [
        ["map", 1, 3],
        ["both", 4, 7],
        ["first", 8, 12],
      ],
    );
  });
  test("a macro is defined by its line, a parameter in it, a loop's name by the loop around", () => {
    expectDefinition(script.replace("  map device=device\n", "  m<|>ap device=device\n"), "1 map");
    expectDefinition(script.replace("both device=i", "both dev<|>ice=i"), "4 device");
    expectDefinition(script.replace("read i", "read <|>i"), "13 i");
  });
  test("references of a name are those of its own block", () => {
    assert.deepEqual(lines(script.replace("read i", "read <|>i")), [13, 14]);
    assert.deepEqual(lines(script.replace("both device=i", "both device=<|>i")), [9, 10]);
    assert.deepEqual(lines(script.replace("both device=i", "bo<|>th device=i")), [4, 10]);
    assert.deepEqual(lines(script.replace("map device, icid", "map dev<|>ice, icid")), [1, 5, 6]);
  });
  test("macros, parameters and loop names are renamed where they mean the same", () => {
    const renamed = (text: string, name: string) => {
      const { script: opened, position } = marked(text);
      const result = rename(opened, position, name);
      return "refusal" in result
        ? result.refusal
        : result.changes?.[opened.uri].map(({ range }) => range.start.line + 1);
    };
    assert.deepEqual(renamed(script.replace("macro map", "macro m<|>ap"), "map_device"), [1, 5, 6]);
    assert.deepEqual(renamed(script.replace("read i", "read <|>i"), "pe"), [13, 14]);
    assert.match(String(renamed(script.replace("macro map", "macro m<|>ap"), "both")), /defined already/);
    assert.match(String(renamed(script.replace("macro map", "macro m<|>ap"), "MAPD")), /MAPD/);
  });
  test("calls of macros, both ways", () => {
    const { script: opened, position } = marked(script.replace("macro map", "macro m<|>ap"));
    const [item] = prepareCallHierarchy(opened, position) ?? [];
    assert.equal(item.name, "map");
    assert.deepEqual(
      incomingCalls(opened, "map").map(({ from, fromRanges }) => [from.name, fromRanges.length]),
      [["both", 2]],
    );
    assert.deepEqual(
      incomingCalls(opened, "both").map(({ from }) => from.name),
      ["first"],
    );
    assert.deepEqual(
      outgoingCalls(opened, "both").map(({ to, fromRanges }) => [to.name, fromRanges.length]),
      [["map", 2]],
    );
    assert.deepEqual(outgoingCalls(opened, "map"), []);
  });
});
