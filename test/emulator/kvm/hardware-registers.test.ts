import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { Errno } from "../../../emulator/index.ts";
import { EmulatorVm } from "../../conformance/emulator-vm.ts";
import { GICD, HardwareGuest3, KERNELS, NONE } from "./hardware-guest.ts";

/** A forwarded SPI: GICD word 1, bit 8; physical INTID. */
const SPI = 40;
const BIT = 1 << 8;
const PHYSICAL = 140;
const ISENABLER = 0x104n;
const ICENABLER = 0x184n;
const ISPENDR = 0x204n;
const ICPENDR = 0x284n;
const ISACTIVER = 0x304n;
const ICACTIVER = 0x384n;

for (const kernel of KERNELS) {
  describe(`registers of a mapped interrupt under KVM ${kernel}`, () => {
    let guest: HardwareGuest3;
    beforeEach(() => {
      guest = new HardwareGuest3(kernel);
      guest.map(SPI, PHYSICAL);
    });
    const store = (offset: bigint): void => guest.store(GICD + offset, BIT);
    const set = (offset: bigint): boolean => (guest.load(GICD + offset) & BIT) !== 0;
    const userStore = (offset: bigint): number => guest.vm.setAttr("gic", 1, offset, BigInt(BIT));
    const userSet = (offset: bigint): boolean =>
      ((guest.vm.getAttr("gic", 1, offset).value ?? 0n) & BigInt(BIT)) !== 0n;

    it("ISPENDR by the guest makes the physical one active, for the EOI that follows", () => {
      // Once the vCPU leaves its guest, the line is looked at, which is low.
      guest.vm.startVcpu(0);
      store(ISPENDR);
      assert.equal(guest.active(PHYSICAL), true);
      assert.deepEqual(guest.serve(), [SPI]);
      assert.equal(guest.active(PHYSICAL), false);
    });

    it("ICPENDR by the guest takes that back, so that the host is not masked", () => {
      store(ISPENDR);
      store(ICPENDR);
      assert.equal(guest.active(PHYSICAL), false);
      assert.equal(guest.read("IAR1"), NONE);
    });

    it("ICPENDR by the guest leaves an active one active on both sides", () => {
      guest.host.setLine(PHYSICAL, true);
      assert.equal(guest.read("IAR1"), SPI);
      store(ICPENDR);
      assert.equal(guest.active(PHYSICAL), true);
    });

    it("ISPENDR shows the guest the physical line, not what KVM knows of it", () => {
      guest.host.setLine(PHYSICAL, true);
      assert.equal(guest.read("IAR1"), SPI);
      assert.equal(set(ISPENDR), true);
      guest.host.setLine(PHYSICAL, false);
      assert.equal(set(ISPENDR), false);
    });

    it("ISPENDR shows user space the latch alone", () => {
      guest.host.setLine(PHYSICAL, true);
      assert.equal(userSet(ISPENDR), false);
    });

    it("ISPENDR by user space leaves the host alone", () => {
      assert.equal(userStore(ISPENDR), Errno.OK);
      assert.equal(userSet(ISPENDR), true);
      assert.equal(guest.active(PHYSICAL), false);
    });

    it("ISACTIVER and ICACTIVER by the guest act on both sides", () => {
      store(ISACTIVER);
      assert.equal(guest.active(PHYSICAL), true);
      assert.equal(set(ISACTIVER), true);
      store(ICACTIVER);
      assert.equal(guest.active(PHYSICAL), false);
      assert.equal(set(ISACTIVER), false);
    });

    it("ICACTIVER by the guest lets the host take the interrupt whose line is high", () => {
      guest.host.setLine(PHYSICAL, true);
      assert.equal(guest.read("IAR1"), SPI);
      store(ICACTIVER);
      assert.equal(guest.active(PHYSICAL), true);
      assert.equal(guest.read("HPPIR1"), SPI);
    });

    it("ISACTIVER and ICACTIVER by user space do nothing", () => {
      assert.equal(userStore(ISACTIVER), Errno.OK);
      assert.equal(set(ISACTIVER), false);
      store(ISACTIVER);
      assert.equal(userStore(ICACTIVER), Errno.OK);
      assert.equal(set(ISACTIVER), true);
    });

    it("ISENABLER by the guest looks at the line, which may have fallen while it was disabled", () => {
      store(ICENABLER);
      guest.host.setLine(PHYSICAL, true);
      guest.host.setLine(PHYSICAL, false);
      assert.equal(guest.active(PHYSICAL), true);
      store(ISENABLER);
      assert.equal(guest.active(PHYSICAL), false);
      assert.equal(guest.read("HPPIR1"), NONE);
    });

    it("ISENABLER by user space does not look", () => {
      store(ICENABLER);
      guest.host.setLine(PHYSICAL, true);
      guest.host.setLine(PHYSICAL, false);
      assert.equal(userStore(ISENABLER), Errno.OK);
      assert.equal(guest.active(PHYSICAL), true);
      assert.equal(guest.read("HPPIR1"), SPI);
    });

    it("a reset of the device leaves nothing pending or active in the guest", () => {
      store(ISACTIVER);
      store(ISPENDR);
      assert.equal(guest.host.reset(SPI), true);
      assert.equal(set(ISACTIVER), false);
      assert.equal(userSet(ISPENDR), false);
      assert.equal(guest.read("HPPIR1"), NONE);
    });

    it("a reset leaves an interrupt without a physical one as it is", () => {
      guest.store(GICD + ISPENDR, 1 << 9);
      assert.equal(guest.host.reset(SPI + 1), true);
      assert.equal(guest.read("HPPIR1"), SPI + 1);
    });
  });

  describe(`mapping interrupts under KVM ${kernel}`, () => {
    let guest: HardwareGuest3;
    beforeEach(() => {
      guest = new HardwareGuest3(kernel);
    });

    it("is refused before the GIC is initialised", () => {
      const vm = new EmulatorVm({ kernel });
      vm.createVcpus(1);
      vm.createDevice("gic", "VGIC_V3");
      assert.equal(vm.hostInterrupts.map({ intid: 23, physical: 23 }).errno, Errno.EAGAIN);
      assert.equal(vm.hostInterrupts.unmap(23).errno, Errno.EAGAIN);
      assert.equal(vm.hostInterrupts.mapping(23), undefined);
    });

    it("is refused for SGIs, LPIs, and interrupts that the VM or the host does not have", () => {
      for (const intid of [0, 15, 96, 8192, -1, 23.5]) assert.equal(guest.map(intid, 100), Errno.EINVAL, String(intid));
      for (const physical of [-1, 1020, 8192, 1.5]) assert.equal(guest.map(40, physical), Errno.EINVAL);
      assert.equal(guest.host.map({ intid: 23, pe: 1, physical: 23 }).errno, Errno.EINVAL);
    });

    it("belongs to its owner: another one is refused, and user space drives the line in vain", () => {
      assert.equal(guest.map(23, 23, 1), Errno.OK);
      assert.equal(guest.map(23, 30, 2), Errno.EEXIST);
      assert.deepEqual(guest.vm.irqLine((2 << 24) | 23, 1), { ret: 0, errno: Errno.OK });
      assert.equal(guest.read("HPPIR1"), NONE);
      assert.equal(guest.host.mapping(23)?.physical, 23);
    });

    it("stays its owner's after it is unmapped", () => {
      guest.map(23, 23, 1);
      assert.equal(guest.host.unmap(23).errno, Errno.OK);
      assert.equal(guest.host.mapping(23), undefined);
      assert.equal(guest.map(23, 23, 2), Errno.EEXIST);
    });

    it("without an owner, takes injections of user space as well", () => {
      guest.map(40, 140);
      guest.vm.irqLine((1 << 24) | 40, 1);
      assert.equal(guest.read("IAR1"), 40);
      assert.equal(guest.active(140), false);
    });

    it("takes an interrupt whose line is high already", () => {
      guest.host.setLine(140, true);
      assert.equal(guest.active(140), false, "nobody on this host has it");
      guest.map(40, 140);
      assert.equal(guest.active(140), true);
      assert.equal(guest.read("IAR1"), 40);
    });

    it("can be changed and undone in any order", () => {
      for (const intid of [40, 41, 42, 23]) guest.map(intid, intid);
      guest.host.unmap(40);
      guest.map(42, 500);
      guest.host.unmap(23);
      const left = [23, 40, 41, 42].map((intid) => guest.host.mapping(intid)?.physical);
      assert.deepEqual(left, [undefined, undefined, 41, 500]);
      guest.host.setLine(500, true);
      guest.host.setLine(40, true);
      assert.deepEqual([guest.active(500), guest.active(40)], [true, false]);
    });
  });
}

describe("a GICv2 of KVM 5.10 that starts over", () => {
  it("has forgotten what its SPIs were mapped to, and whose they were", () => {
    const vm = new EmulatorVm({ kernel: "5.10", hostGic: 2 });
    vm.createVcpus(1);
    vm.createDevice("gic", "VGIC_V2");
    vm.setAttr("gic", 4, 0n, 0n);
    const host = vm.hostInterrupts;
    assert.equal(host.map({ intid: 40, physical: 140, owner: 1 }).errno, Errno.OK);
    assert.equal(vm.startVcpu(0), Errno.ENXIO, "its frames have no address");
    assert.equal(host.map({ intid: 40, physical: 140, owner: 2 }).errno, Errno.EAGAIN);
    vm.setAttr("gic", 4, 0n, 0n);
    assert.equal(host.mapping(40), undefined);
    assert.equal(host.map({ intid: 40, physical: 140, owner: 2 }).errno, Errno.OK);
  });
});
