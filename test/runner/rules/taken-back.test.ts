import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ScriptDocument } from "../../../language/index.ts";
import { prepareTarget, RunRules, ScriptRun } from "../../../runner/index.ts";

/** Runs a script, goes back and runs it again: the rules that each line has broken are the same, whatever line it went back to. */
function provesEqual(text: string): void {
  const document = new ScriptDocument(text);
  const prepared = prepareTarget(document.machine);
  assert.ok("target" in prepared);
  const run = new ScriptRun(document, prepared.target, prepareTarget, undefined, new RunRules(document));
  const all = (): string[] => {
    while (run.step() !== undefined);
    return run.history.map(
      ({ line, result }) => `${line + 1}: ${(result.remarks ?? []).map(({ code }) => code).join(" ")}`,
    );
  };
  const first = all();
  for (let line = document.lines.length - 1; line >= 0; line--) {
    assert.ok(run.rewindTo(line));
    assert.deepEqual(all(), first, `back to line ${line + 1}`);
  }
  assert.ok(
    first.some((one) => /L-/.test(one)),
    "some line breaks a rule",
  );
}

describe("rules after going back", () => {
  it("know what a machine did behind a test no more", () => {
    provesEqual(`MAPC ICID=0, RDbase=0
MAPD DeviceID=8, Size=4, ITT_addr=0x43f00000
MAPTI DeviceID=8, EventID=0, pINTID=8192, ICID=0
SYNC RDbase=0
test "t" {
  SYNC RDbase=0
  MAPD DeviceID=9, Size=4, ITT_addr=0x43f00000
}
msi DeviceID=8, EventID=0
INV DeviceID=8, EventID=0
msi DeviceID=8, EventID=0
`);
  });

  it("know that the command before was a virtual one", () => {
    provesEqual(`machine { model = arch  gic = 4 }
VMAPP vPEID=0, RDbase=1, VPT_addr=0x43100000, VPT_size=15
SYNC RDbase=1
VSYNC vPEID=0
SYNC RDbase=1
`);
  });
});
