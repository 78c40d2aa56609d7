import { type MemoryBudget, NO_LIMIT } from "../memory-budget.ts";
import { finish, type Steps } from "../pace.ts";
import { type Mark, UndoLog } from "./undo-log.ts";

/** Global word indices: an undo entry names a word of any bank by one uint32. The last one is {@link NOTE}. */
const MAX_WORDS = 2 ** 32 - 1;

/** Word index of an entry that is no change but a note: no command of an ITS runs from here on. */
const NOTE = 0xffff_ffff;

/** Entries that are taken back, or put back, in one step of a look: a tenth of a millisecond. */
const STEP_ENTRIES = 8192;

/** A run of mutable words whose changes the journal takes back. */
export interface LoggedWords {
  /** Replaced when the run grows. */
  readonly words: Uint32Array;
  /** Index of word 0 in the journal's global word space. */
  readonly start: number;
  /** Global index behind the last word that there may be. */
  readonly end: number;
}

/** A command that an ITS took from its queue. */
export interface CommandPlace {
  readonly its: number;
  /** Byte offset in the command queue. */
  readonly queueOffset: number;
}

/** A change of a word that the journal has logged. */
export interface LoggedChange {
  /** The moment just before it. */
  readonly mark: Mark;
  readonly bank: LoggedWords;
  /** Index in the bank. */
  readonly word: number;
  /** The word's value before. */
  readonly old: number;
  /** ITS whose GITS_CREADR the word holds. */
  readonly queueOf: number | undefined;
}

/**
 * The undo journal. Every mutable word of a machine lives in a bank (bank.ts), whose setter logs the word's old value here.
 * Rewinding writes the old values back, newest first, so a mark costs nothing and a step back costs only what the step changed.
 *
 * An entry is two uint32: the global index of the word, and its old value.
 */
export class Journal {
  /** (global word index, old value) pairs; hot code in bank.ts appends to it. */
  readonly log: UndoLog;

  /** Banks in the order of their global indices. */
  private readonly registered: LoggedWords[] = [];
  /** GITS_CREADR words by global index, with the numbers of their ITSs. */
  private readonly queues = new Map<number, number>();
  private readonly listeners: (() => void)[] = [];
  private readonly afterwards: (() => void)[] = [];
  private nextWord = 0;

  /** Changes that are kept at most; undefined = as many as the log has room for. */
  readonly limit: number | undefined;
  /** Bounds what the machine holds; its banks and its RAM count there, too. */
  readonly budget: MemoryBudget;

  /** @param options `limit`: entries kept at most, below which the log also stays when the budget allows no more */
  constructor(options: { active?: boolean; limit?: number; budget?: MemoryBudget } = {}) {
    this.budget = options.budget ?? NO_LIMIT;
    this.limit = options.limit;
    this.log = new UndoLog(options.active, options.limit, this.budget);
  }

  /** Whether changes are logged. While false, nothing since the last mark can be taken back. */
  get active(): boolean {
    return this.log.active;
  }

  set active(active: boolean) {
    this.log.active = active;
  }

  /**
   * Counts memory that the machine comes to hold. What a look needs for its moment is not counted.
   * @returns whether it was counted @throws MemoryLimitError when it is too much
   */
  hold(bytes: number): boolean {
    if (this.log.peeking) return false;
    this.budget.take(bytes);
    return true;
  }

  /** Reserves global word indices for a bank. @returns the global index of its word 0. @throws RangeError when 2^32 words are used up */
  register(bank: LoggedWords, reservedWords: number): number {
    const start = this.nextWord;
    if (start + reservedWords > MAX_WORDS)
      throw new RangeError("a machine can hold 16 GiB of state and memory at most");
    this.registered.push(bank);
    this.nextWord = start + reservedWords;
    return start;
  }

  /** The bank that a global word index belongs to. */
  private bankOf(index: number): LoggedWords {
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
  get banks(): readonly LoggedWords[] {
    return this.registered;
  }

  /** Called after each rewind, to recompute what is derived from the words. */
  onRewind(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** The present moment. */
  mark(): Mark {
    return this.log.mark;
  }

  /** The oldest moment that can still be reached. */
  oldest(): Mark {
    return this.log.oldest;
  }

  /**
   * Takes back every change made since `mark`.
   * @returns false when the mark is older than {@link oldest} or lies in the future; nothing is changed then.
   */
  rewind(mark: Mark): boolean {
    const { log } = this;
    if (mark < log.oldest || mark > log.mark) return false;
    let bank = this.registered[0];
    for (const { entries, base, end } of log.back(log.mark)) {
      const stop = Math.max(mark - base, 0) * 2;
      for (let at = end - 2; at >= stop; at -= 2) {
        const index = entries[at];
        if (index === NOTE) continue;
        if (index < bank.start || index >= bank.end) bank = this.bankOf(index);
        bank.words[index - bank.start] = entries[at + 1];
      }
      if (base <= mark) break;
    }
    log.cut(mark);
    this.notify();
    return true;
  }

  /**
   * Brings every word back to what it was at a moment, by changes that are logged as any others: {@link rewind} takes them back.
   * @returns false as {@link rewind}, and while changes are not logged
   */
  returnTo(mark: Mark): boolean {
    const { log } = this;
    if (!this.active || mark < log.oldest || mark > log.mark) return false;
    const before = new Map<number, number>();
    for (const { entries, base, end } of log.back(log.mark)) {
      const stop = Math.max(mark - base, 0) * 2;
      // Newest first: what is entered last is the oldest change, whose old value was there at the mark.
      for (let at = end - 2; at >= stop; at -= 2) if (entries[at] !== NOTE) before.set(entries[at], entries[at + 1]);
      if (base <= mark) break;
    }
    // A queue that is moved back is no command that is carried out.
    for (const index of this.queues.keys()) this.putBack(index, before.get(index));
    this.endCommands();
    for (const [index, value] of before) this.putBack(index, value);
    this.notify();
    return true;
  }

  private putBack(index: number, value: number | undefined): void {
    if (value === undefined) return;
    const { words, start } = this.bankOf(index);
    const old = words[index - start];
    if (old === value) return;
    this.log.append(index, old);
    words[index - start] = value;
  }

  /**
   * Looks into the past without staying there: takes changes back to one mark after another, asks `look` at each, and then puts
   * everything as it was. While it looks, nothing may be changed.
   * @param marks latest first
   * @param look answers whether to look further back
   * @returns the mark at which `look` answered no, or undefined when it never did or a mark is out of reach
   */
  lookBack(marks: Iterable<Mark>, look: () => boolean): Mark | undefined {
    return finish(this.lookingBack(marks, look));
  }

  /**
   * {@link lookBack} in steps of a few microseconds. Between them the machine is in the past: until the last step nobody may ask it
   * anything. Work that is left before its end puts everything as it was.
   */
  *lookingBack(marks: Iterable<Mark>, look: () => boolean): Steps<Mark | undefined> {
    const present = this.log.mark;
    let at = present;
    let found: Mark | undefined;
    const { active } = this;
    this.active = false;
    try {
      for (const mark of marks) {
        if (mark < this.log.oldest || mark > present) break;
        for (; at > mark; at--) {
          this.exchange(at - 1);
          if (at % STEP_ENTRIES === 0) yield;
        }
        this.notify();
        // What a look changes, as a read with effects does, is taken back at once.
        if (!this.peek(look)) {
          found = mark;
          break;
        }
        yield;
      }
      for (; at < present; at++) {
        this.exchange(at);
        if (at % STEP_ENTRIES === 0) yield;
      }
    } finally {
      for (; at < present; at++) this.exchange(at);
      this.notify();
      this.active = active;
    }
    return found;
  }

  /** Does something once the look that is under way is over, and what it changed is taken back. */
  afterPeek(act: () => void): void {
    this.afterwards.push(act);
  }

  /**
   * Reads what cannot be read without changing something, and takes the changes back; also while {@link lookBack} looks and while
   * changes are not logged.
   */
  peek<Value>(read: () => Value): Value {
    const { active } = this;
    const { peeking } = this.log;
    const mark = this.mark();
    this.active = true;
    return this.log.peek(() => {
      try {
        return read();
      } finally {
        if (this.mark() !== mark) this.rewind(mark);
        this.active = active;
        if (!peeking) for (const act of this.afterwards.splice(0)) act();
      }
    });
  }

  /** Swaps the value in an entry with the word that it is about: undoes it, and done again redoes it. */
  private exchange(entry: Mark): void {
    const { entries, at } = this.log.place(entry);
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

  /** Forgets everything: the present moment becomes the oldest. */
  clear(): void {
    this.log.clear();
  }

  /**
   * Tells which word holds an ITS's GITS_CREADR. The ITS moves it on before it carries out a command, so the entry for that change marks
   * where the command's changes begin, and its old value says which command it is.
   */
  watchQueue(bank: LoggedWords, creadr: number, its: number): void {
    this.queues.set(bank.start + creadr, its);
  }

  /** Notes that no command runs any more: what follows is somebody else's doing. */
  endCommands(): void {
    if (this.active) this.log.append(NOTE, 0);
  }

  /**
   * The last change of some bits of a word, as far as the log goes back.
   * @param mask the bits asked about
   * @returns the moment just before the change, or undefined when the log holds none
   */
  lastChange(bank: LoggedWords, index: number, mask = 0xffff_ffff): Mark | undefined {
    const wanted = bank.start + index;
    let value = bank.words[index];
    for (const { entries, base, end } of this.log.back(this.mark())) {
      for (let at = end - 2; at >= 0; at -= 2) {
        if (entries[at] !== wanted) continue;
        const old = entries[at + 1];
        if (((value ^ old) & mask) !== 0) return base + (at >>> 1);
        value = old;
      }
    }
    return undefined;
  }

  /** The changes of a stretch of time that the log holds, oldest first. Nothing may be changed meanwhile. */
  *changes(from: Mark, to: Mark): Iterable<LoggedChange> {
    for (let mark = from; mark < to; mark++) {
      const { entries, at } = this.log.place(mark);
      const index = entries[at];
      if (index === NOTE) continue;
      const bank = this.bankOf(index);
      yield { mark, bank, word: index - bank.start, old: entries[at + 1], queueOf: this.queues.get(index) };
    }
  }

  /** The command that ran at a moment, or undefined when none did or the log does not go back so far. */
  commandAt(mark: Mark): CommandPlace | undefined {
    for (const { entries, end } of this.log.back(mark + 1)) {
      for (let at = end - 2; at >= 0; at -= 2) {
        const index = entries[at];
        if (index === NOTE) return undefined;
        const its = this.queues.get(index);
        if (its !== undefined) return { its, queueOffset: entries[at + 1] };
      }
    }
    return undefined;
  }
}
