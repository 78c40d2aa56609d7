import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ScriptDocument } from "../../../language/index.ts";

/** What the rule proposes for the one line of a script; undefined: it has nothing to say. */
function proposed(line: string): string | undefined {
  const { list } = new ScriptDocument(line).diagnostics();
  const [found] = list.filter(({ code }) => code === "L-60");
  assert.deepEqual(
    list.filter(({ severity }) => severity === "error"),
    [],
    "the line runs",
  );
  return found?.data?.kind === "grouping" ? found.data.text : undefined;
}

describe("a comparison beside &, | or ^ (L-60)", () => {
  const misread: readonly (readonly [string, string])[] = [
    ["expect GITS_CTLR & 1 == 1", "(GITS_CTLR & 1) == 1"],
    ["expect GITS_CTLR == 1 & 0xff", "GITS_CTLR == (1 & 0xff)"],
    ["expect 2 == (1) & (3)", "2 == ((1) & (3))"],
    ["expect (2) | (1) != (3)", "((2) | (1)) != (3)"],
    ["let a = 1 + (2 ^ 3 < 4)", "(2 ^ 3) < 4"],
    ["write GITS_CTLR = { Enabled = 3 & 1 == 1 }", "(3 & 1) == 1"],
    ["MAPC ICID=1 | 2 == 2, RDbase=0", "(1 | 2) == 2"],
  ];
  for (const [line, meant] of misread) test(line, () => assert.equal(proposed(line), meant));

  const plain = [
    "expect (GITS_CTLR & 1) == 1",
    "expect GITS_CTLR & (1 == 1)",
    "expect 1 == 1 & 2 == 2",
    "expect 1 & 3 << 2",
    "expect GITS_CTLR == 1 && GITS_CTLR != 2",
    'expect 1, "x & 1 == 1"',
    "expect 1 # x & 1 == 1",
  ];
  for (const line of plain) test(`not in ${line}`, () => assert.equal(proposed(line), undefined));

  test("the message shows how it is read", () => {
    const [{ message, severity }] = new ScriptDocument("expect GITS_CTLR & 1 == 1").diagnostics().list;
    assert.equal(severity, "warning");
    assert.match(message, /this is GITS_CTLR & \(1 == 1\)/);
  });
});
