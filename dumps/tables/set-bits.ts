import { viewOf } from "./segments.ts";

/** Set bits of a word of 32. */
export function bitCount(word: number): number {
  let count = word - ((word >>> 1) & 0x5555_5555);
  count = (count & 0x3333_3333) + ((count >>> 2) & 0x3333_3333);
  return Math.imul((count + (count >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}

/** Set bits of all bytes. */
export function bitsSet(bytes: Uint8Array): number {
  const view = viewOf(bytes);
  const whole = bytes.length & ~3;
  let count = 0;
  for (let at = 0; at < whole; at += 4) count += bitCount(view.getUint32(at, true));
  for (let at = whole; at < bytes.length; at++) count += bitCount(bytes[at]);
  return count;
}

/** How many runs of set bits begin in bytes, bit 0 of a byte first. @param carry the bit before the first one, 0 or 1 */
export function bitRuns(bytes: Uint8Array, carry: number): number {
  const view = viewOf(bytes);
  const whole = bytes.length & ~3;
  let before = carry;
  let count = 0;
  for (let at = 0; at < whole; at += 4) {
    const word = view.getUint32(at, true);
    count += bitCount(word & ~((word << 1) | before));
    before = word >>> 31;
  }
  for (let at = whole; at < bytes.length; at++) {
    count += bitCount(bytes[at] & ~((bytes[at] << 1) | before));
    before = bytes[at] >> 7;
  }
  return count;
}
