import type { Journal, LoggedWords } from "./journal.ts";
import type { UndoLog } from "./undo-log.ts";

/**
 * How a bank that becomes full grows: to so many times its size, while it has fewer words than that. The copy of a large bank would delay
 * whoever waits, and stay with the host until it is collected; what is not touched yet is not committed.
 */
const GROWTH = [
  { below: 1 << 18, factor: 2 },
  { below: 1 << 20, factor: 8 },
  { below: Number.POSITIVE_INFINITY, factor: 64 },
] as const;
/** Words by which the budget's count of a growing bank goes on at most: 1 MiB. */
const MOST_COUNTED_AT_ONCE = 1 << 18;

/**
 * A run of mutable 32-bit words: a RAM window, a register file, a pool of records. All changes go through {@link set},
 * which logs the old value, so that any moment can be restored.
 */
export class Bank implements LoggedWords {
  /** The words. Read freely; write only through {@link set}. Replaced when the bank grows. */
  words: Uint32Array;
  /** Index of word 0 in the journal's global word space. */
  readonly start: number;
  /** Global index behind the last word that the bank may grow to. */
  readonly end: number;
  private readonly journal: Journal;
  private readonly log: UndoLog;
  private readonly reserved: number;
  /** Words that are counted against the budget. */
  private counted: number;

  /**
   * @param words initial contents
   * @param reserved words that the bank may grow to
   * @throws MemoryLimitError when the machine may hold no more
   */
  constructor(journal: Journal, words: Uint32Array, reserved = words.length) {
    this.journal = journal;
    this.log = journal.log;
    this.words = words;
    this.reserved = reserved;
    this.counted = words.length;
    journal.hold(words.byteLength);
    this.start = journal.register(this, reserved);
    this.end = this.start + reserved;
  }

  /** Writes one word (taken modulo 2^32). */
  set(index: number, value: number): void {
    const { words, log } = this;
    const old = words[index];
    const word = value >>> 0;
    if (old === word) return;
    if (log.active) {
      let { used } = log;
      if (used === log.entries.length) used = log.grow();
      const { entries } = log;
      entries[used] = this.start + index;
      entries[used + 1] = old;
      log.used = used + 2;
    }
    words[index] = word;
  }

  /** Writes two words that follow each other. */
  setTwo(index: number, first: number, second: number): void {
    if (this.log.active) {
      this.set(index, first);
      this.set(index + 1, second);
      return;
    }
    const { words } = this;
    words[index] = first;
    words[index + 1] = second;
  }

  /** Writes three words that follow each other. */
  setThree(index: number, first: number, second: number, third: number): void {
    if (this.log.active) {
      this.set(index, first);
      this.set(index + 1, second);
      this.set(index + 2, third);
      return;
    }
    const { words } = this;
    words[index] = first;
    words[index + 1] = second;
    words[index + 2] = third;
  }

  /** Writes four words that follow each other. */
  setFour(index: number, first: number, second: number, third: number, fourth: number): void {
    if (this.log.active) {
      this.set(index, first);
      this.set(index + 1, second);
      this.set(index + 2, third);
      this.set(index + 3, fourth);
      return;
    }
    const { words } = this;
    words[index] = first;
    words[index + 1] = second;
    words[index + 2] = third;
    words[index + 3] = fourth;
  }

  /** Makes sure that words 0..length-1 exist. New words are 0. @throws RangeError beyond the reserved size, MemoryLimitError beyond the budget */
  ensure(length: number): void {
    const { counted } = this;
    if (length <= counted) return;
    if (length > this.reserved) throw new RangeError(`state of ${length} words is over the bound of ${this.reserved}`);
    const wanted = Math.min(this.reserved, Math.max(length, counted + Math.min(counted, MOST_COUNTED_AT_ONCE)));
    this.journal.hold((wanted - counted) * 4);
    this.counted = wanted;
    if (wanted > this.words.length) this.grow(wanted);
  }

  private grow(length: number): void {
    const { words } = this;
    const factor = GROWTH.find(({ below }) => words.length < below)?.factor ?? 2;
    const larger = new Uint32Array(Math.min(this.reserved, Math.max(length, words.length * factor)));
    larger.set(words);
    this.words = larger;
  }
}
