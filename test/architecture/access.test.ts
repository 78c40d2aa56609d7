import assert from "node:assert/strict";
import { describe, it, test } from "node:test";
import { type Implementation, registerByName, registers, resetValue } from "../../architecture/index.ts";

/** Registers that are not simply read and written, as Arm IHI 0069H and IHI 0048B list them; identification registers are RO throughout. */
const accesses: Readonly<Record<string, string>> = {
  RO:
    "GITS_IIDR GITS_TYPER GITS_MPAMIDR GITS_MPIDR GITS_UMSIR GITS_CREADR GICR_IIDR GICR_TYPER GICR_MPAMIDR GICR_SYNCR " +
    "GICR_ICFGR0 GICR_VSGIPENDR GICD_TYPER GICD_IIDR GICD_TYPER2 GICC_IAR GICC_RPR GICC_HPPIR GICC_AIAR GICC_AHPPIR " +
    "GICC_IIDR GICH_VTR GICH_MISR GICH_EISR0 GICH_EISR1 GICH_ELRSR0 GICH_ELRSR1 ICC_IAR0_EL1 ICC_HPPIR0_EL1 " +
    "ICC_NMIAR1_EL1 ICC_RPR_EL1 ICC_IAR1_EL1 ICC_HPPIR1_EL1 ICH_VTR_EL2 ICH_MISR_EL2 ICH_EISR_EL2 ICH_ELRSR_EL2",
  WO:
    "GITS_TRANSLATER GITS_SGIR GICR_SETLPIR GICR_CLRLPIR GICR_INVLPIR GICR_INVALLR GICR_VSGIR GICD_SETSPI_NSR " +
    "GICD_CLRSPI_NSR GICD_SETSPI_SR GICD_CLRSPI_SR GICD_SGIR GICC_EOIR GICC_AEOIR GICC_DIR ICC_EOIR0_EL1 ICC_DIR_EL1 " +
    "ICC_SGI1R_EL1 ICC_ASGI1R_EL1 ICC_SGI0R_EL1 ICC_EOIR1_EL1",
  W1S:
    "GICR_ISENABLER0 GICR_ISENABLER<n>E GICR_ISPENDR0 GICR_ISPENDR<n>E GICR_ISACTIVER0 GICR_ISACTIVER<n>E " +
    "GICD_ISENABLER<n> GICD_ISPENDR<n> GICD_ISACTIVER<n> GICD_ISENABLER<n>E GICD_ISPENDR<n>E GICD_ISACTIVER<n>E " +
    "GICD_SPENDSGIR<n>",
  W1C:
    "GITS_STATUSR GICR_STATUSR GICR_ICENABLER0 GICR_ICENABLER<n>E GICR_ICPENDR0 GICR_ICPENDR<n>E GICR_ICACTIVER0 " +
    "GICR_ICACTIVER<n>E GICD_STATUSR GICD_ICENABLER<n> GICD_ICPENDR<n> GICD_ICACTIVER<n> GICD_ICENABLER<n>E " +
    "GICD_ICPENDR<n>E GICD_ICACTIVER<n>E GICD_CPENDSGIR<n>",
};

/** Fields whose access is not their register's. */
const fieldAccesses: Readonly<Record<string, string>> = {
  RO:
    "GITS_CTLR.Quiescent GITS_STATUSR.Syndrome GITS_BASER<n>.Type GITS_BASER<n>.Entry_Size GICR_CTLR.UWP GICR_CTLR.RWP " +
    "GICR_CTLR.IR GICR_CTLR.CES GICR_WAKER.ChildrenAsleep GICR_VPROPBASER.Entry_Size GICR_VPENDBASER.Dirty GICD_CTLR.RWP " +
    "ICC_CTLR_EL1.ExtRange ICC_CTLR_EL1.RSS ICC_CTLR_EL1.A3V ICC_CTLR_EL1.SEIS ICC_CTLR_EL1.IDbits ICC_CTLR_EL1.PRIbits " +
    "ICC_CTLR_EL3.ExtRange ICC_CTLR_EL3.RSS ICC_CTLR_EL3.nDS ICC_CTLR_EL3.A3V ICC_CTLR_EL3.SEIS ICC_CTLR_EL3.IDbits " +
    "ICC_CTLR_EL3.PRIbits CNTV_CTL_EL0.ISTATUS CNTP_CTL_EL0.ISTATUS",
  WO: "GITS_CWRITER.Retry GICR_PENDBASER.PTZ GICR_VPROPBASER.Z",
};

/** Where KVM's and QEMU's registers begin: recorded, and GITS_* of gem5 and Xen from their sources. */
const resets: readonly (readonly [Implementation, string, bigint])[] = [
  ["kvm", "GITS_CTLR", 0x8000_0000n],
  ["qemu", "GITS_CTLR", 0x8000_0000n],
  ["kvm", "GITS_IIDR", 0x4b00_043bn],
  ["qemu", "GITS_IIDR", 0x0000_043bn],
  ["gem5", "GITS_IIDR", 0n],
  ["xen", "GITS_IIDR", 0x5800_034cn],
  ["kvm", "GITS_TYPER", 0x1_ef71n],
  ["qemu", "GITS_TYPER", 0x1f_0001_efb1n],
  ["gem5", "GITS_TYPER", 0x3002_3f01n],
  ["kvm", "GITS_BASER0", 0x1907_0000_0000_0600n],
  ["kvm", "GITS_BASER1", 0x1c07_0000_0000_0600n],
  ["kvm", "GITS_BASER2", 0n],
  ["qemu", "GITS_BASER0", 0x0107_0000_0000_0200n],
  ["qemu", "GITS_BASER1", 0x0407_0000_0000_0200n],
  ["kvm", "GICR_IIDR", 0x4b00_043bn],
  ["qemu", "GICR_IIDR", 0x0000_043bn],
  ["kvm", "GICR_CTLR", 0x6n],
  ["qemu", "GICR_CTLR", 0x2n],
  ["kvm", "GICR_WAKER", 0n],
  ["qemu", "GICR_WAKER", 0x6n],
  ["kvm", "GICR_PROPBASER", 0x580n],
  ["qemu", "GICR_PROPBASER", 0n],
  ["kvm", "GICR_PENDBASER", 0x580n],
  ["qemu", "GICR_PENDBASER", 0n],
  ["kvm", "GICD_CTLR", 0x50n],
  ["kvm", "GICD_IIDR", 0x4b00_343bn],
  ["kvm", "GICD_STATUSR", 0xffff_ffffn],
  ["kvm", "GICC_IIDR", 0x04b2_043bn],
  ["kvm", "ICC_SRE_EL1", 0x7n],
];

/** PIDR0 to 7, then CIDR0 to 3 (Linux vgic-its.c vgic_mmio_read_its_idregs, vgic-mmio-v3.c; QEMU gicv3_internal.h gicv3_idreg). */
const identifications: readonly (readonly [Implementation, string, string])[] = [
  ["kvm", "GITS", "92 b4 3b 0 40 0 0 0 d f0 5 b1"],
  ["qemu", "GITS", "94 b4 3b 0 44 0 0 0 d f0 5 b1"],
  ["kvm", "GICR", "0 0 3b 0 0 0 0 0 0 0 0 0"],
  ["qemu", "GICR", "93 b4 3b 0 44 0 0 0 d f0 5 b1"],
  ["kvm", "GICD", "0 0 3b 0 0 0 0 0 0 0 0 0"],
];

const isIdentification = /_(IC)?[PC]IDR\d$/;

describe("what software may do with registers", () => {
  const names = (access: string): string[] =>
    registers.filter((each) => each.access === access && !isIdentification.test(each.name)).map(({ name }) => name);
  for (const [access, listed] of Object.entries(accesses))
    it(access, () => assert.deepEqual(names(access).sort(), listed.split(" ").sort()));

  it("identification registers are read-only, the others are read and written", () => {
    for (const { name, access } of registers) {
      if (isIdentification.test(name)) assert.equal(access, "RO", name);
      else assert.ok(access === "RW" || access in accesses, name);
    }
  });

  it("and with fields whose access is another", () => {
    const found = new Map<string, string[]>();
    for (const register of registers) {
      for (const field of register.fields) {
        if (field.access === undefined || field.access === register.access) continue;
        found.set(field.access, [...(found.get(field.access) ?? []), `${register.name}.${field.name}`]);
      }
    }
    assert.deepEqual([...found.keys()].sort(), Object.keys(fieldAccesses).sort());
    for (const [access, listed] of Object.entries(fieldAccesses))
      assert.deepEqual(found.get(access)?.sort(), listed.split(" ").sort());
  });
});

describe("registers begin with what implementations have", () => {
  const resetOf = (who: Implementation, name: string): bigint | undefined =>
    resetValue(registerByName(name) ?? assert.fail(name), who);
  for (const [who, name, value] of resets) it(`${name} of ${who}`, () => assert.equal(resetOf(who, name), value));

  for (const [who, block, values] of identifications) {
    it(`the identification of ${block} of ${who}`, () => {
      const peripheral = [0, 1, 2, 3, 4, 5, 6, 7].map((number) => resetOf(who, `${block}_PIDR${number}`));
      const component = [0, 1, 2, 3].map((number) => resetOf(who, `${block}_CIDR${number}`));
      assert.equal([...peripheral, ...component].map((value) => value?.toString(16)).join(" "), values);
    });
  }
});

test("identification registers are at the end of a frame: PIDR4, PIDR0, CIDR0", () => {
  const offset = (name: string) => registerByName(name)?.register.offset;
  for (const [name, first] of [
    ["GITS_", 0xffd0],
    ["GICR_", 0xffd0],
    ["GICD_", 0xffd0],
    ["GICD_IC", 0xfd0],
  ] as const) {
    assert.deepEqual(
      ["PIDR4", "PIDR7", "PIDR0", "PIDR3", "CIDR0", "CIDR3"].map((each) => offset(name + each)),
      [0, 0xc, 0x10, 0x1c, 0x20, 0x2c].map((distance) => first + distance),
    );
  }
});
