import { Bank } from "./bank.ts";
import type { Journal } from "./journal.ts";

const FREE_HEAD = 0;
const NEXT_UNUSED = 1;
const LIVE = 2;
const FIRST_SLOT = 4;

/**
 * Records of a fixed number of words in one bank, with a free list that is itself journaled.
 * A record is named by the index of its first word, never 0, so 0 can mean "none".
 * A free record is all zero but for its first word.
 */
export class Pool {
  readonly bank: Bank;
  private readonly recordWords: number;
  private readonly end: number;

  /** @param capacity most records that may live at once; the memory is taken as it is needed */
  constructor(journal: Journal, recordWords: number, capacity: number) {
    this.recordWords = recordWords;
    this.end = FIRST_SLOT + recordWords * capacity;
    this.bank = new Bank(journal, new Uint32Array(FIRST_SLOT + recordWords * Math.min(16, capacity)), this.end);
    this.bank.words[NEXT_UNUSED] = FIRST_SLOT;
  }

  /** Number of live records. */
  get live(): number {
    return this.bank.words[LIVE];
  }

  /** Takes a record of zeros. @returns 0 when the pool is at its capacity */
  alloc(): number {
    const { bank } = this;
    const free = bank.words[FREE_HEAD];
    let slot = free;
    if (free !== 0) {
      bank.set(FREE_HEAD, bank.words[free]);
      bank.set(free, 0);
    } else {
      slot = bank.words[NEXT_UNUSED];
      if (slot >= this.end) return 0;
      bank.ensure(slot + this.recordWords);
      bank.set(NEXT_UNUSED, slot + this.recordWords);
    }
    bank.set(LIVE, bank.words[LIVE] + 1);
    return slot;
  }

  /** Gives a record back. Its words are cleared. */
  free(slot: number): void {
    const { bank } = this;
    for (let word = slot + 1; word < slot + this.recordWords; word++) bank.set(word, 0);
    bank.set(slot, bank.words[FREE_HEAD]);
    bank.set(FREE_HEAD, slot);
    bank.set(LIVE, bank.words[LIVE] - 1);
  }
}
