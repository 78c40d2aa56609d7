import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ScriptDocument } from "../../language/index.ts";
import { prepareTarget, readGroup, registerGroups } from "../../runner/index.ts";
import { ran } from "./support.ts";

const machine = "machine { model = kvm  gic = 2  cpus = 2 }\n";

/** A finished run, with its problems as `line code`. */
describe("a machine with GICv2", () => {
  it("banks the registers of SGIs by the PE that accesses them", () => {
    const text = `${machine}write GICD_SGIR = { CPUTargetList=2, INTID=3 }
expect GICD_SPENDSGIR0@1 == 1 << 24 && GICD_SPENDSGIR0 == 0
expect pending[3, 1] == 1 && pending[3, 0] == 0
expect GICC_HPPIR[1] == 3 && GICC_HPPIR[0] == 1023
read GICC_IAR[1]
expect GICH_LR0[1].VirtualID == 3 && active[3, 1] == 1
write GICC_EOIR[1] = 3
write GICD_SGIR@1 = { TargetListFilter=1, INTID=4 }
expect GICC_HPPIR[0].INTID == 4 && GICC_HPPIR[0].CPUID == 1
`;
    assert.deepEqual(ran(text).problems, []);
  });

  it("routes an SPI by GICD_ITARGETSR<n>", () => {
    const text = `${machine}write GICD_ITARGETSR8 = 2
write GICD_ISENABLER1 = 1
line 32 = 1
expect pending[32] == 1 && pending[32, 1] == 1 && pending[32, 0] == 0
expect GICC_HPPIR[1] == 32 && GICC_HPPIR[0] == 1023
`;
    assert.deepEqual(ran(text).problems, []);
  });

  it("has no ITS, and says so to whatever asks for one", () => {
    const text = `${machine}MAPC ICID=0, RDbase=0
msi DeviceID=0, EventID=0
save
expect dte[0].valid == 0
read GITS_CTLR
read GICR_CTLR
get-attr VGIC_ITS, ITS_REGS, 0
get-attr VGIC_V3, DIST_REGS, 0
`;
    assert.deepEqual(ran(text).problems, [
      "2 ITS0522",
      "3 ITS0522",
      "4 ITS0522",
      "5 ITS0406",
      "6 ITS0522",
      "7 ITS0509",
      "8 ITS0521",
      "9 ITS0521",
    ]);
  });

  it("shows a CPU interface for each PE, and the distributor", () => {
    const { run } = ran(machine);
    assert.deepEqual(
      registerGroups(run.target).map(({ id }) => id),
      ["GICC0", "GICC0.more", "GICC1", "GICC1.more", "GICD", "GICD.more", "GICH0", "GICH1", "CNT0", "CNT1"],
    );
    const [first] = registerGroups(run.target);
    const values = new Map(readGroup(run.target, first).map(({ name, text }) => [name, text]));
    assert.equal(values.get("GICC_PMR"), "0x000000f0");
    assert.match(values.get("GICC_IAR") ?? "", /^not read/);
  });

  it("keeps the active priorities in the format of the review of 2013 in its draft alone", () => {
    const draft = machine.replace("kvm ", "kvm-draft-2013 ");
    const text = (block: string, value: string) =>
      `${block}user-write GICC_APR0 = 0xffffffff\nuser-write GICC_APR3 = 0xffffffff\nexpect GICH_APR == ${value}\n`;
    assert.deepEqual(ran(text(draft, "0xff0000ff")).problems, []);
    assert.deepEqual(ran(text(machine, "0xffffffff")).problems, []);
  });

  it("is refused where a launch configuration asks for a model without it", () => {
    const { machine: described } = new ScriptDocument(machine);
    const failure = (change: object): string => {
      const prepared = prepareTarget({ ...described, ...change });
      return "failure" in prepared ? prepared.failure : "";
    };
    assert.match(failure({ model: "qemu-7.2" }), /has no GICv2$/);
    assert.equal(failure({ model: "arch" }), "gicVersion is 3, 4 or 4.1");
    assert.match(failure({ cpus: 9 }), /8 PEs at most/);
  });
});

describe("the status registers of the hypervisor interface", () => {
  it("tell which list registers are empty, and which have ended", () => {
    // A level-sensitive SPI asks for a maintenance interrupt at its end.
    const spi = "write GICD_IGROUPR1 = 1\nwrite GICD_ICFGR2 = 0\nwrite GICD_ISENABLER1 = 1\n";
    const text = `${spi}write ICC_PMR_EL1 = 0xf0
write ICC_IGRPEN1_EL1 = 1
expect ICH_ELRSR_EL2 == 0xf && ICH_EISR_EL2 == 0
line 32 = 1
vcpu-run 0
expect ICH_ELRSR_EL2 == 0xe && ICH_LR0_EL2.EOI == 1 && ICH_EISR_EL2 == 0
`;
    assert.deepEqual(ran(text).problems, []);
    const v2 = `${machine}write GICD_ISENABLER1 = 1\nline 32 = 1\nvcpu-run 0\nexpect GICH_ELRSR0 == 0xe && GICH_ELRSR1 == 0 && GICH_EISR0 == 0\n`;
    assert.deepEqual(ran(v2).problems, []);
  });
});

describe("inputs", () => {
  for (const model of ["kvm", "qemu", "arch"]) {
    it(`of SPIs and PPIs are levels, on ${model}`, () => {
      // SPIs of a KVM guest are edge-triggered until it says otherwise.
      const text = `machine { model = ${model} }
write GICD_ICFGR2 = 0
line 40 = 1
expect pending[40] == 1
line 40 = 0
expect pending[40] == 0
line 23, 1 = 1
expect pending[23, 1] == 1 && pending[23, 0] == 0
line 1000 = 1
`;
      assert.deepEqual(ran(text).problems, ["9 ITS0523"]);
    });
  }

  const timer = `write GICR_IGROUPR0[1] = 1 << 23
write GICR_ISENABLER0[1] = 1 << 23
write ICC_PMR_EL1[1] = 0xf0
write ICC_IGRPEN1_EL1[1] = 1
host-map 23, 1 = 30
host-line 30, 1 = 1
`;
  it("of the host's interrupts make list registers with HW = 1, and an end in the guest ends both", () => {
    const text = `${timer}expect physical[30, 1] == 1
line 23, 1 = 1
vcpu-run 1
expect ICH_LR0_EL2[1].HW == 1 && ICH_LR0_EL2[1].pINTID == 30 && ICH_LR0_EL2[1].State == 1
read ICC_IAR1_EL1[1]
host-line 30, 1 = 0
write ICC_EOIR1_EL1[1] = 23
expect physical[30, 1] == 0 && ICH_LR0_EL2[1].State == 0
`;
    assert.deepEqual(ran(text).problems, []);
  });

  it("of the host's interrupts are KVM's alone", () => {
    const text = "machine { model = qemu }\nhost-line 30 = 1\nhost-map 40 = 40\nexpect physical[40] == 0\n";
    assert.deepEqual(ran(text).problems, ["2 ITS0524", "3 ITS0524", "4 ITS0406"]);
    assert.deepEqual(ran("host-map 15 = 40\nhost-line 1020 = 1\nhost-map 40, 4 = 40\n").problems, [
      "1 ITS0512",
      "2 ITS0523",
      "3 ITS0519",
    ]);
  });
});
