import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { extractRaw } from "../../architecture/field.ts";
import { layouts } from "../../architecture/layouts/index.ts";
import { DumpMemory } from "../../dumps/memory.ts";
import { columnText, listedRow } from "../../dumps/tables/column-text.ts";
import { decodeTable } from "../../dumps/tables/decode-table.ts";
import { bitsReader } from "../../dumps/tables/field-bits.ts";
import { readEntryAt, viewOf } from "../../dumps/tables/segments.ts";
import { TABLE_NAMES, type TableName } from "../../dumps/tables/table-names.ts";

const BASE = 0x4000_0000;

/** Words as tables have them: some bytes are zero, some bits are all set. */
const wordBytes = fc.array(fc.oneof(fc.constantFrom(0, 0, 1, 0x80, 0xff), fc.integer({ min: 0, max: 255 })), {
  minLength: 8,
  maxLength: 8,
});
const tableBytes = fc.array(wordBytes, { minLength: 2, maxLength: 40 }).map((words) => Uint8Array.from(words.flat()));

for (const layout of Object.values(layouts)) {
  for (const kind of ["device", "itt", "collection", "vpe", "level1"] as const) {
    const entry = layout.entries[kind];
    if (entry === undefined) continue;
    const name = (Object.keys(TABLE_NAMES) as TableName[]).find((candidate) => TABLE_NAMES[candidate] === kind);
    if (name === undefined) assert.fail(`no table has the kind ${kind}`);
    test(`listed rows of ${layout.name}, ${name} say what decoded rows say`, () => {
      fc.assert(
        fc.property(tableBytes, fc.constantFrom(undefined, 2), (bytes, eventBits) => {
          const memory = new DumpMemory([{ address: BASE, bytes }]);
          const found = decodeTable(memory, name, { layout, levels: 1, eventBits });
          // Fewer bytes than an entry has are no table.
          if (!found.ok) return;
          const { table } = found;
          for (let i = 0; i < table.rowCount; i++) {
            const { index, lastIndex, address, notes, ...row } = table.row(i);
            const cells = table.columns.map((column) =>
              columnText({ index, lastIndex, address, notes, ...row }, column),
            );
            assert.deepEqual(listedRow(table, i), { index, lastIndex, address, cells, notes });
          }
        }),
        { seed: 7, numRuns: 200 },
      );
    });
  }
}

test("what is remarkable shows in listed rows", () => {
  const bytes = new Uint8Array(48);
  const view = new DataView(bytes.buffer);
  // DTEs: 18 EventID bits, an ITT at 0, a next that leads nowhere; what the last one says is told of no other.
  view.setBigUint64(0, (1n << 63n) | (1n << 49n) | (0x500000n << 5n) | 17n, true);
  view.setBigUint64(8, (1n << 63n) | (3n << 49n) | 4n, true);
  view.setBigUint64(40, (1n << 63n) | (0x500000n << 5n) | 4n, true);
  const memory = new DumpMemory([{ address: BASE, bytes }]);
  const found = decodeTable(memory, "device-table", { layout: layouts["kvm-rev0"], levels: 1 });
  if (!found.ok) assert.fail(found.message);
  assert.deepEqual(
    Array.from({ length: 3 }, (_, i) => listedRow(found.table, i).notes),
    [
      ["Size is more than 16 EventID bits, the most that the implementation of this layout has"],
      [
        "the ITT address is 0",
        "next points at DeviceID 0x4, which is not valid; a restore goes on entry by entry and meets 0x5",
      ],
      [],
    ],
  );
});

test("bits that are read as a number are those of the entry", () => {
  const shapes = fc
    .constantFrom(1, 2, 4, 8, 12, 16)
    .chain((entryBytes) =>
      fc.tuple(
        fc.constant(entryBytes),
        fc.integer({ min: 0, max: entryBytes * 8 - 1 }),
        fc.integer({ min: 1, max: 64 }),
        fc.uint8Array({ minLength: entryBytes, maxLength: entryBytes }),
      ),
    );
  fc.assert(
    fc.property(shapes, ([entryBytes, lsb, width, bytes]) => {
      const msb = Math.min(lsb + width - 1, entryBytes * 8 - 1);
      const read = bitsReader(entryBytes, lsb, msb);
      assert.equal(read === undefined, msb - lsb + 1 > 53);
      if (read === undefined) return;
      // The entry is the last thing in its bytes: reading behind it would throw.
      const view = viewOf(bytes);
      const entry = readEntryAt(view, 0, entryBytes);
      assert.equal(BigInt(read(view, 0)), extractRaw(entry, { name: "f", summary: "f", lsb, msb }));
    }),
    { seed: 11, numRuns: 5000 },
  );
});
