import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  entryIsValid,
  extractMeaning,
  type LayoutName,
  layoutField,
  layouts,
  type TableKind,
} from "../../../architecture/index.ts";
import { LayoutTables } from "../../../emulator/arch/layout-tables.ts";
import { Found, newDevice, newEvent, newVpe } from "../../../emulator/arch/table-home.ts";
import { GuestMemory, Journal } from "../../../emulator/index.ts";
import { Its, mapc, mapd, mapti, place, StrictMachine } from "./machine.ts";

const BASE = 0x1_0000;
const ITT = 0x4_0000;
const names = Object.keys(layouts) as LayoutName[];

function tablesOf(name: LayoutName): { memory: GuestMemory; tables: LayoutTables } {
  const memory = new GuestMemory(new Journal());
  memory.addWindow(BASE, 0x10_0000);
  const tables = new LayoutTables(memory, name);
  for (const table of [tables.devices, tables.collections, tables.vpes])
    table.describe(BASE, 0x1_0000, 1, false, 65536);
  return { memory, tables };
}

/** The fields of an entry as architecture/ decodes its bytes: another reader than the one under test. */
function decoded(memory: GuestMemory, name: LayoutName, kind: TableKind, address: number): Record<string, number> {
  const layout = layouts[name].entries[kind];
  if (layout === undefined) throw new Error(kind);
  const bytes = memory.readBytes(address, layout.bytes) ?? new Uint8Array();
  const word = bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  assert.equal(entryIsValid(layout, word), true);
  return Object.fromEntries(layout.fields.map((field) => [field.name, Number(extractMeaning(word, field))]));
}

for (const name of names) {
  describe(`live tables in the layout ${name}`, () => {
    const has = (kind: TableKind, field: string): boolean => {
      const layout = layouts[name].entries[kind];
      return layout !== undefined && layoutField(layout, field) !== undefined;
    };

    it("devices are what the declared fields say, and are read back", () => {
      fc.assert(
        fc.property(
          fc.integer({ min: 0, max: 8191 }),
          fc.nat(2 ** 31 - 1),
          fc.integer({ min: 1, max: 32 }),
          (id, itt, bits) => {
            const { memory, tables } = tablesOf(name);
            const entry = { ittAddress: (itt + 1) * 256, eventBits: bits };
            assert.equal(tables.readDevice(id, newDevice()), Found.unmapped);
            assert.equal(tables.writeDevice(id, entry), Found.mapped);
            const fields = decoded(memory, name, "device", BASE + id * 8);
            assert.deepEqual({ ittAddress: fields.ITT_addr, eventBits: fields.Size }, entry);
            const read = newDevice();
            assert.equal(tables.readDevice(id, read), Found.mapped);
            assert.deepEqual(read, entry);
            tables.writeDevice(id, undefined);
            assert.equal(tables.readDevice(id, read), Found.unmapped);
            assert.equal(tables.readDevice(8192, read), Found.outOfRange);
          },
        ),
        { numRuns: 50 },
      );
    });

    it("events are, as far as the layout has their fields", () => {
      const { memory, tables } = tablesOf(name);
      const device = { ittAddress: ITT, eventBits: 5 };
      const entry = { virtual: false, intid: 9000, icid: 0x1234, vpeId: 0, doorbell: 1023 };
      assert.equal(tables.writeEvent(device, 31, entry), Found.mapped);
      const fields = decoded(memory, name, "itt", ITT + 31 * tables.capacity.eventBytes);
      assert.deepEqual([fields.INTID ?? fields.pINTID ?? fields.vLPI, fields.ICID], [9000, 0x1234]);
      const read = newEvent();
      assert.equal(tables.readEvent(device, 31, read), Found.mapped);
      assert.deepEqual(read, entry);
      if (has("itt", "vPEID")) {
        const virtual = { virtual: true, intid: 9001, icid: 0, vpeId: 0x234, doorbell: 8300 };
        tables.writeEvent(device, 3, virtual);
        tables.readEvent(device, 3, read);
        assert.deepEqual(read, virtual);
      }
      tables.writeEvent(device, 31, undefined);
      assert.equal(tables.readEvent(device, 31, read), Found.unmapped);
      assert.equal(tables.readEvent({ ittAddress: 0x9000_0000, eventBits: 5 }, 0, read), Found.fault);
    });

    it("collections are found whatever order they came in, and unmapped one by one", () => {
      const { tables } = tablesOf(name);
      const read = { target: -1 };
      const icids = [5, 1, 700, 3];
      for (let icid = 0; icid < 1000; icid++) tables.writeCollection(icid, undefined);
      for (const icid of icids) assert.equal(tables.writeCollection(icid, { target: icid % 7 }), Found.mapped);
      for (const gone of icids) {
        tables.writeCollection(gone, undefined);
        assert.equal(tables.readCollection(gone, read), Found.unmapped);
        for (const left of icids.slice(icids.indexOf(gone) + 1)) {
          assert.equal(tables.readCollection(left, read), Found.mapped);
          assert.equal(read.target, left % 7);
        }
      }
    });

    it("vPEs are, or have no place", () => {
      const { memory, tables } = tablesOf(name);
      const entry = { target: 3, pendingTable: 0xf_ffff_ffff_0000 - 0x1_0000, intidBits: 16 };
      const read = newVpe();
      if (layouts[name].entries.vpe === undefined) {
        assert.equal(tables.writeVpe(2, entry), Found.outOfRange);
        assert.equal(tables.readVpe(2, read), Found.outOfRange);
        return;
      }
      tables.writeVpe(2, entry);
      assert.equal(decoded(memory, name, "vpe", BASE + 16).VPT_addr, entry.pendingTable);
      assert.equal(tables.readVpe(2, read), Found.mapped);
      assert.deepEqual(read, entry);
    });
  });
}

describe("two-level tables of arch", () => {
  const indirect = (pageSize: number): StrictMachine => {
    const strict = new StrictMachine();
    strict.setIts(Its.ctlr, 0n, 0, 4);
    strict.setIts(Its.baser, (3n << 62n) | (BigInt(pageSize) << 8n) | BigInt(place.deviceTable));
    strict.setIts(Its.ctlr, 1n, 0, 4);
    strict.done(mapc(0, 0));
    return strict;
  };

  for (const [pageSize, perPage] of [
    [0, 512],
    [1, 2048],
    [2, 8192],
  ]) {
    it(`a level-2 page of size ${pageSize} has ${perPage} entries of 8 bytes`, () => {
      const strict = indirect(pageSize);
      const page = place.vpts;
      strict.machine.write(place.deviceTable + 8, 8, (1n << 63n) | BigInt(page));
      strict.done(["MAPD", { DeviceID: perPage + 3, Size: 4, ITT_addr: place.itts }], mapti(perPage + 3, 1, 8200, 0));
      assert.equal((strict.machine.read(page + 24, 8) ?? 0n) & 1n, 1n, "the fourth entry of the second page");
      assert.equal(strict.machine.tables(0).device(perPage + 3)?.eventBits, 5);
    });
  }

  it("an id without its page has no place for MAPD, and is not mapped for the others", () => {
    const strict = indirect(2);
    assert.equal(strict.run(0, [[8n, 4n, (1n << 63n) | BigInt(place.itts), 0n]])[0], 0x0201_0801);
    const other = indirect(2);
    assert.equal(other.run(0, [[3n, 0n, 0n, 0n]])[0], 0x0201_0304);
  });

  it("an edit of the guest's in a table is seen by the next command", () => {
    const strict = new StrictMachine();
    strict.done(mapc(0, 0), mapd(1), mapti(1, 0, 8200, 0));
    strict.machine.write(place.collectionTable, 8, 1n | (2n << 1n));
    strict.done(["INT", { DeviceID: 1, EventID: 0 }]);
    assert.equal(strict.isPending(2, 8200), true);
    strict.machine.write(place.deviceTable + 8, 8, 0n);
    assert.equal(strict.run(0, [[3n | (1n << 32n), 0n, 0n, 0n]])[0], 0x0201_0304);
  });
});
