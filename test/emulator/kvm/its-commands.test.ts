import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { encodeCommand } from "../../../architecture/command-codec.ts";
import { commandByName, type ModelName } from "../../../architecture/index.ts";
import { Errno, type Machine, outcomeDetail, outcomeName } from "../../../emulator/index.ts";
import { at, ready, submit } from "../state-file/machine.ts";

// What Linux arch/arm64/kvm/vgic/vgic-its.c does with each command, in its order of checks. No command stands in the queue's first slot,
// no id is 0, and all differ: a field that is read from another place has another value.
const DEVICE = 3;
const EVENT = 7;
const ICID = 5;
const OTHER_ICID = 6;
const LPI = 8300;
const OTHER_LPI = 8400;

describe("the commands of KVM's ITS", () => {
  let machine: Machine;

  const told = (name: string, fields: Readonly<Record<string, number>>, from = machine): string => {
    const command = commandByName(name) ?? assert.fail(name);
    const raw = Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, BigInt(value)]));
    let answer = "nothing";
    from.onCommand = ({ outcome }) => {
      const detail = outcomeDetail(outcome);
      answer = detail === 0 ? outcomeName(outcome) : `${outcomeName(outcome)} 0x${detail.toString(16)}`;
    };
    submit(from, [encodeCommand(command, raw)]);
    return answer;
  };
  const done = (name: string, fields: Readonly<Record<string, number>>, from = machine): void =>
    assert.equal(told(name, fields, from), "done");
  const mapd = (DeviceID: number, Size = 4, V = 1) => ({
    DeviceID,
    ITT_addr: (at.itts + DeviceID * 0x1000) / 0x100,
    Size,
    V,
  });
  const event = { DeviceID: DEVICE, EventID: EVENT };
  const setUp = (model: ModelName): Machine => {
    const made = ready(model);
    done("SYNC", { RDbase: 1 }, made);
    done("MAPC", { ICID, RDbase: 2, V: 1 }, made);
    done("MAPC", { ICID: OTHER_ICID, RDbase: 1, V: 1 }, made);
    done("MAPD", mapd(DEVICE), made);
    done("MAPTI", { ...event, pINTID: LPI, ICID }, made);
    done("MAPTI", { DeviceID: DEVICE, EventID: EVENT + 1, pINTID: OTHER_LPI, ICID: OTHER_ICID }, made);
    return made;
  };
  const property = (intid: number, value: number): void =>
    assert.ok(machine.memory.writeBytes(at.propertyTable + intid - 8192, Uint8Array.of(value)));
  const entry = (address: number) => machine.read(address, 8);

  beforeEach(() => {
    machine = setUp("kvm-7.2");
  });

  it("MAPC, MAPD and MAPTI map what they name", () => {
    const tables = machine.tables(0);
    assert.deepEqual(
      [...tables.collections()],
      [
        { icid: ICID, target: 2 },
        { icid: OTHER_ICID, target: 1 },
      ],
    );
    assert.deepEqual(
      [...tables.devices()],
      [{ deviceId: DEVICE, ittAddress: at.itts + DEVICE * 0x1000, eventBits: 5 }],
    );
    assert.deepEqual(tables.event(DEVICE, EVENT), { eventId: EVENT, intid: LPI, icid: ICID });
    assert.equal(machine.lpi(LPI)?.target, 2);
    assert.equal(machine.lpi(OTHER_LPI)?.target, 1);
  });

  it("MAPI's LPI is its EventID", () => {
    done("MAPD", mapd(2, 13));
    done("MAPI", { DeviceID: 2, EventID: 8200, ICID });
    assert.deepEqual(machine.tables(0).event(2, 8200), { eventId: 8200, intid: 8200, icid: ICID });
  });

  it("MAPTI of a mapped event changes nothing, and says nothing", () => {
    done("MAPTI", { ...event, pINTID: 8500, ICID: OTHER_ICID });
    assert.deepEqual(machine.tables(0).event(DEVICE, EVENT), { eventId: EVENT, intid: LPI, icid: ICID });
    assert.equal(machine.lpi(8500), undefined);
  });

  it("MAPTI before MAPC makes a collection without a target; a MAPC gives it one", () => {
    done("MAPTI", { DeviceID: DEVICE, EventID: 9, pINTID: 8500, ICID: 9 });
    assert.deepEqual(machine.tables(0).collection(9), { icid: 9, target: undefined });
    assert.equal(machine.lpi(8500)?.target, undefined);
    assert.equal(told("INT", { DeviceID: DEVICE, EventID: 9 }), "ignored 0x10307");
    done("MAPC", { ICID: 9, RDbase: 1, V: 1 });
    assert.equal(machine.lpi(8500)?.target, 1);
  });

  it("MAPC of a mapped collection moves the LPIs of its events, and of no other", () => {
    done("MAPC", { ICID, RDbase: 0, V: 1 });
    assert.deepEqual([machine.lpi(LPI)?.target, machine.lpi(OTHER_LPI)?.target], [0, 1]);
  });

  it("MAPC V=0 leaves events without a collection: INT, MOVI and DISCARD fail, and the mapping stays", () => {
    done("MAPC", { ICID, RDbase: 0, V: 0 });
    assert.equal(machine.tables(0).collection(ICID), undefined);
    assert.equal(told("INT", event), "ignored 0x10307");
    assert.equal(told("MOVI", { ...event, ICID: OTHER_ICID }), "ignored 0x10109");
    assert.equal(told("DISCARD", event), "ignored 0x10f07");
    assert.equal(told("INVALL", { ICID }), "ignored 0x10d09");
    assert.deepEqual(machine.tables(0).event(DEVICE, EVENT), { eventId: EVENT, intid: LPI, icid: undefined });
  });

  it("INT and an MSI make the LPI pending, CLEAR takes it back; INV and INVALL do not touch that", () => {
    done("INT", event);
    assert.deepEqual([machine.lpi(LPI)?.pending, machine.lpi(OTHER_LPI)?.pending], [true, false]);
    done("INV", event);
    done("INVALL", { ICID });
    assert.equal(machine.lpi(LPI)?.pending, true);
    done("CLEAR", event);
    assert.equal(machine.lpi(LPI)?.pending, false);
    assert.equal(outcomeName(machine.signalMsi(0, DEVICE, EVENT + 1)), "done");
    assert.deepEqual([machine.lpi(LPI)?.pending, machine.lpi(OTHER_LPI)?.pending], [false, true]);
  });

  it("an event whose LPI was delivered before goes by where it is now", () => {
    done("INT", event);
    done("CLEAR", event);
    done("MOVI", { ...event, ICID: OTHER_ICID });
    assert.equal(machine.lpi(LPI)?.target, 1);
    done("DISCARD", event);
    assert.equal(told("INT", event), "ignored 0x10307");
  });

  it("an INT for a PE whose LPIs are off is EBUSY inside, and lost", () => {
    const { gicr, gicrStride } = machine.map;
    machine.write(gicr + 2 * gicrStride, 4, 0n);
    assert.equal(told("INT", event), `swallowed 0x${Errno.EBUSY.toString(16)}`);
    assert.equal(machine.lpi(LPI)?.pending, false);
  });

  it("INV reads the property byte of one LPI, INVALL those of all LPIs of the collection's PE", () => {
    property(LPI, 0x50);
    property(OTHER_LPI, 0x60);
    const seen = () => [LPI, OTHER_LPI].map((intid) => machine.lpi(intid)?.priority);
    const before = seen();
    done("INV", event);
    assert.deepEqual(seen(), [0x50, before[1]]);
    assert.equal(machine.lpi(LPI)?.enabled, false);
    done("INVALL", { ICID: OTHER_ICID });
    assert.deepEqual(seen(), [0x50, 0x60]);
    property(LPI, 0x71);
    done("INVALL", { ICID: OTHER_ICID });
    assert.deepEqual(seen(), [0x50, 0x60]);
    done("INVALL", { ICID });
    assert.deepEqual(seen(), [0x70, 0x60]);
    assert.equal(machine.lpi(LPI)?.enabled, true);
  });

  it("DISCARD and MAPD V=0 zero the entry in memory, and no other", () => {
    const itt = at.itts + DEVICE * 0x1000;
    machine.memory.fill(itt, 0x100, 0xee);
    machine.memory.fill(at.deviceTable, 0x100, 0xee);
    const old = 0xeeee_eeee_eeee_eeeen;
    done("DISCARD", event);
    assert.deepEqual(
      [6, 7, 8].map((each) => entry(itt + each * 8)),
      [old, 0n, old],
    );
    done("MAPD", { ...mapd(DEVICE), V: 0 });
    assert.deepEqual(
      [2, 3, 4].map((each) => entry(at.deviceTable + each * 8)),
      [old, 0n, old],
    );
    assert.deepEqual([...machine.tables(0).devices()], []);
    assert.equal(machine.lpi(OTHER_LPI), undefined);
  });

  it("a kernel without the mend of November 2024 leaves the entry in memory", () => {
    machine = setUp("kvm-5.10");
    const itt = at.itts + DEVICE * 0x1000;
    machine.memory.fill(itt, 0x100, 0xee);
    done("DISCARD", event);
    assert.equal(entry(itt + EVENT * 8), 0xeeee_eeee_eeee_eeeen);
  });

  it("a second MAPD of a device drops its events", () => {
    done("MAPD", mapd(DEVICE, 5));
    assert.deepEqual([...machine.tables(0).events(DEVICE)], []);
    assert.equal(machine.tables(0).device(DEVICE)?.eventBits, 6);
    assert.equal(told("INT", event), "ignored 0x10307");
    assert.equal(machine.lpi(LPI), undefined);
  });

  for (const [model, targets] of [
    ["kvm-7.2", [0, 1]],
    ["kvm-6.12", [0, 0]],
    ["kvm-6.1", [0, 1]],
  ] as const) {
    it(`MOVALL of ${model} moves ${targets[1] === 0 ? "every LPI of the VM" : "the LPIs of RDbase1"}`, () => {
      machine = setUp(model);
      done("MOVALL", { RDbase1: 2, RDbase2: 0 });
      assert.deepEqual([machine.lpi(LPI)?.target, machine.lpi(OTHER_LPI)?.target], targets);
      assert.equal(machine.tables(0).collection(ICID)?.target, 2, "collections stay");
    });
  }

  it("MOVALL from a PE to itself does nothing", () => {
    done("MOVALL", { RDbase1: 2, RDbase2: 2 });
    assert.equal(machine.lpi(LPI)?.target, 2);
  });

  const refused: readonly (readonly [string, Readonly<Record<string, number>>, number])[] = [
    ["MAPD", mapd(0x1_0000), 0x010801],
    ["MAPD", { ...mapd(0x1_0000), V: 0 }, 0x010801],
    ["MAPD", mapd(2, 16), 0x010802],
    ["MAPC", { ICID: 9, RDbase: 3, V: 1 }, 0x010902],
    ["MAPC", { ICID: 0x2000, RDbase: 1, V: 1 }, 0x010903],
    ["MAPTI", { DeviceID: 2, EventID: 1, pINTID: 8500, ICID }, 0x010a04],
    ["MAPTI", { DeviceID: DEVICE, EventID: 32, pINTID: 8500, ICID }, 0x010a05],
    ["MAPTI", { DeviceID: DEVICE, EventID: 9, pINTID: 8191, ICID }, 0x010a06],
    ["MAPTI", { DeviceID: DEVICE, EventID: 9, pINTID: 0x1_0000, ICID }, 0x010a06],
    ["MAPTI", { DeviceID: DEVICE, EventID: 9, pINTID: 0x8000_2000, ICID }, 0x010a06],
    ["MAPTI", { DeviceID: DEVICE, EventID: 9, pINTID: 8500, ICID: 0x2000 }, 0x010903],
    ["MAPI", { DeviceID: DEVICE, EventID: 9, ICID }, 0x010a06],
    ["MOVI", { DeviceID: DEVICE, EventID: 9, ICID }, 0x010107],
    ["MOVI", { DeviceID: 2, EventID: EVENT, ICID }, 0x010107],
    ["MOVI", { ...event, ICID: 9 }, 0x010109],
    ["INT", { DeviceID: DEVICE, EventID: 9 }, 0x010307],
    ["INT", { DeviceID: 2, EventID: EVENT }, 0x010307],
    ["CLEAR", { DeviceID: DEVICE, EventID: 9 }, 0x010507],
    ["INV", { DeviceID: DEVICE, EventID: 9 }, 0x010c07],
    ["DISCARD", { DeviceID: DEVICE, EventID: 9 }, 0x010f07],
    ["DISCARD", { DeviceID: 2, EventID: EVENT }, 0x010f07],
    ["INVALL", { ICID: 9 }, 0x010d09],
    ["MOVALL", { RDbase1: 3, RDbase2: 0 }, 0x010e01],
    ["MOVALL", { RDbase1: 2, RDbase2: 3 }, 0x010e01],
  ];
  for (const [name, fields, code] of refused) {
    it(`${name} ${JSON.stringify(fields)} is 0x0${code.toString(16)}, and changes nothing`, () => {
      const state = () => {
        const tables = machine.tables(0);
        const events = [...tables.events(DEVICE)].map((found) => ({ ...found, lpi: machine.lpi(found.intid) }));
        return { devices: [...tables.devices()], collections: [...tables.collections()], events };
      };
      const before = state();
      assert.equal(told(name, fields), `ignored 0x${code.toString(16)}`);
      assert.deepEqual(state(), before);
    });
  }

  it("those of GICv4 are none", () => {
    assert.equal(told("VMAPP", { vPEID: 1, RDbase: 1, VPT_addr: 1, VPT_size: 15 }), "unknown 0x29");
  });
});
