import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ScriptDocument } from "../../language/index.ts";
import { prepareTarget, resultText, ScriptRun, shownLine } from "../../runner/index.ts";

/** What running a script says: `line code` of its problems, and shown values. */
function ran(...lines: string[]): (string | bigint)[] {
  const document = new ScriptDocument(lines.join("\n"));
  assert.deepEqual(document.diagnostics().list, []);
  const prepared = prepareTarget(document.machine);
  assert.ok("target" in prepared);
  const run = new ScriptRun(document, prepared.target);
  const said: (string | bigint)[] = [];
  for (let step = run.step(); step !== undefined; step = run.step()) {
    said.push(...step.result.problems.map(({ code }) => `${step.line + 1} ${code}`));
    if (step.result.shown !== undefined) said.push(step.result.shown.value);
  }
  return said;
}

describe("registers by device attributes", () => {
  it("are those of the PE that is named, 64-bit ones whole", () => {
    assert.deepEqual(ran("user-write ICC_PMR_EL1[1] = 0xf0", "user-read ICC_PMR_EL1[1]", "user-read ICC_PMR_EL1"), [
      0xf0n,
      0n,
    ]);
    assert.deepEqual(ran("user-write GICD_IROUTER33 = 2", "user-read GICD_IROUTER33", "read GICD_IROUTER33"), [2n, 2n]);
    const [user, guest] = ran("user-read GICR_TYPER[3]", "read GICR_TYPER[3]");
    assert.equal(user, guest);
    assert.equal((user as bigint) >> 32n, 3n, "the affinity is in the upper half");
  });

  it("answer with the kernel's errno", () => {
    assert.deepEqual(ran("user-write GITS_IIDR = 0x4b00143b => EINVAL", "user-write GITS_CREADR = 0x20 => EBUSY"), []);
    assert.deepEqual(ran("user-write GITS_IIDR = 0x4b00143b"), ["1 ITS0512"]);
    assert.deepEqual(ran("user-write GITS_IIDR = 0x4b00043b => EINVAL"), ["1 ITS0511"]);
    assert.deepEqual(ran("user-read GICC_PMR"), ["1 ITS0509"]);
  });

  it("take no vCPU that runs", () => {
    assert.deepEqual(
      ran(
        "vcpu-run 1",
        "vcpu-run 1 => EBUSY",
        "user-read GICD_CTLR => EBUSY",
        "begin user, GICD_CTLR = 0 => EBUSY",
        "save => EBUSY",
        "vcpu-stop 1",
        "begin user, GICD_CTLR = 0",
        "begin user, GICD_CTLR = 1 => EBUSY",
        "vcpu-run 2",
        "expect !running[2]",
        "step user",
        "expect running[2]",
      ),
      [],
    );
  });
});

describe("a vCPU that stays in its guest", () => {
  it("sees an LPI that comes meanwhile in a list register", () => {
    assert.deepEqual(
      ran(
        "MAPC ICID=0, RDbase=1",
        "MAPD DeviceID=1, Size=4, ITT_addr=0x43100000",
        "MAPTI DeviceID=1, EventID=0, pINTID=8200, ICID=0",
        "vcpu-run 1",
        "expect ICH_LR0_EL2[1] == 0",
        "msi DeviceID=1, EventID=0",
        "expect ICH_LR0_EL2[1].vINTID == 8200 && ICH_LR0_EL2[1].State == 1",
        "expect ICH_LR0_EL2[0] == 0",
        "vcpu-stop 1",
        "expect pending[8200]",
      ),
      [],
    );
  });

  it("goes on where it was when it acknowledges", () => {
    assert.deepEqual(
      ran(
        "MAPC ICID=0, RDbase=0",
        "MAPD DeviceID=1, Size=4, ITT_addr=0x43100000",
        "MAPTI DeviceID=1, EventID=0, pINTID=8200, ICID=0",
        "msi DeviceID=1, EventID=0",
        "write ICC_PMR_EL1 = 0xf8",
        "write ICC_IGRPEN1_EL1 = 1",
        "vcpu-run 0",
        "read ICC_IAR1_EL1",
        "expect ICH_AP1R0_EL2 != 0",
        "write ICC_EOIR1_EL1 = 8200",
        "expect ICH_AP1R0_EL2 == 0",
        "vcpu-stop 0",
        "expect !pending[8200]",
      ),
      [8200n],
    );
  });
});

describe("what cannot be asked", () => {
  it("is told", () => {
    assert.deepEqual(ran("step 0", "step user", "vcpu-run 4", "begin 7, GITS_CWRITER = 0"), [
      "1 ITS0520",
      "2 ITS0520",
      "3 ITS0519",
      "4 ITS0519",
    ]);
    assert.deepEqual(ran("begin 0, GITS_CWRITER = 0", "begin 0, GITS_CWRITER = 0"), ["2 ITS0520"]);
    assert.deepEqual(ran("machine { model = qemu-7.2 }", "vcpu-run 0", "expect running[0]"), [
      "2 ITS0518",
      "3 ITS0406",
    ]);
    assert.deepEqual(ran("expect running[4]"), ["1 ITS0406"]);
  });
});

describe("a step", () => {
  it("tells what it was, and which command ran", () => {
    const document = new ScriptDocument("mem64[0x40000000] = 5\nbegin 2, GITS_CWRITER = 0x20\nstep 2\nstep 2");
    const prepared = prepareTarget(document.machine);
    assert.ok("target" in prepared);
    const run = new ScriptRun(document, prepared.target);
    const texts: string[] = [];
    for (let step = run.step(); step !== undefined; step = run.step()) {
      const { shown } = step.result;
      if (shown !== undefined) texts.push(shownLine(shown), resultText(step.result, prepared.target, false) ?? "");
    }
    assert.deepEqual(texts, [
      "PE 2: stored the value and carries out the commands",
      "→ stored the value and carries out the commands",
      "PE 2: returned",
      "→ returned\n    SYNC RDbase=0 → done",
    ]);
  });
});
