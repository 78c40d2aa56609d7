import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { GICC, GICD, HardwareGuest2, HardwareGuest3, KERNELS, Lr, NONE } from "./hardware-guest.ts";

/** The virtual timer's PPI, which is the same number on both sides. */
const TIMER = 23;
/** List register of the timer, without its state. */
const TIMER_LR = Lr.hw | Lr.group1 | (BigInt(TIMER) << 32n) | BigInt(TIMER);

for (const kernel of KERNELS) {
  describe(`a PPI of a device under KVM ${kernel}`, () => {
    let guest: HardwareGuest3;
    beforeEach(() => {
      guest = new HardwareGuest3(kernel);
      guest.map(TIMER, TIMER, 1);
      guest.host.setLine(TIMER, true);
    });

    it("is active on the host from the moment that the host took it", () => {
      assert.deepEqual(guest.host.state(TIMER), { line: true, pending: true, active: true, edge: false });
    });

    it("is pending in a list register with HW = 1 and pINTID, without an EOI maintenance interrupt", () => {
      assert.equal(guest.read("HPPIR1"), TIMER);
      assert.equal(guest.loaded("ICH_LR0_EL2"), TIMER_LR | Lr.pending);
    });

    it("stays active on the host while it is active in the guest", () => {
      assert.equal(guest.read("IAR1"), TIMER);
      assert.equal(guest.read("RPR"), 0);
      assert.equal(guest.loaded("ICH_LR0_EL2"), TIMER_LR | Lr.active);
      assert.equal(guest.active(TIMER), true);
    });

    it("is inactive on both sides after EOI", () => {
      assert.equal(guest.read("IAR1"), TIMER);
      guest.host.setLine(TIMER, false);
      guest.write("EOIR1", TIMER);
      assert.deepEqual(guest.host.state(TIMER), { line: false, pending: false, active: false, edge: false });
      assert.equal(guest.read("IAR1"), NONE);
    });

    it("comes again after EOI when its line is still high: the host takes it anew", () => {
      assert.equal(guest.read("IAR1"), TIMER);
      guest.write("EOIR1", TIMER);
      assert.equal(guest.active(TIMER), true);
      assert.equal(guest.read("IAR1"), TIMER);
    });

    it("interrupts a guest that goes on running after its EOI", () => {
      guest.vm.startVcpu(0);
      assert.equal(guest.read("IAR1"), TIMER);
      guest.write("EOIR1", TIMER);
      assert.equal(guest.read("IAR1"), TIMER);
      guest.vm.stopVcpu(0);
    });

    it("does not come when its line falls before the guest took it, and is ready for the next time", () => {
      assert.equal(guest.read("HPPIR1"), TIMER);
      guest.host.setLine(TIMER, false);
      assert.equal(guest.read("HPPIR1"), TIMER, "KVM is not told of falling lines, and looks when the guest has left");
      assert.equal(guest.read("HPPIR1"), NONE);
      assert.equal(guest.active(TIMER), false);
      guest.host.setLine(TIMER, true);
      assert.equal(guest.read("HPPIR1"), TIMER);
    });

    it("stays active with EOImode 1 until ICC_DIR_EL1", () => {
      guest.write("CTLR", 2);
      assert.equal(guest.read("IAR1"), TIMER);
      guest.host.setLine(TIMER, false);
      guest.write("EOIR1", TIMER);
      assert.equal(guest.read("RPR"), 0xff);
      assert.equal(guest.active(TIMER), true);
      guest.write("DIR", TIMER);
      assert.equal(guest.active(TIMER), false);
      assert.equal(guest.load(guest.ppi(0x300n)), 0);
    });

    it("is not asked about by EOI maintenance: bit 41 is of pINTID, and the list register is free at once", () => {
      guest.map(40, 600);
      guest.host.setLine(TIMER, false);
      guest.serve();
      guest.host.setLine(600, true);
      assert.equal(guest.read("IAR1"), 40);
      assert.equal((guest.loaded("ICH_LR0_EL2") ?? 0n) & Lr.eoi, Lr.eoi);
      guest.host.setLine(600, false);
      guest.write("EOIR1", 40);
      assert.equal((guest.seen("ICH_ELRSR_EL2") ?? 0n) & 1n, 1n);
      if (kernel === "7.2") assert.equal(guest.seen("ICH_MISR_EL2"), 0n);
      assert.equal(guest.active(600), false);
    });

    it("is a PPI of its own on every vCPU", () => {
      const two = new HardwareGuest3(kernel, 2);
      for (const pe of [0, 1]) assert.equal(two.host.map({ intid: TIMER, pe, physical: TIMER }).errno, 0);
      two.host.setLine(TIMER, true, 1);
      assert.equal(two.read("IAR1", 0), NONE);
      assert.equal(two.read("IAR1", 1), TIMER);
      two.host.setLine(TIMER, false, 1);
      two.write("EOIR1", TIMER, 1);
      assert.equal(two.host.state(TIMER, 1)?.active, false);
    });

    it("has no HW = 1 any more once it is unmapped", () => {
      guest.host.unmap(TIMER);
      assert.equal(guest.read("IAR1"), TIMER);
      assert.equal((guest.loaded("ICH_LR0_EL2") ?? 0n) & Lr.hw, 0n);
      guest.write("EOIR1", TIMER);
      assert.equal(guest.active(TIMER), true, "nobody deactivates it");
    });
  });

  describe(`forwarded SPIs of KVM ${kernel}`, () => {
    let guest: HardwareGuest3;
    const SPIS = [40, 41, 42, 43, 44, 45, 46, 47];
    beforeEach(() => {
      guest = new HardwareGuest3(kernel);
      for (const intid of SPIS) guest.map(intid, 100 + intid);
    });

    it("more of them than list registers all come, and all end on the host", () => {
      for (const intid of SPIS) guest.host.setLine(100 + intid, true);
      const taken: number[] = [];
      for (let intid = guest.read("IAR1"); intid < NONE; intid = guest.read("IAR1")) {
        taken.push(intid);
        guest.host.setLine(100 + intid, false);
        guest.write("EOIR1", intid);
      }
      assert.deepEqual(taken, SPIS);
      assert.deepEqual(
        SPIS.filter((intid) => guest.active(100 + intid)),
        [],
      );
    });

    it("of equal priority they go before others only since Linux 6.19", () => {
      for (const intid of [32, 33, 34, 35]) guest.vm.irqLine((1 << 24) | intid, 1);
      guest.host.setLine(140, true);
      const first = guest.read("HPPIR1");
      assert.equal(first, kernel === "7.2" ? 40 : 32);
    });

    it("an edge that comes while it is active is kept by the host's GIC until the guest ends the first", () => {
      guest.store(GICD + 0xc08n, 2 << 16);
      guest.host.setTrigger(140, true);
      for (const level of [true, false, true, false]) guest.host.setLine(140, level);
      assert.deepEqual(guest.host.state(140), { line: false, pending: true, active: true, edge: true });
      assert.deepEqual(guest.serve(), [40, 40]);
      assert.deepEqual(guest.host.state(140), { line: false, pending: false, active: false, edge: true });
    });

    it("are never pending and active at once in a list register", () => {
      guest.store(GICD + 0xc08n, 2 << 16);
      guest.host.setTrigger(140, true);
      guest.host.setLine(140, true);
      assert.equal(guest.read("IAR1"), 40);
      guest.store(GICD + 0x204n, 1 << 8);
      guest.read("RPR");
      const state = (guest.loaded("ICH_LR0_EL2") ?? 0n) >> 62n;
      assert.equal(state, 2n);
    });

    it("that KVM has to deactivate itself have an EOI maintenance interrupt instead of HW = 1, since Linux 5.14", () => {
      guest.map(40, 140, 0, true);
      guest.host.setLine(140, true);
      assert.equal(guest.read("IAR1"), 40);
      const marks = (guest.loaded("ICH_LR0_EL2") ?? 0n) & (Lr.hw | Lr.eoi);
      assert.equal(marks, kernel === "5.10" ? Lr.hw : Lr.eoi);
      guest.host.setLine(140, false);
      guest.write("EOIR1", 40);
      assert.equal(guest.active(140), false);
    });

    it("whose line fell unseen while they were active come once too often before Linux 5.14", () => {
      guest.host.setLine(140, true);
      assert.equal(guest.read("IAR1"), 40);
      guest.store(GICD + 0x104n, 1 << 8);
      guest.host.setLine(140, false);
      guest.write("EOIR1", 40);
      assert.equal(guest.read("IAR1"), kernel === "5.10" ? 40 : NONE);
    });
  });

  describe(`a mapped interrupt of KVM ${kernel} with a GICv2`, () => {
    let guest: HardwareGuest2;
    beforeEach(() => {
      guest = new HardwareGuest2(kernel);
      guest.map(40, 600);
      guest.host.setLine(600, true);
    });

    it("has HW and PhysicalID in GICH_LR", () => {
      assert.equal(guest.load(GICC + 0x18n), 40);
      assert.equal(guest.loaded("GICH_LR0"), (1n << 31n) | (1n << 28n) | (600n << 10n) | 40n);
    });

    it("is inactive on the host after GICC_EOIR", () => {
      assert.equal(guest.load(GICC + 0xcn), 40);
      assert.equal(guest.active(600), true);
      guest.host.setLine(600, false);
      guest.store(GICC + 0x10n, 40);
      assert.equal(guest.active(600), false);
    });

    it("is inactive on the host after GICC_DIR with EOImode 1", () => {
      guest.store(GICC, 0x201);
      assert.equal(guest.load(GICC + 0xcn), 40);
      guest.host.setLine(600, false);
      guest.store(GICC + 0x10n, 40);
      assert.equal(guest.active(600), true);
      guest.store(GICC + 0x1000n, 40);
      assert.equal(guest.active(600), false);
      assert.equal(guest.load(GICD + 0x304n), 0);
    });
  });
}

describe("mapped interrupts outside the list registers of KVM 7.2", () => {
  const SPIS = [40, 41, 42, 43, 44, 45, 46, 47];
  /**
   * Those that the list registers hold. The others keep their priority here: the host of the recordings counts their EOI in EOIcount even
   * with EOImode 1, and so ends them.
   */
  const INSIDE = SPIS.slice(4);
  let guest: HardwareGuest3;

  /** Eight active ones in four list registers, each more urgent than the one before. */
  beforeEach(() => {
    guest = new HardwareGuest3("7.2");
  });
  const nest = (): void => {
    for (const [depth, intid] of SPIS.entries()) {
      guest.map(intid, 100 + intid);
      guest.prioritise(intid, 0xe0 - depth * 0x10);
      guest.host.setLine(100 + intid, true);
      assert.equal(guest.read("IAR1"), intid);
      guest.host.setLine(100 + intid, false);
    }
  };
  const active = (): number[] => SPIS.filter((intid) => guest.active(100 + intid));

  it("are deactivated on the host by KVM when EOIcount tells of their end", () => {
    nest();
    for (const [index, intid] of SPIS.toReversed().entries()) {
      guest.write("EOIR1", intid);
      assert.deepEqual(active(), SPIS.slice(0, -1 - index));
    }
  });

  it("are deactivated on the host by the trapped ICC_DIR_EL1, in any order", () => {
    guest.write("CTLR", 2);
    nest();
    for (const intid of INSIDE.toReversed()) guest.write("EOIR1", intid);
    assert.deepEqual(active(), SPIS);
    for (const [index, intid] of SPIS.entries()) {
      guest.write("DIR", intid);
      assert.deepEqual(active(), SPIS.slice(index + 1));
    }
    assert.equal(guest.load(GICD + 0x304n), 0);
  });

  it("come again at once when their line is high as they end there", () => {
    guest.write("CTLR", 2);
    nest();
    for (const intid of INSIDE.toReversed()) guest.write("EOIR1", intid);
    guest.host.setLine(140, true);
    guest.write("DIR", 40);
    assert.equal(guest.active(140), true);
    assert.equal(guest.read("HPPIR1"), 40);
  });

  it("GICC_DIR of a GICv2 ends the one that it names", () => {
    const two = new HardwareGuest2("7.2");
    two.store(GICC, 0x201);
    for (const [depth, intid] of SPIS.entries()) {
      two.map(intid, 100 + intid);
      two.vm.guest(0, "strb", GICD + 0x400n + BigInt(intid), BigInt(0xe0 - depth * 0x10));
      two.host.setLine(100 + intid, true);
      assert.equal(two.load(GICC + 0xcn), intid);
      two.host.setLine(100 + intid, false);
    }
    for (const intid of INSIDE.toReversed()) two.store(GICC + 0x10n, intid);
    two.store(GICC + 0x1000n, 41);
    const left = SPIS.filter((intid) => two.active(100 + intid));
    assert.deepEqual(
      left,
      SPIS.filter((intid) => intid !== 41),
    );
  });
});
