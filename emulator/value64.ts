/** Access widths that a register takes, as KVM names them (vgic-mmio.h `VGIC_ACCESS_*`). */
export const Width = { bits8: 1, bits32: 4, bits64: 8 } as const;

/** A value of up to 64 bits on its way from or to a register: `lo` and, for 64-bit registers, `hi`. */
export interface Value64 {
  lo: number;
  hi: number;
}

/**
 * The `bytes` bytes from byte `offset` on of a 64-bit register (vgic-mmio.c `extract_bytes`).
 * @param into receives the value
 */
export function extractBytes(lo: number, hi: number, offset: number, bytes: number, into: Value64): void {
  if (bytes === 8) {
    into.lo = (offset >= 4 ? hi : lo) >>> 0;
    into.hi = offset >= 4 ? 0 : hi >>> 0;
    return;
  }
  const word = offset >= 4 ? hi : lo;
  const shifted = word >>> ((offset & 3) * 8);
  into.lo = bytes === 4 ? shifted >>> 0 : shifted & (2 ** (bytes * 8) - 1);
  into.hi = 0;
}

/** A 64-bit register with its `bytes` bytes from `offset` on replaced (`update_64bit_reg`). `into` holds the old value and receives the new. */
export function updateBytes(into: Value64, offset: number, bytes: number, lo: number, hi: number): void {
  if (bytes === 8 && offset >= 4) {
    // The mask of what is replaced is GENMASK_ULL(95, 32), which on arm64 has no bits: what is written is added.
    into.hi = (into.hi | lo) >>> 0;
  } else if (bytes === 8) {
    into.lo = lo >>> 0;
    into.hi = hi >>> 0;
  } else if (offset >= 4) {
    into.hi = lo >>> 0;
  } else {
    into.lo = lo >>> 0;
  }
}

/** A 64-bit value as one number and as words: many times as fast as shifts of a bigint. Hosts are little-endian. */
const whole = new BigUint64Array(1);
const words = new Uint32Array(whole.buffer);

export function toBigInt(lo: number, hi: number): bigint {
  words[0] = lo;
  words[1] = hi;
  return whole[0];
}

/** Low word of a 64-bit value. */
export function lowWord(value: bigint): number {
  whole[0] = value;
  return words[0];
}

/** High word of a 64-bit value. */
export function highWord(value: bigint): number {
  whole[0] = value;
  return words[1];
}
