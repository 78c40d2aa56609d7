import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { encodeState, saveState } from "../../emulator/index.ts";
import { ScriptDocument } from "../../language/index.ts";
import { allRegisterValues, EmulatorTarget, peekMany, prepareTarget, ScriptRun } from "../../runner/index.ts";
import { recreated } from "../../runner/recreate/index.ts";

const first = readFileSync(path.join(import.meta.dirname, "..", "..", "examples", "first-msi.itscmd"), "utf8");

/** The machine behind all lines of a script, which may fail. */
function machineOf(text: string): EmulatorTarget {
  const document = new ScriptDocument(text);
  const prepared = prepareTarget(document.machine);
  assert.ok("target" in prepared);
  const run = new ScriptRun(document, prepared.target);
  while (run.step() !== undefined);
  assert.ok(run.target instanceof EmulatorTarget);
  return run.target;
}

function stateOf({ machine }: EmulatorTarget): unknown {
  const saved = machine.journal.peek(() => saveState(machine));
  assert.ok("state" in saved);
  return JSON.parse(encodeState(saved.state).json);
}

/** All registers that a guest can read. */
function guestRegisters(target: EmulatorTarget): readonly (readonly [string, bigint])[] {
  return [...peekMany(target, () => allRegisterValues(target))].filter(([name]) => !/^G?ICH_/.test(name));
}

/** Interrupts of all kinds, LPIs that are pending and disabled, and a queue that has gone on. */
const SCRIPT = `
MAPC ICID=1, RDbase=1
MAPC ICID=2, RDbase=0
MAPD DeviceID=0x10, Size=4, ITT_addr=0x43f00000
MAPTI DeviceID=0x10, EventID=0, pINTID=8192, ICID=1
MAPTI DeviceID=0x10, EventID=1, pINTID=8193, ICID=1
MAPTI DeviceID=0x10, EventID=5, pINTID=8200, ICID=2
MAPD DeviceID=0x21, Size=1, ITT_addr=0x43f10000
MAPTI DeviceID=0x21, EventID=3, pINTID=8300, ICID=2
msi DeviceID=0x10, EventID=1
msi DeviceID=0x21, EventID=3
write GICD_IPRIORITYR8 = 0x80a0c0e0
write GICD_IGROUPR1 = 0xffffffff
write GICD_ICFGR2 = 0x8
write GICD_IROUTER33 = 0x1
write GICD_ISENABLER1 = 0x6
write GICD_ISPENDR1 = 0x2
write GICR_ISENABLER0[1] = 0x8000000
write GICR_IPRIORITYR6[1] = 0x40000000
line 40 = 1
`;

/** What a second ITS has mapped, and an LPI of it. */
const SECOND = `
MAPC@1 ICID=3, RDbase=1
MAPD@1 DeviceID=0x40, Size=2, ITT_addr=0x43f20000
MAPTI@1 DeviceID=0x40, EventID=2, pINTID=8400, ICID=3
msi@1 DeviceID=0x40, EventID=2
`;

/** vPEs, a virtual event with a doorbell and one without. */
const VIRTUAL = `
VMAPP vPEID=0, RDbase=1, VPT_addr=0x43100000, VPT_size=15
VMAPP vPEID=7, RDbase=0, VPT_addr=0x43200000, VPT_size=15
MAPD DeviceID=0x50, Size=2, ITT_addr=0x43f30000
VMAPTI DeviceID=0x50, EventID=0, vPEID=0, vINTID=9000, Dbell_pINTID=8500
VMAPTI DeviceID=0x50, EventID=1, vPEID=7, vINTID=9001, Dbell_pINTID=1023
`;

/** vPEs that two ITSs share, with their doorbells and virtual SGIs, of which one is pending. */
const VIRTUAL41 = `
VMAPP vPEID=0, RDbase=1, VPT_addr=0x43100000, VPT_size=15, Alloc=1, PTZ=1, VCONF_addr=0x43000000, Default_Doorbell_pINTID=8400
VMAPP@1 vPEID=0, RDbase=1, VPT_addr=0x43100000, VPT_size=15, Alloc=0, VCONF_addr=0x43000000, Default_Doorbell_pINTID=8400
VMAPP@1 vPEID=7, RDbase=0, VPT_addr=0x43200000, VPT_size=15, Alloc=1, PTZ=1, VCONF_addr=0x43000000, Default_Doorbell_pINTID=1023
MAPD@1 DeviceID=0x50, Size=2, ITT_addr=0x43f30000
VMAPTI@1 DeviceID=0x50, EventID=1, vPEID=7, vINTID=9001, Dbell_pINTID=1023
VSGI vPEID=0, vINTID=5, Enable=1, Clear=0, Group=1, Priority=0x80
VSGI vPEID=0, vINTID=6, Enable=1, Clear=0, Group=0, Priority=0x40
write GITS_SGIR = { vPEID=0, vINTID=6 }
`;

/** Script by what it leaves behind. */
const machines: readonly (readonly [name: string, script: string])[] = [
  ["arch with vPEs", `machine { model = arch  gic = 4  cpus = 2 }${SCRIPT}${VIRTUAL}`],
  ["qemu-7.2 with vPEs", `machine { model = qemu-7.2  gic = 4  cpus = 2 }${SCRIPT}${VIRTUAL}`],
  [
    "arch with vPEs of two ITSs (GICv4.1)",
    `machine { model = arch  gic = 4.1  cpus = 2  its = 0x08080000  its = 0x08180000 }${SCRIPT}${VIRTUAL41}`,
  ],
  ...["kvm-7.2", "qemu-7.2", "arch"].map(
    (model) =>
      [
        `${model} with two ITSs`,
        `machine { model = ${model}  cpus = 2  its = 0x08080000  its = 0x08180000 }${SCRIPT}${SECOND}`,
      ] as const,
  ),
  ...["kvm-7.2", "kvm-5.10", "qemu-7.2", "qemu-11.1", "arch"].map(
    (model) => [model, `machine { model = ${model}  cpus = 2 }${SCRIPT}`] as const,
  ),
  ["the first example", first],
  ["the first example on QEMU", `machine { model = qemu }\n${first}`],
  [
    "a machine of KVM with commands that wait",
    `machine { model = kvm  cpus = 2 }${SCRIPT}write GITS_CTLR = 0\nMAPC ICID=3, RDbase=0\n`,
  ],
  [
    "a machine of QEMU with commands that wait",
    `machine { model = qemu  cpus = 2 }${SCRIPT}write GITS_CTLR = 0\nMAPC ICID=3, RDbase=0\n`,
  ],
  [
    "a GICv2",
    "machine { model = kvm  gic = 2  cpus = 2 }\nwrite GICD_IPRIORITYR8 = 0x80808080\nwrite GICD_ISENABLER1 = 0xf\nwrite GICD_ISPENDR1 = 0x2\nwrite GICC_PMR[1] = 0xa0\n",
  ],
  ["a machine that nothing was done with", "machine { setup = reset }\nread GITS_CTLR\n"],
];

describe("a script that recreates a machine", () => {
  for (const [name, script] of machines) {
    it(`brings another one to the same registers, tables and memory: ${name}`, () => {
      const target = machineOf(script);
      const before = JSON.stringify(stateOf(target));
      const made = recreated(target);
      assert.ok("text" in made);
      assert.equal(JSON.stringify(stateOf(target)), before, "nothing of the machine has changed");
      // A host fills its list registers when it enters a guest, as after a migration.
      const left = made.left.filter((sentence) => !/^G?ICH?_.*: KVM's own/.test(sentence));
      assert.deepEqual(left, [], made.text.slice(0, 3000));
      const document = new ScriptDocument(made.text);
      assert.deepEqual(document.diagnostics().list, []);
      const again = machineOf(made.text);
      assert.deepEqual(stateOf(again), stateOf(target));
      assert.deepEqual(guestRegisters(again), guestRegisters(target));
      assert.deepEqual([...again.lpis()], [...target.lpis()]);
    });
  }

  it("recreates a queue that is stalled, with the command at which it is", () => {
    const target = machineOf(
      "machine { model = arch  cpus = 1 }\nMAPD DeviceID=0x10, Size=31, ITT_addr=0x43f00000 => stalled\n",
    );
    const made = recreated(target);
    assert.ok("text" in made);
    assert.deepEqual(made.left, []);
    assert.equal(machineOf(made.text).queue(0).stalled, true);
  });

  it("says in comments what it does not recreate", () => {
    const made = recreated(machineOf(`machine { model = kvm  cpus = 2 }${SCRIPT}`));
    assert.ok("text" in made);
    assert.match(
      made.text,
      /^# A machine recreated, as it was at one moment: KVM of Linux .*\n# What its machine has otherwise:\n# - ICH_LR0_EL2\[1\], .*: KVM's own, which it fills/,
    );
  });

  it("is not written of a machine with very much memory, which is said", () => {
    const made = recreated(machineOf("machine { ram = 0x40000000, 128M }\nfill 0x42000000, 0x2000000, 1\n"));
    assert.deepEqual(made, { failure: "32 MiB of its memory are not zero, and 16 are written at most" });
  });
});
