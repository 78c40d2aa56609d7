import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { registerByName, registerOffset } from "../../architecture/index.ts";
import {
  type AccessBytes,
  createMachine,
  type Machine,
  type MachineOptions,
  QemuMachine,
} from "../../emulator/index.ts";

const ALL = [1, 2, 4, 8] as const;
/** Registers by the widths in bytes in which a frame takes them. */
type Widths = Readonly<Record<string, readonly string[]>>;

/** Linux vgic-mmio-v3.c `vgic_v3_dist_registers`, `vgic_v3_rd_registers` and vgic-its.c `its_registers`: VGIC_ACCESS_*bit. */
const kvmV3: Widths = {
  "1,4": ["GICD_IPRIORITYR8", "GICD_ITARGETSR8", "GICR_IPRIORITYR0"],
  "4": [
    ...["GICD_CTLR", "GICD_TYPER", "GICD_IIDR", "GICD_STATUSR", "GICD_IGROUPR1", "GICD_ISENABLER1", "GICD_ICENABLER1"],
    ...["GICD_ISPENDR1", "GICD_ICPENDR1", "GICD_ISACTIVER1", "GICD_ICACTIVER1", "GICD_ICFGR2", "GICD_PIDR2"],
    ...["GICR_CTLR", "GICR_IIDR", "GICR_WAKER", "GICR_SYNCR", "GICR_PIDR2", "GICR_IGROUPR0", "GICR_ISENABLER0"],
    ...["GICR_ISPENDR0", "GICR_ISACTIVER0", "GICR_ICFGR1", "GITS_CTLR", "GITS_IIDR", "GITS_PIDR2"],
  ],
  "4,8": [
    ...["GICD_IROUTER32", "GICR_TYPER", "GICR_PROPBASER", "GICR_PENDBASER", "GITS_TYPER", "GITS_CBASER"],
    ...["GITS_CWRITER", "GITS_CREADR", "GITS_BASER0"],
  ],
};

/** Linux vgic-mmio-v2.c `vgic_v2_dist_registers`. */
const kvmV2: Widths = {
  "1,4": ["GICD_IPRIORITYR8", "GICD_ITARGETSR8", "GICD_CPENDSGIR0", "GICD_SPENDSGIR0"],
  "4": [
    ...["GICD_CTLR", "GICD_TYPER", "GICD_IIDR", "GICD_IGROUPR1", "GICD_ISENABLER1", "GICD_ISPENDR1", "GICD_ISACTIVER1"],
    ...["GICD_ICFGR2", "GICD_SGIR"],
  ],
};

/** QEMU hw/intc/arm_gicv3_dist.c gicd_readb to gicd_readll, arm_gicv3_redist.c gicr_*, arm_gicv3_its.c. IHI0069 12.1.3 asks for no more. */
const physical: Widths = {
  "1,4": ["GICD_IPRIORITYR8", "GICR_IPRIORITYR0"],
  "4": [
    ...["GICD_CTLR", "GICD_TYPER", "GICD_IIDR", "GICD_IGROUPR1", "GICD_ISENABLER1", "GICD_ISPENDR1", "GICD_ISACTIVER1"],
    ...["GICD_ICFGR2", "GICD_PIDR2", "GICR_CTLR", "GICR_IIDR", "GICR_WAKER", "GICR_PIDR2", "GICR_IGROUPR0"],
    ...["GICR_ISENABLER0", "GICR_ISPENDR0", "GICR_ISACTIVER0", "GICR_ICFGR1"],
  ],
  "4,8": [
    ...["GICD_IROUTER32", "GICR_TYPER", "GICR_PROPBASER", "GICR_PENDBASER", "GITS_TYPER", "GITS_CBASER"],
    ...["GITS_CWRITER", "GITS_CREADR", "GITS_BASER0"],
  ],
};

function addressOf({ map }: Machine, name: string): number {
  const found = registerByName(name) ?? assert.fail(name);
  const offset = registerOffset(found.register, found.index) ?? assert.fail(name);
  const { GITS, GICR } = { GITS: map.its[0], GICR: map.gicr };
  return offset + (found.register.block === "GITS" ? GITS : found.register.block === "GICR" ? GICR : map.gicd);
}

/** A machine whose registers are not 0 where they can be something else. */
function filled(options: MachineOptions, widths: Widths): Machine {
  const machine = createMachine({ cpus: 2, ram: [{ base: 0x4000_0000, bytes: 0x10_0000 }], ...options });
  for (const name of Object.values(widths).flat()) {
    const at = addressOf(machine, name);
    const word = /PRIORITYR/.test(name)
      ? 0x40a0_c080n
      : /ROUTER/.test(name)
        ? 1n
        : /_I[SC]|GROUPR|TARGETSR/.test(name)
          ? 0x0302_0101n
          : undefined;
    if (word !== undefined && !/_IC(EN|PEND|ACT)/.test(name)) machine.write(at, 4, word);
    if (/BASER|PROPB/.test(name)) machine.write(at, 8, 0x8000_0000_4001_0400n);
    if (name === "GICD_SPENDSGIR0") machine.write(at, 4, 0x0102_0301n);
  }
  return machine;
}

/** All bytes of a register, by loads of 4. */
function whole(machine: Machine, name: string): bigint {
  const at = addressOf(machine, name);
  const low = machine.read(at, 4) ?? 0n;
  return registerByName(name)?.register.width === 64 ? low | ((machine.read(at + 4, 4) ?? 0n) << 32n) : low;
}

const everything = (machine: Machine, widths: Widths): readonly bigint[] =>
  Object.values(widths)
    .flat()
    .map((name) => whole(machine, name));

function bytesOf(name: string): number {
  return (registerByName(name)?.register.width ?? 32) / 8;
}

/** @param refused what a load in another width answers: 0, or undefined for an external abort */
function check(
  options: MachineOptions,
  widths: Widths,
  refused: (name: string, bytes: AccessBytes) => bigint | undefined,
): void {
  const machine = filled(options, widths);
  for (const [taken, names] of Object.entries(widths)) {
    for (const name of names) {
      const value = whole(machine, name);
      for (const bytes of ALL) {
        for (let from = 0; from < Math.max(bytesOf(name), bytes); from += bytes) {
          const address = addressOf(machine, name) + from;
          if (address % bytes !== 0) continue;
          const expected = taken.split(",").includes(String(bytes))
            ? BigInt.asUintN(bytes * 8, value >> BigInt(from * 8))
            : refused(name, bytes);
          assert.equal(machine.read(address, bytes), expected, `${name} + ${from}, ${bytes} bytes`);
        }
      }
    }
  }
  const before = everything(machine, widths);
  for (const [taken, names] of Object.entries(widths)) {
    for (const name of names) {
      for (const bytes of ALL) {
        const address = addressOf(machine, name);
        if (taken.split(",").includes(String(bytes)) || address % bytes !== 0) continue;
        machine.write(address, bytes, 0xffff_ffff_ffff_ffffn);
        assert.deepEqual(everything(machine, widths), before, `a store of ${bytes} bytes to ${name}`);
      }
    }
  }
}

describe("what a frame takes a register in, and what it makes of other widths", () => {
  for (const model of ["kvm-5.10", "kvm-6.1", "kvm-6.12", "kvm-7.2", "kvm-7.3"] as const) {
    it(`${model}: loads are 0, stores are dropped`, () => check({ model }, kvmV3, () => 0n));
    it(`${model} with GICv2: the same`, () => check({ model, gicVersion: 2 }, kvmV2, () => 0n));
  }
  it("qemu-7.2: the same, but the ITS refuses less than 4 bytes", () =>
    check({ model: "qemu-7.2" }, physical, (name, bytes) => (name.startsWith("GITS") && bytes < 4 ? undefined : 0n)));
  it("arch: the same as in KVM", () => check({ model: "arch" }, physical, () => 0n));
});

describe("a store of one byte", () => {
  for (const [model, gicVersion] of [
    ["kvm-7.2", 3],
    ["kvm-7.2", 2],
    ["qemu-7.2", 3],
    ["qemu-11.1", 3],
    ["arch", 3],
  ] as const) {
    it(`changes one priority of ${model} with GICv${gicVersion}`, () => {
      const machine = createMachine({ model, gicVersion });
      const at = addressOf(machine, "GICD_IPRIORITYR8");
      machine.write(at, 4, 0x8080_8080n);
      assert.equal(machine.write(at + 2, 1, 0x40n), true);
      assert.equal(machine.read(at, 4), 0x8040_8080n);
    });
  }

  it("changes the targets of one interrupt, and the sources of one SGI, of a GICv2", () => {
    const machine = createMachine({ model: "kvm-7.2", gicVersion: 2, cpus: 4 });
    machine.write(addressOf(machine, "GICD_ITARGETSR8") + 1, 1, 4n);
    assert.equal(machine.read(addressOf(machine, "GICD_ITARGETSR8"), 4), 0x400n);
    machine.writeBy(1, addressOf(machine, "GICD_SPENDSGIR0") + 3, 1, 5n);
    assert.equal(machine.readBy(1, addressOf(machine, "GICD_SPENDSGIR0"), 4), 0x0500_0000n);
    assert.equal(machine.readBy(0, addressOf(machine, "GICD_SPENDSGIR0"), 4), 0n);
    machine.writeBy(1, addressOf(machine, "GICD_CPENDSGIR0") + 3, 1, 1n);
    assert.equal(machine.readBy(1, addressOf(machine, "GICD_SPENDSGIR0") + 3, 1), 4n);
  });
});

describe("an access by a chosen PE", () => {
  it("is Secure when the PE is", () => {
    const machine = createMachine({ model: "qemu-7.2", secure: true, cpus: 2 });
    assert.ok(machine instanceof QemuMachine);
    machine.setContext(1, { exceptionLevel: 3, nonSecure: false, fiqToEl3: false, irqToEl3: false });
    const at = addressOf(machine, "GICD_IGROUPR1");
    // SPIs are in Group 0, which is Secure, and Non-secure software neither sees nor changes that.
    machine.writeBy(0, at, 4, 0xffn);
    assert.equal(machine.readBy(1, at, 4), 0n);
    machine.writeBy(1, at, 4, 0xffn);
    assert.equal(machine.readBy(1, at, 4), 0xffn);
    assert.equal(machine.readBy(0, at, 4), 0n);
  });

  it("of KVM that leaves its device at the end is an exit to user space", () => {
    const machine = createMachine({ model: "kvm-7.2", cpus: 1 });
    const end = machine.map.gicr + machine.map.gicrStride;
    assert.equal(machine.read(end - 4, 4), 0n);
    assert.equal(machine.read(end - 4, 8), undefined);
    assert.equal(machine.write(end - 2, 4, 0n), false);
  });
});
