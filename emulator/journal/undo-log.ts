import { type MemoryBudget, NO_LIMIT } from "../memory-budget.ts";

/** A moment of a machine's life: the number of changes logged before it. Larger is later. */
export type Mark = number;

/** Entries kept before the oldest are dropped: 16 Mi entries of 8 bytes, 128 MiB. */
const DEFAULT_LIMIT = 16 * 1024 * 1024;
/** Entries of a chunk, 256 KiB: little enough that a new one delays nobody. */
const CHUNK_ENTRIES = 32 * 1024;
/** Words of the first chunk as a machine is made; it doubles up to the size of a chunk. */
const FIRST_WORDS = 1 << 12;

/** Entries that lie together: those with the marks `base` to `base + end / 2`, exclusive. */
export interface LogPart {
  readonly entries: Uint32Array;
  readonly base: Mark;
  /** Words in use. */
  readonly end: number;
}

/**
 * Entries of two words in chunks: it grows and drops what is oldest by whole chunks, so neither costs more the longer the log is. Hot code
 * appends to {@link entries} at {@link used} itself, and calls {@link grow} when that is full.
 */
export class UndoLog {
  /** Whether changes are logged. */
  active: boolean;
  /** The chunk that is appended to. */
  entries: Uint32Array = new Uint32Array(FIRST_WORDS);
  /** Words of `entries` in use. */
  used = 0;
  /** Chunks and their budget stay as they are: somebody looks, and puts back what that changes. */
  peeking = false;

  private readonly budget: MemoryBudget;
  private readonly chunkWords: number;
  private readonly mostChunks: number;
  /** The oldest first. Those behind the one that is appended to are free. */
  private readonly chunks: Uint32Array[] = [this.entries];
  /** Number of the chunk that is appended to. */
  private newest = 0;
  /** The mark before the first entry of the oldest chunk. */
  private first: Mark = 0;

  /** @param limit entries kept at most, below which the log also stays when the budget allows no more */
  constructor(active = true, limit = DEFAULT_LIMIT, budget = NO_LIMIT) {
    this.active = active;
    this.budget = budget;
    this.chunkWords = Math.min(CHUNK_ENTRIES, Math.max(1, limit >>> 1)) * 2;
    this.mostChunks = Math.max(2, Math.floor((limit * 2) / this.chunkWords));
    if (this.chunkWords < FIRST_WORDS) this.chunks[0] = this.entries = new Uint32Array(this.chunkWords);
  }

  /** The present moment. */
  get mark(): Mark {
    return this.base + (this.used >>> 1);
  }

  /** The oldest moment that can still be reached. */
  get oldest(): Mark {
    return this.first;
  }

  append(word: number, value: number): void {
    let { used } = this;
    if (used === this.entries.length) used = this.grow();
    this.entries[used] = word;
    this.entries[used + 1] = value;
    this.used = used + 2;
  }

  /** Makes room for one more entry. @returns the new value of {@link used} */
  grow(): number {
    const { entries, newest, chunkWords, chunks } = this;
    if (entries.length < chunkWords) {
      const words = Math.min(entries.length * 2, chunkWords);
      if (this.take(words - entries.length)) {
        const larger = new Uint32Array(words);
        larger.set(entries);
        chunks[newest] = this.entries = larger;
      } else this.dropHalf();
      return this.used;
    }
    if (newest + 1 === chunks.length) {
      if ((this.peeking || chunks.length < this.mostChunks) && this.take(chunkWords)) {
        chunks.push(new Uint32Array(chunkWords));
      } else if (chunks.length > 1) {
        chunks.push(...chunks.splice(0, 1));
        this.first += chunkWords >>> 1;
        this.newest--;
      } else {
        this.dropHalf();
        return this.used;
      }
    }
    this.enter(this.newest + 1, 0);
    return 0;
  }

  /** The parts from the one that is appended to back to the oldest, as they are before a mark. */
  *back(before: Mark): Iterable<LogPart> {
    const { chunkWords, chunks, first } = this;
    for (let number = this.newest; number >= 0; number--) {
      const base = first + number * (chunkWords >>> 1);
      if (base < before) {
        const used = number === this.newest ? this.used : chunkWords;
        yield { entries: chunks[number], base, end: Math.min((before - base) * 2, used) };
      }
    }
  }

  /** Where the entry is that follows a mark. */
  place(mark: Mark): { readonly entries: Uint32Array; readonly at: number } {
    const at = (mark - this.first) * 2;
    const number = Math.floor(at / this.chunkWords);
    return { entries: this.chunks[number], at: at - number * this.chunkWords };
  }

  /** Forgets the entries from a mark on, which must not be older than {@link oldest}. */
  cut(mark: Mark): void {
    const words = (mark - this.first) * 2;
    // Between two chunks it is the older one that is full: a look then gives the newer one back.
    const number = Math.max(Math.ceil(words / this.chunkWords) - 1, 0);
    this.enter(number, words - number * this.chunkWords);
  }

  /** Forgets everything: the present moment becomes the oldest. */
  clear(): void {
    this.first = this.mark;
    this.enter(0, 0);
  }

  /** Reads what changes something. Chunks that this needed are given back. */
  peek<Value>(read: () => Value): Value {
    const { peeking, chunks } = this;
    const kept = chunks.length;
    this.peeking = true;
    try {
      return read();
    } finally {
      this.peeking = peeking;
      chunks.length = Math.max(Math.min(kept, chunks.length), this.newest + 1);
    }
  }

  private get base(): Mark {
    return this.first + this.newest * (this.chunkWords >>> 1);
  }

  private enter(number: number, used: number): void {
    this.newest = number;
    this.entries = this.chunks[number];
    this.used = used;
  }

  /** Counts words against the budget; those of a look are not counted. */
  private take(words: number): boolean {
    if (this.peeking) return true;
    if (!this.budget.allows(words * 4)) return false;
    this.budget.take(words * 4);
    return true;
  }

  /** Drops the older half of the only chunk. */
  private dropHalf(): void {
    const { entries } = this;
    const half = (entries.length >>> 2) * 2;
    entries.copyWithin(0, half);
    this.first += half >>> 1;
    this.used -= half;
  }
}
