import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { attributeNumbers, groupNumbers } from "../../../architecture/index.ts";
import { createMachine, Errno, loadState, saveState } from "../../../emulator/index.ts";
import { EmulatorVm, type Kernel } from "../../conformance/emulator-vm.ts";
import { lpiOf, mapc, mapd, mapti, ready, submit } from "../state-file/machine.ts";

const { ADDR, CTRL, DIST_REGS, ITS_REGS, LEVEL_INFO, NR_IRQS } = groupNumbers;
const { ADDR_DIST, ADDR_ITS, ADDR_REDIST, INIT, REDIST_REGION, SAVE_PENDING_TABLES } = attributeNumbers;
const GICD = 0x0800_0000n;
const GICR = 0x080a_0000n;
const ITS = 0x0808_0000n;
const SPACE = 1n << 40n;

/** A VM with a GICv3 and an ITS that nothing has been said of. */
function bare(kernel: Kernel, cpus = 1): EmulatorVm {
  const vm = new EmulatorVm({ kernel });
  vm.createVcpus(cpus);
  vm.createDevice("gic", "VGIC_V3");
  vm.createDevice("its", "VGIC_ITS");
  return vm;
}

/** The same, placed and initialised. */
function placed(kernel: Kernel): EmulatorVm {
  const vm = bare(kernel);
  vm.setAttr("gic", ADDR, ADDR_DIST, GICD);
  vm.setAttr("gic", ADDR, ADDR_REDIST, GICR);
  vm.setAttr("its", ADDR, ADDR_ITS, ITS);
  vm.setAttr("gic", CTRL, INIT, 0n);
  return vm;
}

describe("KVM_SIGNAL_MSI", () => {
  for (const offset of [0n, 0x1_0000n, 0x1_0040n, 0x1_fffcn]) {
    it(`reaches the ITS by its address + 0x${offset.toString(16)}`, () => {
      const vm = placed("7.2");
      assert.deepEqual(vm.signalMsi({ address: ITS + offset, devid: 1, data: 0, flags: 1 }), {
        ret: -1,
        errno: Errno.EBUSY,
      });
    });
  }

  it("is EINVAL beyond the ITS's frames", () => {
    const answer = placed("7.2").signalMsi({ address: ITS + 0x2_0000n, devid: 1, data: 0, flags: 1 });
    assert.deepEqual(answer, { ret: -1, errno: Errno.EINVAL });
  });

  it("is EINVAL in a VM without a GIC", () => {
    const answer = new EmulatorVm({ kernel: "6.1" }).signalMsi({ address: ITS, devid: 1, data: 0, flags: 1 });
    assert.deepEqual(answer, { ret: -1, errno: Errno.EINVAL });
  });
});

describe("ITS_REGS beyond 32 bits", () => {
  const vm = placed("6.12");
  const wide = 1n << 32n;
  it("reach what their low half names", () => {
    assert.equal(vm.getAttr("its", ITS_REGS, wide | 0x80n).value, vm.getAttr("its", ITS_REGS, 0x80n).value);
  });

  it("need an alignment of 4 bytes alone, and show the rest of the register", () => {
    const typer = vm.getAttr("its", ITS_REGS, 8n).value;
    assert.deepEqual(vm.getAttr("its", ITS_REGS, wide | 12n), { errno: 0, value: typer >> 32n });
  });

  it("are ENXIO where their low half names nothing", () => {
    assert.equal(vm.hasAttr("its", ITS_REGS, wide | 0x20n), Errno.ENXIO);
  });
});

describe("Linux 5.10", () => {
  it("tears the GIC down when a first KVM_RUN fails, and the next one enters the guest without it", () => {
    const vm = bare("5.10");
    vm.setAttr("gic", ADDR, ADDR_DIST, GICD);
    vm.setAttr("gic", ADDR, ADDR_REDIST, GICR);
    vm.setAttr("gic", NR_IRQS, 0n, 96n);
    assert.equal(vm.startVcpu(0), Errno.EBUSY);
    assert.equal(vm.getAttr("gic", NR_IRQS, 0n).value, 0x20n);
    assert.equal(vm.getAttr("gic", ADDR, ADDR_REDIST).value, 0xffff_ffff_ffff_ffffn);
    assert.equal(vm.getAttr("gic", LEVEL_INFO, 32n).errno, Errno.EBUSY);
    assert.deepEqual(vm.guest(0, "ldr32", GICD, 0n).events, ["mmio_exit 0x8000000 w=0 len=4"]);
  });

  it("answers EINVAL to a second ADDR_REDIST, later kernels EEXIST", () => {
    const again = (kernel: Kernel): number => {
      const vm = bare(kernel);
      vm.setAttr("gic", ADDR, ADDR_REDIST, GICR);
      return vm.setAttr("gic", ADDR, ADDR_REDIST, GICR);
    };
    assert.deepEqual([again("5.10"), again("6.1")], [Errno.EINVAL, Errno.EEXIST]);
  });

  it("looks at the alignment before EEXIST, and at the first byte alone", () => {
    const answers = (kernel: Kernel): number[] => {
      const vm = bare(kernel);
      return [SPACE - 0x1_0000n, ITS + 1n].map((address) => vm.setAttr("its", ADDR, ADDR_ITS, address));
    };
    assert.deepEqual(answers("5.10"), [Errno.OK, Errno.EINVAL]);
    assert.deepEqual(answers("6.1"), [Errno.E2BIG, Errno.EINVAL]);
  });

  it("saves pending tables before INIT", () => {
    const save = (kernel: Kernel): number => bare(kernel).setAttr("gic", CTRL, SAVE_PENDING_TABLES, 0n);
    assert.deepEqual([save("5.10"), save("6.1")], [Errno.OK, Errno.ENXIO]);
  });
});

describe("Linux 7.2", () => {
  it("shows GICD_IIDR.Revision before INIT", () => {
    assert.deepEqual(bare("7.2").getAttr("gic", DIST_REGS, 8n), { errno: 0, value: 0x4b00_343bn });
  });

  it("looks whether the GIC is initialised before it looks for a PPI's vCPU", () => {
    const line = (kernel: Kernel): number => bare(kernel).irqLine((2 << 24) | (1 << 16) | 20, 1).errno;
    assert.deepEqual([line("6.12"), line("7.2")], [Errno.EINVAL, Errno.EBUSY]);
  });
});

describe("Linux 7.3", () => {
  for (const [model, events] of [
    ["kvm-7.2", [4, 5]],
    ["kvm-7.3", [4]],
  ] as const) {
    it(`${model}: a second MAPTI of an LPI makes ${events.length === 1 ? "nothing" : "one more event"}`, () => {
      const machine = ready(model);
      submit(machine, [mapc(0, 0), mapd(1), mapti(1, 4, 0), mapti(1, 5, 0, lpiOf(1, 4))]);
      assert.deepEqual(
        [...machine.tables(0).events(1)].map(({ eventId }) => eventId),
        events,
      );
    });
  }

  it("leaves the frames of other regions on the bus when one fails", () => {
    const seen = (kernel: Kernel): readonly string[] => {
      const vm = bare(kernel, 2);
      vm.setAttr("gic", ADDR, ADDR_DIST, GICD);
      vm.setAttr("gic", ADDR, REDIST_REGION, (1n << 52n) | GICR);
      // This one lies on the distributor.
      assert.equal(vm.setAttr("gic", ADDR, REDIST_REGION, (1n << 52n) | GICD | 1n), Errno.EINVAL);
      assert.equal(vm.setAttr("gic", ADDR, REDIST_REGION, (1n << 52n) | (GICR + 0x4_0000n) | 1n), Errno.OK);
      vm.setAttr("gic", CTRL, INIT, 0n);
      return vm.guest(0, "ldr32", GICR + 8n, 0n).events;
    };
    assert.deepEqual(seen("7.2"), ["mmio_exit 0x80a0008 w=0 len=4"]);
    assert.deepEqual(seen("7.3"), []);
  });
});

describe("the host's CPU", () => {
  for (const [host, counted] of [
    ["arm", 0],
    ["qemu-7.2", 1],
  ] as const) {
    it(`${host}: EOIcount after EOIR of an interrupt outside the list registers, EOImode 1, is ${counted}`, () => {
      const machine = createMachine({ model: "kvm-7.2", cpus: 1, host });
      machine.writeSystemRegister?.(0, "ICC_PMR_EL1", 0xf8n);
      machine.writeSystemRegister?.(0, "ICC_IGRPEN1_EL1", 1n);
      machine.writeSystemRegister?.(0, "ICC_CTLR_EL1", 2n);
      machine.writeSystemRegister?.(0, "ICC_AP1R0_EL1", 1n);
      machine.vmm?.runVcpu(0);
      machine.writeSystemRegister?.(0, "ICC_EOIR1_EL1", 40n);
      assert.equal(Number((machine.readHypervisorRegister?.(0, "ICH_HCR_EL2") ?? 0n) >> 27n), counted);
    });
  }

  for (const [host, intid] of [
    ["arm", 0x2d],
    ["qemu-7.2", 0],
  ] as const) {
    it(`${host}: GICC_AIAR ${intid === 0 ? "is not there" : "acknowledges"}`, () => {
      const machine = createMachine({ model: "kvm-7.2", cpus: 1, gicVersion: 2, host });
      const { gicd, gicc = 0 } = machine.map;
      machine.write(gicd, 4, 1n);
      machine.vmm?.setRegister({ name: "GICD_IIDR", pe: 0, its: 0 }, 0x4b00_343bn);
      machine.vmm?.setRegister({ name: "GICD_IGROUPR1", pe: 0, its: 0 }, 0xffff_ffffn);
      machine.write(gicd + 0x104, 4, 0xffff_ffffn);
      machine.write(gicc + 4, 4, 0xf8n);
      machine.write(gicc, 4, 3n);
      machine.setLine?.(0x2d, true);
      assert.equal(Number(machine.read(gicc + 0x20, 4)), intid);
    });
  }

  it("stays with a machine that is saved", () => {
    const saved = saveState(createMachine({ model: "kvm-7.2", cpus: 1, host: "qemu-7.2" }));
    assert.ok("state" in saved);
    const loaded = loadState(saved.state);
    assert.ok("machine" in loaded);
    const again = saveState(loaded.machine);
    assert.ok("state" in again);
    assert.deepEqual([saved.state.shape.host, again.state.shape.host], ["qemu-7.2", "qemu-7.2"]);
  });

  it("is none of a model that is no KVM", () => {
    assert.throws(() => createMachine({ model: "qemu-7.2", host: "arm" }), /has no host/);
  });
});

describe("the timers of a guest", () => {
  it("drive PPI 27 through a list register with HW = 1", () => {
    const machine = createMachine({ model: "kvm-7.2", cpus: 1 });
    const sgi = machine.map.gicr + 0x1_0000;
    machine.write(machine.map.gicd, 4, 0x12n);
    machine.write(sgi + 0x100, 4, 1n << 27n);
    machine.writeSystemRegister?.(0, "ICC_PMR_EL1", 0xf8n);
    machine.writeSystemRegister?.(0, "ICC_IGRPEN1_EL1", 1n);
    machine.vmm?.runVcpu(0);
    machine.writeSystemRegister?.(0, "CNTV_CTL_EL0", 1n);
    assert.equal(machine.readHypervisorRegister?.(0, "ICH_LR0_EL2"), 0x7000_001b_0000_001bn);
  });

  it("own their PPIs: KVM_IRQ_LINE does nothing, and a level of user space is gone once the vCPU has run", () => {
    const vm = placed("6.12");
    vm.setAttr("gic", LEVEL_INFO, 0n, 1n << 27n);
    vm.startVcpu(0);
    vm.stopVcpu(0);
    assert.equal(vm.getAttr("gic", LEVEL_INFO, 0n).value, 0n);
    assert.deepEqual(vm.irqLine((2 << 24) | 27, 1), { ret: 0, errno: Errno.OK });
    assert.equal(vm.getAttr("gic", LEVEL_INFO, 0n).value, 0n);
  });
});

describe("KVM_SET_USER_MEMORY_REGION", () => {
  const MEGABYTE = 0x10_0000n;
  const slots: readonly (readonly [gpa: bigint, size: bigint, errno: number, why: string])[] = [
    [0x4010_0000n, MEGABYTE, Errno.OK, "next to another slot"],
    [0x400f_f000n, 0x1000n, Errno.EEXIST, "in another slot"],
    [0x3ff0_0000n, 2n * MEGABYTE, Errno.EEXIST, "over another slot"],
    [0x5000_0800n, MEGABYTE, Errno.EINVAL, "at no page"],
    [0x5000_0000n, 0x800n, Errno.EINVAL, "of half a page"],
    [0x5000_0000n, 0n, Errno.EINVAL, "of nothing, which deletes a slot"],
    [SPACE - MEGABYTE, 2n * MEGABYTE, Errno.EFAULT, "beyond the space of addresses"],
    [(1n << 64n) - MEGABYTE, 2n * MEGABYTE, Errno.EINVAL, "around the end of 64 bits"],
  ];
  for (const [gpa, size, errno, why] of slots) {
    it(`answers ${errno} to one ${why}`, () => {
      const vm = new EmulatorVm({ kernel: "7.2" });
      assert.equal(vm.addMemslot(0, 0x4000_0000n, MEGABYTE), Errno.OK);
      assert.equal(vm.addMemslot(1, gpa, size), errno);
    });
  }
});
