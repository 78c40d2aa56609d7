import assert from "node:assert/strict";
import { test } from "node:test";
import { layouts } from "../../architecture/layouts/index.ts";
import { DumpMemory } from "../../dumps/memory.ts";
import { decodeTable } from "../../dumps/tables/decode-table.ts";
import type { DecodedTable, TableOptions } from "../../dumps/tables/table.ts";
import type { TableName } from "../../dumps/tables/table-names.ts";

/** Memory of one span with 64-bit words at some of its places. */
function memoryOf(address: number, length: number, words: Readonly<Record<number, bigint>>): DumpMemory {
  return new DumpMemory([{ address, bytes: bytesOf(length, words) }]);
}

function bytesOf(length: number, words: Readonly<Record<number, bigint>>): Uint8Array {
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  for (const [offset, word] of Object.entries(words)) view.setBigUint64(Number(offset), word, true);
  return bytes;
}

function decode(memory: DumpMemory, name: TableName, options: TableOptions = {}): DecodedTable {
  const result = decodeTable(memory, name, options);
  if (!result.ok) assert.fail(result.message);
  return result.table;
}

/** Rows as "index field=text … | notes". */
function rows(table: DecodedTable): string[] {
  return Array.from({ length: table.rowCount }, (_, i) => {
    const row = table.row(i);
    const fields = table.columns
      .map((name) => `${name}=${row.fields.find((field) => field.name === name)?.text}`)
      .join(" ");
    return `${row.index.toString(16)} ${fields}${row.notes.length > 0 ? ` | ${row.notes.join(" | ")}` : ""}`;
  });
}

// The words of Linux's own migration test (kvm-unit-tests its-migration): devices 2 and 7.
const DTE_2 = 0x800a000008080007n;
const DTE_7 = 0x8000000008082007n;

test("KVM device table: fields and chain", () => {
  const table = decode(memoryOf(0x40100000, 0x1000, { 16: DTE_2, 56: DTE_7 }), "device-table", {
    layout: layouts["kvm-rev0"],
  });
  assert.equal(table.indexName, "DeviceID");
  assert.deepEqual(rows(table), [
    "2 ITT_addr=0x40400000 Size=8 EventID bits next=5 DeviceIDs",
    "7 ITT_addr=0x40410000 Size=8 EventID bits next=0 DeviceIDs",
  ]);
  const row = table.row(1);
  assert.equal(row.address, 0x40100038);
  assert.deepEqual(row.words, [DTE_7]);
  assert.equal(row.fields.find((field) => field.name === "ITT_addr")?.meaning, 0x40410000n);
});

test("ids follow from the base and from the first id", () => {
  const memory = memoryOf(0x40100010, 0x40, { 0: DTE_2, 40: DTE_7 });
  const ids = (options: TableOptions) => {
    const table = decode(memory, "device-table", { layout: layouts["kvm-rev0"], ...options });
    return [table.row(0).index, table.row(1).index];
  };
  assert.deepEqual(ids({}), [0, 5]);
  assert.deepEqual(ids({ base: 0x40100000n }), [2, 7]);
  assert.deepEqual(ids({ firstId: 2 }), [2, 7]);
  assert.deepEqual(ids({ base: 0x40100010n, firstId: 0x100 }), [0x100, 0x105]);
});

test("next that leads nowhere, stale entries, an early end", () => {
  const dte = (next: bigint) => (1n << 63n) | (next << 49n) | (0x404000n << 5n) | 1n;
  const options: TableOptions = { layout: layouts["kvm-rev0"], levels: 1 };
  const jump = decode(memoryOf(0, 0x100, { 0: dte(3n), 8: dte(1n), 40: dte(0n) }), "device-table", options);
  assert.match(
    jump.row(0).notes.join(),
    /next points at DeviceID 0x3, which is not valid; a restore goes on entry by entry and meets 0x5/,
  );
  assert.match(jump.row(1).notes.join(), /stale/);
  assert.deepEqual(jump.row(2).notes, []);
  const early = decode(memoryOf(0, 0x100, { 0: dte(0n), 8: dte(0n) }), "device-table", options);
  assert.match(early.row(0).notes.join(), /next is 0, so a restore stops here; 1 valid entry follows/);
  const beyond = decode(memoryOf(0, 0x400, { 0: dte(100n) }), "device-table", options);
  assert.match(beyond.row(0).notes.join(), /0x64, and neither it nor anything after it is valid/);
  const capped = decode(memoryOf(0, 0x40000, { 0: dte(16383n), 131080: dte(0n) }), "device-table", options);
  assert.match(
    capped.row(0).notes.join(),
    /capped at 16383: it points at DeviceID 0x3fff, which is not valid; .* meets 0x4001/,
  );
});

test("two-level device table: a page that follows the first level at once is none of it", () => {
  const page = (address: bigint): bigint => (1n << 63n) | address;
  const memory = memoryOf(0x40100000, 0x20000, { 0: page(0x40110000n), 65552: DTE_2, 65592: DTE_7 });
  const table = decode(memory, "device-table", { layout: layouts["kvm-rev0"], levels: 2 });
  assert.deepEqual([table.row(0).index, table.row(1).index, table.rowCount, table.notes], [2, 7, 2, []]);
});

test("two-level device table: a first level whose entries all point to one page costs what the dump holds", () => {
  const words = Object.fromEntries(Array.from({ length: 512 }, (_, slot) => [slot * 8, (1n << 63n) | 0x40110000n]));
  const full = Object.fromEntries(Array.from({ length: 8192 }, (_, index) => [0x10000 + index * 8, DTE_2]));
  const memory = memoryOf(0x40100000, 0x20000, { ...words, ...full });
  const table = decode(memory, "device-table", { layout: layouts["kvm-rev0"], levels: 2 });
  assert.equal(table.rowCount, 10 * 8192);
  assert.deepEqual(table.notes, ["pages overlap; those from level-1 entry 10 (0x40110000) on are left out"]);
});

test("two-level device table: pages by level-1 slot, absent pages named", () => {
  const level1 = { 0: (1n << 63n) | 0x40200000n, 24: (1n << 63n) | 0x40300000n, 32: (1n << 63n) | 0x40400000n };
  const memory = new DumpMemory([
    { address: 0x40100000, bytes: bytesOf(0x10000, level1) },
    { address: 0x40200000, bytes: bytesOf(0x10000, { 8: DTE_2 }) },
    { address: 0x40300000, bytes: bytesOf(0x10000, { 0: DTE_7 }) },
  ]);
  const table = decode(memory, "device-table");
  assert.equal(table.levels, 2);
  assert.deepEqual([table.row(0).index, table.row(1).index], [1, 3 * 8192]);
  assert.equal(table.row(1).address, 0x40300000);
  assert.match(table.notes.join(), /level-1 entry 4 points to 0x40400000, which the dump does not hold/);
  assert.equal(decode(memory, "device-table", { levels: 1 }).levels, 1);
});

test("ITT: chain, an INTID that is no LPI, next beyond the device's bits", () => {
  const ite = (next: bigint, intid: bigint, icid: bigint) => (next << 48n) | (intid << 16n) | icid;
  const memory = memoryOf(0x40400000, 0x100, { 0: ite(2n, 8195n, 3n), 16: ite(20n, 32n, 0n) });
  const table = decode(memory, "itt", { layout: layouts["kvm-rev0"], eventBits: 4 });
  assert.equal(rows(table)[0], "0 pINTID=8195 ICID=3 next=2 EventIDs");
  assert.match(table.row(1).notes.join("; "), /pINTID 32 is no LPI.*beyond the 4 EventID bits/);
  assert.equal(table.entryAt(0x40400080), undefined, "16 entries of 8 bytes");
});

test("KVM collection table: a packed list, unmapped collections, what is behind its end", () => {
  const words = { 0: 0x8000000000030003n, 8: 0x8000ffffffff0007n, 24: 0x8000000000000001n };
  const table = decode(memoryOf(0x40010000, 0x100, words), "collection-table", { layout: layouts["kvm-rev0"] });
  assert.equal(rows(table)[0], "0 ICID=3 RDbase=3");
  assert.equal(rows(table)[1], "1 ICID=7 RDbase=Unmapped (0xffffffff)");
  assert.match(rows(table)[2], /^3 ICID=1 .*behind the end of the list/);
});

test("QEMU tables, with the layout guessed from the words", () => {
  const devices = decode(memoryOf(0, 0x100, { 16: 0x000000001010000fn }), "device-table");
  assert.equal(devices.layout, "qemu");
  assert.match(devices.layoutReason, /guessed: 1 of 1/);
  assert.equal(rows(devices)[0], "2 ITT_addr=0x40400000 Size=8 EventID bits");
  const bytes = new Uint8Array(24);
  new DataView(bytes.buffer).setBigUint64(12, 0x000000030000800fn, true);
  new DataView(bytes.buffer).setUint32(20, 0x3ff, true);
  const events = decode(new DumpMemory([{ address: 0, bytes }]), "itt");
  assert.equal(events.layout, "qemu");
  assert.equal(events.entryBytes, 12);
  assert.match(rows(events)[0], /^1 INTID=8195 ICID=3 /);
});

test("a layout without the table says which layouts have it", () => {
  const result = decodeTable(memoryOf(0, 64, {}), "vpe-table", { layout: layouts.xen });
  assert.ok(!result.ok && /Xen has no vpe-table\. Layouts that have one: qemu\./.test(result.message));
});

test("a base outside the dump, no memory, wrong numbers: a sentence, no table", () => {
  const memory = memoryOf(0x1000, 64, {});
  const message = (options: TableOptions, from = memory) => {
    const result = decodeTable(from, "itt", options);
    return result.ok ? "decoded" : result.message;
  };
  assert.match(
    message({ base: 0x2000n }),
    /base 0x2000 is outside the memory that the dump holds \(0x1000 to 0x103f\)/,
  );
  assert.match(message({}, new DumpMemory([])), /holds no memory/);
  assert.match(message({ firstId: -1 }), /first id/);
  assert.match(message({ pageSize: 5 }), /page size/);
});

test("LPI configuration: ranges of equal bytes from INTID 8192 on", () => {
  const bytes = new Uint8Array(8).fill(0xa2);
  bytes[3] = 0xa3;
  const table = decode(new DumpMemory([{ address: 0x40020000, bytes }]), "lpi-config");
  assert.deepEqual(
    Array.from({ length: table.rowCount }, (_, i) => [
      table.row(i).index,
      table.row(i).lastIndex,
      ...table.row(i).fields.map((field) => field.text),
    ]),
    [
      [8192, 8194, "0xa0", "1", "0"],
      [8195, 8195, "0xa0", "1", "1"],
      [8196, 8199, "0xa0", "1", "0"],
    ],
  );
});

test("LPI pending table: ranges of set bits", () => {
  const bytes = new Uint8Array(0x2000);
  bytes[1024] = 0b1000_0001;
  bytes[1025] = 0b0000_0011;
  const table = decode(new DumpMemory([{ address: 0x40030000, bytes }]), "lpi-pending");
  assert.deepEqual(
    Array.from({ length: table.rowCount }, (_, i) => [table.row(i).index, table.row(i).lastIndex]),
    [
      [8192, 8192],
      [8199, 8201],
    ],
  );
  assert.match(table.notes[0], /4 LPIs are pending/);
});

test("command queue: packets as script lines, empty slots left out", () => {
  const memory = memoryOf(0x40000000, 0x80, { 32: 0x0000000200000008n, 40: 7n, 48: 0x8000000040400000n, 96: 0xffn });
  const table = decode(memory, "command-queue");
  assert.equal(table.rowCount, 2);
  assert.equal(table.row(0).index, 1);
  assert.match(table.row(0).text ?? "", /^MAPD DeviceID=0x2/);
  assert.match(table.row(1).notes.join(), /no command has opcode 0xff/);
});

test("what the dump does not hold is unknown, never invalid or stale", () => {
  const dte = (next: bigint) => (1n << 63n) | (next << 49n) | (0x404000n << 5n) | 1n;
  const options: TableOptions = { layout: layouts["kvm-rev0"], levels: 1 };
  const beyond = decode(memoryOf(0, 0x100, { 0: dte(100n) }), "device-table", options);
  assert.match(beyond.row(0).notes.join(), /points at DeviceID 0x64, which is unknown: the dump does not hold it/);
  const gapped = new DumpMemory([
    { address: 0, bytes: bytesOf(16, { 0: dte(4n) }) },
    { address: 64, bytes: bytesOf(16, { 0: dte(1n), 8: dte(0n) }) },
  ]);
  const table = decode(gapped, "device-table", options);
  assert.match(table.row(0).notes.join(), /DeviceID 0x4, which is unknown/);
  assert.match(table.row(1).notes.join(), /unknown whether a restore reads it: DeviceID 0x4, on the way to it/);
  assert.deepEqual([table.holds?.(1), table.holds?.(4), table.holds?.(8)], [true, false, true]);
  // Known invalid first, unknown then.
  const step = decode(
    new DumpMemory([
      { address: 0, bytes: bytesOf(32, { 0: dte(2n) }) },
      { address: 64, bytes: bytesOf(8, { 0: dte(0n) }) },
    ]),
    "device-table",
    options,
  );
  assert.match(step.row(0).notes.join(), /0x2, which is not valid; 0x4, which comes next, is not in the dump/);
  const list = decode(
    new DumpMemory([
      { address: 0, bytes: bytesOf(8, { 0: 0x8000000000030003n }) },
      { address: 16, bytes: bytesOf(8, { 0: 0x8000000000010001n }) },
    ]),
    "collection-table",
    { layout: layouts["kvm-rev0"] },
  );
  assert.match(list.row(1).notes.join(), /unknown whether a restore reads it: entries before it are not in the dump/);
});

test("pages that level 1 does not name are known to be absent; one that the dump lacks is not", () => {
  const dte = (next: bigint) => (1n << 63n) | (next << 49n) | (0x404000n << 5n) | 1n;
  const level1 = (pages: Readonly<Record<number, bigint>>) => bytesOf(0x10000, pages);
  const page = (address: bigint) => (1n << 63n) | address;
  const tableWith = (slots: Readonly<Record<number, bigint>>) =>
    decode(
      new DumpMemory([
        { address: 0x40100000, bytes: level1(slots) },
        { address: 0x40200000, bytes: bytesOf(0x10000, { 0: dte(16383n) }) },
        { address: 0x40300000, bytes: bytesOf(0x10000, { 0: dte(0n) }) },
      ]),
      "device-table",
      { layout: layouts["kvm-rev0"], levels: 2 },
    );
  const whole = tableWith({ 0: page(0x40200000n), 24: page(0x40300000n) });
  assert.match(whole.row(0).notes.join(), /the level-2 page|next level-2 page/);
  assert.deepEqual(whole.row(1).notes, []);
  const lacking = tableWith({ 0: page(0x40200000n), 8: page(0x40800000n), 24: page(0x40300000n) });
  assert.match(lacking.row(0).notes.join(), /unknown|not in the dump/);
  assert.match(lacking.row(1).notes.join(), /unknown whether a restore reads it: DeviceID 0x2000/);
});

test("a base within an entry is refused, and the aligned one is named; a dump that begins within one counts from there", () => {
  const memory = memoryOf(0x40100000, 0x100, { 16: DTE_2, 56: DTE_7 });
  const message = (name: TableName, options: TableOptions) => {
    const result = decodeTable(memory, name, options);
    return result.ok ? "decoded" : result.message;
  };
  assert.match(
    message("device-table", { base: 0x40100004n, layout: layouts["kvm-rev0"] }),
    /multiples of 8 bytes.* 0x40100000/,
  );
  assert.match(message("device-table", { base: 0x40100009n }), /0x40100009 is none of DTEs.* 0x40100008/);
  assert.match(message("itt", { base: 0x40100010n, layout: layouts.qemu }), /multiples of 256 bytes.* 0x40100000/);
  assert.match(message("command-queue", { base: 0x40100010n }), /multiples of 32 bytes/);
  assert.match(message("lpi-pending", { base: 0x40100010n }), /multiples of 65536 bytes/);
  const begun = new DumpMemory([{ address: 0x4010000c, bytes: memory.read(0x4010000c, 0x40) ?? new Uint8Array() }]);
  const table = decode(begun, "device-table", { layout: layouts["kvm-rev0"], levels: 1 });
  assert.deepEqual([table.base, table.row(0).index, table.row(1).index], [0x40100008, 1, 6]);
  assert.match(table.notes.join(), /begins within an entry: ids count from 0x40100008/);
  assert.equal(table.isPart?.(0x4010000d), true);
  assert.equal(table.isPart?.(0x40100010), false);
});

test("a table with a gap says that entries in it are unknown, one without says nothing", () => {
  const gap = /the dump has gaps/;
  const spans = [
    { address: 0x4010_0000, bytes: bytesOf(0x20, { 16: DTE_2 }) },
    { address: 0x4010_0030, bytes: bytesOf(0x20, { 8: DTE_7 }) },
  ];
  const options: TableOptions = { layout: layouts["kvm-rev0"], base: 0x4010_0000n };
  const broken = decode(new DumpMemory(spans), "device-table", options);
  assert.match(broken.notes.join("\n"), gap);
  assert.deepEqual(
    Array.from({ length: broken.rowCount }, (_, row) => broken.row(row).index),
    [2, 7],
  );
  const whole = decode(memoryOf(0x4010_0000, 0x50, { 16: DTE_2, 56: DTE_7 }), "device-table", options);
  assert.doesNotMatch(whole.notes.join("\n"), gap);
});
