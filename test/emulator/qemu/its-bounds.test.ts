import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { at, CREADR, CWRITER, command, mapc, mapd, mapti, ready, submit, trigger, type Words } from "./machine.ts";

// The last id that a table or a size holds, and the first that it does not: QEMU hw/intc/arm_gicv3_its.c. A table of one 64 KiB page has
// 8,192 entries of 8 bytes; a command that is refused is logged, has no effect, and the queue goes on.
const LAST = 8191;
const vmapp = (vPEID: number, RDbase = 1, VPT_size = 15, V = 1): Words =>
  command("VMAPP", { vPEID, RDbase, VPT_addr: at.virtualPending / 0x1_0000, VPT_size, V });
const vmapti = (EventID: number, vPEID: number, vINTID: number, Dbell_pINTID: number): Words =>
  command("VMAPTI", { DeviceID: 1, EventID, vPEID, vINTID, Dbell_pINTID });
const MAPPED = [mapc(2, 1), mapd(1), mapti(1, 3, 8195, 2)];

const bounds: readonly (readonly [string, readonly Words[], Words, Words])[] = [
  ["DeviceID of MAPD", [], mapd(LAST), mapd(LAST + 1)],
  ["Size of MAPD, in EventID bits minus one", [], mapd(1, at.itt, 15), mapd(1, at.itt, 16)],
  ["ICID of MAPC", [], mapc(LAST, 1), mapc(LAST + 1, 1)],
  ["RDbase of MAPC", [], mapc(2, 1), mapc(2, 2)],
  ["EventID of MAPTI", MAPPED, mapti(1, 31, 8196, 2), mapti(1, 32, 8196, 2)],
  ["first LPI of MAPTI", MAPPED, mapti(1, 4, 8192, 2), mapti(1, 4, 8191, 2)],
  ["last LPI of MAPTI", MAPPED, mapti(1, 4, 65535, 2), mapti(1, 4, 65536, 2)],
  ["ICID of MAPTI", MAPPED, mapti(1, 4, 8196, LAST), mapti(1, 4, 8196, LAST + 1)],
  ["DeviceID of MAPTI", [...MAPPED, mapd(LAST)], mapti(LAST, 4, 8196, 2), mapti(LAST + 1, 4, 8196, 2)],
  ["EventID of INT", MAPPED, trigger(1, 3), trigger(1, 32)],
  [
    "ICID of MOVI",
    [...MAPPED, mapc(LAST, 0)],
    command("MOVI", { DeviceID: 1, EventID: 3, ICID: LAST }),
    command("MOVI", { DeviceID: 1, EventID: 3, ICID: LAST + 1 }),
  ],
  [
    "RDbase1 of MOVALL",
    MAPPED,
    command("MOVALL", { RDbase1: 1, RDbase2: 0 }),
    command("MOVALL", { RDbase1: 2, RDbase2: 0 }),
  ],
  [
    "RDbase2 of MOVALL",
    MAPPED,
    command("MOVALL", { RDbase1: 0, RDbase2: 1 }),
    command("MOVALL", { RDbase1: 0, RDbase2: 2 }),
  ],
];

const virtualBounds: typeof bounds = [
  ["vPEID of VMAPP", [], vmapp(LAST), vmapp(LAST + 1)],
  ["RDbase of VMAPP", [], vmapp(3, 1), vmapp(3, 2)],
  ["VPT_size of VMAPP, in vINTID bits minus one", [], vmapp(3, 1, 15), vmapp(3, 1, 16)],
  ["vPEID of VMAPTI", [...MAPPED, vmapp(LAST)], vmapti(4, LAST, 8300, 1023), vmapti(4, LAST + 1, 8300, 1023)],
  ["EventID of VMAPTI", [...MAPPED, vmapp(3)], vmapti(31, 3, 8300, 1023), vmapti(32, 3, 8300, 1023)],
  ["vINTID of VMAPTI", [...MAPPED, vmapp(3)], vmapti(4, 3, 8192, 1023), vmapti(4, 3, 8191, 1023)],
  ["doorbell of VMAPTI: an LPI or 1023", [...MAPPED, vmapp(3)], vmapti(4, 3, 8300, 8192), vmapti(4, 3, 8300, 1022)],
];

describe("bounds of QEMU's commands", () => {
  for (const [gicVersion, list] of [
    [3, bounds],
    [4, virtualBounds],
  ] as const) {
    for (const [what, before, last, beyond] of list) {
      it(what, () => {
        const machine = ready({ gicVersion });
        assert.deepEqual(
          submit(machine, ...before),
          before.map(() => "done"),
        );
        assert.deepEqual(submit(machine, beyond, last), ["ignored", "done"]);
      });
    }
  }

  it("GICv4's commands are refused without GICv4, and VMAPP's first", () => {
    assert.notDeepEqual(submit(ready(), vmapp(3)), ["done"]);
  });

  it("VMOVP to a PE that is not there is passed over without a word (process_vmovp)", () => {
    const machine = ready({ gicVersion: 4 });
    const moves = [2, 0].map((RDbase) => command("VMOVP", { vPEID: 3, RDbase }));
    assert.deepEqual(submit(machine, vmapp(3), ...moves), ["done", "silent", "done"]);
    assert.equal(machine.tables(0).vpe(3)?.target, 0);
  });

  it("the first PE and the last one are told of what is moved to them", () => {
    const machine = ready();
    submit(machine, ...MAPPED, mapc(3, 0), trigger(1, 3));
    const pending = () => [0, 1].map((pe) => machine.readSystemRegister(pe, "ICC_HPPIR1_EL1"));
    assert.deepEqual(pending(), [1023n, 8195n]);
    submit(machine, command("MOVI", { DeviceID: 1, EventID: 3, ICID: 3 }));
    assert.deepEqual(pending(), [8195n, 1023n]);
    submit(machine, command("MOVALL", { RDbase1: 0, RDbase2: 1 }));
    assert.deepEqual(pending(), [1023n, 8195n]);
    // MOVALL leaves collections as they are: CLEAR goes to the PE of the event's, and takes nothing from the other.
    submit(machine, command("CLEAR", { DeviceID: 1, EventID: 3 }));
    assert.deepEqual(pending(), [1023n, 8195n]);
    submit(machine, mapc(3, 1), command("CLEAR", { DeviceID: 1, EventID: 3 }));
    assert.deepEqual(pending(), [1023n, 1023n]);
  });
});

describe("bounds of QEMU's queue", () => {
  it("a GITS_CWRITER at its end is stored, and nothing runs until it is inside again", () => {
    const machine = ready();
    let commands = 0;
    machine.onCommand = () => commands++;
    machine.write(CWRITER, 8, 0x1_0000n);
    assert.deepEqual([machine.read(CWRITER, 8), machine.read(CREADR, 8), commands], [0x1_0000n, 0n, 0]);
    machine.write(CWRITER, 8, 0x40n);
    assert.deepEqual([machine.read(CREADR, 8), commands], [0x40n, 2]);
  });

  it("runs over its end to its beginning", () => {
    const machine = ready();
    machine.write(CWRITER, 8, 0xffe0n);
    assert.equal(machine.read(CREADR, 8), 0xffe0n);
    assert.deepEqual(submit(machine, mapd(1), mapc(2, 1)), ["done", "done"]);
    assert.equal(machine.read(CREADR, 8), 0x20n);
  });

  it("nothing runs while the ITS is off, and all of it when it is on", () => {
    const machine = ready();
    machine.write(at.its, 4, 0n);
    assert.deepEqual(submit(machine, mapd(1)), []);
    assert.equal(machine.read(CREADR, 8), 0n);
    machine.write(at.its, 4, 1n);
    assert.equal(machine.read(CREADR, 8), 0x20n);
  });
});
