import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { formatDocument, ScriptDocument } from "../../language/index.ts";
import { ran } from "./support.ts";

const TOO_LARGE = "MAPC ICID=0, RDbase=0\nMAPD DeviceID=8, Size=0, ITT_addr=0x40400000\n";
const LINE = "MAPTI DeviceID=8, EventID=9, pINTID=8192, ICID=0";

/** A model, what is expected behind `=>`, and the problems of the run. */
const cases: readonly (readonly [model: string, clause: string, problems: readonly string[]])[] = [
  ["kvm", "MAPTI_ID_OOR | done", []],
  ["kvm", "done | EINVAL", ["4 ITS0511"]],
  ["kvm", "ignored on kvm, stalled on arch", []],
  ["arch", "ignored on kvm, stalled on arch", []],
  ["arch", "stalled on kvm, ignored on arch", ["4 ITS0511"]],
  ["kvm-6.1", "ignored on kvm-6.1", []],
  ["kvm-6.1", "done on kvm-6.12, ignored on kvm", []],
  ["kvm-6.1", "done on qemu | arch, ignored", []],
  ["qemu", "done on kvm", ["4 ITS0501"]],
];

describe("outcomes that depend on the model", () => {
  for (const [model, clause, problems] of cases) {
    it(`${model}: => ${clause}`, () => {
      const text = `machine { model = ${model} }\n${TOO_LARGE}${LINE} => ${clause}\n`;
      assert.deepEqual(ran(text).problems, problems);
    });
  }

  it("an expectation about another model does nothing, whatever its values are", () => {
    const script = (model: string): string =>
      `machine { model = ${model} }\nexpect running[0] == 1 on kvm, "in the guest"\n`;
    assert.deepEqual(ran(script("qemu")).problems, []);
    assert.deepEqual(ran(script("kvm")).problems, ["2 ITS0510"]);
  });

  it("are written with one space, and names of models without any", () => {
    const text =
      "save   =>done|EINVAL  on kvm-6.1|qemu ,ignored\nexpect 1-1==0   on kvm-draft-2016\nuser-write GITS_CTLR=1=>EBUSY|done on kvm-7.2\n";
    assert.equal(
      formatDocument(new ScriptDocument(text)),
      "save => done | EINVAL on kvm-6.1 | qemu, ignored\nexpect 1 - 1 == 0 on kvm-draft-2016\nuser-write GITS_CTLR = 1 => EBUSY | done on kvm-7.2\n",
    );
  });
});
