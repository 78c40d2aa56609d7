import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { ModelName } from "../../architecture/index.ts";
import { decodeSections, readDump, type SectionTable } from "../../dumps/index.ts";
import { decodeState, loadState, type Machine, type SavedState, saveState } from "../../emulator/index.ts";
import { stateDump, stateDumpText } from "../../runner/saved-machines/index.ts";
import { spansOf } from "../dumps/sample-bytes.ts";
import { acts, at, lpiOf, mapc, mapti, onEvent, populate, ready, submit } from "../emulator/state-file/machine.ts";

const VALID = 1n << 63n;
const INDIRECT = 1n << 62n;
/** Level-2 pages of 64 KiB: the first follows the first level at once. */
const PAGES = [at.deviceTable + 0x1_0000, at.deviceTable + 0x3_0000];
/** A device of the second page. */
const FAR_DEVICE = 0x2003;
const FAR_ITT = BigInt(at.itts + 0x8000);

function saved(machine: Machine): SavedState {
  const result = saveState(machine);
  if ("failure" in result) assert.fail(result.failure.message);
  return result.state;
}

/** A machine whose device table has two levels. */
function twoLevel(model: ModelName): Machine {
  const machine = ready(model);
  const [its] = machine.map.its;
  machine.write(its, 4, 0n);
  machine.write(its + 0x100, 8, VALID | INDIRECT | BigInt(at.deviceTable) | 0x200n);
  for (const [slot, page] of PAGES.entries()) {
    const entry = new Uint8Array(new BigUint64Array([VALID | BigInt(page)]).buffer);
    machine.memory.writeBytes(at.deviceTable + slot * 8, entry);
  }
  machine.write(its, 4, 1n);
  submit(machine, [
    mapc(0, 0),
    [0x08n | (BigInt(FAR_DEVICE) << 32n), 4n, VALID | FAR_ITT, 0n],
    mapti(FAR_DEVICE, 9, 0, lpiOf(7, 9)),
  ]);
  return machine;
}

function tablesOf(text: string): readonly SectionTable[] {
  const dump = readDump(text);
  assert.deepEqual(dump.problems, []);
  assert.equal(dump.sections.length, decodeSections(dump).length, "each section is a table");
  return decodeSections(dump);
}

function tablesWithin(text: string): readonly SectionTable[] {
  return decodeSections(readDump(text));
}

/** Ids of each row of a table and the meaning of some of its fields. */
function rowsOf({ result }: SectionTable, ...fields: readonly (readonly string[])[]): string[] {
  assert.ok(result.ok, result.ok ? "" : result.message);
  const { table } = result;
  return Array.from({ length: table.rowCount }, (_, i) => {
    const row = table.row(i);
    const values = fields.map((names) => row.fields.find(({ name }) => names.includes(name))?.meaning);
    return [row.index, ...values].join(" ");
  });
}

/** The devices, events and collections that a dump has, as {@link contents} gives those of a machine. */
function dumped(text: string): string[] {
  const found: string[] = [];
  for (const section of tablesOf(text)) {
    const device = Number(section.section?.hints["device-id"]);
    if (section.name === "device-table")
      found.push(...rowsOf(section, ["ITT_addr"], ["Size"]).map((row) => `device ${row}`));
    if (section.name === "itt")
      found.push(...rowsOf(section, ["pINTID", "INTID"], ["ICID"]).map((row) => `event ${device} ${row}`));
    if (section.name === "collection-table")
      found.push(...rowsOf(section, ["ICID"], ["RDbase"]).map((row) => `collection ${row}`));
  }
  return found.sort();
}

/** Collections are named by their place in KVM's list, and by their id where the table has them by id. */
function contents(machine: Machine): string[] {
  const tables = machine.tables(0);
  const list = machine.model.name.startsWith("kvm");
  const found = Array.from(tables.collections(), ({ icid, target }, place) =>
    list ? `collection ${place} ${icid} ${target ?? 0xffff_ffff}` : `collection ${icid}  ${target}`,
  );
  for (const { deviceId, ittAddress, eventBits } of tables.devices()) {
    found.push(`device ${deviceId} ${ittAddress} ${eventBits}`);
    for (const { eventId, intid, icid } of tables.events(deviceId))
      found.push(`event ${deviceId} ${eventId} ${intid} ${icid}`);
  }
  return found.sort();
}

/** Places in KVM's list follow the order of mapping, which nobody asks for. */
const withoutPlaces = (rows: readonly string[]): string[] =>
  rows.map((row) => row.replace(/^collection \d+ (?=\d+ )/, "collection ")).sort();

for (const model of ["kvm-7.2", "qemu-7.2", "arch"] as const) {
  describe(`the dump of a saved machine of ${model}`, () => {
    for (const [kind, make] of [
      ["flat", ready],
      ["two-level", twoLevel],
    ] as const) {
      it(`has the devices, events and collections of the machine, and the bytes of its ${kind} tables`, () => {
        fc.assert(
          fc.property(acts, (list) => {
            const machine = make(model);
            populate(machine);
            for (const act of list) act(machine);
            const text = stateDumpText(saved(machine));
            assert.deepEqual(withoutPlaces(dumped(text)), withoutPlaces(contents(machine)));
            for (const { address, bytes } of spansOf(readDump(text).memory)) {
              assert.deepEqual(bytes, machine.memory.readBytes(address, bytes.length), `at 0x${address.toString(16)}`);
            }
          }),
          { numRuns: 25 },
        );
      });
    }

    it("has the tables at their addresses, whole, in few lines", () => {
      const machine = twoLevel(model);
      populate(machine);
      submit(machine, [onEvent(3n, 0, 0)]);
      const text = stateDumpText(saved(machine));
      const { memory } = readDump(text);
      for (const [address, bytes] of [
        [at.deviceTable, 0x2_0000],
        [PAGES[1], 0x1_0000],
        [at.collectionTable, 0x1_0000],
        [at.queue, 0x1_0000],
        [at.propertyTable, 0xe000],
        [at.pendingTables, 0x2000],
        [at.pendingTables + 0x2_0000, 0x2000],
      ]) {
        assert.ok(memory.read(address, bytes) !== undefined, `0x${address.toString(16)}`);
      }
      assert.ok(text.split("\n").length < 400, "zeros have no lines");
      const pending = tablesOf(text).filter(({ name }) => name === "lpi-pending");
      assert.deepEqual(
        pending.flatMap((table) => rowsOf(table)),
        [`${lpiOf(0, 0)}`],
      );
    });
  });
}

/** A state whose first ITS has some registers of another value. */
function changed(state: SavedState, registers: Readonly<Record<string, bigint>>): SavedState {
  const [its, ...others] = state.itss;
  return { ...state, itss: [new Map([...its, ...Object.entries(registers)]), ...others] };
}

function populated(model: ModelName): SavedState {
  const machine = ready(model);
  populate(machine);
  return saved(machine);
}

describe("the dump of a state that no machine can have", () => {
  it("has the tables of one that cannot be restored, and says why it cannot", () => {
    const state = populated("kvm-7.2");
    const memory = state.memory.map(({ address, bytes }) => {
      const offset = at.collectionTable - address;
      if (offset < 0 || offset >= bytes.length) return { address, bytes };
      const damaged = bytes.slice();
      // RDbase of the first collection.
      damaged[offset + 2] = 9;
      return { address, bytes: damaged };
    });
    const text = stateDumpText({ ...state, memory });
    assert.match(
      text,
      /\n# It cannot be restored: EINVAL at RESTORE_TABLES: .*there is no PE 9; this machine has 3\.\n/,
    );
    assert.equal(tablesOf(text).filter(({ name }) => name === "itt").length, 4);
  });

  it("names what is not in RAM", () => {
    const text = stateDumpText(
      changed(populated("qemu-7.2"), { GITS_BASER1: VALID | (4n << 56n) | (7n << 48n) | 0x9000_0000n | 0x200n }),
    );
    assert.match(text, /\n# Collection table\n# gic: .* base=0x90000000\n# 0x90000000 to 0x9000ffff is not RAM\n/);
    const half = stateDumpText(changed(populated("kvm-7.2"), { GITS_CBASER: VALID | 0x401f_0000n | 0xffn }));
    assert.match(half, /\n0x401fffe0: .*\n# 0x40200000 to 0x402effff is not RAM\n/);
  });

  it("names tables that overlap", () => {
    const state = populated("kvm-7.2");
    const value = state.itss[0].get("GITS_BASER0") ?? 0n;
    const text = stateDumpText(changed(state, { GITS_BASER1: value }));
    assert.match(text, /\n# 0x40040000 to 0x400bffff overlaps device table at 0x40040000 to 0x400bffff\n/);
  });

  it("ends, whatever the registers and the memory say", () => {
    const state = populated("kvm-7.2");
    // Every word a valid DTE, a level-1 entry and an address: pages and ITTs without end.
    const bytes = new Uint8Array(0x20_0000).map((_, index) => (index * 37) | 0x81);
    const memory = [{ address: at.ram, bytes }];
    for (const model of ["kvm-7.2", "kvm-revisions", "qemu-7.2"] as const) {
      for (const low of [0x4000_02ffn, 0x4000_00ffn, 0x4004_03ffn]) {
        const type = 0x1fn << 48n;
        const registers = Object.fromEntries(
          Array.from({ length: 8 }, (_, index) => {
            const indirect = index % 2 === 0 ? INDIRECT : 0n;
            return [`GITS_BASER${index}`, VALID | indirect | (BigInt([1, 4, 2][index % 3]) << 56n) | type | low];
          }),
        );
        const wild = { ...changed({ ...state, model, memory }, registers) };
        const started = performance.now();
        let characters = 0;
        for (const line of stateDump(wild)) characters += line.length + 1;
        assert.ok(characters < 33 * 1024 * 1024, `${characters} characters`);
        assert.ok(performance.now() - started < 15_000, "in time");
      }
    }
  });

  it("has wide entries of a revision that no decoder knows, and the ITTs that they point to, without calling them tables", () => {
    const text = stateDumpText(populated("kvm-revisions"));
    assert.match(text, /\n# Device table: an entry has 16 bytes, .*\n# gic:\n0x40040000: 0x8002000008028004 0x0{16}\n/);
    assert.match(text, /\n# ITT of DeviceID 0x3: an entry has 16 bytes, .*\n# gic:\n0x40143000: /);
    assert.deepEqual(
      tablesWithin(text).map(({ name }) => name),
      ["collection-table", "command-queue", "lpi-config", "lpi-pending", "lpi-pending", "lpi-pending"],
    );
  });

  it("lets no text of the file begin a line of its own", () => {
    const state = changed(populated("kvm-7.2"), { "GITS_CTLR\n# gic: table=itt": 1n });
    const lines = [...stateDump(state)];
    assert.ok(lines.some((line) => line.startsWith("# It cannot be restored: ")));
    assert.ok(lines.every((line) => !line.includes("\n")));
  });
});

it("the example is a saved machine with the devices that its dump shows", () => {
  const example = (name: string): Uint8Array =>
    readFileSync(new URL(`../../examples/saved-guest.gicstate.json${name}`, import.meta.url));
  const decoded = decodeState(new TextDecoder().decode(example("")), example(".bin"));
  if ("problem" in decoded) assert.fail(decoded.problem.message);
  const loaded = loadState(decoded.state);
  if ("failure" in loaded) assert.fail(loaded.failure.message);
  const found = contents(loaded.machine);
  assert.equal(found.filter((row) => row.startsWith("event ")).length, 5);
  assert.deepEqual(dumped(stateDumpText(decoded.state)), found);
});
