import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { expressionAt } from "../../client/debug/expression-at.ts";

/** The expression at `|`. */
function at(marked: string): string | undefined {
  const column = marked.indexOf("|");
  return expressionAt(marked.replace("|", ""), column)?.text;
}

const cases: readonly (readonly [string, string | undefined])[] = [
  ["expect GITS_BAS|ER0.Type == 1", "GITS_BASER0.Type"],
  ["expect GITS_BASER0.Ty|pe == 1", "GITS_BASER0.Type"],
  ["expect |dte[0x10].valid == 1", "dte[0x10].valid"],
  ["expect dte[0x10]|.valid == 1", "dte[0x10].valid"],
  ["expect ite[n|ic, 1].pINTID == 1", "nic"],
  ["expect ite[nic, |1].pINTID == 1", "ite[nic, 1].pINTID"],
  ["expect mem64[dte[0x1|0].itt] == 1", "dte[0x10].itt"],
  ["read GICR_CTLR[1|]", "GICR_CTLR[1]"],
  ["MAPD DeviceID=n|ic, Size=4", "nic"],
  ["MAPD Device|ID=nic, Size=4", undefined],
  ["write GITS_CBASER.Si|ze = 0", "GITS_CBASER.Size"],
  ["expect pending[r|x] == 1", "rx"],
  ["expect |a==b", "a"],
  ["let x = 0xab|c", undefined],
  ["# GITS_CRE|ADR", undefined],
  ['expect 1 == 1, "GITS_CRE|ADR"', undefined],
  ["expect dte[0x1|0", undefined],
  ["expect d|te[0x10", "dte"],
  ["|", undefined],
];

describe("the expression under a pointer", () => {
  for (const [marked, expected] of cases) {
    it(`is ${expected ?? "none"} in ${marked === "|" ? "an empty line" : marked}`, () => {
      assert.equal(at(marked), expected);
    });
  }

  it("is not looked for farther than any real expression goes", () => {
    const line = "a[".repeat(20_000);
    assert.equal(expressionAt(line, line.length - 2)?.text, "a");
    assert.equal(expressionAt(`x[${" ".repeat(1000)}1]`, 0)?.text, "x");
  });
});
