import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { PagedNumbers } from "../../../runner/rules/paged-numbers.ts";

test("numbers in pages are what a Map has, whatever the keys", () => {
  const key = fc.oneof(
    fc.nat(200),
    fc.integer({ min: 0, max: 2 ** 48 }),
    fc.constantFrom(2 ** 31, 2 ** 32 + 63, 2 ** 48 - 1),
  );
  const value = fc.oneof(fc.nat(), fc.constant(Number.NaN));
  fc.assert(
    fc.property(fc.array(fc.tuple(key, value), { maxLength: 60 }), fc.nat(60), (changes, clearedAt) => {
      const pages = new PagedNumbers();
      const map = new Map<number, number>();
      for (const [at, [where, what]] of changes.entries()) {
        if (at === clearedAt) {
          pages.clear();
          map.clear();
        }
        assert.deepEqual(pages.get(where), map.get(where) ?? Number.NaN);
        pages.set(where, what);
        map.set(where, what);
      }
      for (const [where] of changes) assert.deepEqual(pages.get(where), map.get(where) ?? Number.NaN);
    }),
  );
});
