import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { rulePageOf } from "../../server/rule-page.ts";
import { expectProblems, fix, mapped } from "./kit.ts";

describe("fixes of rules", () => {
  test("write the parentheses that are meant", () => {
    assert.equal(fix("expect GITS_CTLR & 1 == 1", /^Write /), "expect (GITS_CTLR & 1) == 1");
    assert.equal(fix("expect GITS_CTLR.Enabled == 1 & 3", /^Write /), "expect GITS_CTLR.Enabled == (1 & 3)");
  });
  test("allow a rule on the line above, indented as the line", () => {
    const text = fix(`${mapped}\n  MAPD DeviceID=0x10, V=0`, "Allow L-09 here");
    assert.equal(text.split("\n")[3], "  # allow L-09");
    expectProblems(text);
  });
  test("allow one more in a comment that is there", () => {
    const text = fix(`${mapped}\nMAPD DeviceID=0x10, V=0 # allow L-08`, "Allow L-09 here");
    assert.match(text, /# allow L-08, L-09$/);
  });
  test("allow one more in the comment above", () => {
    const text = fix(`${mapped}\n# allow L-08\nMAPD DeviceID=0x10, V=0`, "Allow L-09 here");
    assert.match(text, /\n# allow L-08, L-09\nMAPD/);
  });
  test("remove what allows nothing", () => {
    assert.equal(fix("let a = 1  # allow L-11", "Remove L-11 from the comment"), "let a = 1");
    assert.equal(
      fix("expect 1 & 1 == 1 # allow L-11, L-60", "Remove L-11 from the comment"),
      "expect 1 & 1 == 1 # allow L-60",
    );
    assert.equal(
      fix("expect 1 & 1 == 1 # allow L-60, L-99", "Remove L-99 from the comment"),
      "expect 1 & 1 == 1 # allow L-60",
    );
  });
});

describe("the page of a code", () => {
  test("of a rule", () =>
    assert.match(rulePageOf({ code: "L-11" })?.text ?? "", /^# L-11: MAPTI or MAPI maps an event/));
  test("of a problem", () =>
    assert.match(rulePageOf({ code: "ITS0305" })?.text ?? "", /^# ITS0305: Argument given twice/));
  test("of none, and of anything", () => {
    for (const params of [{ code: "L-99" }, {}, null, { code: "__proto__" }, { code: 7 as unknown as string }])
      assert.equal(rulePageOf(params), null);
  });
});
