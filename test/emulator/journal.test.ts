import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Journal, type Mark, MemoryBudget } from "../../emulator/index.ts";
import { Bank } from "../../emulator/journal/bank.ts";

const WORDS = 4;
const state = (bank: Bank): string => bank.words.join();

/** A bank with all that it was at every mark. */
function recorded(limit: number, budget?: MemoryBudget) {
  const journal = new Journal({ limit, ...(budget && { budget }) });
  const bank = new Bank(journal, new Uint32Array(WORDS));
  const history = new Map<Mark, string>([[journal.mark(), state(bank)]]);
  const set = (index: number, value: number): void => {
    bank.set(index, value);
    history.set(journal.mark(), state(bank));
  };
  return { journal, bank, history, set };
}

const changes = (count: number, set: (index: number, value: number) => void): void => {
  for (let change = 1; change <= count; change++) set(change % WORDS, change);
};

describe("the journal", () => {
  it("takes back, looks back and goes on exactly, over chunks that are begun, dropped and used again", () => {
    const move = fc.oneof(
      { weight: 6, arbitrary: fc.record({ set: fc.nat(WORDS - 1), value: fc.nat(9) }) },
      fc.record({ rewind: fc.double({ min: 0, max: 1, noNaN: true }) }),
      fc.record({ look: fc.double({ min: 0, max: 1, noNaN: true }) }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 20 }), fc.array(move, { maxLength: 200 }), (limit, moves) => {
        const { journal, bank, history, set } = recorded(limit);
        const between = (part: number): Mark =>
          journal.oldest() + Math.round(part * (journal.mark() - journal.oldest()));
        for (const one of moves) {
          if ("set" in one) set(one.set, one.value);
          else if ("rewind" in one) {
            const mark = between(one.rewind);
            assert.ok(journal.rewind(mark));
            assert.deepEqual([journal.mark(), state(bank)], [mark, history.get(mark)]);
          } else {
            const mark = between(one.look);
            const present = [journal.mark(), journal.oldest(), state(bank)];
            let seen = "";
            journal.lookBack([mark], () => {
              seen = state(bank);
              // A look may change more than is kept in all: it is taken back.
              for (let change = 0; change < 3 * limit; change++) bank.set(0, change + 100);
              return true;
            });
            assert.equal(seen, history.get(mark));
            assert.deepEqual([journal.mark(), journal.oldest(), state(bank)], present);
          }
          assert.ok(journal.mark() - journal.oldest() <= limit);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("looks back in steps, and is in the present again when the work is left at any of them", () => {
    const { journal, bank, history, set } = recorded(100_000);
    changes(60_000, set);
    const present = [journal.mark(), journal.oldest(), journal.active, state(bank)];
    const marks = [7, 20_000, 20_000, 50_000].map((back) => journal.mark() - back);
    for (let steps = 0; ; steps++) {
      const seen: string[] = [];
      const work = journal.lookingBack(marks, () => seen.push(state(bank)) > 0);
      let isDone = false;
      for (let step = 0; step < steps && !isDone; step++) isDone = work.next().done === true;
      work.return(undefined);
      assert.deepEqual([journal.mark(), journal.oldest(), journal.active, state(bank)], present);
      assert.deepEqual(
        seen,
        marks.slice(0, seen.length).map((mark) => history.get(mark)),
      );
      if (!isDone) continue;
      assert.ok(steps > 10, "a long way has steps in it");
      return;
    }
  });

  it("keeps at least half of its limit, and takes nothing back beyond that", () => {
    const { journal, bank, history, set } = recorded(100_000);
    changes(250_001, set);
    assert.ok(journal.mark() - journal.oldest() >= 50_000);
    assert.equal(journal.rewind(journal.oldest() - 1), false);
    assert.ok(journal.rewind(journal.oldest()));
    assert.equal(state(bank), history.get(journal.oldest()));
  });

  it("finds the last change of a word in older chunks", () => {
    const { journal, bank, set } = recorded(200_000);
    set(0, 1);
    const mark = journal.mark();
    set(0, 2);
    for (let change = 0; change < 100_000; change++) set(1, change + 1);
    assert.equal(journal.lastChange(bank, 0), mark);
    assert.equal(journal.lastChange(bank, 0, 4), undefined);
  });

  it("drops what is oldest where the budget allows no more, and holds no more than that", () => {
    for (const kib of [20, 40, 600]) {
      const budget = new MemoryBudget(kib * 1024);
      const { journal, bank, history, set } = recorded(1_000_000, budget);
      changes(300_000, set);
      assert.ok(budget.used <= budget.limit && journal.mark() - journal.oldest() <= (budget.limit + 16384) / 8);
      assert.ok(journal.rewind(journal.oldest()));
      assert.equal(state(bank), history.get(journal.oldest()));
    }
  });
});
