import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { at, CREADR, CWRITER, command, mapc, mapd, mapti, ready, submit, trigger } from "./machine.ts";

const isPending = (machine: ReturnType<typeof ready>, pe: number, intid: number): boolean => {
  const byte = machine.memory.read8(at.pending + pe * 0x1_0000 + (intid >> 3));
  return ((byte >> (intid & 7)) & 1) === 1;
};

describe("QEMU's ITS reads its tables at every command", () => {
  it("takes a collection that the guest wrote by hand", () => {
    const machine = ready();
    submit(machine, mapd(3), mapti(3, 1, 8200, 5));
    assert.deepEqual(submit(machine, trigger(3, 1)), ["ignored"]);
    machine.write(at.collectionTable + 5 * 8, 8, (1n << 1n) | 1n); // RDbase 1, valid
    assert.deepEqual(submit(machine, trigger(3, 1)), ["done"]);
    assert.ok(isPending(machine, 1, 8200));
  });

  it("follows a device table entry that moves to another ITT", () => {
    const machine = ready();
    const other = at.itt + 0x1000;
    submit(machine, mapc(0, 0), mapd(3), mapti(3, 0, 8200, 0), mapd(4, other), mapti(4, 0, 8300, 0));
    machine.write(at.deviceTable + 3 * 8, 8, machine.read(at.deviceTable + 4 * 8, 8) ?? 0n);
    submit(machine, trigger(3, 0));
    assert.ok(isPending(machine, 0, 8300));
    assert.ok(!isPending(machine, 0, 8200));
  });

  it("writes a MAPTI as QEMU lays an ITE out, and tells tools of it", () => {
    const machine = ready();
    submit(machine, mapd(3), mapti(3, 2, 8201, 7));
    assert.equal(machine.read(at.itt + 24, 8), (7n << 32n) | (8201n << 2n) | 3n);
    assert.equal(machine.read(at.itt + 32, 4), 1023n);
    assert.deepEqual([...machine.tables(0).events(3)], [{ eventId: 2, intid: 8201, icid: 7 }]);
    assert.deepEqual(machine.tables(0).device(3), { deviceId: 3, ittAddress: at.itt, eventBits: 5 });
  });

  it("finds no events below a level-1 entry that is not valid, and finds them when it becomes valid", () => {
    const machine = ready();
    machine.write(at.its, 4, 0n);
    const level1 = at.deviceTable;
    machine.write(at.its + 0x100, 8, (3n << 62n) | BigInt(level1)); // valid, indirect, one page of 4 KiB
    machine.write(at.its, 4, 1n);
    assert.deepEqual(submit(machine, mapd(600)), ["done"]);
    assert.equal(machine.tables(0).device(600), undefined);
    machine.write(level1 + 8, 8, (1n << 63n) | BigInt(level1 + 0x2000));
    submit(machine, mapd(600));
    assert.equal(machine.tables(0).device(600)?.ittAddress, at.itt);
    assert.notEqual(machine.read(level1 + 0x2000 + (600 - 512) * 8, 8), 0n);
  });

  it("has no devices in a two-level table of 64 pages of 64 KiB, whose entries QEMU counts in 32 bits", () => {
    const machine = ready();
    for (const [pages, outcome] of [
      [64n, "ignored"],
      [63n, "done"],
    ] as const) {
      machine.write(at.its, 4, 0n);
      machine.write(at.its + 0x100, 8, (3n << 62n) | BigInt(at.deviceTable) | (2n << 8n) | (pages - 1n));
      machine.write(at.its, 4, 1n);
      assert.deepEqual(submit(machine, mapd(1)), [outcome], `${pages} pages`);
    }
  });
});

describe("QEMU's command queue", () => {
  it("stalls at a table that is in no memory and goes on after a repair, with Stalled still set", () => {
    const machine = ready();
    submit(machine, mapc(0, 0), mapd(3, 0x300_0000_0000));
    assert.deepEqual(submit(machine, mapti(3, 0, 8200, 0), command("SYNC")), ["stalled"]);
    assert.equal(machine.read(CREADR, 8), 0x41n);
    machine.write(at.deviceTable + 3 * 8, 8, (BigInt(at.itt) >> 2n) | (4n << 1n) | 1n);
    const outcomes: number[] = [];
    machine.onCommand = ({ outcome }) => outcomes.push(outcome);
    machine.write(CWRITER, 8, 0x81n); // Retry
    assert.deepEqual(outcomes, [0, 0]);
    assert.equal(machine.read(CREADR, 8), 0x81n);
    assert.equal(machine.read(CWRITER, 8), 0x80n);
  });

  it("swallows an unreadable collection of an INT, but stalls at it for INV", () => {
    const machine = ready();
    submit(machine, mapc(0, 0), mapd(3), mapti(3, 0, 8200, 0));
    machine.write(at.its, 4, 0n);
    machine.write(at.its + 0x108, 8, (1n << 63n) | 0x3_0000_0000n | (2n << 8n));
    machine.write(at.its, 4, 1n);
    assert.deepEqual(submit(machine, trigger(3, 0), command("INV", { DeviceID: 3, EventID: 0 })), [
      "swallowed",
      "stalled",
    ]);
  });

  it("takes a command that is in no memory as opcode 0", () => {
    const machine = ready();
    machine.write(at.its, 4, 0n);
    machine.write(at.its + 0x80, 8, (1n << 63n) | 0x300_0000_0000n);
    machine.write(at.its, 4, 1n);
    const seen: number[] = [];
    machine.onCommand = ({ opcode, outcome }) => seen.push(opcode, outcome >>> 24);
    machine.write(CWRITER, 8, 0x20n);
    assert.deepEqual(seen, [0, 4]);
    assert.equal(machine.read(CREADR, 8), 0x20n);
  });

  it("ends a command that reads its own ITS's registers as a table with a stall, as QEMU's re-entrancy guard does", () => {
    const machine = ready();
    machine.write(at.its, 4, 0n);
    machine.write(at.its + 0x100, 8, (1n << 63n) | BigInt(at.its));
    machine.write(at.its, 4, 1n);
    assert.deepEqual(submit(machine, mapd(3)), ["stalled"]);
  });
});
