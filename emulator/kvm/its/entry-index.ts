import type { GuestMemory } from "../../memory/guest-memory.ts";
import { PAGE_BYTES } from "../../memory/ram-window.ts";

/** What tells an entry valid lies in its first 8 bytes. */
const WORD_BYTES = 8;
const WORDS = PAGE_BYTES / WORD_BYTES;

/**
 * Which entries of guest memory are valid, worked out once a page, for the time of one restore. A hostile table can make a
 * kernel read the same megabytes of invalid entries 65,536 times over; with this it costs one bit scan a page.
 *
 * Memory may change meanwhile only so that valid entries become invalid (the pending bits that a restore consumes); those are still visited.
 */
export class EntryIndex {
  private readonly memory: GuestMemory;
  private readonly isValid: (lo: number, hi: number) => boolean;
  /** Bitmap of a page's valid entries; undefined for a page without any. */
  private readonly pages = new Map<number, Uint32Array | undefined>();

  /** The page looked at last: entries of one page follow one another. */
  private lastPage = -1;
  private lastBitmap: Uint32Array | undefined;

  constructor(memory: GuestMemory, isValid: (lo: number, hi: number) => boolean) {
    this.memory = memory;
    this.isValid = isValid;
  }

  /**
   * Address of the first valid entry at or after `address`, or of the first page that is not RAM; some address at or above `end` when
   * there is none before. @param address multiple of `stride` @param stride bytes from entry to entry, 8 or 16
   */
  next(address: number, end: number, stride = WORD_BYTES): number {
    let at = address;
    while (at < end) {
      const page = at - (at % PAGE_BYTES);
      if (page !== this.lastPage) {
        if (!this.memory.isBacked(at)) return at;
        this.lastBitmap = this.page(page);
        this.lastPage = page;
      }
      const bitmap = this.lastBitmap;
      if (bitmap !== undefined) {
        let slot = nextSet(bitmap, (at - page) / WORD_BYTES);
        while (slot >= 0 && (slot * WORD_BYTES) % stride !== 0) slot = nextSet(bitmap, slot + 1);
        if (slot >= 0) return page + slot * WORD_BYTES;
      }
      at = page + PAGE_BYTES;
    }
    return at;
  }

  private page(page: number): Uint32Array | undefined {
    if (this.pages.has(page)) return this.pages.get(page);
    let bitmap: Uint32Array | undefined;
    // No zero is a valid entry.
    if (this.memory.isUntouched(page)) return undefined;
    for (let slot = 0; slot < WORDS; slot++) {
      this.memory.read64(page + slot * WORD_BYTES);
      if (!this.isValid(this.memory.lo, this.memory.hi)) continue;
      bitmap ??= new Uint32Array(WORDS / 32);
      bitmap[slot >>> 5] |= 1 << (slot & 31);
    }
    this.pages.set(page, bitmap);
    return bitmap;
  }
}

/** First set bit at or after `from`, or -1. */
function nextSet(bitmap: Uint32Array, from: number): number {
  if (from >= WORDS) return -1;
  let word = from >>> 5;
  let bits = bitmap[word] & (-1 << (from & 31));
  while (bits === 0) {
    word++;
    if (word === bitmap.length) return -1;
    bits = bitmap[word];
  }
  return word * 32 + 31 - Math.clz32(bits & -bits);
}
