import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { scriptDiagnostics } from "../../server/scripts/diagnostics.ts";
import { expectProblems, mapped, open, problems, workspace } from "./kit.ts";

describe("diagnostics", () => {
  test("a right script has none", () => {
    expectProblems(mapped);
  });
  test("reading finds a misspelt command", () => {
    expectProblems("MAPDD DeviceID=1", "1 ITS0102 MAPDD");
  });
  test("running finds an EventID beyond the ITT", () => {
    expectProblems(`${mapped}\nMAPTI DeviceID=0x10, EventID=0x20, pINTID=8196, ICID=0`, "4 ITS0501 0x20");
  });
  test("running finds an unmapped device", () => {
    expectProblems(`${mapped}\nINT DeviceID=0x11, EventID=0`, "4 ITS0501 0x11");
  });
  test("an EventID beyond the ITT names the MAPD of its device", () => {
    const script = open(`${mapped}\nINT DeviceID=0x10, EventID=0x20`);
    const [{ relatedInformation }] = scriptDiagnostics(script, { maxProblems: 10 });
    assert.equal(relatedInformation?.[0]?.message, "DeviceID 0x10 is mapped here with events 0x0 to 0x1f.");
    assert.equal(relatedInformation?.[0]?.location.range.start.line, 0);
  });
  test("an unmapped device names the line that unmaps it", () => {
    const script = open(`${mapped}\nMAPD DeviceID=0x10, V=0\nINT DeviceID=0x10, EventID=0`);
    const { relatedInformation } =
      scriptDiagnostics(script, { maxProblems: 10 }).find(({ code }) => code === "ITS0501") ?? {};
    assert.equal(relatedInformation?.[0]?.message, "DeviceID 0x10 is unmapped here.");
    assert.equal(relatedInformation?.[0]?.location.range.start.line, 3);
  });
  test("a name that is taken names its definition", () => {
    const script = open("let a = 1\nlet a = 2");
    const [{ relatedInformation }] = scriptDiagnostics(script, { maxProblems: 10 });
    assert.equal(relatedInformation?.[0]?.location.range.start.line, 0);
  });
  test("what is beyond the limit is one information", () => {
    const script = open(Array.from({ length: 30 }, () => "nonsense").join("\n"));
    const list = scriptDiagnostics(script, { maxProblems: 10 });
    assert.equal(list.length, 11);
    assert.match(String(list[10].message), /^20 more problems are not shown/);
    assert.equal(list[10].severity, 3);
  });
  test("problems of running count for the limit too", () => {
    const script = open(Array.from({ length: 30 }, () => "INT DeviceID=1, EventID=1").join("\n"));
    const list = scriptDiagnostics(script, { maxProblems: 10 });
    assert.match(String(list[10].message), /^20 more/);
  });
  test("codes are links where the editor says where the reference is", () => {
    const script = open("nonsense");
    const [{ codeDescription }] = scriptDiagnostics(script, { maxProblems: 1, documentation: "file:///language.md" });
    assert.equal(codeDescription?.href, "file:///language.md#diagnostics");
  });
  test("codes are links to their page where the editor has pages", () => {
    const script = open("nonsense");
    const [{ codeDescription }] = scriptDiagnostics(script, { maxProblems: 1, rulePages: "command:explain?{code}" });
    assert.equal(codeDescription?.href, "command:explain?ITS0102");
  });
  test("rules have their severities", () => {
    const text = `${mapped}\nMAPTI DeviceID=0x10, EventID=0, pINTID=8196, ICID=0\nmsi DeviceID=0x10, EventID=0`;
    const found = scriptDiagnostics(open(text), { maxProblems: 10 });
    assert.deepEqual(
      found.map(({ code, severity }) => [code, severity]),
      [
        ["L-11", 2],
        ["L-14", 4],
      ],
    );
  });
  test("without simulation only reading finds", () => {
    const scripts = workspace();
    scripts.configure({ simulate: false, rules: new Map() });
    scripts.open("a", 1, "INT DeviceID=1, EventID=1\nnonsense");
    const script = scripts.get("a");
    assert.ok(script);
    assert.deepEqual(problems(script), ["2 ITS0102 nonsense"]);
  });
  test("a binary file has one", () => {
    expectProblems("MAPD\0\0\0", "1 ITS0003");
  });
  test("a machine that cannot be built has one, at its block", () => {
    const found = problems(open("machine {\n  ram = 0x40000000, 64K\n}\nread GITS_CTLR"));
    assert.deepEqual(found, ["1 ITS0514 machine {"]);
  });
  test("lines may end in a carriage return and a line feed", () => {
    expectProblems("let a = 1\r\nnonsense\r\nread b\r\n", "2 ITS0102 nonsense", "3 ITS0301 b");
  });
  test("an id that no machine has is one, and the lines below it run", () => {
    expectProblems(
      "expect dte[-1].valid == 1\nlet x = ite[1, 0x100000001]\nMAPC ICID=0, RDbase=9",
      "1 ITS0409 -1",
      "2 ITS0409 0x100000001",
      "3 ITS0501 9",
    );
  });
  test("columns are UTF-16 units", () => {
    const [{ range }] = scriptDiagnostics(open('expect 1, "😀" x'), { maxProblems: 5 });
    assert.equal(range.start.character, 15);
  });
});
