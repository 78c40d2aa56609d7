import { Bank } from "../state/bank.ts";
import type { Journal } from "../state/journal.ts";

/** KVM and QEMU know guest memory by pages of 4 KiB. */
export const PAGE_BYTES = 4096;

const TWO32 = 0x1_0000_0000;
/** Larger windows are made of pieces of this size, so that offsets in them are uint32. */
const MAX_WINDOW_BYTES = 0x8000_0000;

/** Words of a page, as a shift of word indices. */
export const PAGE_WORD_SHIFT = 10;
/** Mark of a page that more than one watcher looks at. */
const SEVERAL = 0xffff;

/** One RAM window: guest physical addresses `base` .. `base + bytes - 1`, all readable and writable. */
export interface RamWindow {
  readonly base: number;
  readonly bytes: number;
  readonly end: number;
  readonly bank: Bank;
  readonly view: Uint8Array;
  /** A number for each 4 KiB page: 0 = nobody watches, else 1 + the watcher's, or {@link SEVERAL}. Absent until something is watched. */
  watched: Uint16Array | undefined;
}

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
    const other = this.windows.find((window) => base < window.end && window.base < end);
    if (other) throw new RangeError(`RAM windows overlap at 0x${Math.max(base, other.base).toString(16)}`);
    for (let at = base; at < end; at += MAX_WINDOW_BYTES) this.addPiece(at, Math.min(MAX_WINDOW_BYTES, end - at));
    this.windows.sort((a, b) => a.base - b.base);
  }

  private addPiece(base: number, bytes: number): void {
    const buffer = new ArrayBuffer(bytes);
    const bank = new Bank(this.journal, new Uint32Array(buffer));
    this.windows.push({ base, bytes, end: base + bytes, bank, view: new Uint8Array(buffer), watched: undefined });
  }

  /** The window that holds `bytes` bytes at `address`, all of them. */
  window(address: number, bytes: number): RamWindow | undefined {
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
    return this.window(address, 1) !== undefined;
  }

  /** Reads 8 bytes into {@link lo}, {@link hi}. @returns false when an address is not RAM */
  read64(address: number): boolean {
    const window = this.window(address, 8);
    if (window === undefined) return this.readSplit(address);
    const offset = address - window.base;
    if ((offset & 3) !== 0) return this.readSplit(address);
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
    const window = this.window(address, 8);
    if (window === undefined || ((address - window.base) & 3) !== 0) return this.writeSplit(address, lo, hi);
    const index = (address - window.base) >>> 2;
    this.setWord(window, index, lo);
    this.setWord(window, index + 1, hi);
    return true;
  }

  /** Writes one word of a window. */
  setWord(window: RamWindow, index: number, value: number): void {
    const { watched } = window;
    if (watched === undefined || watched[index >>> PAGE_WORD_SHIFT] === 0) window.bank.set(index, value);
    else this.setWatchedWord(window, index, value, watched[index >>> PAGE_WORD_SHIFT]);
  }

  private setWatchedWord(window: RamWindow, index: number, value: number, mark: number): void {
    const old = window.bank.words[index];
    if (old === value >>> 0) return;
    window.bank.set(index, value);
    const address = window.base + index * 4;
    if (mark !== SEVERAL) this.watchers[mark - 1].watcher.wordChanged(address, old, value >>> 0);
    else for (const { watcher } of this.watchers) watcher.wordChanged(address, old, value >>> 0);
  }

  /**
   * Lets a watcher see the changes of some ranges, instead of those that it saw before; none ends the watch.
   * It may be told of changes elsewhere in their pages, too.
   * @returns what {@link RamWindow.watched} has for a page that nobody else watches
   */
  watch(watcher: WriteWatcher, ranges: readonly AddressRange[]): number {
    let place = this.watchers.findIndex((entry) => entry.watcher === watcher);
    if (place < 0) place = this.watchers.push({ watcher, ranges: [] }) - 1;
    const before = this.watchers[place].ranges;
    this.watchers[place].ranges = ranges;
    for (const range of before) this.forEachPage(range, (watched, page) => (watched[page] = 0));
    for (const [number, entry] of this.watchers.entries()) {
      for (const range of entry.ranges) {
        if (entry.watcher !== watcher && !before.some((old) => touch(old, range))) continue;
        this.forEachPage(range, (watched, page) => {
          watched[page] = watched[page] === 0 || watched[page] === number + 1 ? number + 1 : SEVERAL;
        });
      }
    }
    return place + 1;
  }

  private forEachPage(range: AddressRange, visit: (watched: Uint16Array, page: number) => void): void {
    for (const window of this.windows) {
      const from = Math.max(range.base, window.base) - window.base;
      const to = Math.min(range.base + range.bytes, window.end) - window.base;
      if (from >= to) continue;
      window.watched ??= new Uint16Array(window.bytes / PAGE_BYTES);
      const last = Math.ceil(to / PAGE_BYTES);
      for (let page = Math.floor(from / PAGE_BYTES); page < last; page++) visit(window.watched, page);
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
    const window = this.window(address, 4);
    return window === undefined ? -1 : window.bank.words[(address - window.base) >>> 2];
  }

  /** Writes 4 bytes. @param address multiple of 4 @returns false when an address is not RAM */
  write32(address: number, value: number): boolean {
    const window = this.window(address, 4);
    if (window === undefined) return false;
    this.setWord(window, (address - window.base) >>> 2, value);
    return true;
  }

  /** Reads one byte, or -1 when the address is not RAM. */
  read8(address: number): number {
    const window = this.window(address, 1);
    return window === undefined ? -1 : window.view[address - window.base];
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
      const window = this.window(address + done, 1);
      if (window === undefined) return undefined;
      const start = address + done - window.base;
      const count = Math.min(length - done, window.bytes - start);
      out.set(window.view.subarray(start, start + count), done);
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
    if (!this.covers(address, bytes.length)) return false;
    let at = 0;
    while (at < bytes.length) {
      const window = this.window(address + at, 1);
      if (window === undefined) return false;
      const offset = address + at - window.base;
      if ((offset & 3) === 0 && bytes.length - at >= 4 && window.bytes - offset >= 4) {
        const word = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
        this.setWord(window, offset >>> 2, word);
        at += 4;
      } else {
        this.write8(address + at, bytes[at]);
        at++;
      }
    }
    return true;
  }

  /** Sets `length` bytes to one value. @returns false, with nothing written, when one of the addresses is not RAM */
  fill(address: number, length: number, byte: number): boolean {
    if (!this.covers(address, length)) return false;
    const word = ((byte & 0xff) * 0x01010101) >>> 0;
    let at = address;
    const end = address + length;
    while (at < end) {
      const window = this.window(at, 1);
      if (window === undefined) return false;
      const offset = at - window.base;
      if ((offset & 3) === 0 && end - at >= 4 && window.bytes - offset >= 4) {
        const last = Math.floor((Math.min(end, window.end) - window.base) / 4);
        for (let index = offset / 4; index < last; index++) this.setWord(window, index, word);
        at = window.base + last * 4;
      } else {
        this.write8(at, byte);
        at++;
      }
    }
    return true;
  }

  private covers(address: number, length: number): boolean {
    for (let at = address; at < address + length; ) {
      const window = this.window(at, 1);
      if (window === undefined) return false;
      at = window.end;
    }
    return true;
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
