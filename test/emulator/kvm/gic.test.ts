import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { createMachine, Errno, type Machine } from "../../../emulator/index.ts";
import { EmulatorVm, type Kernel } from "../../conformance/emulator-vm.ts";

const KERNELS: readonly Kernel[] = ["5.10", "6.1", "6.12", "7.2"];
const GICD = 0x0800_0000n;
const GICC = 0x0801_0000n;
const GICR = 0x080a_0000n;
const SPI = 1 << 24;
const PPI = 2 << 24;
const NONE = 1023;

/** A guest with a GICv3, seen from its instructions. All interrupts are in Group 1 and enabled. */
class Guest3 {
  readonly vm: EmulatorVm;

  constructor(kernel: Kernel = "7.2", cpus = 2) {
    this.vm = new EmulatorVm({ kernel });
    this.vm.createVcpus(cpus);
    this.vm.createDevice("gic", "VGIC_V3");
    this.vm.setAttr("gic", 3, 0n, 96n);
    this.vm.setAttr("gic", 0, 2n, GICD);
    this.vm.setAttr("gic", 0, 3n, GICR);
    this.vm.setAttr("gic", 4, 0n, 0n);
    this.store(GICD, 0x12);
    this.store(GICD + 0x104n, 0xffff_ffff);
    for (let cpu = 0; cpu < cpus; cpu++) {
      this.store(GICR + BigInt(cpu) * 0x2_0000n + 0x1_0100n, 0xffff_ffff);
      this.vm.guest(cpu, "write ICC_PMR_EL1=val, ICC_IGRPEN1_EL1=addr", 1n, 0xf8n);
    }
  }

  store(address: bigint, value: number, cpu = 0): void {
    this.vm.guest(cpu, "str32", address, BigInt(value));
  }

  load(address: bigint, cpu = 0): number {
    return Number(this.vm.guest(cpu, "ldr32", address, 0n).result);
  }

  read(name: string, cpu = 0): number {
    return Number(this.vm.guest(cpu, `read ICC_${name}_EL1`, 0n, 0n).result);
  }

  write(name: string, value: number | bigint, cpu = 0): void {
    this.vm.guest(cpu, `write ICC_${name}_EL1`, 0n, BigInt(value));
  }

  /** @param priority 0..0xf8 */
  prioritise(intid: number, priority: number): void {
    this.vm.guest(0, "strb", GICD + 0x400n + BigInt(intid), BigInt(priority));
  }

  edge(first: number): void {
    this.store(GICD + 0xc00n + BigInt(first >> 2), 0xaaaa_aaaa);
  }
}

for (const kernel of KERNELS) {
  describe(`a guest of KVM ${kernel} with a GICv3`, () => {
    let guest: Guest3;
    beforeEach(() => {
      guest = new Guest3(kernel);
    });

    it("takes a level-sensitive SPI again as long as its line is high", () => {
      guest.store(GICD + 0xc08n, 0);
      guest.vm.irqLine(SPI | 40, 1);
      assert.equal(guest.read("HPPIR1"), 40);
      assert.equal(guest.read("IAR1"), 40);
      assert.equal(guest.read("IAR1"), NONE, "active interrupts are not pending");
      guest.write("EOIR1", 40);
      assert.equal(guest.read("IAR1"), 40);
      guest.vm.irqLine(SPI | 40, 0);
      guest.write("EOIR1", 40);
      assert.equal(guest.read("IAR1"), NONE);
    });

    it("takes an edge once, and one that comes while it is active once more", () => {
      guest.edge(48);
      guest.vm.irqLine(SPI | 50, 1);
      assert.equal(guest.read("IAR1"), 50);
      guest.vm.irqLine(SPI | 50, 1);
      assert.equal(guest.read("IAR1"), NONE);
      guest.write("EOIR1", 50);
      assert.equal(guest.read("IAR1"), 50);
      guest.write("EOIR1", 50);
      assert.equal(guest.read("IAR1"), NONE);
    });

    it("is preempted by what is more urgent, and shows the running priority", () => {
      guest.edge(32);
      for (const [intid, priority] of [
        [33, 0xa0],
        [34, 0x60],
        [35, 0x60],
      ]) {
        guest.prioritise(intid, priority);
      }
      guest.vm.irqLine(SPI | 33, 1);
      assert.equal(guest.read("IAR1"), 33);
      assert.equal(guest.read("RPR"), 0xa0);
      guest.vm.irqLine(SPI | 34, 1);
      assert.equal(guest.read("IAR1"), 34);
      assert.equal(guest.read("RPR"), 0x60);
      guest.vm.irqLine(SPI | 35, 1);
      assert.equal(guest.read("IAR1"), NONE, "the same priority does not preempt");
      guest.write("EOIR1", 34);
      assert.equal(guest.read("IAR1"), 35);
      guest.write("EOIR1", 35);
      guest.write("EOIR1", 33);
      assert.equal(guest.read("RPR"), 0xff);
    });

    it("groups priorities by the binary point: within a group nothing preempts", () => {
      guest.edge(32);
      guest.write("BPR1", 6);
      guest.prioritise(33, 0x78);
      guest.prioritise(34, 0x40);
      guest.prioritise(35, 0x38);
      guest.vm.irqLine(SPI | 33, 1);
      assert.equal(guest.read("IAR1"), 33);
      guest.vm.irqLine(SPI | 34, 1);
      assert.equal(guest.read("IAR1"), NONE, "0x40 and 0x78 are of one group");
      guest.vm.irqLine(SPI | 35, 1);
      assert.equal(guest.read("IAR1"), 35);
    });

    it("masks by priority, and shows the masked interrupt in HPPIR only", () => {
      guest.prioritise(40, 0x80);
      guest.write("PMR", 0x80);
      guest.vm.irqLine(SPI | 40, 1);
      assert.equal(guest.read("HPPIR1"), 40);
      assert.equal(guest.read("IAR1"), NONE);
      guest.write("PMR", 0x88);
      assert.equal(guest.read("IAR1"), 40);
    });

    it("drops the priority and deactivates apart with EOImode 1", () => {
      guest.edge(32);
      guest.write("CTLR", 2);
      guest.vm.irqLine(SPI | 36, 1);
      assert.equal(guest.read("IAR1"), 36);
      guest.write("EOIR1", 36);
      assert.equal(guest.read("RPR"), 0xff);
      assert.equal(guest.load(GICD + 0x304n), 1 << 4, "still active");
      guest.write("DIR", 36);
      assert.equal(guest.load(GICD + 0x304n), 0);
    });

    it("takes Group 0 by IAR0, and by nothing of Group 1", () => {
      guest.store(GICD + 0x84n, ~(1 << 8));
      guest.vm.irqLine(SPI | 40, 1);
      assert.equal(guest.read("HPPIR0"), NONE, "Group 0 is not enabled");
      guest.write("IGRPEN0", 1);
      assert.equal(guest.read("HPPIR1"), NONE);
      assert.equal(guest.read("IAR1"), NONE);
      assert.equal(guest.read("IAR0"), 40);
      assert.notEqual(guest.read("AP0R0"), 0);
      guest.write("EOIR0", 40);
      assert.equal(guest.read("AP0R0"), 0);
    });

    it("sends SGIs by affinity, to all but itself, and not from a Group 0 register to Group 1", () => {
      guest.write("SGI1R", (5n << 24n) | 0b10n);
      assert.equal(guest.read("IAR1", 0), NONE);
      assert.equal(guest.read("IAR1", 1), 5);
      guest.write("EOIR1", 5, 1);
      guest.write("SGI1R", (1n << 40n) | (6n << 24n), 1);
      assert.equal(guest.read("IAR1", 1), NONE);
      assert.equal(guest.read("IAR1", 0), 6);
      guest.write("EOIR1", 6, 0);
      guest.write("SGI0R", (7n << 24n) | 0b11n);
      assert.equal(guest.read("HPPIR1", 1), NONE);
      guest.write("SGI1R", (8n << 24n) | (1n << 16n) | 0b11n);
      assert.equal(guest.read("HPPIR1", 0), NONE, "no PE has Aff1 1");
    });

    it("gets PPIs of its own and SPIs by IROUTER", () => {
      guest.vm.irqLine(PPI | (1 << 16) | 20, 1);
      assert.equal(guest.read("HPPIR1", 0), NONE);
      assert.equal(guest.read("IAR1", 1), 20);
      guest.vm.guest(0, "str64", GICD + 0x6000n + 8n * 41n, 1n);
      guest.prioritise(41, 0);
      guest.vm.irqLine(PPI | (1 << 16) | 20, 0);
      guest.write("EOIR1", 20, 1);
      guest.vm.irqLine(SPI | 41, 1);
      assert.equal(guest.read("IAR1", 0), NONE);
      assert.equal(guest.read("IAR1", 1), 41);
    });

    it("keeps a moved interrupt on the PE that had it until that one runs", () => {
      guest.edge(32);
      guest.vm.irqLine(SPI | 38, 1);
      guest.vm.guest(1, "str64", GICD + 0x6000n + 8n * 38n, 1n);
      assert.equal(guest.read("HPPIR1", 1), NONE);
      assert.equal(guest.read("HPPIR1", 0), NONE);
      assert.equal(guest.read("HPPIR1", 1), 38);
    });

    it("serves forty interrupts through four list registers, most urgent first, and ends those outside them", () => {
      guest.edge(32);
      guest.edge(48);
      for (let intid = 32; intid < 64; intid++) {
        guest.prioritise(intid, ((intid * 40) & 0xf8) % 0xf0);
        guest.vm.irqLine(SPI | intid, 1);
      }
      const taken: number[] = [];
      for (let intid = guest.read("IAR1"); intid < NONE; intid = guest.read("IAR1")) {
        taken.push(guest.load(GICD + 0x400n + BigInt(intid & ~3)) >>> ((intid & 3) * 8));
        guest.write("EOIR1", intid);
      }
      const priorities = taken.map((word) => word & 0xff);
      assert.equal(priorities.length, 32);
      assert.deepEqual(
        priorities,
        priorities.toSorted((left, right) => left - right),
      );
      assert.equal(guest.load(GICD + 0x304n), 0);
    });

    it("nests deeper than it has list registers only since active interrupts need not stay in them", () => {
      guest.edge(32);
      const nested = [40, 41, 42, 43, 44, 45, 46, 47];
      for (const [depth, intid] of nested.entries()) guest.prioritise(intid, 0xe0 - depth * 0x10);
      const taken: number[] = [];
      for (const intid of nested) {
        guest.vm.irqLine(SPI | intid, 1);
        if (guest.read("IAR1") === intid) taken.push(intid);
      }
      assert.deepEqual(taken, kernel === "7.2" ? nested : nested.slice(0, 4));
      for (const intid of taken.toReversed()) guest.write("EOIR1", intid);
      assert.equal(guest.read("RPR"), 0xff);
      assert.equal(guest.load(GICD + 0x304n), 0);
      if (kernel !== "7.2") assert.equal(guest.read("IAR1"), 47, "the others come when there is room");
    });

    it("answers EBUSY to registers while a vCPU runs, and serves the rest", () => {
      guest.vm.startVcpu(1);
      assert.equal(guest.vm.getAttr("gic", 1, 4n).errno, Errno.EBUSY);
      assert.equal(guest.vm.setAttr("gic", 6, 0xc230n, 0xf0n), Errno.EBUSY);
      assert.equal(guest.vm.getAttr("gic", 1, 0x1_0000_0000n).errno, Errno.EBUSY);
      assert.equal(guest.vm.getAttr("gic", 5, 0x7_0000_0000n).errno, Errno.EINVAL);
      assert.equal(guest.vm.hasAttr("gic", 1, 4n), Errno.OK);
      guest.vm.stopVcpu(1);
      assert.equal(guest.vm.getAttr("gic", 6, 0xc230n).value, 0xf8n);
    });
  });

  describe(`a guest of KVM ${kernel} with a GICv2`, () => {
    let vm: EmulatorVm;
    const store = (cpu: number, address: bigint, value: number): void => {
      vm.guest(cpu, "str32", address, BigInt(value));
    };
    const load = (cpu: number, address: bigint): number => Number(vm.guest(cpu, "ldr32", address, 0n).result);

    beforeEach(() => {
      vm = new EmulatorVm({ kernel, hostGic: 2, hostCpu: "arm" });
      vm.createVcpus(3);
      vm.createDevice("gic", "VGIC_V2");
      vm.setAttr("gic", 0, 0n, GICD);
      vm.setAttr("gic", 0, 1n, GICC);
      store(0, GICD, 1);
      for (let cpu = 0; cpu < 3; cpu++) {
        store(cpu, GICC, 1);
        store(cpu, GICC + 4n, 0xf8);
      }
    });

    it("takes an SGI from each of its senders, and tells who it was", () => {
      for (const sender of [1, 2]) store(sender, GICD + 0xf00n, (1 << 16) | 3);
      assert.equal(load(0, GICD + 0xf20n), 0b110 << 24);
      assert.equal(load(0, GICC + 0xcn), (1 << 10) | 3);
      store(0, GICC + 0x10n, (1 << 10) | 3);
      assert.equal(load(0, GICC + 0xcn), (2 << 10) | 3);
      store(0, GICC + 0x10n, (2 << 10) | 3);
      assert.equal(load(0, GICC + 0xcn), NONE);
    });

    it("gives an SPI to the lowest of its targets", () => {
      store(0, GICD + 0x104n, 0x100);
      vm.guest(0, "strb", GICD + 0x828n, 0b110n);
      vm.irqLine(SPI | 40, 1);
      assert.deepEqual(
        [0, 1, 2].map((cpu) => load(cpu, GICC + 0x18n)),
        [NONE, 40, NONE],
      );
    });

    it("drops the priority and deactivates apart with EOImode 1", () => {
      store(0, GICD + 0x104n, 0x100);
      vm.guest(0, "strb", GICD + 0x828n, 1n);
      store(0, GICC, 0x201);
      vm.irqLine(SPI | 40, 1);
      assert.equal(load(0, GICC + 0xcn), 40);
      vm.irqLine(SPI | 40, 0);
      store(0, GICC + 0x10n, 40);
      assert.equal(load(0, GICD + 0x304n), 1 << 8, "still active");
      store(0, GICC + 0x1000n, 40);
      assert.equal(load(0, GICD + 0x304n), 0);
    });

    it("deactivates an SGI by the PE that sent it", () => {
      store(0, GICC, 0x201);
      store(1, GICD + 0xf00n, (1 << 16) | 3);
      assert.equal(load(0, GICC + 0xcn), (1 << 10) | 3);
      store(0, GICC + 0x10n, (1 << 10) | 3);
      store(0, GICC + 0x1000n, (1 << 10) | 3);
      assert.equal(load(0, GICD + 0x300n), 0);
    });

    it("hides which Group 1 interrupt is pending unless AckCtl is set", () => {
      store(0, GICD + 0x84n, 0x100);
      store(0, GICD + 0x104n, 0x100);
      vm.guest(0, "strb", GICD + 0x828n, 1n);
      store(0, GICC, 3);
      vm.irqLine(SPI | 40, 1);
      assert.equal(load(0, GICC + 0xcn), 1022);
      assert.equal(load(0, GICC + 0x28n), 40, "GICC_AHPPIR shows it");
      store(0, GICC, 7);
      assert.equal(load(0, GICC + 0xcn), 40);
    });
  });
}

describe("kernels differ", () => {
  it("in who carries out GICC_DIR of a GICv2: KVM since it keeps active interrupts outside the list registers", () => {
    const vm = new EmulatorVm({ kernel: "7.2", hostGic: 2 });
    vm.createVcpus(1);
    vm.createDevice("gic", "VGIC_V2");
    vm.setAttr("gic", 0, 0n, GICD);
    vm.setAttr("gic", 0, 1n, GICC);
    const store = (address: bigint, value: number): void => {
      vm.guest(0, "str32", address, BigInt(value >>> 0));
    };
    store(GICD, 1);
    store(GICD + 0x104n, 0xff00);
    store(GICC, 0x201);
    store(GICC + 4n, 0xf8);
    for (let depth = 0; depth < 8; depth++) {
      vm.guest(0, "strb", GICD + 0x428n + BigInt(depth), BigInt(0xe0 - depth * 0x10));
      vm.irqLine(SPI | (40 + depth), 1);
      assert.equal(Number(vm.guest(0, "ldr32", GICC + 0xcn, 0n).result), 40 + depth);
      vm.irqLine(SPI | (40 + depth), 0);
    }
    store(GICC + 0x1000n, 41);
    assert.equal(Number(vm.guest(0, "ldr32", GICD + 0x304n, 0n).result), 0xfd00, "and not the most urgent one outside");
  });

  it("in GICD_IIDR and GICD_TYPER2 before initialisation", () => {
    for (const kernel of KERNELS) {
      const vm = new EmulatorVm({ kernel });
      vm.createVcpus(1);
      vm.createDevice("gic", "VGIC_V3");
      assert.equal(vm.getAttr("gic", 1, 8n).errno, kernel === "7.2" ? Errno.OK : Errno.EBUSY);
      assert.equal(vm.getAttr("gic", 1, 4n).errno, Errno.EBUSY);
    }
  });

  it("in the maintenance interrupt's attribute: a PPI, chosen before initialisation", () => {
    for (const kernel of KERNELS) {
      const vm = new EmulatorVm({ kernel });
      vm.createVcpus(1);
      vm.createDevice("gic", "VGIC_V3");
      if (kernel !== "7.2") {
        assert.equal(vm.hasAttr("gic", 9, 0n), Errno.ENXIO);
        assert.equal(vm.setAttr("gic", 9, 0n, 25n), Errno.ENXIO);
        continue;
      }
      assert.equal(vm.setAttr("gic", 9, 0n, 15n), Errno.EINVAL);
      assert.equal(vm.setAttr("gic", 9, 0n, 32n), Errno.EINVAL);
      assert.equal(vm.setAttr("gic", 9, 0n, 25n), Errno.OK);
      assert.equal(vm.getAttr("gic", 9, 0n).value, 25n);
      vm.setAttr("gic", 4, 0n, 0n);
      assert.equal(vm.setAttr("gic", 9, 0n, 26n), Errno.EBUSY);
    }
  });

  it("in what a first KVM_RUN without addresses leaves behind", () => {
    for (const kernel of KERNELS) {
      const vm = new EmulatorVm({ kernel });
      vm.createVcpus(1);
      vm.createDevice("gic", "VGIC_V3");
      assert.equal(vm.startVcpu(0), Errno.ENXIO);
      assert.equal(vm.hasAttr("gic", 4, 0n), kernel === "5.10" ? Errno.OK : Errno.EIO);
    }
  });
});

describe("a KVM machine", () => {
  const machine = (): Machine => createMachine({ model: "kvm-7.2", cpus: 2 });

  it("delivers a line to a PE, and takes that back", () => {
    const gic = machine();
    gic.write(Number(GICD), 4, 0x12n);
    gic.write(Number(GICD) + 0x104, 4, 1n);
    gic.writeSystemRegister?.(0, "ICC_PMR_EL1", 0xf8n);
    gic.writeSystemRegister?.(0, "ICC_IGRPEN1_EL1", 1n);
    assert.equal(gic.setLine?.(32, true), true);
    const mark = gic.journal.mark();
    assert.equal(gic.readSystemRegister?.(0, "ICC_IAR1_EL1"), 32n);
    assert.equal(gic.read(Number(GICD) + 0x304, 4), 1n);
    gic.journal.rewind(mark);
    assert.equal(gic.read(Number(GICD) + 0x304, 4), 0n);
    assert.equal(gic.readSystemRegister?.(0, "ICC_HPPIR1_EL1"), 32n);
  });

  it("has no such PE, line or register", () => {
    const gic = machine();
    assert.equal(gic.readSystemRegister?.(2, "ICC_PMR_EL1"), undefined);
    assert.equal(gic.readSystemRegister?.(0, "ICC_EOIR1_EL1"), undefined, "write-only");
    assert.equal(gic.readSystemRegister?.(0, "ICC_AP1R1_EL1"), undefined, "five priority bits need one register");
    assert.equal(gic.readSystemRegister?.(0, "toString"), undefined);
    assert.equal(gic.writeSystemRegister?.(0, "ICC_RPR_EL1", 0n), false);
    assert.deepEqual(
      [-1, 15, 288, 1024, 8192, 32.5].map((intid) => gic.setLine?.(intid, true)),
      [false, false, false, false, false, false],
    );
  });
});
