import { Bank } from "../state/bank.ts";
import type { Journal } from "../state/journal.ts";

/** KVM and QEMU know guest memory by pages of 4 KiB. */
export const PAGE_BYTES = 4096;

const TWO32 = 0x1_0000_0000;

/** One RAM window: guest physical addresses `base` .. `base + bytes - 1`, all readable and writable. */
export interface RamWindow {
  readonly base: number;
  readonly bytes: number;
  readonly end: number;
  readonly bank: Bank;
  readonly view: Uint8Array;
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
    const buffer = new ArrayBuffer(bytes);
    const bank = new Bank(this.journal, new Uint32Array(buffer));
    this.windows.push({ base, bytes, end, bank, view: new Uint8Array(buffer) });
    this.windows.sort((a, b) => a.base - b.base);
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
    return this.window(address - (address % PAGE_BYTES), PAGE_BYTES) !== undefined;
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
    window.bank.set(index, lo);
    window.bank.set(index + 1, hi);
    return true;
  }

  private writeSplit(address: number, lo: number, hi: number): boolean {
    const bytes = new Uint8Array(8);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, lo, true);
    view.setUint32(4, hi, true);
    return this.writeBytes(address, bytes);
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
    window.bank.set(index, (window.bank.words[index] & ~(0xff << shift)) | ((value & 0xff) << shift));
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

  /** Copies bytes in. @returns false, with nothing written, when one of the addresses is not RAM */
  writeBytes(address: number, bytes: Uint8Array): boolean {
    if (!this.covers(address, bytes.length)) return false;
    let at = 0;
    while (at < bytes.length) {
      const window = this.window(address + at, 1);
      if (window === undefined) return false;
      const offset = address + at - window.base;
      if ((offset & 3) === 0 && bytes.length - at >= 4 && window.bytes - offset >= 4) {
        window.bank.set(offset >>> 2, bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24));
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
        for (let index = offset / 4; index < last; index++) window.bank.set(index, word);
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

/** A 64-bit value as a JS number; exact below 2^53. */
export function toNumber(lo: number, hi: number): number {
  return (hi >>> 0) * TWO32 + (lo >>> 0);
}
