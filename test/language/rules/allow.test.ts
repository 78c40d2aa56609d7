import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readRuleSettings, ScriptDocument, unusedAllowances } from "../../../language/index.ts";

const found = (text: string, settings?: ReturnType<typeof readRuleSettings>["settings"]): string[] =>
  new ScriptDocument(text)
    .diagnostics(1000, settings)
    .list.map(({ line, code, severity }) => `${line + 1} ${code} ${severity}`);
const unused = (text: string): string[] =>
  [...unusedAllowances(new ScriptDocument(text).lines, () => false)].map(
    ({ line, remark }) => `${line + 1} ${remark.code}`,
  );

const broken = "expect 1 & 1 == 1";

describe("# allow", () => {
  test("at the end of the line", () => assert.deepEqual(found(`${broken} # allow L-60`), []));
  test("on the line above", () => assert.deepEqual(found(`# allow L-60\n${broken}`), []));
  test("with a reason", () => assert.deepEqual(found(`# allow L-60: 0 or 1 is meant\n${broken}`), []));
  test("several lines of it", () => assert.deepEqual(found(`# allow L-60\n# allow L-14\n${broken}`), []));
  test("several ids, small letters", () => assert.deepEqual(found(`# allow L-14, l-60\n${broken}`), []));
  test("only this statement", () => assert.deepEqual(found(`# allow L-60\n${broken}\n${broken}`), ["3 L-60 warning"]));
  test("not from behind a statement", () =>
    assert.deepEqual(found(`let a = 1 # allow L-60\n${broken}`), ["2 L-60 warning"]));
  test("a word of prose is none", () => assert.deepEqual(found("# allow the guest to write"), []));
  test("not in a string", () => assert.deepEqual(found('expect 1 & 1 == 1, "# allow L-60"'), ["1 L-60 warning"]));
  test("an unknown id is said", () => assert.deepEqual(found("# allow L-99\nlet a = 1"), ["1 L-90 warning"]));
  test("an error cannot be allowed", () => assert.deepEqual(found("MAPD # allow ITS0304"), ["1 ITS0304 error"]));
  test("one that silences nothing is a hint", () => {
    assert.deepEqual(unused("# allow L-60, L-14\nlet a = 1"), ["1 L-91", "1 L-91"]);
    assert.deepEqual(unused(`# allow L-60\n${broken}`), []);
  });
});

describe("settings of rules", () => {
  test("a severity of one's own", () =>
    assert.deepEqual(found(broken, readRuleSettings({ "l-60": "error" }).settings), ["1 L-60 error"]));
  test("off", () => assert.deepEqual(found(broken, readRuleSettings({ "L-60": "off" }).settings), []));
  test("what is no rule or no level is told", () =>
    assert.deepEqual(readRuleSettings({ "L-99": "off", "L-60": "loud" }).problems, [
      { rule: "L-99", unknown: true },
      { rule: "L-60", unknown: false },
    ]));
  test("anything may come from outside", () => {
    for (const value of [undefined, null, 7, "off", []]) assert.equal(readRuleSettings(value).settings.size, 0);
  });
});
