import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { completionContext, formatDocument, nodesOf, ScriptDocument } from "../../language/index.ts";
import { operation, problems, script } from "./scripts.ts";

describe("statements of the VMM", () => {
  test("have one form", () => {
    for (const [text, formatted] of [
      ["user-write  gits_iidr=0x4b00043b=>EINVAL", "user-write GITS_IIDR = 0x4b00043b => EINVAL"],
      ["user-read  icc_pmr_el1 [ 1 ]", "user-read ICC_PMR_EL1[1]"],
      ["vcpu-run  -1+2", "vcpu-run -1 + 2"],
      ["begin 1 ,gits_cwriter=0x40", "begin 1, GITS_CWRITER = 0x40"],
      ["begin  user,GICD_CTLR=(1|2)", "begin user, GICD_CTLR = (1 | 2)"],
      ["step  user=>EBUSY", "step user => EBUSY"],
      ["expect running [ 1 ]||writing[0]", "expect running[1] || writing[0]"],
    ])
      assert.equal(formatDocument(new ScriptDocument(text)), formatted);
  });

  test("are operations without expressions", () => {
    const found = operation(script("begin 1 + 1, GITS_CWRITER = 2 * 0x20 => done"), 0);
    assert.ok(found.kind === "host");
    assert.deepEqual([found.verb, found.pe, found.location?.name, found.value], ["begin", 2, "GITS_CWRITER", 0x40n]);
    const user = operation(script("step user"), 0);
    assert.ok(user.kind === "host" && user.pe === undefined);
  });

  test("tell what is wrong with them", () => {
    const wrong = script(
      "user-write GITS_IIDR",
      "user-write GITS_IIDR.Revision = 1",
      "user-write GITS_NOTHING = 1",
      "user-write 0x1000 = 1",
      "user-write GITS_IIDR = 0x100000000",
      "vcpu-run 512",
      "vcpu-run",
      "vcpu-run user",
      "begin 0, GITS_CTLR = 1",
      "begin 0 GITS_CWRITER = 1",
      "step 0 => nonsense",
      "step 0 1",
      "let running = 1",
    );
    assert.deepEqual(problems(wrong), [
      "1 ITS0105 ",
      "2 ITS0311 GITS_IIDR.Revision",
      "3 ITS0308 GITS_NOTHING",
      "4 ITS0311 0x1000",
      "5 ITS0306 0x100000000",
      "6 ITS0313 512",
      "7 ITS0105 ",
      "8 ITS0301 user",
      "9 ITS0311 GITS_CTLR",
      "10 ITS0105 GITS_CWRITER",
      "11 ITS0310 nonsense",
      "12 ITS0106 1",
      "13 ITS0112 running",
    ]);
  });

  test("are known where the cursor is", () => {
    const kind = (text: string) => completionContext(script(text).lines[0], text.length).kind;
    assert.equal(kind("user-write "), "register");
    assert.equal(kind("user-read GIT"), "register");
    assert.equal(kind("user-write GITS_IIDR = "), "value");
    assert.equal(kind("user-wr"), "statement");
    assert.equal(kind("begin "), "value");
    assert.equal(kind("begin 1, "), "register");
    assert.equal(kind("step 1 => "), "outcome");
    const kinds = nodesOf(script("begin 1, GITS_CWRITER = writing[0] => done").lines[0]).map((node) => node.kind);
    assert.deepEqual(kinds, ["keyword", "number", "register", "state", "number", "outcome"]);
  });
});
