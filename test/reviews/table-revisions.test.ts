import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { ModelName } from "../../architecture/index.ts";
import { createMachine, Errno, type Machine } from "../../emulator/index.ts";
import { EmulatorTarget, setUpTarget } from "../../runner/index.ts";

const RAM = 0x4000_0000;
const LEVEL1 = 0x4100_0000;
const LEVEL2 = 0x4110_0000;
const ITTS = 0x4200_0000;
const PAGE = 0x10000;
const VALID = 1n << 63n;
const INDIRECT = 1n << 62n;
const [CTLR, IIDR, CBASER, CWRITER, BASER0, BASER1] = [0x0, 0x4, 0x80, 0x88, 0x100, 0x108];
const IIDR_FIXED = 0x4b00_043bn;

/** DeviceIDs with the EventIDs that are mapped. */
type Devices = ReadonlyMap<number, readonly number[]>;

const anyDevices: fc.Arbitrary<Devices> = fc
  .uniqueArray(
    fc.tuple(
      fc.oneof(fc.nat(0xffff), fc.constantFrom(0, 1, 4095, 4096, 8191, 8192, 0x7fff)),
      fc.uniqueArray(fc.nat(31), { maxLength: 4 }),
    ),
    { selector: ([id]) => id, maxLength: 8 },
  )
  .map((list) => new Map(list));

/** A machine of a model, with a device table of one or two levels. */
function machineOf(model: ModelName, twoLevels: boolean): Machine {
  const machine = createMachine({ model, cpus: 2 });
  assert.equal(setUpTarget(new EmulatorTarget(machine), RAM, 0x400_0000), undefined);
  for (let page = 0; page < 16; page++) machine.write(LEVEL1 + page * 8, 8, VALID | BigInt(LEVEL2 + page * PAGE));
  const its = machine.map.its[0];
  machine.write(its + CTLR, 4, 0n);
  const table = twoLevels ? INDIRECT | BigInt(LEVEL1) : BigInt(LEVEL2) | 0xfn;
  machine.write(its + BASER0, 8, VALID | table);
  machine.write(its + CTLR, 4, 1n);
  return machine;
}

function write(machine: Machine, name: string, value: bigint): number | undefined {
  return machine.vmm?.setRegister({ name, pe: 0, its: 0 }, value)?.errno;
}

function map(machine: Machine, devices: Devices): void {
  const packets: bigint[][] = [[9n, 0n, VALID | 1n, 0n]];
  let place = 0;
  for (const [id, events] of devices) {
    const device = BigInt(id) << 32n;
    packets.push([device | 8n, 4n, VALID | BigInt(ITTS + place * 0x1000), 0n]);
    for (const event of events) {
      packets.push([device | 0xan, (BigInt(8192 + place * 32 + event) << 32n) | BigInt(event), 1n, 0n]);
    }
    place++;
  }
  const queue = Number((machine.read(machine.map.its[0] + CBASER, 8) ?? 0n) & 0xf_ffff_ffff_f000n);
  for (const [at, packet] of packets.entries()) {
    for (const [word, value] of packet.entries()) machine.write(queue + at * 32 + word * 8, 8, value);
  }
  machine.write(machine.map.its[0] + CWRITER, 8, BigInt(packets.length * 32));
}

/** What the ITS has mapped, as text. */
function mapped(machine: Machine): string {
  const tables = machine.tables(0);
  const devices = [...tables.devices()].map((device) => [device, ...tables.events(device.deviceId)]);
  return JSON.stringify([devices, ...tables.collections()]);
}

/** Saves, forgets and restores. @returns errno of RESTORE_TABLES */
function roundTrip(machine: Machine, revision: number): number | undefined {
  const its = machine.map.its[0];
  assert.equal(machine.vmm?.saveTables(0).errno, Errno.OK);
  machine.vmm?.resetIts(0);
  for (const baser of [BASER0, BASER1]) machine.write(its + baser, 8, VALID | (machine.read(its + baser, 8) ?? 0n));
  assert.equal(write(machine, "GITS_IIDR", IIDR_FIXED | (BigInt(revision) << 12n)), Errno.OK);
  return machine.vmm?.restoreTables(0).errno;
}

const revisionRead = (machine: Machine): bigint => ((machine.read(machine.map.its[0] + IIDR, 4) ?? 0n) >> 12n) & 0xfn;

describe("every revision of the tables, in the accepted design", () => {
  for (const revision of [0, 1, 2]) {
    for (const twoLevels of [false, true]) {
      it(`${revision} comes back whole from ${twoLevels ? "two levels" : "a flat table"}`, () => {
        fc.assert(
          fc.property(anyDevices, (devices) => {
            const machine = machineOf("kvm-revisions", twoLevels);
            assert.equal(revisionRead(machine), 2n, "the newest");
            assert.equal(write(machine, "GITS_IIDR", IIDR_FIXED | (BigInt(revision) << 12n)), Errno.OK);
            map(machine, devices);
            const before = mapped(machine);
            assert.equal(roundTrip(machine, revision), Errno.OK);
            assert.equal(mapped(machine), before);
            assert.equal(revisionRead(machine), BigInt(revision));
          }),
          { numRuns: 40 },
        );
      });
    }
  }

  it("shows its size in GITS_BASER0.Entry_Size", () => {
    for (const [revision, bytes] of [
      [0n, 8n],
      [1n, 8n],
      [2n, 16n],
    ]) {
      const machine = machineOf("kvm-revisions", true);
      const its = machine.map.its[0];
      machine.write(its + CTLR, 4, 0n);
      write(machine, "GITS_IIDR", IIDR_FIXED | (revision << 12n));
      machine.write(its + BASER0, 8, VALID | BigInt(LEVEL1));
      assert.equal((((machine.read(its + BASER0, 8) ?? 0n) >> 48n) & 0x1fn) + 1n, bytes);
    }
  });
});

describe("the draft of 2017", () => {
  it("restores 8-byte tables as kernels do: its faults do not show", () => {
    fc.assert(
      fc.property(anyDevices, fc.boolean(), (devices, twoLevels) => {
        const machine = machineOf("kvm-draft-2017", twoLevels);
        map(machine, devices);
        const before = mapped(machine);
        assert.equal(revisionRead(machine), 1n);
        assert.equal(roundTrip(machine, 1), Errno.OK);
        assert.equal(mapped(machine), before);
      }),
      { numRuns: 40 },
    );
  });

  it("compares revisions only when it restores", () => {
    for (const revision of [0, 2, 15]) {
      const machine = machineOf("kvm-draft-2017", false);
      map(machine, new Map([[1, [0]]]));
      assert.equal(roundTrip(machine, revision), Errno.EINVAL);
      assert.equal(revisionRead(machine), 1n, "whatever was written");
    }
  });

  it("loses what is not in the first page of wide DTEs, and only that", () => {
    for (const [id, restored] of [
      [1, 1],
      [4095, 4095],
      [4096, 8192],
      [4097, 8193],
    ]) {
      const machine = machineOf("kvm-draft-2017-revisions", true);
      map(machine, new Map([[id, [3]]]));
      assert.equal(roundTrip(machine, 3), Errno.OK);
      assert.deepEqual(
        [...machine.tables(0).devices()].map(({ deviceId }) => deviceId),
        [restored],
      );
    }
  });

  it("counts past 16 bits from the eighth page of wide DTEs on, where the emulator stops it", () => {
    const machine = machineOf("kvm-draft-2017-revisions", true);
    map(machine, new Map([[8 * 4096, [3]]]));
    assert.equal(roundTrip(machine, 3), Errno.EINVAL);
    assert.deepEqual([...machine.tables(0).devices()], []);
  });

  it("leaves the host's stack behind the first 8 bytes of a wide DTE", () => {
    const machine = machineOf("kvm-draft-2017-revisions", true);
    map(machine, new Map([[0, [3]]]));
    assert.equal(machine.vmm?.saveTables(0).errno, Errno.OK);
    assert.equal(String.fromCharCode(...(machine.memory.readBytes(LEVEL2 + 8, 8) ?? [])), "kstack??");
    const accepted = machineOf("kvm-revisions", true);
    map(accepted, new Map([[0, [3]]]));
    assert.equal(accepted.vmm?.saveTables(0).errno, Errno.OK);
    assert.equal(accepted.read(LEVEL2 + 8, 8), 0n);
  });

  it("passes over every second level-2 page when level-1 entries are as far apart as wide DTEs", () => {
    for (const [id, restored] of [
      [4095, [4095]],
      [4096, []],
      [8192, [8192]],
      [12288, []],
    ] as const) {
      const machine = machineOf("kvm-draft-2017-level1", true);
      map(machine, new Map([[id, [3]]]));
      assert.equal(roundTrip(machine, 3), Errno.OK);
      assert.deepEqual(
        [...machine.tables(0).devices()].map(({ deviceId }) => deviceId),
        restored,
        "two faults make up for each other in the pages that are read",
      );
    }
  });

  it("ends the walk after a page without the last device when 0 and 1 are taken for each other", () => {
    for (const [ids, restored] of [
      [
        [5, 4095],
        [5, 4095],
      ],
      [[5, 4096], [5]],
      [[4096, 4097], []],
    ] as const) {
      const machine = machineOf("kvm-draft-2017-last", true);
      map(machine, new Map(ids.map((id) => [id, [3]])));
      assert.equal(roundTrip(machine, 3), Errno.OK);
      assert.deepEqual(
        [...machine.tables(0).devices()].map(({ deviceId }) => deviceId),
        restored,
      );
    }
  });
});

describe("the vPE table of made-up revisions", () => {
  const BASER2 = 0x110;
  const TABLE = LEVEL2 + 16 * PAGE;
  const type = (machine: Machine) => ((machine.read(machine.map.its[0] + BASER2, 8) ?? 0n) >> 56n) & 7n;

  /** A machine whose vPE table is at `TABLE`. */
  function withTable(): Machine {
    const machine = machineOf("kvm-revisions", false);
    const its = machine.map.its[0];
    machine.write(its + CTLR, 4, 0n);
    machine.write(its + BASER2, 8, VALID | BigInt(TABLE));
    machine.write(its + CTLR, 4, 1n);
    return machine;
  }

  it("is there with the revisions that have it, and else reads as zero and takes nothing", () => {
    const machine = withTable();
    assert.equal(type(machine), 2n);
    assert.equal(machine.read(machine.map.its[0] + BASER2, 8)?.toString(16), "9a07000041200200");
    assert.equal(write(machine, "GITS_IIDR", IIDR_FIXED), Errno.OK);
    assert.equal(machine.read(machine.map.its[0] + BASER2, 8), 0n);
    assert.equal(type(machineOf("kvm-7.2", false)), 0n);
  });

  it("is saved as empty, and restored when it is", () => {
    const machine = withTable();
    map(machine, new Map([[1, [2]]]));
    const before = mapped(machine);
    machine.write(TABLE, 8, VALID);
    assert.equal(machine.vmm?.restoreTables(0).errno, Errno.EINVAL);
    assert.equal(machine.vmm?.saveTables(0).errno, Errno.OK);
    assert.equal(machine.read(TABLE, 8), 0n);
    assert.equal(roundTrip(machine, 2), Errno.OK);
    assert.equal(mapped(machine), before);
  });
});
