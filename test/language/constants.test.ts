import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { constantOf, isProblem, ScriptDocument } from "../../language/index.ts";

const text = ["let nic = 0x10", "let itt = 0x40000000 + nic * 256", "MAPD DeviceID=nic, ITT_addr=itt, Size=5"].join(
  "\n",
);
const device = (document: ScriptDocument) => {
  const { statement } = document.lines[2];
  assert.ok(statement?.kind === "command" && statement.words !== undefined);
  return Number(statement.words[0] >> 32n);
};

describe("a value that is given for a name", () => {
  it("takes the place of what the let line says, in all that is made of it", () => {
    const document = new ScriptDocument(text, new Map([["nic", 0x20n]]));
    assert.deepEqual(document.diagnostics().list, []);
    assert.deepEqual(document.namesAt(3), [
      { name: "nic", constant: 0x20n },
      { name: "itt", constant: 0x4000_2000n },
    ]);
    assert.equal(device(document), 0x20);
    assert.equal(device(new ScriptDocument(text)), 0x10);
  });

  it("stays when the script is edited, and is checked as one that stands in it", () => {
    const document = new ScriptDocument(text, new Map([["nic", 1n << 40n]]));
    const codes = document.diagnostics().list.map(({ line, code }) => `${line} ${code}`);
    assert.equal(codes.length, 1, codes.join());
    assert.match(codes[0], /^2 ITS/);
    const start = { line: 0, column: 0 };
    document.update([{ start, end: start, text: "# above\n" }]);
    assert.equal(document.namesAt(4)[0].constant, 1n << 40n);
  });

  it("is strange to a script that has no such name", () => {
    const constants = new Map([
      ["nic", 1n],
      ["disk", 2n],
    ]);
    assert.deepEqual(new ScriptDocument(text, constants).strangeConstants(), ["disk"]);
  });

  it("is an expression of numbers", () => {
    assert.deepEqual([constantOf("0x10"), constantOf(" 1 << 4 ")], [16n, 16n]);
    for (const wrong of ["", "1 +", "nic", "GITS_CTLR", "pending[8192]", "1 2"]) {
      const found = constantOf(wrong);
      assert.ok(typeof found !== "bigint" && isProblem(found), wrong);
    }
  });
});
