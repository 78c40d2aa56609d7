import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FileMemory } from "../../../dumps/guests/file-memory.ts";
import { FileRuns } from "../../../dumps/guests/file-runs.ts";

const PAGE = 4;
const PAGES = 24;
const file = Uint8Array.from({ length: 4096 }, (_, at) => (at * 37 + (at >> 8)) & 0xff);

const change = fc.record({
  kind: fc.constantFrom("page", "filled", "unknown", "plain"),
  page: fc.nat(PAGES - 1),
  pages: fc.integer({ min: 1, max: 6 }),
  place: fc.nat(4000),
  gap: fc.nat(5),
  byte: fc.nat(2),
});

/** Memory byte by byte: -1 is unknown. */
function expected(changes: readonly (typeof change extends fc.Arbitrary<infer T> ? T : never)[]): number[] {
  const bytes = new Array<number>(PAGES * PAGE).fill(-1);
  for (const { kind, page, pages, place, gap, byte } of changes) {
    const count = Math.min(pages, PAGES - page);
    for (let at = 0; at < count * PAGE; at++) {
      const inFile = kind === "page" ? place + Math.floor(at / PAGE) * (PAGE + gap) + (at % PAGE) : place + at;
      bytes[page * PAGE + at] = kind === "filled" ? byte : kind === "unknown" ? -1 : file[inFile];
    }
  }
  return bytes;
}

test("runs hold what was added last, in whatever order pages came", () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
      const runs = new FileRuns(PAGE);
      for (const { kind, page, pages, place, gap, byte } of changes) {
        const end = Math.min(page + pages, PAGES);
        if (kind === "filled") runs.addFilled(page * PAGE, end * PAGE, byte);
        else if (kind === "unknown") runs.addUnknown(page * PAGE, end * PAGE);
        else if (kind === "plain") runs.addPlain(page * PAGE, end * PAGE, place);
        else for (let at = page; at < end; at++) runs.addPage(at * PAGE, place + (at - page) * (PAGE + gap));
      }
      const memory = new FileMemory(file, runs.settled());
      const bytes = expected(changes);
      const found = bytes.map((_, at) => memory.read(at, 1)?.[0] ?? -1);
      assert.deepEqual(found, bytes);
      assert.deepEqual(
        bytes.map((_, at) => memory.holds(at)),
        bytes.map((byte) => byte >= 0),
      );
      for (const { address, length } of memory.spans()) {
        assert.deepEqual([...(memory.read(address, length) ?? [])], bytes.slice(address, address + length));
        assert.equal(memory.read(address, length + 1), undefined);
      }
      const held = new Set(
        [...memory.held()].flatMap(({ address, length }) => Array.from({ length }, (_, at) => address + at)),
      );
      for (const [at, byte] of bytes.entries()) if (byte > 0) assert.ok(held.has(at));
    }),
    { numRuns: 300 },
  );
});

test("pages that follow each other in memory and in the file are one run", () => {
  const runs = new FileRuns(4096);
  for (let page = 0; page < 10_000; page++) runs.addPage(page * 4096, 100 + page * 4104);
  assert.equal(runs.count, 1);
  assert.equal(runs.settled().count, 1);
});

test("pages that go down, each a run, are put in order", () => {
  const runs = new FileRuns(4096);
  for (let page = 200_000; page > 0; page--) runs.addPage(page * 4096, (200_000 - page) * 4104);
  const settled = runs.settled();
  assert.equal(settled.count, 200_000);
  assert.equal(settled.starts[0], 4096);
});
