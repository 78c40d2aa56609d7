import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { started } from "./support.ts";

/** What a script on the strict model has to say, line by line. */
function problems(...lines: readonly string[]): readonly (readonly [line: number, code: string, message: string])[] {
  const run = started(["machine { model = arch }", ...lines].join("\n"));
  const found: (readonly [number, string, string])[] = [];
  for (let step = run.step(); step !== undefined; step = run.step()) {
    for (const { code, message } of step.result.problems) found.push([step.line, code, message]);
  }
  return found;
}

const mapped = [
  "MAPC ICID=0, RDbase=0",
  "MAPD DeviceID=1, ITT_addr=0x41000000, Size=4",
  "MAPTI DeviceID=1, EventID=1, pINTID=8200, ICID=0",
];

describe("scripts on the strict model", () => {
  it("have nothing said about them when they are right", () => {
    assert.deepEqual(problems(...mapped, "INT DeviceID=1, EventID=1", "DISCARD DeviceID=1, EventID=1"), []);
  });

  it("are told what the architecture leaves open, with rule, reading and source", () => {
    const [[line, code, message], ...more] = problems(...mapped, "MAPTI DeviceID=1, EventID=1, pINTID=8201, ICID=0");
    assert.deepEqual([line, code, more], [4, "ITS0516", []]);
    assert.match(message, /^UNPREDICTABLE \(remap-event\): .* On arch: the new mapping replaces .* Source: /);
  });

  it("are told of an error once, and that the queue stands", () => {
    const found = problems(...mapped, "INT DeviceID=1, EventID=2", "INT DeviceID=1, EventID=1");
    assert.deepEqual(
      found.map(([line, code]) => [line, code]),
      [
        [4, "ITS0501"],
        [5, "ITS0505"],
      ],
    );
    assert.match(found[0][2], /^INT_UNMAPPED_INTERRUPT \(0x010307\): .* arch stops the queue here/);
  });

  it("can expect a stall, correct the command and go on with Retry", () => {
    const found = problems(
      ...mapped,
      "INT DeviceID=1, EventID=2 => stalled",
      "expect GITS_CREADR.Stalled == 1",
      "mem32[0x40000068] = 1",
      "write GITS_CWRITER = 0x81",
      "expect GITS_CREADR == 0x80",
      "expect pending[8200]",
    );
    assert.deepEqual(found, []);
  });

  it("are told once of a command that GICv3 does not have", () => {
    assert.deepEqual(
      problems("VSYNC vPEID=0").map(([, code]) => code),
      ["ITS0503"],
    );
  });
});
