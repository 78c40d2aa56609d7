import { type MemoryBudget, NO_LIMIT } from "../memory-budget.ts";
import type { Bank } from "./bank.ts";

/** Global word indices: an undo entry names a word of any bank by one uint32. The last one is {@link NOTE}. */
const MAX_WORDS = 2 ** 32 - 1;

/** Entries kept before the oldest half is dropped: 16 Mi entries of 8 bytes, 128 MiB. */
const DEFAULT_LIMIT = 16 * 1024 * 1024;

/** Word index of an entry that is no change but a note: no command of an ITS runs from here on. */
const NOTE = 0xffff_ffff;

/** A command that an ITS took from its queue. */
export interface CommandPlace {
  readonly its: number;
  /** Byte offset in the command queue. */
  readonly queueOffset: number;
}

/** A moment of a machine's life: the number of changes logged before it. Larger is later. */
export type Mark = number;

/**
 * The undo journal. Every mutable word of a machine lives in a {@link Bank}; a bank's setter logs the word's old value here.
 * Rewinding writes the old values back, newest first, so a mark costs nothing and a step back costs only what the step changed.
 *
 * An entry is two uint32: the global index of the word, and its old value.
 */
export class Journal {
  /** Whether changes are logged. While false, nothing since the last mark can be taken back. */
  active: boolean;
  /** Log of (global word index, old value) pairs; hot code in {@link Bank} appends to it. */
  entries = new Uint32Array(1 << 12);
  /** Words of `entries` in use. */
  used = 0;

  private readonly limit: number;
  /** Banks in the order of their global indices. */
  private readonly registered: Bank[] = [];
  /** GITS_CREADR words by global index, with the numbers of their ITSs. */
  private readonly queues = new Map<number, number>();
  private readonly listeners: (() => void)[] = [];
  /** Entries dropped at the old end. */
  private dropped = 0;
  private nextWord = 0;
  /** Old entries stay where they are: somebody who looks back goes by their places. */
  private peeking = false;

  /** Bounds what the machine holds; its banks and its RAM count there, too. */
  readonly budget: MemoryBudget;

  /** @param options `limit`: entries kept at most, below which the log also stays when the budget allows no more */
  constructor(options: { active?: boolean; limit?: number; budget?: MemoryBudget } = {}) {
    this.active = options.active ?? true;
    this.limit = options.limit ?? DEFAULT_LIMIT;
    this.budget = options.budget ?? NO_LIMIT;
  }

  /**
   * Counts memory that the machine comes to hold. What a look needs for its moment is not counted.
   * @returns whether it was counted @throws MemoryLimitError when it is too much
   */
  hold(bytes: number): boolean {
    if (this.peeking) return false;
    this.budget.take(bytes);
    return true;
  }

  /** Reserves global word indices for a bank. @returns the global index of its word 0. @throws RangeError when 2^32 words are used up */
  register(bank: Bank, reservedWords: number): number {
    const start = this.nextWord;
    if (start + reservedWords > MAX_WORDS)
      throw new RangeError("a machine can hold 16 GiB of state and memory at most");
    this.registered.push(bank);
    this.nextWord = start + reservedWords;
    return start;
  }

  /** The bank that a global word index belongs to. */
  private bankOf(index: number): Bank {
    const { registered } = this;
    let low = 0;
    let high = registered.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (registered[middle].start <= index) low = middle;
      else high = middle - 1;
    }
    return registered[low];
  }

  /** Every bank of the machine: all that a rewind restores. */
  get banks(): readonly Bank[] {
    return this.registered;
  }

  /** Called after each rewind, to recompute what is derived from the words. */
  onRewind(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** The present moment. */
  mark(): Mark {
    return this.dropped + (this.used >>> 1);
  }

  /** The oldest moment that can still be reached. */
  oldest(): Mark {
    return this.dropped;
  }

  /**
   * Takes back every change made since `mark`.
   * @returns false when the mark is older than {@link oldest} or lies in the future; nothing is changed then.
   */
  rewind(mark: Mark): boolean {
    if (mark < this.dropped || mark > this.mark()) return false;
    const { entries } = this;
    const end = (mark - this.dropped) * 2;
    let bank = this.registered[0];
    for (let at = this.used - 2; at >= end; at -= 2) {
      const index = entries[at];
      if (index === NOTE) continue;
      if (index < bank.start || index >= bank.end) bank = this.bankOf(index);
      bank.words[index - bank.start] = entries[at + 1];
    }
    this.used = end;
    this.notify();
    return true;
  }

  /**
   * Looks into the past without staying there: takes changes back to one mark after another, asks `look` at each, and then puts
   * everything as it was. While it looks, nothing may be changed.
   * @param marks latest first
   * @param look answers whether to look further back
   * @returns the mark at which `look` answered no, or undefined when it never did or a mark is out of reach
   */
  lookBack(marks: Iterable<Mark>, look: () => boolean): Mark | undefined {
    const present = this.used;
    let at = present;
    let found: Mark | undefined;
    const active = this.active;
    this.active = false;
    for (const mark of marks) {
      const target = (mark - this.dropped) * 2;
      if (target < 0 || target > present) break;
      for (; at > target; at -= 2) this.exchange(at - 2);
      this.notify();
      // What a look changes, as a read with effects does, is taken back at once.
      if (!this.peek(look)) {
        found = mark;
        break;
      }
    }
    for (; at < present; at += 2) this.exchange(at);
    this.notify();
    this.active = active;
    return found;
  }

  /**
   * Reads what cannot be read without changing something, and takes the changes back; also while {@link lookBack} looks and while
   * changes are not logged.
   */
  peek<Value>(read: () => Value): Value {
    const { active, peeking } = this;
    const mark = this.mark();
    this.active = true;
    this.peeking = true;
    try {
      return read();
    } finally {
      if (this.mark() !== mark) this.rewind(mark);
      this.active = active;
      this.peeking = peeking;
    }
  }

  /** Swaps the value in an entry with the word that it is about: undoes it, and done again redoes it. */
  private exchange(at: number): void {
    const { entries } = this;
    const index = entries[at];
    if (index === NOTE) return;
    const bank = this.bankOf(index);
    const word = index - bank.start;
    const value = bank.words[word];
    bank.words[word] = entries[at + 1];
    entries[at + 1] = value;
  }

  private notify(): void {
    for (const listener of this.listeners) listener();
  }

  /** Where the commands of a stretch of time begin, latest first: the changes of GITS_CREADR that {@link watchQueue} knows. */
  *commandMarks(from: Mark, to: Mark): Iterable<Mark> {
    for (
      let at = Math.min((to - this.dropped) * 2, this.used) - 2;
      at >= Math.max((from - this.dropped) * 2, 0);
      at -= 2
    ) {
      if (this.queues.has(this.entries[at])) yield this.dropped + (at >>> 1);
    }
  }

  /** Forgets everything: the present moment becomes the oldest. */
  clear(): void {
    this.dropped += this.used >>> 1;
    this.used = 0;
  }

  /**
   * Tells which word holds an ITS's GITS_CREADR. The ITS moves it on before it carries out a command, so the entry for that change marks
   * where the command's changes begin, and its old value says which command it is.
   */
  watchQueue(bank: Bank, creadr: number, its: number): void {
    this.queues.set(bank.start + creadr, its);
  }

  /** Notes that no command runs any more: what follows is somebody else's doing. */
  endCommands(): void {
    if (!this.active) return;
    let { used } = this;
    if (used === this.entries.length) used = this.grow();
    this.entries[used] = NOTE;
    this.entries[used + 1] = 0;
    this.used = used + 2;
  }

  /**
   * The last change of some bits of a word, as far as the log goes back.
   * @param mask the bits asked about
   * @returns the moment just before the change, or undefined when the log holds none
   */
  lastChange(bank: Bank, index: number, mask = 0xffff_ffff): Mark | undefined {
    const wanted = bank.start + index;
    let value = bank.words[index];
    for (let at = this.used - 2; at >= 0; at -= 2) {
      if (this.entries[at] !== wanted) continue;
      const old = this.entries[at + 1];
      if (((value ^ old) & mask) !== 0) return this.dropped + (at >>> 1);
      value = old;
    }
    return undefined;
  }

  /** The command that ran at a moment, or undefined when none did or the log does not go back so far. */
  commandAt(mark: Mark): CommandPlace | undefined {
    for (let at = Math.min((mark - this.dropped) * 2, this.used - 2); at >= 0; at -= 2) {
      const index = this.entries[at];
      if (index === NOTE) return undefined;
      const its = this.queues.get(index);
      if (its !== undefined) return { its, queueOffset: this.entries[at + 1] };
    }
    return undefined;
  }

  /** Makes room for one more entry. @returns the new value of {@link used}. */
  grow(): number {
    const { entries, budget } = this;
    const most = this.peeking ? entries.length * 2 : Math.min(entries.length * 2, this.limit * 2);
    const more = (most - entries.length) * 4;
    if (more > 0 && (this.peeking || budget.allows(more))) {
      this.hold(more);
      const larger = new Uint32Array(most);
      larger.set(entries);
      this.entries = larger;
      return this.used;
    }
    const half = (entries.length >>> 2) * 2;
    entries.copyWithin(0, half);
    this.dropped += half >>> 1;
    this.used -= half;
    return this.used;
  }
}
