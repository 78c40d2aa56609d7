import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { layouts } from "../../architecture/layouts/index.ts";
import { DumpMemory } from "../../dumps/memory.ts";
import { Stretches } from "../../dumps/stretches.ts";
import { bitRanges, byteRanges, RangeIndex } from "../../dumps/tables/range-index.ts";
import { flatSegments } from "../../dumps/tables/segments.ts";
import { ValidIndex } from "../../dumps/tables/valid-index.ts";
import { finish } from "../../dumps/work.ts";

/** Memory of stretches that repeat a few bytes, with gaps between some; and the same written out, undefined in the gaps. */
const memories = fc
  .array(
    fc.record({
      pattern: fc.array(fc.constantFrom(0, 0, 0, 1, 0x55, 0x80, 0xff), { minLength: 1, maxLength: 16 }),
      length: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 4000, max: 20_000 })),
      gap: fc.constantFrom(0, 0, 0, 5, 64),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => {
    const stretches = new Stretches(Uint8Array.from(parts.flatMap(({ pattern }) => pattern)));
    const bytes: (number | undefined)[] = [];
    let offset = 0;
    for (const { pattern, length, gap } of parts) {
      for (let i = 0; i < gap; i++) bytes.push(undefined);
      const start = bytes.length;
      for (let i = 0; i < length; i++) bytes.push(pattern[i % pattern.length]);
      stretches.push(start, start + length, offset, Math.min(pattern.length, length), 0, 0);
      offset += pattern.length;
    }
    return { memory: new DumpMemory(stretches), bytes };
  });

describe("the index of valid entries", () => {
  const layout = layouts["kvm-rev0"].entries.device;
  assert.ok(layout);

  it("has the entries that a look at each one finds", () => {
    fc.assert(
      fc.property(memories, ({ memory, bytes }) => {
        const valid: number[] = [];
        for (let id = 0; (id + 1) * 8 <= bytes.length; id++) {
          const entry = bytes.slice(id * 8, id * 8 + 8);
          if (entry.every((byte) => byte !== undefined) && ((entry[7] ?? 0) & 0x80) !== 0) valid.push(id);
        }
        const index = finish(ValidIndex.of(memory, layout, flatSegments(memory, 0, 0, 8, bytes.length)));
        assert.equal(index.rowCount, valid.length);
        const some = valid.flatMap((id, row) => (row % 97 === 0 || row === valid.length - 1 ? [[row, id]] : []));
        for (const [row, id] of some) assert.deepEqual([index.idAt(row), index.find(id)], [id, row]);
        for (const id of [0, 7, 513, 2000]) {
          const row = valid.findIndex((candidate) => candidate >= id);
          const next = row < 0 ? valid.length : row;
          if (valid[row] !== id) assert.equal(index.find(id), -1 - next, `after ${id}`);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe("the index of ranges", () => {
  for (const [name, rule] of [
    ["bytes", byteRanges],
    ["bits", bitRanges],
  ] as const) {
    it(`of ${name} has the ranges that a walk over all ids finds`, () => {
      fc.assert(
        fc.property(memories, ({ memory, bytes }) => {
          const ids: (number | undefined)[] =
            rule.idsPerByte === 1
              ? bytes
              : bytes.flatMap((byte) => Array.from({ length: 8 }, (_, bit) => ((byte ?? 0) >> bit) & 1 || undefined));
          const ranges: [number, number][] = [];
          for (const [id, value] of ids.entries()) {
            if (value === undefined) continue;
            if (id > 0 && ids[id - 1] === value) ranges[ranges.length - 1][1] = id;
            else ranges.push([id, id]);
          }
          const index = finish(RangeIndex.of(memory, 0, 0, bytes.length, rule));
          assert.equal(index.count, ranges.length);
          for (const [i, [first, last]] of ranges.entries()) {
            if (i % 211 !== 0 && i !== ranges.length - 1) continue;
            const range = index.at(i);
            assert.deepEqual([range.first, range.last], [first, last]);
          }
          for (let address = 0; address < bytes.length; address += 997) {
            const from = address * rule.idsPerByte;
            const holds = ranges.findIndex(([first, last]) => first < from + rule.idsPerByte && last >= from);
            assert.equal(index.find(address), holds, `at ${address}`);
          }
        }),
        { numRuns: 100 },
      );
    });
  }

  /** Reads of memory that one look at a byte in a range of a mebibyte costs, after one at another. */
  for (const [name, rule, byte, most] of [
    ["bytes", byteRanges, 0xa1, 16],
    ["bits", bitRanges, 0xff, 16],
  ] as const) {
    it(`looks at a byte of a long range of ${name} without going through it again`, () => {
      const memory = new DumpMemory([{ address: 0, bytes: new Uint8Array(1 << 20).fill(byte) }]);
      const index = finish(RangeIndex.of(memory, 0, 0, 1 << 20, rule));
      assert.equal(index.find(0x100), 0);
      let reads = 0;
      const read = memory.read.bind(memory);
      memory.read = (address, length) => {
        reads++;
        return read(address, length);
      };
      assert.equal(index.find(0x8_0000), 0);
      assert.equal(index.at(0).last, (rule === byteRanges ? 1 << 20 : 1 << 23) - 1);
      assert.ok(reads <= most, `${reads} reads`);
    });
  }
});
