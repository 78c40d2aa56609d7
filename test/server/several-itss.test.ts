import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DocumentHighlightKind, type Range } from "vscode-languageserver";
import { codeActions } from "../../server/editing/code-actions.ts";
import { inlayHints } from "../../server/hover/inlay-hints.ts";
import { inlineValues } from "../../server/hover/inline-values.ts";
import { declaration } from "../../server/navigation/declaration.ts";
import { definition } from "../../server/navigation/definition.ts";
import { highlight } from "../../server/navigation/highlight.ts";
import { references } from "../../server/navigation/references.ts";
import { symbols } from "../../server/navigation/symbols.ts";
import { typeDefinition } from "../../server/navigation/type-definition.ts";
import { scriptDiagnostics } from "../../server/scripts/diagnostics.ts";
import { complete, expectDefinition, expectHover, expectProblems, fix, marked, open } from "./kit.ts";

/** Two ITSs that use the same ids for different things. Lines 2 to 4 are of ITS 0, lines 5 to 7 of ITS 1. */
const both = [
  "machine { cpus = 4  its = 0x08080000  its = 0x08060000 }",
  "MAPD DeviceID=0x10, ITT_addr=0x40400000, Size=4",
  "MAPC ICID=0, RDbase=1",
  "MAPTI DeviceID=0x10, EventID=0, pINTID=8195, ICID=0",
  "MAPD@1 DeviceID=0x10, ITT_addr=0x40500000, Size=2",
  "MAPC@1 ICID=0, RDbase=3",
  "MAPTI@1 DeviceID=0x10, EventID=0, pINTID=8200, ICID=0",
].join("\n");

/** A statement in a block of ITS 1 behind {@link both}: lines 8 to 10. */
const inBlock = (...lines: string[]) => `${both}\nits 1 {\n${lines.map((line) => `  ${line}`).join("\n")}\n}`;

const all: Range = { start: { line: 0, character: 0 }, end: { line: 1000, character: 0 } };

const usesAt = (text: string, declared = true) => {
  const { script, position } = marked(text);
  return references(script, position, declared).map(({ range }) => range.start.line + 1);
};
const linesOf = (find: typeof definition) => (text: string) => {
  const { script, position } = marked(text);
  return find(script, position).map(({ targetRange }) => targetRange.start.line + 1);
};
const definedOn = linesOf(definition);
const declaredOn = linesOf(declaration);
const detailsAt = (text: string) =>
  complete(text)
    .items.filter(({ detail }) => /, line \d+$/.test(detail ?? ""))
    .map(({ label, detail }) => `${label}: ${detail}`);

describe("definitions are those of the statement's ITS", () => {
  test("where @ names it", () => {
    expectDefinition(`${both}\nINT@1 DeviceID=0x<|>10, EventID=0`, "5 DeviceID=0x10");
    expectDefinition(`${both}\nINT@1 DeviceID=0x10, Event<|>ID=0`, "7 EventID=0");
    expectDefinition(`${both}\nmsi@1 DeviceID=0x10, Event<|>ID=0`, "7 EventID=0");
    expectDefinition(`${both}\nINVALL@1 IC<|>ID=0`, "6 ICID=0");
    expectDefinition(`${both}\nINT DeviceID=0x<|>10, EventID=0`, "2 DeviceID=0x10");
    expectDefinition(`${both}\nINT@0 DeviceID=0x10, Event<|>ID=0`, "4 EventID=0");
    expectDefinition(`${both}\nINVALL IC<|>ID=0`, "3 ICID=0");
  });
  test("where a name gives its number", () => {
    expectDefinition(`${both}\nlet second = 1\nINT@second DeviceID=0x10, Event<|>ID=0`, "7 EventID=0");
  });
  test("in a block of it, where a line may name another one", () => {
    expectDefinition(inBlock("INT DeviceID=0x10, Event<|>ID=0"), "7 EventID=0");
    expectDefinition(inBlock("INT@0 DeviceID=0x10, Event<|>ID=0"), "4 EventID=0");
    expectDefinition(inBlock("expect ite[0x10, <|>0].valid"), "7 EventID=0");
    expectDefinition(inBlock("cpu 1 {", "expect cte[<|>0].valid", "}"), "6 ICID=0");
    expectDefinition(`${inBlock("read GITS_CTLR")}\nINT DeviceID=0x10, Event<|>ID=0`, "4 EventID=0");
    expectDefinition(inBlock("its 0 {", "INT DeviceID=0x10, Event<|>ID=0", "}"), "4 EventID=0");
  });
  test("of references to tables, and of packets", () => {
    expectDefinition(`${both}\nexpect ite@1[0x10, <|>0].valid`, "7 EventID=0");
    expectDefinition(`${both}\nexpect dte@1[0x<|>10].valid`, "5 DeviceID=0x10");
    expectDefinition(`${both}\nraw@1 0x1000000003, <|>0, 0, 0`, "7 EventID=0");
    expectDefinition(`${both}\nraw 0x1000000003, <|>0, 0, 0`, "4 EventID=0");
  });
  test("of a statement whose answer a let keeps, and of conditions", () => {
    expectDefinition(`${both}\nlet done = INT@1 DeviceID=0x10, Event<|>ID=0`, "7 EventID=0");
    expectDefinition(`${both}\nlet done = MAPTI@1 DeviceID=0x10, Event<|>ID=1, pINTID=8201, ICID=0`, "8 EventID=1");
    expectDefinition(`${both}\nif dte@1[0x<|>10].valid {\n}`, "5 DeviceID=0x10");
    expectDefinition(inBlock("print ite[0x10, <|>0].pINTID"), "7 EventID=0");
  });
  test("of an LPI it is the line of whichever ITS maps it", () => {
    expectDefinition(`${both}\nexpect pending[82<|>00] == 0`, "7 pINTID=8200");
    expectDefinition(`${both}\nexpect pending[81<|>95] == 0`, "4 pINTID=8195");
  });
  test("what one ITS unmaps the other still has", () => {
    const text = `${both}\nDISCARD@1 DeviceID=0x10, EventID=0\nMAPD DeviceID=0x10, V=0`;
    expectDefinition(`${text}\nINT@1 DeviceID=0x10, Event<|>ID=0`, undefined);
    expectDefinition(`${text}\nINT@1 DeviceID=0x<|>10, EventID=0`, "5 DeviceID=0x10");
    expectDefinition(`${text}\nINT DeviceID=0x<|>10, EventID=0`, undefined);
  });
  test("in a macro, those of the ITS that it is called for", () => {
    const macro = "macro poke {\n  INT DeviceID=0x10, Event<|>ID=0\n}";
    expectDefinition(`${both}\n${macro}\npoke`, "4 EventID=0");
    expectDefinition(`${both}\n${macro}\nits 1 {\n  poke\n}`, "7 EventID=0");
    const outer = "macro outer {\n  poke\n}";
    expectDefinition(`${both}\n${macro}\n${outer}\nits 1 {\n  outer\n}`, "7 EventID=0");
  });
  test("of each ITS where it is another one each time", () => {
    const macro = "macro poke {\n  INT DeviceID=0x10, Event<|>ID=0\n}";
    const inLoop = (line: string) => `${both}\nfor i in 0..1 {\n  its i {\n    ${line}\n  }\n}`;
    assert.deepEqual(definedOn(`${both}\n${macro}\npoke\nits 1 {\n  poke\n}`), [4, 7]);
    assert.deepEqual(definedOn(`${both}\nfor i in 0..1 {\n  INT@i DeviceID=0x10, Event<|>ID=0\n}`), [4, 7]);
    assert.deepEqual(definedOn(inLoop("INT DeviceID=0x10, Event<|>ID=0")), [4, 7]);
    assert.deepEqual(definedOn(inLoop("expect ite[0x<|>10, 0].valid")), [2, 5]);
    assert.deepEqual(definedOn(inLoop("raw 0x1000000003, <|>0, 0, 0")), [4, 7]);
    assert.deepEqual(definedOn(`${both}\nINT@16 DeviceID=0x10, Event<|>ID=0`), []);
  });
  test("one line that maps for each ITS is told once", () => {
    const text =
      "machine { its = 0x08080000  its = 0x08060000 }\nfor i in 0..1 {\n  its i {\n    MAPC ICID=3, RDbase=0";
    assert.deepEqual(definedOn(`${text}\n    INVALL IC<|>ID=3\n  }\n}`), [4]);
    assert.deepEqual(declaredOn(`${text}\n    INVALL IC<|>ID=3\n  }\n}`), [4]);
    assert.deepEqual(usesAt(`${text}\n    INVALL IC<|>ID=3\n  }\n}\nINVALL@1 ICID=3`), [4, 5, 8]);
  });
  test("declarations and what holds a thing", () => {
    const again = "MAPD@1 DeviceID=0x10, ITT_addr=0x40500000, Size=3\nINT@1 Device<|>ID=0x10, EventID=0";
    assert.deepEqual(declaredOn(`${both}\n${again}`), [5]);
    assert.deepEqual(declaredOn(`${both}\nfor i in 0..1 {\n  INT@i Device<|>ID=0x10, EventID=0\n}`), [2, 5]);
    const holder = (text: string) => {
      const { script, position } = marked(text);
      return typeDefinition(script, position).map(({ targetRange }) => targetRange.start.line + 1);
    };
    assert.deepEqual(holder(`${both}\nINT@1 DeviceID=0x10, Event<|>ID=0`), [5]);
    assert.deepEqual(holder(`${both}\nexpect pending[82<|>00] == 0`), [6]);
    assert.deepEqual(holder(`${both}\nexpect pending[81<|>95] == 0`), [3]);
  });
});

describe("references and highlights are those of one ITS", () => {
  test("references", () => {
    const text = inBlock("INT DeviceID=0x10, EventID=0", "INT@0 DeviceID=0x10, EventID=0");
    assert.deepEqual(usesAt(text.replace("MAPD@1 Device", "MAPD@1 Dev<|>ice")), [5, 7, 9]);
    assert.deepEqual(usesAt(text.replace("MAPD@1 Device", "MAPD@1 Dev<|>ice"), false), [7, 9]);
    assert.deepEqual(usesAt(text.replace("MAPD Device", "MAPD Dev<|>ice")), [2, 4, 10]);
    assert.deepEqual(usesAt(text.replace("MAPC ICID", "MAPC IC<|>ID")), [3, 4]);
  });
  test("highlights tell the mapping from its uses", () => {
    const { script, position } = marked(`${inBlock("INT DeviceID=0x10, Event<|>ID=0")}\nmsi DeviceID=0x10, EventID=0`);
    assert.deepEqual(
      highlight(script, position).map(({ kind, range }) => [kind, range.start.line + 1]),
      [
        [DocumentHighlightKind.Write, 7],
        [DocumentHighlightKind.Read, 9],
      ],
    );
  });
});

describe("values are those of the line's ITS", () => {
  test("of a table entry", () => {
    expectHover(`${both}\nread d<|>te@1[0x10].ITT_addr`, "`0x40500000`");
    expectHover(`${both}\nread dte[0x10].ITT_<|>addr`, "Value: `0x0000_0000_4040_0000`");
    expectHover(`${both}\nread dte@1[0x10].ITT_<|>addr`, "Value: `0x0000_0000_4050_0000`");
  });
  test("before and behind the last line of a block", () => {
    expectHover(inBlock("read dte[0x10].ITT_<|>addr"), "Value: `0x0000_0000_4050_0000`");
    expectHover(
      inBlock("write GITS_CT<|>LR.Enabled = 0"),
      "of ITS 1",
      /before this line: `0x\w*1`, after it: `0x\w*0`/,
    );
    expectHover(`${inBlock("write GITS_CTLR.Enabled = 0")}\nread GITS_CT<|>LR`, /Value: `0x\w*1`/);
  });
  test("of a register of a PE behind the last line of its block", () => {
    expectHover("cpu 2 {\n  write GICR_IGRO<|>UPR0 = 1\n}", "of PE 2", "before this line: `0xffffffff`, after it: `1`");
  });
  test("where a session stands elsewhere", () => {
    const script = open(
      inBlock("read GITS_CREADR", "expect mem64[dte[0x10].ITT_addr] == dte@1[0x10]", "read pending[8200]"),
    );
    const shown = (line: number) => {
      const stopped = { start: { line, character: 0 }, end: { line, character: 0 } };
      return inlineValues(script, { ...all, start: { line: 7, character: 0 } }, stopped).map(
        (value) => "expression" in value && value.expression,
      );
    };
    assert.deepEqual(shown(10), ["GITS_CREADR", "mem64[dte[0x10].ITT_addr]", "dte@1[0x10]", "pending[8200]"]);
    const behind = open(`${script.document.text}\nread GITS_CREADR`);
    const stopped = { start: { line: 12, character: 0 }, end: { line: 12, character: 0 } };
    assert.deepEqual(
      inlineValues(behind, { ...all, start: { line: 7, character: 0 } }, stopped).map(
        (value) => "expression" in value && value.expression,
      ),
      ["GITS_CREADR@1", "mem64[dte@1[0x10].ITT_addr]", "dte@1[0x10]", "pending[8200]", "GITS_CREADR"],
    );
  });
});

describe("completion offers the ids of the statement's ITS", () => {
  test("of commands and MSIs", () => {
    assert.deepEqual(detailsAt(`${both}\nINT@1 DeviceID=<|>`), ["0x10: events 0x0 to 0x7, line 5"]);
    assert.deepEqual(detailsAt(`${both}\nINT DeviceID=<|>`), ["0x10: events 0x0 to 0x1f, line 2"]);
    assert.deepEqual(detailsAt(`${both}\nmsi@1 DeviceID=0x10, EventID=<|>`), [
      "0x0: pINTID 8200 of DeviceID 0x10, line 7",
    ]);
    assert.deepEqual(detailsAt(`${both}\nINVALL@1 ICID=<|>`), ["0: RDbase 3, line 6"]);
    assert.deepEqual(detailsAt(inBlock("INVALL ICID=<|>")), ["0: RDbase 3, line 6"]);
    assert.deepEqual(detailsAt(inBlock("INVALL@0 ICID=<|>")), ["0: RDbase 1, line 3"]);
    assert.deepEqual(detailsAt(`${both}\nfor i in 0..1 {\n  INVALL@i ICID=<|>\n}`), []);
  });
  test("of references to tables", () => {
    assert.deepEqual(detailsAt(`${both}\nread cte@1[<|>]`), ["0: RDbase 3, line 6"]);
    assert.deepEqual(detailsAt(`${both}\nlet second = 1\nread cte@second[<|>]`), ["0: RDbase 3, line 6"]);
    assert.deepEqual(detailsAt(`${both}\nread cte[<|>]`), ["0: RDbase 1, line 3"]);
    assert.deepEqual(detailsAt(inBlock("read ite[0x10, <|>]")), ["0x0: pINTID 8200 of DeviceID 0x10, line 7"]);
    assert.ok(complete(`${both}\nread dte@1[0x10].<|>`).items.some(({ label }) => label === "ITT_addr"));
    assert.ok(complete(`${both}\nread GITS_CTLR@1.<|>`).items.some(({ label }) => label === "Enabled"));
  });
  test("of interrupts those of all ITSs, each with its own", () => {
    assert.deepEqual(detailsAt(`${both}\nread pending[<|>]`), [
      "8200: EventID 0x0 of DeviceID 0x10 of ITS 1, line 7",
      "8195: EventID 0x0 of DeviceID 0x10, line 4",
    ]);
  });
});

describe("hints", () => {
  const targets = (text: string) =>
    inlayHints(open(text), all, new Set(["targets"])).map(({ position, label }) => `${position.line + 1} ${label}`);
  test("say where the statement's ITS sends an event", () => {
    const lines = "INT DeviceID=0x10, EventID=0\nmsi@1 DeviceID=0x10, EventID=0";
    assert.deepEqual(targets(`${both}\n${lines}`), ["8 → LPI 8195, PE 1", "9 → LPI 8200, PE 3"]);
    assert.deepEqual(targets(inBlock("msi DeviceID=0x10, EventID=0")), ["9 → LPI 8200, PE 3"]);
    assert.deepEqual(targets(`${both}\nraw@1 0x1000000003, 0, 0, 0`), ["8 → LPI 8200, PE 3"]);
  });
  test("say it of the last turn of a loop, and of an answer that is kept", () => {
    const loop = "for i in 0..1 {\n  msi@i DeviceID=0x10, EventID=0\n}";
    assert.deepEqual(targets(`${both}\n${loop}`), ["9 → LPI 8200, PE 3"]);
    assert.deepEqual(targets(`${both}\nlet done = msi@1 DeviceID=0x10, EventID=0`), ["8 → LPI 8200, PE 3"]);
  });
  test("nothing of an ITS that has not mapped the event", () => {
    const text = `${both}\nMAPTI@1 DeviceID=0x10, EventID=1, pINTID=8201, ICID=0\nINT DeviceID=0x10, EventID=1`;
    assert.deepEqual(targets(text), []);
  });
});

describe("fixes are for the ITS of the command", () => {
  const lineOf = (text: string, title: string, line: number) => fix(text, title).split("\n")[line - 1].trim();
  test("they name it where its block does not", () => {
    const title = "Map EventID 0x1 of DeviceID 0x10 above";
    const added = "DeviceID=0x10, EventID=1, pINTID=8196, ICID=0";
    const hexed = added.replace("EventID=1", "EventID=0x1");
    assert.equal(
      lineOf(`${both}\nINT@1 DeviceID=0x10, EventID=1`, title, 8),
      `MAPTI@1 ${hexed.replace("8196", "8192")}`,
    );
    assert.equal(lineOf(inBlock("INT DeviceID=0x10, EventID=1"), title, 9), `MAPTI ${hexed.replace("8196", "8192")}`);
    assert.equal(
      lineOf(inBlock("INT@0 DeviceID=0x10, EventID=1"), title, 9),
      `MAPTI@0 ${hexed.replace("8196", "8192")}`,
    );
  });
  test("devices and collections", () => {
    assert.match(
      lineOf(`${both}\nINT@1 DeviceID=0x11, EventID=1`, "Map DeviceID 0x11 above", 8),
      /^MAPD@1 DeviceID=0x11, /,
    );
    assert.equal(lineOf(`${both}\nINVALL@1 ICID=1`, "Map ICID 0x1 above", 8), "MAPC@1 ICID=1, RDbase=0");
    const wider = "Give DeviceID 0x10 4 EventID bits (Size=3, line 5)";
    assert.match(lineOf(`${both}\nINT@1 DeviceID=0x10, EventID=9`, wider, 5), /^MAPD@1 .*Size=3$/);
  });
  test("arguments that are missing are its own", () => {
    const text = `${both}\nMAPD@1 DeviceID=0x20, ITT_addr=0x40600000, Size=4\nMAPC ICID=7, RDbase=0\nMAPTI@1 EventID=1, pINTID=8300`;
    assert.equal(lineOf(text, "Add DeviceID, ICID", 10), "MAPTI@1 EventID=1, pINTID=8300, DeviceID=0x20, ICID=0");
  });
  test("what mapped and unmapped is told of the right ITS", () => {
    const script = open(`${both}\nDISCARD@1 DeviceID=0x10, EventID=0\nINT@1 DeviceID=0x10, EventID=0`);
    const [problem] = scriptDiagnostics(script, { maxProblems: 10 });
    assert.deepEqual(
      problem.relatedInformation?.map(({ message, location }) => `${location.range.start.line + 1} ${message}`),
      ["8 EventID 0x0 of DeviceID 0x10 is unmapped here.", "5 DeviceID 0x10 is mapped here with events 0x0 to 0x7."],
    );
    assert.deepEqual(problem.data, { kind: "event-not-mapped", its: 1, device: 0x10, event: 0 });
    assert.ok(codeActions(script, [problem]).length > 0);
  });
  test("two ITSs with the same ids are no problem", () => {
    expectProblems(`${both}\nINT DeviceID=0x10, EventID=0\nINT@1 DeviceID=0x10, EventID=0`);
  });
});

test("the outline says whose devices and collections they are, and has events with their own", () => {
  assert.deepEqual(
    symbols(open(both)).map(({ name, detail, children = [] }) => [name, detail, children.map((child) => child.detail)]),
    [
      ["machine", "kvm-7.2", []],
      ["DeviceID 0x10", "ITS 0, ITT 0x40400000", ["pINTID 8195"]],
      ["ICID 0", "ITS 0, RDbase 1", []],
      ["DeviceID 0x10", "ITS 1, ITT 0x40500000", ["pINTID 8200"]],
      ["ICID 0", "ITS 1, RDbase 3", []],
    ],
  );
});
