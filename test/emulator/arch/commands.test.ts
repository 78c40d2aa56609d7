import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ittAt, mapc, mapd, mapti, packet, place, StrictMachine } from "./machine.ts";

/** Two collections on two PEs, a device with an event. */
function mapped(): StrictMachine {
  const strict = new StrictMachine();
  strict.done(mapc(0, 0), mapc(1, 1), mapd(1), mapti(1, 2, 8200, 0));
  return strict;
}

const event = { DeviceID: 1, EventID: 2 };

describe("GICv3 commands of arch", () => {
  it("MAPD, MAPC, MAPTI and MAPI write their entries", () => {
    const strict = mapped();
    strict.done(
      ["MAPD", { DeviceID: 2, Size: 15, ITT_addr: ittAt(2) }],
      ["MAPI", { DeviceID: 2, EventID: 9000, ICID: 1 }],
    );
    const tables = strict.machine.tables(0);
    assert.deepEqual(tables.device(1), { deviceId: 1, ittAddress: ittAt(1), eventBits: 5 });
    assert.deepEqual(tables.event(1, 2), { eventId: 2, intid: 8200, icid: 0 });
    assert.deepEqual([...tables.events(2)], [{ eventId: 9000, intid: 9000, icid: 1 }]);
    assert.deepEqual(
      [...tables.collections()],
      [
        { icid: 0, target: 0 },
        { icid: 1, target: 1 },
      ],
    );
    assert.deepEqual(strict.rules(), []);
  });

  it("MAPD and MAPC with V = 0 take them away", () => {
    const strict = mapped();
    strict.done(["DISCARD", event], ["MAPD", { DeviceID: 1, V: 0 }], ["MAPC", { ICID: 0, V: 0 }]);
    assert.equal(strict.machine.tables(0).device(1), undefined);
    assert.equal(strict.machine.tables(0).collection(0), undefined);
    assert.deepEqual(strict.rules(), []);
  });

  it("INT and an MSI make the LPI pending at the collection's PE, CLEAR takes it back", () => {
    const strict = mapped();
    strict.done(["INT", event]);
    assert.equal(strict.isPending(0, 8200), true);
    strict.done(["CLEAR", event]);
    assert.equal(strict.isPending(0, 8200), false);
    assert.equal(strict.machine.signalMsi(0, 1, 2), 0);
    assert.equal(strict.isPending(0, 8200), true);
  });

  it("DISCARD removes mapping and pending state", () => {
    const strict = mapped();
    strict.done(["INT", event], ["DISCARD", event]);
    assert.equal(strict.isPending(0, 8200), false);
    assert.equal(strict.machine.tables(0).event(1, 2), undefined);
  });

  it("MOVI takes mapping and pending state to the new collection's PE", () => {
    const strict = mapped();
    strict.done(["INT", event], ["MOVI", { ...event, ICID: 1 }]);
    assert.deepEqual([strict.isPending(0, 8200), strict.isPending(1, 8200)], [false, true]);
    assert.equal(strict.machine.tables(0).event(1, 2)?.icid, 1);
  });

  it("MOVALL takes all pending LPIs of a PE to another", () => {
    const strict = mapped();
    strict.done(mapti(1, 3, 8300, 0), ["INT", event], ["INT", { DeviceID: 1, EventID: 3 }]);
    strict.done(["MOVALL", { RDbase1: 0, RDbase2: 2 }]);
    assert.deepEqual(
      [strict.isPending(0, 8200), strict.isPending(2, 8200), strict.isPending(2, 8300)],
      [false, true, true],
    );
  });

  it("INV and INVALL make a changed configuration byte count", () => {
    const strict = mapped();
    const enable = (): boolean => strict.machine.writeSystemRegister(0, "ICC_IGRPEN1_EL1", 1n);
    assert.equal(enable() && strict.machine.writeSystemRegister(0, "ICC_PMR_EL1", 0xffn), true);
    strict.machine.memory.write8(place.property + 8, 0);
    strict.done(["INT", event]);
    assert.equal(strict.machine.readSystemRegister(0, "ICC_HPPIR1_EL1"), 1023n);
    strict.machine.memory.write8(place.property + 8, 0xa1);
    strict.done(["INV", event]);
    assert.equal(strict.machine.readSystemRegister(0, "ICC_HPPIR1_EL1"), 8200n);
    strict.machine.memory.write8(place.property + 8, 0);
    strict.done(["INVALL", { ICID: 0 }]);
    assert.equal(strict.machine.readSystemRegister(0, "ICC_HPPIR1_EL1"), 1023n);
  });

  it("an LPI goes from GITS_TRANSLATER to the acknowledge", () => {
    const strict = mapped();
    for (const [name, value] of [
      ["ICC_IGRPEN1_EL1", 1n],
      ["ICC_PMR_EL1", 0xffn],
    ] as const) {
      strict.machine.writeSystemRegister(0, name, value);
    }
    strict.done(mapd(0), mapti(0, 7, 8201, 0));
    strict.machine.write(strict.machine.map.its[0] + 0x1_0040, 4, 7n);
    assert.deepEqual(strict.machine.lines(0), { irq: true, fiq: false });
    assert.equal(strict.machine.readSystemRegister(0, "ICC_IAR1_EL1"), 8201n);
    assert.equal(strict.isPending(0, 8201), false);
    assert.equal(strict.machine.writeSystemRegister(0, "ICC_EOIR1_EL1", 8201n), true);
  });

  it("SYNC is done, and wraps with its queue", () => {
    const strict = new StrictMachine();
    const sync = packet(["SYNC", { RDbase: 0 }]);
    const many = new Array<readonly bigint[]>(2047).fill(sync);
    assert.equal(strict.run(0, many).length, 2047);
    assert.equal(strict.run(0, [sync, sync]).length, 2);
    assert.equal(strict.its(0x90), 32n);
  });

  it("a command that this version does not have is ignored, with a remark", () => {
    const strict = new StrictMachine();
    const outcomes = strict.run(0, [packet(["VSYNC", { vPEID: 0 }]), packet(["SYNC", { RDbase: 0 }])]);
    assert.deepEqual(outcomes, [0x0400_0025, 0]);
    assert.deepEqual(strict.rules(), ["reserved-opcode"]);
    assert.deepEqual(new StrictMachine({ gicVersion: 4 }).run(0, [packet(["INVDB", { vPEID: 0 }])]), [0x0400_002e]);
  });
});

describe("what software may not do", () => {
  const cases: readonly [
    rule: string,
    act: (strict: StrictMachine) => void,
    check?: (strict: StrictMachine) => void,
  ][] = [
    [
      "remap-event",
      (strict) => strict.done(mapti(1, 2, 8201, 1)),
      (strict) => assert.equal(strict.machine.tables(0).event(1, 2)?.intid, 8201),
    ],
    [
      "remap-device",
      (strict) => strict.done(["MAPD", { DeviceID: 1, Size: 0, ITT_addr: ittAt(5) }]),
      (strict) => assert.equal(strict.machine.tables(0).event(1, 2), undefined),
    ],
    ["unmap-device-with-events", (strict) => strict.done(["MAPD", { DeviceID: 1, V: 0 }])],
    ["overlapping-itts", (strict) => strict.done(["MAPD", { DeviceID: 3, Size: 4, ITT_addr: ittAt(1) + 256 }])],
    [
      "unmap-collection-with-events",
      (strict) => strict.done(["MAPC", { ICID: 0, V: 0 }]),
      (strict) => assert.equal(strict.machine.tables(0).event(1, 2)?.icid, 0),
    ],
    [
      "remap-collection-with-events",
      (strict) => strict.done(mapc(0, 2), ["INT", event]),
      (strict) => assert.equal(strict.isPending(2, 8200), true),
    ],
    ["sync-without-target", (strict) => strict.done(["SYNC", { RDbase: 3 }])],
    [
      "reserved-bits",
      (strict) => void strict.run(0, [[0x5n | (1n << 40n), 0n, 0n, 0n]]),
      (strict) => assert.equal(strict.outcomes[4], 0),
    ],
    ["register-while-enabled", (strict) => strict.setIts(0x80, 0n), (strict) => assert.notEqual(strict.its(0x80), 0n)],
    ["register-while-enabled", (strict) => strict.setIts(0x104, 0n, 0, 4)],
    [
      "cwriter-out-of-range",
      (strict) => strict.setIts(0x88, 0x1_0000n),
      (strict) => {
        assert.equal(strict.its(0x88), 0x1_0000n);
        strict.setIts(0x88, 0x80n);
        assert.equal(strict.its(0x90), 0x80n);
      },
    ],
    [
      "lpi-table-while-enabled",
      (strict) => strict.setGicr(1, 0x70, 0n),
      (strict) => assert.notEqual(strict.gicr(1, 0x70), 0n),
    ],
  ];
  for (const [rule, act, check] of cases) {
    it(`${rule} is remarked on, and goes as it is documented`, () => {
      const strict = mapped();
      act(strict);
      assert.deepEqual(strict.rules(), [rule]);
      check?.(strict);
    });
  }

  it("nothing is remarked on when mappings come and go in order", () => {
    const strict = mapped();
    strict.done(["MOVI", { ...event, ICID: 1 }], ["MAPC", { ICID: 0, V: 0 }], mapc(0, 2), mapc(1, 1));
    strict.done(["DISCARD", event], ["MAPC", { ICID: 1, V: 0 }], ["MAPD", { DeviceID: 1, V: 0 }], mapd(1), mapd(2));
    assert.deepEqual(strict.rules(), []);
  });

  it("events that were lost with their device count no more", () => {
    const strict = mapped();
    strict.done(["MAPD", { DeviceID: 1, V: 0 }], ["MAPC", { ICID: 0, V: 0 }]);
    assert.deepEqual(strict.rules(), ["unmap-device-with-events"]);
  });

  it("a queue that is not valid is not read", () => {
    const strict = mapped();
    strict.setIts(0, 0n, 0, 4);
    strict.setIts(0x80, 0n);
    strict.setIts(0, 1n, 0, 4);
    assert.deepEqual(strict.rules(), ["queue-not-valid"]);
  });

  it("ITTs are known again after a rewind", () => {
    const strict = mapped();
    const mark = strict.machine.journal.mark();
    strict.done(mapd(3), mapd(4));
    strict.machine.journal.rewind(mark);
    strict.done(["MAPD", { DeviceID: 5, Size: 4, ITT_addr: ittAt(3) }]);
    assert.deepEqual(strict.rules(), []);
    strict.done(["MAPD", { DeviceID: 6, Size: 4, ITT_addr: ittAt(1) - 256 }]);
    assert.deepEqual(strict.rules(), ["overlapping-itts"]);
  });
});
