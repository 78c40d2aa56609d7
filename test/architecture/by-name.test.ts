import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { affinityOf, idOfAffinity, peOfAffinity } from "../../architecture/affinity.ts";
import {
  attributeGroupByName,
  attributesOf,
  commandErrorByName,
  declaredRegister,
  errorKindByCode,
  groupsOf,
  hex,
  hexGrouped,
  isDraft,
  layoutNamed,
  layouts,
  modelHasNmi,
  models,
  registerAttribute,
  registerByName,
} from "../../architecture/index.ts";

describe("affinities are as arch/arm64/kvm/sys_regs.c reset_mpidr makes them", () => {
  // Four bits of the vCPU's id in Aff0, eight each in Aff1 and Aff2.
  const known: readonly (readonly [number, number])[] = [
    [0, 0],
    [15, 0xf],
    [16, 0x100],
    [0xfff, 0xff0f],
    [0x1000, 0x1_0000],
    [0xf_ffff, 0xff_ff0f],
  ];
  for (const [pe, affinity] of known) {
    it(`vCPU ${pe}`, () => {
      assert.equal(affinityOf(pe), affinity);
      assert.equal(idOfAffinity(affinity), pe);
      assert.equal(peOfAffinity(affinity, pe + 1), pe);
      assert.equal(peOfAffinity(affinity, pe), -1);
    });
  }
  it("no vCPU has more than four bits of Aff0, or an Aff3", () => {
    for (const affinity of [0x10, 0xff, 0x110, 0x100_0000]) assert.equal(idOfAffinity(affinity), -1);
  });
});

describe("numbers for people", () => {
  const grouped: readonly (readonly [bigint | number, string])[] = [
    [0, "0x0"],
    [0xffff_ffff, "0xffffffff"],
    [0x1_0000_0000, "0x1_0000_0000"],
    [0xb907_0000_4010_0607n, "0xb907_0000_4010_0607"],
    [0x12_3456_789an, "0x12_3456_789a"],
    [0x1_2345_6789_abcdn, "0x1_2345_6789_abcd"],
    [-0x1_0000_0000n, "-0x1_0000_0000"],
  ];
  for (const [value, text] of grouped) it(text, () => assert.equal(hexGrouped(value), text));

  it("have their own upper digits, whichever number was before", () => {
    const numbers = [0xfff, 0x1000, 0x1fff, 0x2000, 0x1000, 0x8000_0000, 0xffff_ffff_f000, 0x1000, 2 ** 53, 2 ** 60];
    for (const number of numbers) assert.equal(hex(number), `0x${number.toString(16)}`);
  });
});

describe("what devices have (Documentation/virt/kvm/devices/arm-vgic*.rst)", () => {
  const groups: Readonly<Record<"VGIC_V2" | "VGIC_V3" | "VGIC_ITS", string>> = {
    VGIC_V2: "ADDR DIST_REGS CPU_REGS NR_IRQS CTRL",
    VGIC_V3: "ADDR DIST_REGS NR_IRQS CTRL REDIST_REGS CPU_SYSREGS LEVEL_INFO MAINT_IRQ",
    VGIC_ITS: "ADDR CTRL ITS_REGS",
  };
  for (const [device, names] of Object.entries(groups) as [keyof typeof groups, string][])
    it(`groups of ${device}`, () =>
      assert.equal(
        groupsOf(device)
          .map(({ name }) => name)
          .join(" "),
        names,
      ));

  const attributes: readonly (readonly [string, keyof typeof groups, string])[] = [
    ["ADDR", "VGIC_V2", "0 V2_ADDR_DIST, 1 V2_ADDR_CPU"],
    ["ADDR", "VGIC_V3", "2 ADDR_DIST, 3 ADDR_REDIST, 5 REDIST_REGION"],
    ["ADDR", "VGIC_ITS", "4 ADDR_ITS"],
    ["CTRL", "VGIC_V2", "0 INIT"],
    ["CTRL", "VGIC_V3", "0 INIT, 3 SAVE_PENDING_TABLES"],
    ["CTRL", "VGIC_ITS", "0 INIT, 1 SAVE_TABLES, 2 RESTORE_TABLES, 4 RESET"],
    ["NR_IRQS", "VGIC_V3", ""],
  ];
  for (const [name, device, expected] of attributes) {
    it(`${name} of ${device}`, () => {
      const group = attributeGroupByName(name) ?? assert.fail(name);
      const found = attributesOf(group, device).toSorted((one, other) => one.attr - other.attr);
      assert.equal(found.map((each) => `${each.attr} ${each.name}`).join(", "), expected);
    });
  }
});

describe("the attribute of a register", () => {
  // [63:32] the affinity, but for the distributor; [31:0] the offset, or [15:0] op0, op1, CRn, CRm, op2; GICv2: [39:32] the vCPU.
  const known: readonly (readonly [string, number, 2 | 3, string, bigint | undefined])[] = [
    ["GITS_BASER1", 0, 3, "VGIC_ITS ITS_REGS", 0x108n],
    ["GICD_ISENABLER1", 17, 3, "VGIC_V3 DIST_REGS", 0x104n],
    ["GICR_ISENABLER0", 17, 3, "VGIC_V3 REDIST_REGS", 0x101_0001_0100n],
    ["ICC_SRE_EL1", 1, 3, "VGIC_V3 CPU_SYSREGS", 0x1_0000_c665n],
    ["GICD_ISENABLER1", 3, 2, "VGIC_V2 DIST_REGS", 0x3_0000_0104n],
    ["GICC_PMR", 3, 2, "VGIC_V2 CPU_REGS", 0x3_0000_0004n],
    ["GICH_VTR", 0, 2, "", undefined],
    ["GICC_PMR", 0, 3, "", undefined],
  ];
  for (const [name, pe, generation, where, attr] of known) {
    it(`${name} of vCPU ${pe}, GICv${generation}`, () => {
      const found = registerAttribute(registerByName(name) ?? assert.fail(name), pe, generation);
      assert.equal(found?.attr, attr);
      assert.equal(found === undefined ? "" : `${found.device} ${found.group.name}`, where);
    });
  }
});

describe("what is asked by name", () => {
  it("registers, or an error that names what is not there", () => {
    const { name, register, index } = declaredRegister("GITS_BASER3");
    assert.deepEqual([name, register.name, index], ["GITS_BASER3", "GITS_BASER<n>", 3]);
    assert.throws(() => declaredRegister("GITS_BASER8"), new Error("GITS_BASER8 is not declared"));
  });

  it("layouts, but nothing that every object has", () => {
    assert.equal(layoutNamed("kvm-rev0"), layouts["kvm-rev0"]);
    for (const none of [undefined, "", "toString", "kvm-rev1"]) assert.equal(layoutNamed(none), undefined);
  });

  it("models with NMIs: QEMU since 9.1", () => {
    assert.deepEqual(models.map(({ name }) => name).filter(modelHasNmi), ["qemu-11.1"]);
  });

  it("drafts are what no release has", () => {
    assert.ok(isDraft("kvm-draft-2016"));
    for (const name of ["kvm-7.2", "qemu-7.2", "arch"] as const) assert.ok(!isDraft(name), name);
    assert.throws(() => isDraft("kvm-0.1" as "kvm-7.2"), new Error("kvm-0.1 is no model"));
  });

  it("kinds of errors: from 0x20 on they are GIC-600's own", () => {
    assert.equal(errorKindByCode(0x10)?.implementationDefined, false);
    assert.equal(errorKindByCode(0x20)?.implementationDefined, true);
    assert.equal(commandErrorByName("INT_TGT_OOR")?.code, 0x01_0320);
  });
});
