import { Bank } from "../journal/bank.ts";
import type { Journal } from "../journal/journal.ts";

/** KVM and QEMU know guest memory by pages of 4 KiB. */
export const PAGE_BYTES = 4096;
/** A page as a shift of offsets in a window, which are below 2^31. */
export const PAGE_SHIFT = 12;
/** Words of a page, as a shift of word indices. */
export const PAGE_WORD_SHIFT = 10;
export const PAGE_WORDS = 1 << PAGE_WORD_SHIFT;

/** Mark of a page that was written before and that nobody watches. Pages that were never written have bit 0 clear. */
export const PLAIN = 1;

/**
 * One RAM window: guest physical addresses `base` .. `base + bytes - 1`, all readable and writable. The host commits its pages as
 * they are touched. A large fill does not touch them: it notes the byte for each whole page in {@link fills}, and the words, which
 * are left as they were, count for nothing until the page is settled.
 */
export class RamWindow {
  readonly base: number;
  readonly bytes: number;
  readonly end: number;
  readonly bank: Bank;
  readonly view: Uint8Array;
  /** Of each page: bit 0 = it was written before; above it 1 + the number of who watches it, or {@link SEVERAL}; 0 there = nobody. */
  readonly marks: Uint16Array;
  /** Of each page: 0, or 1 + the byte that all of it has. Absent until the first large fill. */
  fills: Bank | undefined = undefined;
  /** The words of {@link fills}, for hot code. */
  notes: Uint32Array | undefined = undefined;
  private readonly journal: Journal;
  /** Pages whose words somebody reads without asking; 1 = such a page. Absent until there is one. */
  private pinned: Uint8Array | undefined;

  /** @param base multiple of 4096 @param bytes multiple of 4096, at most 2^31 */
  constructor(journal: Journal, base: number, bytes: number) {
    const buffer = new ArrayBuffer(bytes);
    this.journal = journal;
    this.base = base;
    this.bytes = bytes;
    this.end = base + bytes;
    // The budget counts the pages that are written, not the window.
    this.bank = new Bank(journal, new Uint32Array(0), bytes / 4);
    this.bank.words = new Uint32Array(buffer);
    this.view = new Uint8Array(buffer);
    this.marks = new Uint16Array(bytes / PAGE_BYTES);
  }

  /** The byte that all of a page has by a fill, or -1 when its words count. @param page its number in the window */
  filledWith(page: number): number {
    return this.fills === undefined ? -1 : this.fills.words[page] - 1;
  }

  /** Whether nothing but zeros is known to be in a page, without a look at its words. */
  isUntouched(page: number): boolean {
    return (this.marks[page] & PLAIN) === 0 && this.filledWith(page) <= 0;
  }

  /** Whether a word of a page is written by writing it: the page was written before, nothing is noted for it, nobody watches it. */
  isPlain(page: number): boolean {
    const { notes } = this;
    return this.marks[page] === PLAIN && (notes === undefined || notes[page] === 0);
  }

  /** Fills a page by a note. @returns false when its words have to be written: somebody watches or reads them */
  fillPage(page: number, byte: number): boolean {
    if (this.marks[page] > PLAIN || this.pinned?.[page] === 1) return false;
    if (this.fills === undefined) {
      this.fills = new Bank(this.journal, new Uint32Array(this.marks.length));
      this.notes = this.fills.words;
    }
    this.fills.set(page, byte + 1);
    return true;
  }

  /** Counts a page as written. @throws MemoryLimitError when there may be no more */
  touch(page: number): void {
    if ((this.marks[page] & PLAIN) !== 0) return;
    if (!this.journal.hold(PAGE_BYTES)) {
      this.journal.afterPeek(() => {
        this.marks[page] &= ~PLAIN;
      });
    }
    this.marks[page] |= PLAIN;
  }

  /** Writes what a fill has noted for a page into its words. */
  settle(page: number): void {
    const { fills, bank } = this;
    const byte = this.filledWith(page);
    if (fills === undefined || byte < 0) return;
    this.touch(page);
    fills.set(page, 0);
    const word = (byte * 0x01010101) >>> 0;
    const first = page * PAGE_WORDS;
    for (let at = first; at < first + PAGE_WORDS; at++) bank.set(at, word);
  }

  /** As {@link settle} for the pages of some bytes. @param offset in the window */
  settleRange(offset: number, bytes: number): void {
    if (this.fills === undefined) return;
    const last = Math.floor((offset + bytes - 1) / PAGE_BYTES);
    for (let page = Math.floor(offset / PAGE_BYTES); page <= last; page++) this.settle(page);
  }

  /** Whether a fill is noted for one of the pages of some bytes. @param offset in the window */
  isFilled(offset: number, bytes: number): boolean {
    const { notes } = this;
    if (notes === undefined) return false;
    const last = (offset + bytes - 1) >>> PAGE_SHIFT;
    for (let page = offset >>> PAGE_SHIFT; page <= last; page++) if (notes[page] !== 0) return true;
    return false;
  }

  /** Somebody goes on reading the words of these bytes: fills write them from now on. @param offset in the window */
  pin(offset: number, bytes: number): void {
    this.pinned ??= new Uint8Array(this.marks.length);
    this.pinned.fill(1, Math.floor(offset / PAGE_BYTES), Math.ceil((offset + bytes) / PAGE_BYTES));
  }
}
