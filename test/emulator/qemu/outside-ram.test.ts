import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { AccessBytes } from "../../../emulator/index.ts";
import { at, command, mapc, mapd, mapti, qemu, ready, redistributor, submit, trigger } from "./machine.ts";

const PCI = 0x1000_0000;
const PENDBASER = 0x78;
const PROPBASER = 0x70;
const SGI_FRAME = 0x1_0000;
const IPRIORITYR = SGI_FRAME + 0x400;
const ones = (bytes: number): bigint => 2n ** BigInt(bytes * 8) - 1n;

/** What QEMU 7.2.22 and 11.1.3 read over qtest. Undefined: nothing answers, qtest shows 0. */
const reads: readonly [what: string, address: number, bytes: AccessBytes, value: bigint | undefined][] = [
  ["the PCI window", PCI, 8, ones(8)],
  ["the PCI window, not aligned", PCI + 1, 4, ones(4)],
  ["the last byte of the port window", 0x3eff_ffff, 1, ones(1)],
  ["the low configuration space, which is not there", 0x3f00_0000, 4, undefined],
  ["the host bridge's identity", 0x40_1000_0000, 4, 0x8_1b36n],
  ["a byte of it", 0x40_1000_0002, 1, 8n],
  ["its class", 0x40_1000_0004, 8, 0x0600_0000_0000_0000n],
  ["its subsystem", 0x40_1000_002e, 2, 0x1100n],
  ["behind the host bridge's 256 bytes", 0x40_1000_0100, 4, ones(4)],
  ["a function that is absent", 0x40_1000_1000, 2, ones(2)],
  ["the last bytes of configuration space", 0x40_1fff_fff8, 8, ones(8)],
  ["over the end of configuration space", 0x40_1fff_fffc, 8, ones(4)],
  ["between configuration space and the high window", 0x40_2000_0000, 8, undefined],
  ["the high PCI window", 0x80_0000_0000, 8, ones(8)],
  ["behind it", 0x100_0000_0000, 8, undefined],
];

describe("a PE's access around RAM and the GIC of the virt machine", () => {
  for (const [what, address, bytes, value] of reads) {
    it(`reads ${what}`, () => assert.equal(qemu().read(address, bytes), value));
  }

  it("is taken where no PCI device is", () => {
    assert.equal(qemu().write(PCI, 4, 5n), true);
    assert.equal(qemu().write(0x3f00_0000, 4, 5n), false);
  });
});

/** Register writes and commands of which each was asked of QEMU 7.2.22, or is a case of the fuzzer. */
describe("tables of LPIs outside RAM", () => {
  it("has all LPIs pending in a PCI window", () => {
    const machine = ready();
    machine.memory.write8(at.properties + 7, 0x0d);
    machine.write(redistributor(machine, 1) + PENDBASER, 8, BigInt(PCI));
    submit(machine, mapc(0, 1), command("INVALL", { ICID: 0 }));
    assert.deepEqual(machine.highestPriority(1).best, { intid: 8199, group: 2, priority: 0x0c });
    assert.equal(machine.lpi(65535)?.pending, true);
    assert.equal([...machine.lpis()].length, 65536 - 8192);
    // The bit stays set when the LPI is acknowledged.
    machine.writeSystemRegister(1, "ICC_EOIR1_EL1", machine.readSystemRegister(1, "ICC_IAR1_EL1") ?? 0n);
    assert.equal(machine.readSystemRegister(1, "ICC_HPPIR1_EL1"), 8199n);
  });

  it("has all LPIs enabled with the least priority in a PCI window", () => {
    const machine = ready();
    machine.write(redistributor(machine, 0) + PROPBASER, 8, BigInt(PCI) | 15n);
    submit(machine, mapc(0, 0), mapd(3), mapti(3, 0, 8300, 0), trigger(3, 0));
    assert.deepEqual(machine.highestPriority(0).best, { intid: 8300, group: 2, priority: 0xfc });
    assert.equal(machine.lpi(8300)?.enabled, true);
    submit(machine, command("INV", { DeviceID: 3, EventID: 0 }));
    assert.equal(machine.highestPriority(0).best.intid, 8300);
  });

  it("has the least LPI first when both tables read as ones", () => {
    const machine = ready();
    machine.write(redistributor(machine, 0) + PROPBASER, 8, BigInt(PCI) | 15n);
    machine.write(redistributor(machine, 0) + PENDBASER, 8, 0x80_0000_0000n);
    submit(machine, mapc(0, 0), command("INVALL", { ICID: 0 }));
    assert.deepEqual(machine.highestPriority(0).best, { intid: 8192, group: 2, priority: 0xfc });
  });

  it("keeps pending bits in the priorities of another PE's SGIs", () => {
    const machine = ready();
    const other = redistributor(machine, 1);
    machine.write(redistributor(machine, 0) + PENDBASER, 8, BigInt(other + SGI_FRAME));
    submit(machine, mapc(0, 0), mapd(3), mapti(3, 0, 8192 + 11, 0), trigger(3, 0));
    assert.equal(machine.read(other + IPRIORITYR, 4), 0x0800n);
    assert.equal(machine.highestPriority(0).best.intid, 8203);
    machine.write(other + IPRIORITYR, 4, 0x20_0000n);
    submit(machine, command("INVALL", { ICID: 0 }));
    assert.equal(machine.highestPriority(0).best.intid, 8192 + 21);
  });

  it("finds nothing in a frame that is busy with the write that asks", () => {
    const machine = ready();
    const frame = redistributor(machine, 0);
    machine.write(frame + IPRIORITYR, 4, 0xffff_ffffn);
    machine.write(frame + PENDBASER, 8, BigInt(frame + SGI_FRAME));
    machine.write(frame, 4, 1n);
    assert.equal(machine.highestPriority(0).best.priority, 0xff);
    submit(machine, mapc(0, 0), command("INVALL", { ICID: 0 }));
    assert.equal(machine.highestPriority(0).best.intid, 8192);
  });

  it("moves what is pending in a PCI window with MOVALL", () => {
    const machine = ready();
    machine.write(redistributor(machine, 0) + PENDBASER, 8, BigInt(PCI));
    submit(machine, command("MOVALL", { RDbase1: 0, RDbase2: 1 }));
    assert.equal(machine.memory.read32(at.pending + 0x1_0000 + 0x400), 0xffff_ffff);
    assert.equal(machine.highestPriority(1).best.intid, 8192);
  });

  it("forgets an LPI that is enabled in a PCI window once MOVALL has taken its bit away", () => {
    const machine = ready();
    machine.write(redistributor(machine, 0) + PROPBASER, 8, BigInt(PCI) | 15n);
    // The page of the pending bits has been written; what INVALL finds is kept up to date from here on.
    machine.memory.write8(at.pending, 1);
    submit(machine, mapc(0, 0), command("INVALL", { ICID: 0 }), mapd(3), mapti(3, 0, 8300, 0), trigger(3, 0));
    assert.equal(machine.highestPriority(0).best.intid, 8300);
    submit(machine, command("MOVALL", { RDbase1: 0, RDbase2: 1 }));
    assert.equal(machine.highestPriority(0).best.priority, 0xff);
  });

  it("has vLPIs pending and enabled there", () => {
    const machine = ready({ gicVersion: 4 });
    const frame = redistributor(machine, 0) + 0x2_0000;
    machine.write(frame + 0x70, 8, BigInt(PCI) | 15n);
    machine.write(frame + 0x78, 8, (1n << 63n) | 0x80_0000_0000n);
    assert.deepEqual(machine.highestPriority(0).bestVirtual, { intid: 8192, group: 2, priority: 0xfc });
  });
});
