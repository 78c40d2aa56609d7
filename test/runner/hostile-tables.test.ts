import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { compareGuests, differ, differenceTables, wordTables } from "../../dumps/compare/index.ts";
import { attemptRestore, errnoName } from "../../emulator/index.ts";
import { judgeTables, kernelModels, toldRules, verdictLines, worstOf } from "../../runner/verdict/index.ts";
import { at, GuestCapture, tablesOfGuest } from "../dumps/guest-capture.ts";
import { savedState } from "./guest-state.ts";

/** A word where tables are, and what becomes of it. */
const place = fc.oneof(
  fc.integer({ min: 0, max: 30 }).map((index) => at.devices + index * 8),
  fc.integer({ min: 0, max: 4 }).map((index) => at.collections + index * 8),
  fc
    .tuple(fc.constantFrom(8, 12, 20), fc.integer({ min: 0, max: 31 }))
    .map(([device, event]) => at.itt(device) + event * 8),
  fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 30 })).map(([page, id]) => at.page(page) + id * 8),
);
const word = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const damage = fc.record({
  words: fc.array(fc.tuple(place, fc.constantFrom("set", "flip"), word), { maxLength: 6 }),
  twoLevels: fc.boolean(),
  knowsRam: fc.boolean(),
  layout: fc.constantFrom(undefined, "qemu", "gem5", "xen"),
});
type Damage = typeof damage extends fc.Arbitrary<infer Value> ? Value : never;

function guestOf({ words, twoLevels, knowsRam, layout }: Damage): GuestCapture {
  const guest = new GuestCapture();
  if (twoLevels) guest.twoLevels();
  for (const [address, how, value] of words) {
    const old = guest.memory.getBigUint64(address - at.ram, true);
    guest.word(address, how === "set" ? value : old ^ (1n << (value % 64n)));
  }
  guest.list = { ...(knowsRam ? guest.list : {}), ...(layout === undefined ? {} : { layout }) };
  return guest;
}

describe("tables that are damaged anywhere", () => {
  it("have a verdict, in words, whatever is in them", () => {
    fc.assert(
      fc.property(damage, (what) => {
        const verdict = judgeTables([tablesOfGuest(guestOf(what))], kernelModels);
        assert.ok(verdictLines(verdict).every((line) => !/undefined|NaN|\[object/.test(line)));
        assert.match(worstOf(verdict), /^(refused|lossy|unknown|well)$/);
        for (const { findings, count } of toldRules(verdict)) assert.ok(findings.length <= count);
      }),
      { numRuns: 150 },
    );
  });

  it("are answered as the saved machine with the same memory is, where all is known", () => {
    fc.assert(
      fc.property(damage, fc.constantFrom(...kernelModels), (what, model) => {
        const guest = guestOf({ ...what, knowsRam: true, layout: undefined });
        const [{ answer, refusal, doubts, restored }] = judgeTables([tablesOfGuest(guest)], [model]).models;
        const attempt = attemptRestore(savedState(guest, model));
        assert.ok("machine" in attempt);
        const errno = attempt.itss[0]?.errno ?? attempt.refused?.errno ?? -1;
        assert.deepEqual(doubts, []);
        assert.equal(answer === "restored" ? "OK" : errnoName(refusal?.errno ?? -1), errnoName(errno));
        if (restored === undefined) return;
        assert.equal(restored.devices, [...attempt.machine.tables(0).devices()].length);
        assert.equal(restored.collections, [...attempt.machine.tables(0).collections()].length);
      }),
      { numRuns: 100 },
    );
  });

  it("are answered with certainty only where what is missing cannot change the answer", () => {
    const gap = fc
      .tuple(place, fc.integer({ min: 1, max: 40 }))
      .map(([from, length]) => ({ from, to: from + length * 8 }));
    let certain = 0;
    fc.assert(
      fc.property(damage, fc.constantFrom(...kernelModels), fc.array(gap, { maxLength: 3 }), (what, model, gaps) => {
        const whole = guestOf({ ...what, knowsRam: true, layout: undefined });
        const part = guestOf({ ...what, layout: undefined });
        part.missing = gaps.toSorted((a, b) => a.from - b.from);
        const { models, assumptions } = judgeTables([tablesOfGuest(part)], [model]);
        const [truth] = judgeTables([tablesOfGuest(whole)], [model]).models;
        const [{ answer, doubts, restored }] = models;
        if (answer === "unknown" || (answer === "restored" && doubts.length > 0)) return;
        certain++;
        assert.deepEqual(assumptions, []);
        assert.equal(answer, truth.answer);
        assert.deepEqual(restored, truth.restored);
      }),
      { numRuns: 150 },
    );
    assert.ok(certain > 15, `${certain} of 150`);
  });

  it("differ from none that has the same words, and are compared with any other", () => {
    fc.assert(
      fc.property(damage, damage, (one, other) => {
        const [a, b] = [one, other].map((what) => {
          const tables = tablesOfGuest(guestOf(what));
          return { itss: [tables], registers: tables.facts.registers };
        });
        assert.equal(differ(compareGuests(a, a)), false);
        const differences = compareGuests(a, b);
        const cells = [...differenceTables(differences), ...wordTables(differences)].flatMap(({ rows }) => rows.flat());
        assert.ok(cells.every((cell) => !/undefined|NaN|\[object/.test(cell)));
      }),
      { numRuns: 150 },
    );
  });
});
