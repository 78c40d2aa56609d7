import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { QemuMachine } from "../../../emulator/qemu/machine.ts";
import { at, command, mapc, mapd, mapti, ready, submit, trigger } from "./machine.ts";

const IAR = "ICC_IAR1_EL1";
const EOIR = "ICC_EOIR1_EL1";
const FIRST = 8192;

/** What QEMU would find: the pending table from end to end against the property table. */
function scan(machine: QemuMachine, pe: number): { intid: number; priority: number } | undefined {
  let best: { intid: number; priority: number } | undefined;
  const table = machine.memory.readBytes(at.pending + pe * 0x1_0000, 8192) ?? new Uint8Array();
  for (let intid = FIRST; intid < 65536; intid++) {
    if (((table[intid >> 3] >> (intid & 7)) & 1) === 0) continue;
    const config = machine.memory.read8(at.properties + intid - FIRST);
    if (config & 1 && (best === undefined || (config & 0xfc) < best.priority)) {
      best = { intid, priority: config & 0xfc };
    }
  }
  return best;
}

const step = fc.oneof(
  fc.record({ do: fc.constant("int" as const), event: fc.nat(31) }),
  fc.record({ do: fc.constant("clear" as const), event: fc.nat(31) }),
  fc.record({ do: fc.constant("movi" as const), event: fc.nat(31), icid: fc.nat(1) }),
  fc.record({ do: fc.constant("movall" as const), from: fc.nat(1) }),
  fc.record({ do: fc.constant("property" as const), intid: fc.nat(300), byte: fc.nat(255) }),
  fc.record({ do: fc.constant("pending" as const), pe: fc.nat(1), byte: fc.nat(80), value: fc.nat(255) }),
  fc.record({ do: fc.constant("rewind" as const), back: fc.nat(5) }),
);

describe("QEMU's LPIs", () => {
  it("finds without scanning what a scan finds, whatever wrote the tables", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const machine = ready();
        submit(machine, mapc(0, 0), mapc(1, 1), mapd(0));
        for (let event = 0; event < 32; event++) submit(machine, mapti(0, event, FIRST + event * 9, event & 1));
        const marks = [machine.journal.mark()];
        for (const one of steps) {
          if (one.do === "int") submit(machine, trigger(0, one.event));
          else if (one.do === "clear") submit(machine, command("CLEAR", { DeviceID: 0, EventID: one.event }));
          else if (one.do === "movi") {
            submit(machine, command("MOVI", { DeviceID: 0, EventID: one.event, ICID: one.icid }));
          } else if (one.do === "movall") {
            submit(machine, command("MOVALL", { RDbase1: one.from, RDbase2: 1 - one.from }));
          } else if (one.do === "property") machine.memory.write8(at.properties + one.intid, one.byte);
          else if (one.do === "pending") {
            machine.memory.write8(at.pending + one.pe * 0x1_0000 + 1024 + one.byte, one.value);
          } else {
            assert.ok(machine.journal.rewind(marks[Math.max(0, marks.length - 1 - one.back)]));
            marks.length = Math.max(1, marks.length - one.back);
          }
          marks.push(machine.journal.mark());
        }
        submit(machine, command("INVALL", { ICID: 0 }));
        for (const pe of [0, 1]) {
          const found = machine.highestPriority(pe).best;
          const expected = scan(machine, pe) ?? { intid: found.intid, priority: 0xff };
          assert.deepEqual({ intid: found.intid, priority: found.priority }, expected, `PE ${pe}`);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("are acknowledged by priority, then by INTID, and leave the pending table", () => {
    const machine = ready();
    submit(machine, mapc(0, 0), mapd(0), mapti(0, 0, 8300, 0), mapti(0, 1, 8200, 0), mapti(0, 2, 8400, 0));
    machine.memory.write8(at.properties + 8400 - FIRST, 0x51);
    submit(machine, trigger(0, 0), trigger(0, 1), trigger(0, 2));
    assert.deepEqual(machine.lines(0), { irq: true, fiq: false });
    for (const intid of [8400n, 8200n, 8300n]) {
      assert.equal(machine.readSystemRegister(0, IAR), intid);
      assert.ok(machine.writeSystemRegister(0, EOIR, intid));
    }
    assert.equal(machine.readSystemRegister(0, IAR), 1023n);
    assert.deepEqual([...machine.lpis()], []);
  });

  it("see a changed property byte at the next INV and no sooner", () => {
    const machine = ready();
    submit(machine, mapc(0, 0), mapd(0), mapti(0, 0, 8200, 0), trigger(0, 0));
    machine.memory.write8(at.properties + 8200 - FIRST, 0);
    assert.equal(machine.readSystemRegister(0, "ICC_HPPIR1_EL1"), 8200n);
    submit(machine, command("INV", { DeviceID: 0, EventID: 0 }));
    assert.equal(machine.readSystemRegister(0, "ICC_HPPIR1_EL1"), 1023n);
    assert.equal(machine.lpi(8200)?.pending, true);
  });

  it("come from the pending table when EnableLPIs is set, again and again", () => {
    const machine = ready();
    machine.memory.write8(at.pending + 8200 / 8, 1);
    assert.equal(machine.readSystemRegister(0, "ICC_HPPIR1_EL1"), 1023n);
    machine.write(at.gicr, 4, 1n);
    assert.equal(machine.readSystemRegister(0, "ICC_HPPIR1_EL1"), 8200n);
  });

  it("stay where they are when the other redistributor has LPIs off", () => {
    const machine = ready();
    submit(machine, mapc(0, 0), mapc(1, 1), mapd(0), mapti(0, 0, 8200, 0), trigger(0, 0));
    machine.write(at.gicr + 0x2_0000, 4, 0n);
    submit(machine, command("MOVI", { DeviceID: 0, EventID: 0, ICID: 1 }));
    assert.equal(machine.lpi(8200)?.target, 0);
    assert.equal(machine.tables(0).event(0, 0)?.icid, 1);
  });
});

describe("QEMU's virtual LPIs", () => {
  const vmapp = (vpe: number, pe: number): ReturnType<typeof command> =>
    command("VMAPP", {
      vPEID: vpe,
      RDbase: pe,
      VPT_addr: (at.virtualPending + vpe * 0x1_0000) / 65536,
      VPT_size: 15,
      V: 1,
    });
  const frame = at.gicr + 0x2_0000;
  const virtual = (): QemuMachine => {
    const machine = ready({ gicVersion: 4 });
    machine.memory.fill(at.virtualProperties, 0x1_0000, 0x41);
    submit(machine, vmapp(0, 0), vmapp(1, 1), mapd(0));
    const vmapti = { DeviceID: 0, EventID: 0, vPEID: 0, vINTID: 8193, Dbell_pINTID: 9000 };
    submit(machine, command("VMAPTI", vmapti));
    machine.write(frame + 0x70, 8, BigInt(at.virtualProperties) | 15n);
    return machine;
  };

  it("ring the doorbell while the vPE is not resident", () => {
    const machine = virtual();
    submit(machine, trigger(0, 0));
    assert.equal(machine.readSystemRegister(0, IAR), 9000n);
    assert.equal(machine.highestPriority(0).bestVirtual.priority, 0xff);
  });

  it("go to the resident vPE, whose PendingLast tells of them when it leaves", () => {
    const machine = virtual();
    const base = BigInt(at.virtualPending);
    machine.write(frame + 0x78, 8, (1n << 63n) | base);
    assert.equal(machine.read(frame + 0x78, 8), (5n << 61n) | base);
    submit(machine, trigger(0, 0));
    assert.deepEqual(machine.highestPriority(0).bestVirtual, { intid: 8193, group: 2, priority: 0x40 });
    assert.equal(machine.readSystemRegister(0, IAR), 1023n);
    machine.write(frame + 0x78, 8, base);
    assert.equal(machine.read(frame + 0x78, 8), (1n << 61n) | base);
  });

  it("move with VMOVI, pending bit and all", () => {
    const machine = virtual();
    submit(machine, trigger(0, 0), command("VMOVI", { DeviceID: 0, EventID: 0, vPEID: 1, D: 0 }));
    const bit = (vpe: number): number => machine.memory.read8(at.virtualPending + vpe * 0x1_0000 + 1024);
    assert.deepEqual([bit(0), bit(1)], [0, 2]);
  });

  it("are dropped without a word by a GICv3", () => {
    assert.deepEqual(submit(ready(), vmapp(0, 0), command("VSYNC"), command("VSGI")), ["silent", "silent", "unknown"]);
  });
});
