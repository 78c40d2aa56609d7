import type { Journal } from "../journal/journal.ts";
import { Pace } from "../pace.ts";
import { PAGE_BYTES, PAGE_SHIFT, PAGE_WORD_SHIFT, PLAIN, RamWindow } from "./ram-window.ts";

const TWO32 = 0x1_0000_0000;
/** Larger windows are made of pieces of this size, so that offsets in them are uint32. */
const MAX_WINDOW_BYTES = 0x8000_0000;
/** Fills from this size on note their pages instead of writing them. */
const LAZY_FILL_BYTES = 0x40_0000;

/** Mark of a page that more than one watcher looks at. */
const SEVERAL = 0x7fff << 1;

/** Told of every change of a word in the pages that it watches, whoever made it. A rewind is no such change. */
export interface WriteWatcher {
  /** @param address of the word, a multiple of 4 @param old its value before @param now its value after; memory holds it already */
  wordChanged(address: number, old: number, now: number): void;
}

/** A range of addresses in bytes. */
export interface AddressRange {
  readonly base: number;
  readonly bytes: number;
}

/**
 * Guest physical memory: flat RAM windows, little-endian; everything between them is absent (an access there is a bus error).
 * Addresses are JS numbers, exact up to 2^53; the GIC's have 52 bits at most.
 *
 * 64-bit values are read into {@link lo} and {@link hi}, so that the hot paths make no objects and no bigints.
 */
export class GuestMemory {
  /** Low and high words of the last successful {@link read64}. */
  lo = 0;
  hi = 0;
  readonly windows: RamWindow[] = [];
  /** Bounds how long the machine works at a stretch. */
  readonly pace = new Pace();
  private readonly journal: Journal;
  private last: RamWindow | undefined;
  private readonly watchers: { readonly watcher: WriteWatcher; ranges: readonly AddressRange[] }[] = [];

  constructor(journal: Journal) {
    this.journal = journal;
  }

  /**
   * Adds a RAM window of zeros. The host commits its pages as they are touched.
   * @param base multiple of 4096
   * @param bytes multiple of 4096, above 0
   * @throws RangeError when the window is not made of whole pages, leaves the 52-bit address space or overlaps another
   */
  addWindow(base: number, bytes: number): void {
    if (base % PAGE_BYTES !== 0 || bytes % PAGE_BYTES !== 0 || bytes <= 0) {
      throw new RangeError(
        `a RAM window is made of whole 4 KiB pages: 0x${base.toString(16)}, 0x${bytes.toString(16)} bytes`,
      );
    }
    const end = base + bytes;
    if (base < 0 || end > 2 ** 52) throw new RangeError("a RAM window must lie below 2^52");
    const other = this.overlapped(base, bytes);
    if (other) throw new RangeError(`RAM windows overlap at 0x${Math.max(base, other.base).toString(16)}`);
    for (let at = base; at < end; at += MAX_WINDOW_BYTES) this.addPiece(at, Math.min(MAX_WINDOW_BYTES, end - at));
    this.windows.sort((a, b) => a.base - b.base);
  }

  /** A window that has bytes of a range. */
  overlapped(base: number, bytes: number): RamWindow | undefined {
    return this.windows.find((window) => base < window.end && window.base < base + bytes);
  }

  private addPiece(base: number, bytes: number): void {
    this.windows.push(new RamWindow(this.journal, base, bytes));
  }

  /** The window that holds `bytes` bytes at `address`, all of them. Its words count there: what a fill has noted is written to them. */
  window(address: number, bytes: number): RamWindow | undefined {
    const window = this.find(address, bytes);
    if (window === undefined || window.notes === undefined) return window;
    window.settleRange(address - window.base, bytes);
    return window;
  }

  /** As {@link window}, without a look at fills. */
  private find(address: number, bytes: number): RamWindow | undefined {
    const { last } = this;
    if (last !== undefined && address >= last.base && address + bytes <= last.end) return last;
    for (const window of this.windows) {
      if (address >= window.base && address + bytes <= window.end) {
        this.last = window;
        return window;
      }
    }
    return undefined;
  }

  /** Whether the 4 KiB page of an address is RAM (KVM: the page is in a memslot). */
  isBacked(address: number): boolean {
    // Windows are made of whole pages.
    return this.find(address, 1) !== undefined;
  }

  /** Whether the 4 KiB page of an address is RAM that holds nothing but zeros, as far as is known without a look. */
  isUntouched(address: number): boolean {
    const window = this.find(address, 1);
    return window?.isUntouched(Math.floor((address - window.base) / PAGE_BYTES)) ?? false;
  }

  /** Whether all of a range is RAM. */
  covers(address: number, length: number): boolean {
    for (let at = address; at < address + length; ) {
      const window = this.find(at, 1);
      if (window === undefined) return false;
      at = window.end;
    }
    return true;
  }

  /**
   * The window whose words hold a range for as long as RAM is there, to be read by index: fills write them from now on.
   * @returns undefined when the range is not in one window, or what a fill has noted is not written yet
   */
  lastingWindow(address: number, bytes: number): RamWindow | undefined {
    const window = this.find(address, bytes);
    if (window === undefined || window.isFilled(address - window.base, bytes)) return undefined;
    window.pin(address - window.base, bytes);
    return window;
  }

  /** Reads 8 bytes into {@link lo}, {@link hi}. @returns false when an address is not RAM */
  read64(address: number): boolean {
    const window = this.find(address, 8);
    if (window === undefined) return this.readSplit(address);
    const offset = address - window.base;
    if ((offset & 3) !== 0 || window.isFilled(offset, 8)) return this.readSplit(address);
    const { words } = window.bank;
    const index = offset >>> 2;
    this.lo = words[index];
    this.hi = words[index + 1];
    return true;
  }

  private readSplit(address: number): boolean {
    const bytes = this.readBytes(address, 8);
    if (bytes === undefined) return false;
    const view = new DataView(bytes.buffer);
    this.lo = view.getUint32(0, true);
    this.hi = view.getUint32(4, true);
    return true;
  }

  /** Writes 8 bytes. @returns false, with nothing written, when an address is not RAM */
  write64(address: number, lo: number, hi: number): boolean {
    const window = this.find(address, 8);
    if (window === undefined || ((address - window.base) & 3) !== 0) return this.writeSplit(address, lo, hi);
    const index = (address - window.base) >>> 2;
    const page = index >>> PAGE_WORD_SHIFT;
    if (page === (index + 1) >>> PAGE_WORD_SHIFT && window.isPlain(page)) {
      window.bank.setTwo(index, lo, hi);
      return true;
    }
    this.setWord(window, index, lo);
    this.setWord(window, index + 1, hi);
    return true;
  }

  /** Writes one word of a window. @throws MemoryLimitError when its page was never written and there may be no more; nothing is done */
  setWord(window: RamWindow, index: number, value: number): void {
    if (window.isPlain(index >>> PAGE_WORD_SHIFT)) window.bank.set(index, value);
    else this.setMarkedWord(window, index, value);
  }

  /** Writes three words that follow each other in a window. @throws MemoryLimitError as {@link setWord}, for a page that words before it are not in */
  setThreeWords(window: RamWindow, index: number, first: number, second: number, third: number): void {
    const page = index >>> PAGE_WORD_SHIFT;
    if (page === (index + 2) >>> PAGE_WORD_SHIFT && window.isPlain(page)) {
      window.bank.setThree(index, first, second, third);
      return;
    }
    this.setWord(window, index, first);
    this.setWord(window, index + 1, second);
    this.setWord(window, index + 2, third);
  }

  private setMarkedWord(window: RamWindow, index: number, value: number): void {
    const page = index >>> PAGE_WORD_SHIFT;
    window.settle(page);
    const old = window.bank.words[index];
    if (old === value >>> 0) return;
    window.touch(page);
    window.bank.set(index, value);
    const watcher = window.marks[page] & ~PLAIN;
    if (watcher === 0) return;
    const address = window.base + index * 4;
    if (watcher !== SEVERAL) this.watchers[(watcher >>> 1) - 1].watcher.wordChanged(address, old, value >>> 0);
    else for (const { watcher } of this.watchers) watcher.wordChanged(address, old, value >>> 0);
  }

  /**
   * Lets a watcher see the changes of some ranges, instead of those that it saw before; none ends the watch.
   * It may be told of changes elsewhere in their pages, too.
   * @returns what {@link RamWindow.marks} has for a page that was written and that nobody else watches
   */
  watch(watcher: WriteWatcher, ranges: readonly AddressRange[]): number {
    let place = this.watchers.findIndex((entry) => entry.watcher === watcher);
    if (place < 0) place = this.watchers.push({ watcher, ranges: [] }) - 1;
    const before = this.watchers[place].ranges;
    this.watchers[place].ranges = ranges;
    for (const range of before) this.forEachPage(range, (marks, page) => (marks[page] &= PLAIN));
    for (const [number, entry] of this.watchers.entries()) {
      for (const range of entry.ranges) {
        if (entry.watcher !== watcher && !before.some((old) => touch(old, range))) continue;
        const own = (number + 1) << 1;
        this.forEachPage(range, (marks, page) => {
          const other = marks[page] & ~PLAIN;
          marks[page] = (marks[page] & PLAIN) | (other === 0 || other === own ? own : SEVERAL);
        });
      }
    }
    return ((place + 1) << 1) | PLAIN;
  }

  private forEachPage(range: AddressRange, visit: (marks: Uint16Array, page: number) => void): void {
    for (const window of this.windows) {
      const from = Math.max(range.base, window.base) - window.base;
      const to = Math.min(range.base + range.bytes, window.end) - window.base;
      if (from >= to) continue;
      const last = Math.ceil(to / PAGE_BYTES);
      for (let page = Math.floor(from / PAGE_BYTES); page < last; page++) visit(window.marks, page);
    }
  }

  private writeSplit(address: number, lo: number, hi: number): boolean {
    const bytes = new Uint8Array(8);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, lo, true);
    view.setUint32(4, hi, true);
    return this.writeBytes(address, bytes);
  }

  /** Reads 4 bytes as a uint32, or -1 when an address is not RAM. `address` must be a multiple of 4. */
  read32(address: number): number {
    const window = this.find(address, 4);
    if (window === undefined) return -1;
    const offset = address - window.base;
    const { notes } = window;
    const note = notes === undefined ? 0 : notes[offset >>> PAGE_SHIFT];
    return note === 0 ? window.bank.words[offset >>> 2] : ((note - 1) * 0x01010101) >>> 0;
  }

  /** Reads as many uint32 as `into` holds. @param address multiple of 4 @returns false when one of them is not RAM */
  readWords(address: number, into: Uint32Array): boolean {
    for (let at = 0; at < into.length; at++) {
      const word = this.read32(address + at * 4);
      if (word === -1) return false;
      into[at] = word;
    }
    return true;
  }

  /** Writes 4 bytes. @param address multiple of 4 @returns false when an address is not RAM */
  write32(address: number, value: number): boolean {
    const window = this.find(address, 4);
    if (window === undefined) return false;
    this.setWord(window, (address - window.base) >>> 2, value);
    return true;
  }

  /** Reads one byte, or -1 when the address is not RAM. */
  read8(address: number): number {
    const window = this.find(address, 1);
    if (window === undefined) return -1;
    const offset = address - window.base;
    const { notes } = window;
    const note = notes === undefined ? 0 : notes[offset >>> PAGE_SHIFT];
    return note === 0 ? window.view[offset] : note - 1;
  }

  /** Writes one byte. @returns false when the address is not RAM */
  write8(address: number, value: number): boolean {
    const window = this.window(address, 1);
    if (window === undefined) return false;
    const offset = address - window.base;
    const index = offset >>> 2;
    const shift = (offset & 3) * 8;
    this.setWord(window, index, (window.bank.words[index] & ~(0xff << shift)) | ((value & 0xff) << shift));
    return true;
  }

  /** Copies bytes out. @returns undefined when one of them is not RAM. Ranges may span adjoining windows. */
  readBytes(address: number, length: number): Uint8Array | undefined {
    const out = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const window = this.find(address + done, 1);
      if (window === undefined) return undefined;
      const start = address + done - window.base;
      const count = Math.min(length - done, window.bytes - start);
      out.set(window.view.subarray(start, start + count), done);
      if (window.fills !== undefined) copyFills(window, start, out.subarray(done, done + count));
      done += count;
    }
    return out;
  }

  /**
   * Bytes where they lie, so that much memory can be looked through without copying it. Not to be written; they change when memory does.
   * @returns undefined when the range is not in one window
   */
  view(address: number, length: number): Uint8Array | undefined {
    const window = this.window(address, length);
    return window?.view.subarray(address - window.base, address - window.base + length);
  }

  /** Copies bytes in. @returns false, with nothing written, when one of the addresses is not RAM */
  writeBytes(address: number, bytes: Uint8Array): boolean {
    const whole = this.find(address, bytes.length);
    if (whole === undefined && !this.covers(address, bytes.length)) return false;
    let at = 0;
    while (at < bytes.length) {
      const window = whole ?? this.find(address + at, 1);
      if (window === undefined) return false;
      const offset = address + at - window.base;
      const words = (offset & 3) === 0 ? Math.min(bytes.length - at, window.bytes - offset) >>> 2 : 0;
      for (let index = offset >>> 2; index < (offset >>> 2) + words; index++, at += 4) {
        const word = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
        this.setWord(window, index, word);
      }
      if (words === 0) {
        this.write8(address + at, bytes[at]);
        at++;
      }
    }
    return true;
  }

  /**
   * Sets `length` bytes to one value. A large fill only notes it for each whole page, unless somebody reads or watches the page's words.
   * @returns false, with nothing written, when one of the addresses is not RAM
   */
  fill(address: number, length: number, byte: number): boolean {
    if (!this.covers(address, length)) return false;
    const end = address + length;
    for (let at = address; at < end; ) {
      const window = this.find(at, 1);
      if (window === undefined) return false;
      const pageEnd = at - (at % PAGE_BYTES) + PAGE_BYTES;
      const whole = length >= LAZY_FILL_BYTES && pageEnd - at === PAGE_BYTES && pageEnd <= end;
      const noted = whole && window.fillPage((at - window.base) / PAGE_BYTES, byte & 0xff);
      if (!noted) this.writeFill(window, at, Math.min(pageEnd, end), byte);
      at = Math.min(pageEnd, end);
    }
    return true;
  }

  /** Sets bytes of one page. @param from,to addresses */
  private writeFill(window: RamWindow, from: number, to: number, byte: number): void {
    const word = ((byte & 0xff) * 0x01010101) >>> 0;
    let at = from;
    for (; at < to && (at & 3) !== 0; at++) this.write8(at, byte);
    for (; to - at >= 4; at += 4) this.setWord(window, (at - window.base) >>> 2, word);
    for (; at < to; at++) this.write8(at, byte);
  }
}

/** Puts what fills have noted over a copy of a window's bytes. @param start offset in the window of the copy's first byte */
function copyFills(window: RamWindow, start: number, copy: Uint8Array): void {
  for (let at = start; at < start + copy.length; ) {
    const page = Math.floor(at / PAGE_BYTES);
    const next = Math.min((page + 1) * PAGE_BYTES, start + copy.length);
    const byte = window.filledWith(page);
    if (byte >= 0) copy.fill(byte, at - start, next - start);
    at = next;
  }
}

/** Whether two ranges share a page, roughly: they do when they touch after rounding outwards. */
function touch(a: AddressRange, b: AddressRange): boolean {
  return a.base < b.base + b.bytes + PAGE_BYTES && b.base < a.base + a.bytes + PAGE_BYTES;
}

/** A 64-bit value as a JS number; exact below 2^53. */
export function toNumber(lo: number, hi: number): number {
  return (hi >>> 0) * TWO32 + (lo >>> 0);
}
