import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Range } from "vscode-languageserver";
import { linkedEditing } from "../../server/editing/linked-editing.ts";
import { codeLenses } from "../../server/hover/code-lenses.ts";
import { inlayHints, pciFunction } from "../../server/hover/inlay-hints.ts";
import { inlineValues } from "../../server/hover/inline-values.ts";
import { declaration } from "../../server/navigation/declaration.ts";
import { documentLinks } from "../../server/navigation/document-links.ts";
import { selectionRanges } from "../../server/navigation/selection-ranges.ts";
import { typeDefinition } from "../../server/navigation/type-definition.ts";
import { workspaceSymbols } from "../../server/navigation/workspace-symbols.ts";
import type { Script } from "../../server/scripts/script.ts";
import { type HintKind, hintKinds, readSettings } from "../../server/settings.ts";
import { expectDefinition, mapped, marked, open } from "./kit.ts";

const everything: Range = { start: { line: 0, character: 0 }, end: { line: 1e6, character: 0 } };
const textAt = ({ document }: Script, { start, end }: Range) =>
  document.lines[start.line].text.slice(start.character, end.character);

describe("inlay hints", () => {
  /** Each hint as `line text`, lines from 1. */
  const hints = (text: string, kind: HintKind, range = everything) =>
    inlayHints(open(text), range, new Set([kind])).map(({ position, label }) => `${position.line + 1} ${label}`);
  test("the LPI and PE that an event goes to, on the line as it is then", () => {
    const moved = "MAPC ICID=1, RDbase=2\nMOVI DeviceID=0x10, EventID=0, ICID=1";
    const text = `${mapped}\nINT DeviceID=0x10, EventID=0\n${moved}\nmsi DeviceID=0x10, EventID=0`;
    assert.deepEqual(hints(text, "targets"), ["4 → LPI 8195, PE 1", "6 → LPI 8195, PE 2", "7 → LPI 8195, PE 2"]);
  });
  test("nothing where the event is not mapped", () => {
    assert.deepEqual(hints("INT DeviceID=0x10, EventID=0", "targets"), []);
  });
  test("what an encoded value stands for", () => {
    assert.deepEqual(hints("MAPD DeviceID=1, ITT_addr=0x40400000, Size=4", "encodings"), [
      "1 5 EventID bits, 32 events",
    ]);
    assert.deepEqual(hints("write GITS_CBASER = { Valid=1, Size=3 }", "encodings"), ["1 4 × 4 KiB pages"]);
  });
  test("a DeviceID as a PCI function", () => {
    assert.deepEqual(hints("MAPD DeviceID=0x0110, V=0", "requesters"), ["1 01:02.0"]);
    assert.equal(pciFunction(0xffff), "ff:1f.7");
  });
  test("what a read showed", () => {
    assert.deepEqual(hints(`${mapped}\nread dte[0x10].valid`, "results"), ["4 = 0x0000_0000_0000_0001"]);
  });
  test("of the lines that are asked for alone", () => {
    const line: Range = { start: { line: 1, character: 0 }, end: { line: 1, character: 5 } };
    assert.deepEqual(hints("read GITS_CREADR\nread GITS_CREADR", "results", line).length, 1);
  });
  test("one switch turns all off, a list chooses", () => {
    assert.equal(readSettings({ hints: { enabled: false, kinds: hintKinds } }).hints.size, 0);
    assert.deepEqual([...readSettings({ hints: { kinds: ["results", "nonsense"] } }).hints], ["results"]);
  });
});

describe("code lenses", () => {
  test("run, debug and compare over the first statement, with the script's URI", () => {
    assert.deepEqual(
      codeLenses(open("# a script\nlet a = 1")).map(({ range, command }) => [
        range.start.line,
        command?.title,
        command?.arguments,
      ]),
      ["Run", "Debug", "Compare models"].map((title) => [1, title, ["file:///test.itscmd"]]),
    );
  });
  test("run, debug and run on another model over each test, with its title", () => {
    const lenses = codeLenses(open('let a = 1\ntest "of \\"a\\"" {\n  expect a == 1\n}\ntest "b" {\n}'));
    assert.deepEqual(
      lenses.slice(3).map(({ range, command }) => [range.start.line, command?.title, command?.arguments?.[1]]),
      [
        [1, "Run Test", 'of "a"'],
        [1, "Debug Test", 'of "a"'],
        [1, "Run on Another Model", 'of "a"'],
        [4, "Run Test", "b"],
        [4, "Debug Test", "b"],
        [4, "Run on Another Model", "b"],
      ],
    );
  });
  test("none over a script without statements", () => {
    assert.deepEqual(codeLenses(open("# nothing\n")), []);
  });
});

describe("declaration, definition and type definition", () => {
  const places = (find: typeof declaration, text: string) => {
    const { script, position } = marked(text);
    return find(script, position).map(
      ({ targetUri, targetSelectionRange: range }) =>
        targetUri === script.uri && `${range.start.line + 1} ${textAt(script, range)}`,
    );
  };
  const again = `${mapped}\nMAPD DeviceID=0x10, ITT_addr=0x40500000, Size=4`;
  test("a device is declared where it is mapped first, and defined where it is mapped last", () => {
    const text = `${again}\nINT Device<|>ID=0x10, EventID=0`;
    assert.deepEqual(places(declaration, text), ["1 DeviceID=0x10"]);
    expectDefinition(text, "4 DeviceID=0x10");
  });
  test("a name is declared by its let", () => {
    assert.deepEqual(places(declaration, "let a = 1\nread a<|>"), ["1 a"]);
  });
  test("an event is of its device, an interrupt of its collection, a device of the machine", () => {
    assert.deepEqual(places(typeDefinition, `${mapped}\nINT DeviceID=0x10, Event<|>ID=0`), ["1 DeviceID=0x10"]);
    assert.deepEqual(places(typeDefinition, `${mapped}\nread pending[81<|>95]`), ["2 ICID=0"]);
    assert.deepEqual(places(typeDefinition, "machine {\n  cpus = 2\n}\nMAPD Device<|>ID=1, V=0"), ["2 cpus"]);
  });
  test("an RDbase and other PE numbers are defined by the machine's cpus", () => {
    expectDefinition("machine { cpus = 2 }\nMAPC ICID=0, RD<|>base=1", "1 cpus");
    expectDefinition("machine { model = kvm }\nread pending[8192, <|>1]", "1 machine { model = kvm }");
    expectDefinition("MAPC ICID=0, RD<|>base=1", undefined);
  });
  test("what the packet of a raw names is found", () => {
    const int = "raw 0x0000001000000003, <|>0, 0, 0";
    expectDefinition(`${mapped}\n${int}`, "3 EventID=0");
  });
});

describe("selection ranges", () => {
  test("grow from the word to the script", () => {
    const { script, position } = marked("machine {\n  cpus = 2\n}\nMAPD DeviceID=(1 + <|>2), V=0\nlet a = 1");
    const texts: string[] = [];
    for (let range = selectionRanges(script, [position])[0].parent; range !== undefined; range = range.parent)
      texts.push(range.range.start.line === range.range.end.line ? textAt(script, range.range) : "script");
    assert.deepEqual(texts, ["2", "1 + 2", "DeviceID=(1 + 2", "MAPD DeviceID=(1 + 2), V=0", "script"]);
  });
  test("one for each position, each holding its child", () => {
    const { script } = marked("let a<|> = 1");
    const found = selectionRanges(script, [
      { line: 0, character: 4 },
      { line: 9, character: 9 },
    ]);
    assert.equal(found.length, 2);
  });
});

describe("document links", () => {
  test("addresses in comments, without the full stop behind them", () => {
    const script = open("# see https://developer.arm.com/ihi0069.\nread GITS_CTLR # (http://example.com/a)");
    assert.deepEqual(
      documentLinks(script).map(({ target, range }) => `${range.start.line} ${target}`),
      ["0 https://developer.arm.com/ihi0069", "1 http://example.com/a"],
    );
  });
});

describe("linked editing", () => {
  const linked = (text: string) => {
    const { script, position } = marked(text);
    return linkedEditing(script, position)?.ranges.length;
  };
  test("a name changes with its uses while its let is typed", () => {
    assert.equal(linked("let ni<|>c = 1\nread nic + nic"), 3);
  });
  test("not at a use, where another name is meant", () => {
    assert.equal(linked("let nic = 1\nread ni<|>c"), undefined);
  });
});

describe("inline values", () => {
  test("names, state and registers that reading does not change, up to where the session stands", () => {
    const script = open("let a = 1\nread ICC_IAR1_EL1[0]\nexpect pending[8192 + a] == GITS_CTLR.Enabled\nread a");
    const stopped = { start: { line: 2, character: 0 }, end: { line: 2, character: 0 } };
    assert.deepEqual(
      inlineValues(script, everything, stopped).map((value) => "expression" in value && value.expression),
      ["a", "pending[8192 + a]", "GITS_CTLR.Enabled"],
    );
  });
});

describe("workspace symbols", () => {
  test("whose names have the letters of the query in their order", () => {
    const found = workspaceSymbols([open(`let network = 1\n${mapped}`)], "nwk");
    assert.deepEqual(
      found.map(({ name }) => name),
      ["network"],
    );
    assert.deepEqual(
      workspaceSymbols([open(mapped)], "eventid 0").map(({ name, containerName }) => [name, containerName]),
      [["EventID 0", "DeviceID 0x10"]],
    );
  });
});
