import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { QemuMachine } from "../../../emulator/qemu/machine.ts";
import { at, qemu, ready, redistributor } from "./machine.ts";

const IAR = "ICC_IAR1_EL1";
const EOIR = "ICC_EOIR1_EL1";
const RPR = "ICC_RPR_EL1";
const SPURIOUS = 1023n;

/** Makes an SPI Group 1, enabled, edge-triggered, routed to PE 0. */
function enableSpi(machine: QemuMachine, intid: number, priority: number): void {
  const word = Math.floor(intid / 32) * 4;
  const bit = 1n << BigInt(intid % 32);
  machine.write(at.gicd + 0x80 + word, 4, (machine.read(at.gicd + 0x80 + word, 4) ?? 0n) | bit);
  machine.write(at.gicd + 0xc00 + Math.floor(intid / 16) * 4, 4, 0xaaaa_aaaan);
  machine.write(at.gicd + 0x400 + intid, 1, BigInt(priority));
  machine.write(at.gicd + 0x100 + word, 4, bit);
}

function enablePrivate(machine: QemuMachine, pe: number, intids: number): void {
  const frame = redistributor(machine, pe) + 0x1_0000;
  machine.write(frame + 0x80, 4, BigInt(intids >>> 0));
  machine.write(frame + 0x100, 4, BigInt(intids >>> 0));
}

describe("ICC_AP1R0_EL1 where EL3 is", () => {
  // Asked of live machines, secure=on, at EL3 with SCR_EL3.NS = 1.
  for (const [model, kept] of [
    ["qemu-7.2", 0n],
    ["qemu-11.1", 0xffff_0000n],
  ] as const) {
    it(`keeps 0x${kept.toString(16)} of what Non-secure software writes: ${model}`, () => {
      const machine = ready({ model, secure: true });
      machine.writeSystemRegister(0, "ICC_AP1R0_EL1", 0xffff_ffffn);
      assert.equal(machine.readSystemRegister(0, "ICC_AP1R0_EL1"), kept);
    });
  }
});

describe("QEMU's distributor and CPU interface", () => {
  it("reads what QEMU's virt machine reads after reset", () => {
    const machine = qemu();
    assert.equal(machine.read(at.gicd + 4, 4), 0x037a_0007n);
    assert.equal(machine.read(at.gicd, 4), 0x50n);
    assert.equal(machine.read(at.gicr, 4), 2n);
    assert.equal(machine.read(at.gicr + 8, 8), 0x0100_0001n);
    assert.equal(machine.read(at.gicr + 0x2_0008, 8), 0x1_0100_0111n);
    assert.equal(machine.readSystemRegister(0, "ICC_CTLR_EL1"), 0x8c00n);
    assert.equal(machine.readSystemRegister(0, "ICC_BPR1_EL1"), 3n);
  });

  it("follows an SPI from its line to the acknowledge and back", () => {
    const machine = ready();
    enableSpi(machine, 40, 0xa0);
    assert.ok(machine.setLine(40, true));
    assert.deepEqual(machine.lines(0), { irq: true, fiq: false });
    assert.equal(machine.readSystemRegister(0, IAR), 40n);
    assert.equal(machine.readSystemRegister(0, RPR), 0xa0n);
    assert.equal(machine.read(at.gicd + 0x300 + 4, 4), 1n << 8n);
    assert.equal(machine.readSystemRegister(0, IAR), SPURIOUS);
    machine.writeSystemRegister(0, EOIR, 40n);
    assert.equal(machine.read(at.gicd + 0x300 + 4, 4), 0n);
    assert.equal(machine.readSystemRegister(0, RPR), 0xffn);
  });

  it("lets a higher group priority preempt, an equal one not", () => {
    const machine = ready();
    enableSpi(machine, 40, 0xa0);
    enableSpi(machine, 41, 0xa0);
    enableSpi(machine, 42, 0x80);
    machine.setLine(40, true);
    assert.equal(machine.readSystemRegister(0, IAR), 40n);
    machine.setLine(41, true);
    assert.equal(machine.readSystemRegister(0, IAR), SPURIOUS);
    machine.setLine(42, true);
    assert.equal(machine.readSystemRegister(0, IAR), 42n);
    for (const intid of [42n, 40n]) machine.writeSystemRegister(0, EOIR, intid);
    assert.equal(machine.readSystemRegister(0, IAR), 41n);
  });

  it("masks by ICC_PMR_EL1 what is not more urgent", () => {
    const machine = ready();
    enableSpi(machine, 40, 0xa0);
    machine.setLine(40, true);
    machine.writeSystemRegister(0, "ICC_PMR_EL1", 0xa0n);
    assert.equal(machine.readSystemRegister(0, IAR), SPURIOUS);
    assert.equal(machine.readSystemRegister(0, "ICC_HPPIR1_EL1"), 40n);
    machine.writeSystemRegister(0, "ICC_PMR_EL1", 0xffn);
    assert.equal(machine.readSystemRegister(0, "ICC_PMR_EL1"), 0xf8n);
    assert.equal(machine.readSystemRegister(0, IAR), 40n);
  });

  it("drops the priority at EOIR and deactivates at DIR with EOImode = 1", () => {
    const machine = ready();
    machine.writeSystemRegister(0, "ICC_CTLR_EL1", 2n);
    enableSpi(machine, 40, 0xa0);
    machine.setLine(40, true);
    machine.readSystemRegister(0, IAR);
    machine.writeSystemRegister(0, EOIR, 40n);
    assert.equal(machine.readSystemRegister(0, RPR), 0xffn);
    assert.equal(machine.read(at.gicd + 0x300 + 4, 4), 1n << 8n);
    machine.writeSystemRegister(0, "ICC_DIR_EL1", 40n);
    assert.equal(machine.read(at.gicd + 0x300 + 4, 4), 0n);
  });

  it("keeps a level-triggered PPI pending while its line is high", () => {
    const machine = ready();
    enablePrivate(machine, 1, 1 << 27);
    machine.setLine(27, true, 1);
    for (let time = 0; time < 2; time++) {
      assert.equal(machine.readSystemRegister(1, IAR), 27n);
      machine.writeSystemRegister(1, EOIR, 27n);
    }
    machine.setLine(27, false, 1);
    assert.equal(machine.readSystemRegister(1, IAR), SPURIOUS);
    assert.equal(machine.setLine(3, true, 1), false);
  });

  it("sends SGIs to a list of PEs, and to all but the sender", () => {
    const machine = ready({ cpus: 20 });
    for (let pe = 0; pe < machine.cpus; pe++) enablePrivate(machine, pe, 0xffff);
    const received = (intid: bigint): number[] => {
      const pes = [...Array(machine.cpus).keys()];
      return pes.filter((pe) => {
        const got = machine.readSystemRegister(pe, IAR);
        if (got === intid) machine.writeSystemRegister(pe, EOIR, got);
        return got === intid;
      });
    };
    machine.writeSystemRegister(0, "ICC_SGI1R_EL1", (5n << 24n) | (1n << 16n) | 0b1010n); // Aff1 = 1
    assert.deepEqual(received(5n), [17, 19]);
    machine.writeSystemRegister(2, "ICC_SGI1R_EL1", (6n << 24n) | (1n << 40n));
    assert.equal(received(6n).length, 19);
    machine.writeSystemRegister(0, "ICC_SGI0R_EL1", (7n << 24n) | 1n);
    assert.deepEqual(received(7n), []);
  });

  it("moves an SPI with GICD_IROUTER, and holds it when no PE has that affinity", () => {
    const machine = ready();
    enableSpi(machine, 40, 0xa0);
    machine.write(at.gicd + 0x6000 + 40 * 8, 8, 1n);
    machine.setLine(40, true);
    assert.equal(machine.readSystemRegister(0, IAR), SPURIOUS);
    machine.write(at.gicd + 0x6000 + 40 * 8, 8, 0x500n);
    assert.equal(machine.readSystemRegister(1, IAR), SPURIOUS);
    machine.write(at.gicd + 0x6000 + 40 * 8, 8, 1n);
    assert.equal(machine.readSystemRegister(1, IAR), 40n);
  });

  it("signals Group 0 as FIQ and hides it from Group 1's registers", () => {
    const machine = ready();
    enableSpi(machine, 40, 0x80);
    machine.write(at.gicd + 0x84, 4, 0n);
    machine.setLine(40, true);
    assert.deepEqual(machine.lines(0), { irq: false, fiq: true });
    assert.equal(machine.readSystemRegister(0, IAR), SPURIOUS);
    assert.equal(machine.readSystemRegister(0, "ICC_IAR0_EL1"), 40n);
  });
});

describe("QEMU's GIC with two Security states", () => {
  it("shows Non-secure accesses their half only", () => {
    const machine = qemu({ secure: true });
    assert.equal(machine.read(at.gicd, 4), 0x10n);
    assert.equal(machine.read(at.gicd, 4, true), 0x30n);
    machine.write(at.gicd + 0x104, 4, 0xffn);
    assert.equal(machine.read(at.gicd + 0x104, 4, true), 0n);
    machine.write(at.gicd + 0x84, 4, 0xfn, true);
    machine.write(at.gicd + 0x104, 4, 0xffn);
    assert.equal(machine.read(at.gicd + 0x104, 4, true), 0xfn);
    machine.write(at.gicd + 0x420, 1, 0x40n);
    assert.equal(machine.read(at.gicd + 0x420, 1, true), 0xa0n);
    assert.equal(machine.read(at.gicd + 0x420, 1), 0x40n);
  });

  it("loses the second state for good when DS is set", () => {
    const machine = qemu({ secure: true });
    machine.write(at.gicd, 4, 0x77n, true);
    assert.equal(machine.read(at.gicd, 4), 0x53n);
    machine.write(at.gicd, 4, 0n, true);
    assert.equal(machine.read(at.gicd, 4), 0x50n);
  });

  it("traps Group 0 registers to EL3 when SCR_EL3.FIQ is set", () => {
    const machine = qemu({ secure: true });
    const kernel = { exceptionLevel: 1, nonSecure: true, fiqToEl3: true, irqToEl3: false };
    machine.setContext(0, kernel);
    assert.equal(machine.readSystemRegister(0, "ICC_IAR0_EL1"), undefined);
    assert.equal(machine.readSystemRegister(0, IAR), SPURIOUS);
    machine.setContext(0, { ...kernel, exceptionLevel: 3 });
    assert.equal(machine.readSystemRegister(0, "ICC_IAR0_EL1"), SPURIOUS);
    assert.equal(qemu().readSystemRegister(0, "ICC_CTLR_EL3"), undefined);
  });
});
