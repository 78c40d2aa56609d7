import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { exitOutcome, outcomeWords, stateKeywords, statementKeywords } from "../../language/index.ts";
import { ran } from "./support.ts";

/** What the examples take to be there: the mappings of one event, whose LPI is pending. */
const mapped = `MAPC ICID=3, RDbase=0
MAPD DeviceID=0x10, ITT_addr=0x40200000, Size=4
MAPTI DeviceID=0x10, EventID=0, pINTID=8192, ICID=3
INT DeviceID=0x10, EventID=0
`;
/** Examples that need more, or another model. */
const before: Readonly<Record<string, string>> = {
  step: "begin 1, GITS_CWRITER = 0x80\n",
  vte: "VMAPP vPEID=0, RDbase=1, VPT_addr=0x43100000, VPT_size=15\n",
};
const models: Readonly<Record<string, string>> = { stalled: "arch", vte: "arch  gic = 4" };

/** Problems of a script that finds the one character of an empty line in every file that it names: `LINE CODE`, lines from 1. */
function problemsOf(text: string): readonly string[] {
  return ran(text, { read: (path) => ({ identity: path, bytes: Uint8Array.of(0x0a) }) }).problems;
}

describe("the example of", () => {
  const statements = [...statementKeywords, ...outcomeWords, exitOutcome].map(({ word, example }) => [word, example]);
  const states = stateKeywords.map(({ word, example }) => [word, `expect (${example}) >= 0`]);
  for (const [word, example] of [...statements, ...states]) {
    it(`${word} does what it says`, () => {
      const machine = `machine { model = ${models[word] ?? "kvm"}  setup = ready }\n`;
      assert.deepEqual(problemsOf(`${machine}${mapped}${before[word] ?? ""}${example}\n`), [], example);
    });
  }
});

it("examples of the host's interrupts name none that belongs to a timer of the vCPU", () => {
  const examples = [...statementKeywords, ...stateKeywords].filter(({ word }) => /^host-|^physical$/.test(word));
  assert.equal(examples.length, 4);
  for (const { example } of examples) {
    const [, intid] = /(\d+), 1/.exec(example) ?? assert.fail(example);
    assert.deepEqual(problemsOf(`host-map ${intid}, 1 = ${intid}\n`), [], example);
  }
});
