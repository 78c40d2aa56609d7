import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type CommandLine, Gicr, mapc, mapd, packet, place, StrictMachine, vmapp, vmapti, vptAt } from "./machine.ts";

const VALID = 1n << 63n;
const PENDING_LAST = 1n << 61n;
const DOORBELL = 1n << 62n;
const GROUPS = 3n << 58n;
const event = { DeviceID: 1, EventID: 2 };

/** A GICv4.0 machine with vPE 0 on PE 0, vPE 1 on PE 1, and an event of vPE 0 with a doorbell. */
function v40(): StrictMachine {
  const strict = new StrictMachine({ gicVersion: 4 });
  strict.done(mapc(0, 0), mapd(1), vmapp(0, 0), vmapp(1, 1), vmapti(1, 2, 0, 9000, 8300));
  return strict;
}

function schedule40(strict: StrictMachine, pe: number, vpeId: number): void {
  strict.setGicr(pe, Gicr.vpropbaser, BigInt(place.virtualProperty) | 0xfn);
  strict.setGicr(pe, Gicr.vpendbaser, VALID | BigInt(vptAt(vpeId)));
}

const map41 = (vPEID: number, RDbase: number, doorbell: number): CommandLine =>
  vmapp(vPEID, RDbase, { Alloc: 1, VCONF_addr: place.virtualProperty, Default_Doorbell_pINTID: doorbell });

/** The same in GICv4.1, with default doorbells 8400 and 8401. */
function v41(): StrictMachine {
  const strict = new StrictMachine({ gicVersion: 4.1 });
  strict.done(mapc(0, 0), mapd(1), map41(0, 0, 8400), map41(1, 1, 8401), vmapti(1, 2, 0, 9000));
  return strict;
}

const schedule41 = (strict: StrictMachine, pe: number, vpeId: number): void =>
  strict.setGicr(pe, Gicr.vpendbaser, VALID | GROUPS | BigInt(vpeId));

describe("GICv4.0", () => {
  it("an event of a vPE that is not resident goes to its pending table and rings its doorbell", () => {
    const strict = v40();
    strict.done(["INT", event]);
    assert.equal(strict.bit(vptAt(0), 9000), true);
    assert.equal(strict.isPending(0, 8300), true);
    assert.equal(strict.isPending(0, 9000), false);
    assert.deepEqual(strict.rules(), []);
  });

  it("an event of a resident vPE is signalled there, without a doorbell", () => {
    const strict = v40();
    schedule40(strict, 0, 0);
    assert.equal(strict.machine.virtualInterrupt(0), undefined);
    strict.machine.signalMsi(0, 1, 2);
    assert.deepEqual(strict.machine.virtualInterrupt(0), { intid: 9000, priority: 0xa0, group: 1 });
    assert.equal(strict.isPending(0, 8300), false);
    strict.done(["CLEAR", event]);
    assert.equal(strict.machine.virtualInterrupt(0), undefined);
  });

  it("PendingLast tells whether an enabled vLPI was pending; Dirty is 0", () => {
    const strict = v40();
    schedule40(strict, 0, 0);
    strict.setGicr(0, Gicr.vpendbaser, BigInt(vptAt(0)));
    assert.equal(strict.gicr(0, Gicr.vpendbaser) & (PENDING_LAST | VALID), 0n);
    schedule40(strict, 0, 0);
    strict.done(["INT", event]);
    strict.setGicr(0, Gicr.vpendbaser, BigInt(vptAt(0)));
    assert.equal(strict.gicr(0, Gicr.vpendbaser) & (PENDING_LAST | VALID | (1n << 60n)), PENDING_LAST);
  });

  it("pending vLPIs of a vPE are found when it becomes resident, most urgent first", () => {
    const strict = v40();
    strict.done(vmapti(1, 3, 0, 9001), ["INT", event], ["INT", { DeviceID: 1, EventID: 3 }]);
    strict.machine.memory.write8(place.virtualProperty + 9001 - 8192, 0x41);
    schedule40(strict, 0, 0);
    assert.deepEqual(strict.machine.virtualInterrupt(0), { intid: 9001, priority: 0x40, group: 1 });
  });

  it("VMAPI takes the EventID as vINTID", () => {
    const strict = v40();
    strict.done(
      mapd(2, 15),
      ["VMAPI", { DeviceID: 2, EventID: 9005, vPEID: 1 }],
      ["INT", { DeviceID: 2, EventID: 9005 }],
    );
    assert.equal(strict.bit(vptAt(1), 9005), true);
  });

  it("VMOVI moves mapping and pending state, and rings the new doorbell", () => {
    const strict = v40();
    strict.done(["INT", event], ["VMOVI", { ...event, vPEID: 1, D: 1, Dbell_pINTID: 8301 }]);
    assert.deepEqual([strict.bit(vptAt(0), 9000), strict.bit(vptAt(1), 9000)], [false, true]);
    assert.equal(strict.isPending(1, 8301), true);
    strict.done(["DISCARD", event]);
    assert.equal(strict.bit(vptAt(1), 9000), false);
    assert.equal(strict.machine.tables(0).event(1, 2), undefined);
  });

  it("VMOVP sends the vPE's doorbells elsewhere; VINVALL, VSYNC and INV are done", () => {
    const strict = v40();
    strict.done(["VMOVP", { vPEID: 0, RDbase: 2 }], ["VINVALL", { vPEID: 0 }], ["VSYNC", { vPEID: 0 }], ["INV", event]);
    strict.done(["INT", event]);
    assert.deepEqual([strict.isPending(0, 8300), strict.isPending(2, 8300)], [false, true]);
  });

  it("writing another bit of GICR_VPENDBASER while Valid = 1 is remarked on and ignored", () => {
    const strict = v40();
    schedule40(strict, 0, 0);
    schedule40(strict, 0, 0);
    assert.deepEqual(strict.rules(), []);
    schedule40(strict, 0, 1);
    assert.deepEqual(strict.rules(), ["vpendbaser-while-valid"]);
    schedule40(strict, 1, 0);
    assert.deepEqual(strict.rules(), ["vpe-resident-twice"]);
    strict.done(["VMOVP", { vPEID: 0, RDbase: 2 }]);
    assert.deepEqual(strict.rules(), ["vmovp-resident"]);
  });

  it("VMAPP over a mapped vPE, and V = 0 with events, are remarked on", () => {
    const strict = v40();
    strict.done(vmapp(1, 2), ["VMAPP", { vPEID: 0, V: 0 }]);
    assert.deepEqual(strict.rules(), ["remap-vpe", "unmap-vpe-with-events"]);
  });
});

describe("GICv4.1", () => {
  it("a vPE is resident by its vPEID", () => {
    const strict = v41();
    assert.equal((strict.gicr(0, 8) >> 7n) & 1n, 1n, "GICR_TYPER.RVPEID");
    schedule41(strict, 0, 0);
    strict.done(["INT", event]);
    assert.deepEqual(strict.machine.virtualInterrupt(0), { intid: 9000, priority: 0xa0, group: 1 });
    assert.deepEqual(strict.rules(), []);
  });

  it("the default doorbell rings once after Valid 1 to 0 with Doorbell = 1 and nothing pending", () => {
    const strict = v41();
    strict.done(["INT", event], ["CLEAR", event]);
    assert.equal(strict.isPending(0, 8400), false, "nobody asked for it");
    schedule41(strict, 0, 0);
    strict.setGicr(0, Gicr.vpendbaser, DOORBELL);
    assert.equal(strict.gicr(0, Gicr.vpendbaser) & PENDING_LAST, 0n);
    strict.done(["INT", event]);
    assert.equal(strict.isPending(0, 8400), true);
    strict.setGicr(0, Gicr.clrlpir, 8400n);
    strict.done(["INT", event]);
    assert.equal(strict.isPending(0, 8400), false, "once");
  });

  it("no doorbell for a disabled vLPI, none when PendingLast is 1, none when software says that it comes back", () => {
    const strict = v41();
    strict.machine.memory.write8(place.virtualProperty + 9000 - 8192, 0);
    schedule41(strict, 0, 0);
    strict.setGicr(0, Gicr.vpendbaser, DOORBELL);
    strict.done(["INT", event]);
    assert.equal(strict.isPending(0, 8400), false);
    strict.machine.memory.write8(place.virtualProperty + 9000 - 8192, 0xa1);
    schedule41(strict, 0, 0);
    strict.setGicr(0, Gicr.vpendbaser, DOORBELL);
    assert.equal(strict.gicr(0, Gicr.vpendbaser) & PENDING_LAST, PENDING_LAST);
    strict.done(["CLEAR", event]);
    schedule41(strict, 0, 0);
    strict.setGicr(0, Gicr.vpendbaser, DOORBELL | PENDING_LAST);
    assert.equal(strict.gicr(0, Gicr.vpendbaser) & PENDING_LAST, PENDING_LAST);
    strict.done(["INT", event]);
    assert.equal(strict.isPending(0, 8400), false);
  });

  for (const command of [
    ["INV", event],
    ["VINVALL", { vPEID: 0 }],
  ] as const) {
    it(`${command[0]} rings the default doorbell when it enables what is pending`, () => {
      const strict = v41();
      strict.machine.memory.write8(place.virtualProperty + 9000 - 8192, 0);
      schedule41(strict, 0, 0);
      strict.setGicr(0, Gicr.vpendbaser, DOORBELL);
      strict.done(["INT", event], command);
      assert.equal(strict.isPending(0, 8400), false);
      strict.machine.memory.write8(place.virtualProperty + 9000 - 8192, 0xa1);
      strict.done(command);
      assert.equal(strict.isPending(0, 8400), true);
    });
  }

  it("GICR_INVLPIR and GICR_INVALLR with V = 1 do so, too", () => {
    for (const [offset, intid] of [
      [Gicr.invlpir, 9000n],
      [Gicr.invallr, 0n],
    ] as const) {
      const strict = v41();
      strict.machine.memory.write8(place.virtualProperty + 9000 - 8192, 0);
      schedule41(strict, 0, 0);
      strict.setGicr(0, Gicr.vpendbaser, DOORBELL);
      strict.done(["INT", event]);
      strict.machine.memory.write8(place.virtualProperty + 9000 - 8192, 0xa1);
      strict.setGicr(0, offset, VALID | (1n << 32n) | intid);
      assert.equal(strict.isPending(0, 8400), false, "another vPE");
      strict.setGicr(0, offset, VALID | intid);
      assert.equal(strict.isPending(0, 8400), true);
    }
  });

  it("VSGI rings the default doorbell when it enables a pending vSGI", () => {
    const strict = v41();
    schedule41(strict, 0, 0);
    strict.setGicr(0, Gicr.vpendbaser, DOORBELL);
    strict.machine.write(strict.machine.map.its[0] + 0x2_0020, 8, 3n);
    assert.equal(strict.isPending(0, 8400), false);
    strict.done(["VSGI", { vPEID: 0, vINTID: 3, Enable: 1, Group: 0, Priority: 0x10 }]);
    assert.equal(strict.isPending(0, 8400), true);
  });

  it("VMOVP takes a pending default doorbell along and, with DB = 1, sets a new one; INVDB reads its byte again", () => {
    const strict = v41();
    schedule41(strict, 0, 0);
    strict.setGicr(0, Gicr.vpendbaser, DOORBELL);
    strict.done(["INT", event], ["VMOVP", { vPEID: 0, RDbase: 2, DB: 1, Default_Doorbell_pINTID: 8450 }]);
    assert.deepEqual([strict.isPending(0, 8400), strict.isPending(2, 8400)], [false, true]);
    strict.done(["CLEAR", event]);
    schedule41(strict, 2, 0);
    strict.setGicr(2, Gicr.vpendbaser, DOORBELL);
    strict.machine.memory.write8(place.property + 8450 - 8192, 0);
    strict.machine.memory.write8(place.property + 8400 - 8192, 0);
    strict.done(["INT", event]);
    assert.equal(strict.isPending(2, 8450), true);
    strict.machine.writeSystemRegister(2, "ICC_IGRPEN1_EL1", 1n);
    strict.done(["INVDB", { vPEID: 0 }]);
    assert.equal(strict.machine.readSystemRegister(2, "ICC_HPPIR1_EL1"), 1023n);
    strict.machine.memory.write8(place.property + 8450 - 8192, 0x91);
    strict.done(["INVDB", { vPEID: 0 }]);
    assert.equal(strict.machine.readSystemRegister(2, "ICC_HPPIR1_EL1"), 8450n);
  });

  it("a vSGI goes from GITS_SGIR to the virtual pending state and back by VSGI with Clear", () => {
    const strict = v41();
    const sgi = { vPEID: 0, vINTID: 5, Enable: 1, Group: 1, Priority: 0x80 };
    const send = (vPEID: bigint, vINTID: bigint): boolean =>
      strict.machine.write(strict.machine.map.its[0] + 0x2_0020, 8, (vPEID << 32n) | vINTID);
    strict.done(["VSGI", sgi]);
    schedule41(strict, 0, 0);
    strict.setGicr(0, Gicr.vpendbaser, DOORBELL);
    send(0n, 5n);
    assert.equal(strict.isPending(0, 8400), true, "the default doorbell");
    strict.setGicr(2, Gicr.vsgir, 0n, 4);
    assert.equal(strict.gicr(2, Gicr.vsgipendr, 4), 0x20n);
    schedule41(strict, 0, 0);
    assert.deepEqual(strict.machine.virtualInterrupt(0), { intid: 5, priority: 0x80, group: 1 });
    strict.done(["INT", event]);
    assert.equal(strict.machine.virtualInterrupt(0)?.intid, 5, "more urgent than the vLPI");
    assert.equal(strict.machine.virtualInterrupt(0, 1), undefined, "Group 1 is not enabled");
    strict.done(["VSGI", { vPEID: 0, vINTID: 5, Clear: 1 }]);
    assert.equal(strict.gicr(2, Gicr.vsgipendr, 4), 0n);
    assert.equal(strict.machine.virtualInterrupt(0)?.intid, 9000);
    send(9n, 5n);
    strict.setGicr(2, Gicr.vsgir, 9n, 4);
    assert.deepEqual(strict.rules(), ["vpe-not-mapped", "vpe-not-mapped"]);
  });

  it("a vPE that is not mapped does not become resident", () => {
    const strict = v41();
    schedule41(strict, 0, 9);
    assert.equal(strict.gicr(0, Gicr.vpendbaser) >> 63n, 0n);
    assert.deepEqual(strict.rules(), ["vpe-not-schedulable"]);
  });

  it("Alloc tells the first and the last mapping over all ITSs", () => {
    const its = [0x0801_0000, 0x0805_0000];
    const strict = new StrictMachine({ gicVersion: 4.1, its });
    const map = (Alloc: number): CommandLine => vmapp(0, 0, { Alloc, VCONF_addr: place.virtualProperty });
    const unmap = (Alloc: number): CommandLine => ["VMAPP", { vPEID: 0, V: 0, Alloc }];
    strict.doneOn(0, map(1));
    strict.doneOn(1, map(0), unmap(0));
    strict.doneOn(0, ["VSYNC", { vPEID: 0 }], unmap(1));
    assert.deepEqual(strict.rules(), []);
    assert.notEqual(strict.run(1, [packet(["VSYNC", { vPEID: 0 }])])[0], 0);
    const other = new StrictMachine({ gicVersion: 4.1, its });
    other.doneOn(0, map(0));
    other.doneOn(1, map(1));
    other.doneOn(0, unmap(1));
    assert.deepEqual(other.rules(), ["vmapp-alloc", "vmapp-alloc", "vmapp-alloc"]);
  });
});
