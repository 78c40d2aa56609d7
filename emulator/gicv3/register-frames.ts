/** Implementer Arm, product and revision 0 (QEMU gicv3_internal.h gicv3_iidr). */
export const IIDR = 0x43b;

/** First of the twelve identification registers of a frame, and the bytes that they take. */
export const ID_REGISTERS = 0xffd0;
export const ID_BYTES = 0x30;

/** PIDR0 of the frames (gicv3_internal.h GICV3_PIDR0_*). */
export const Pidr0 = { distributor: 0x92, redistributor: 0x93, its: 0x94 } as const;

/** PIDR4..7, PIDR0..3, CIDR0..3 of Arm's GICs; PIDR0 and PIDR2.ArchRev come in below. */
const ID_VALUES = [0x44, 0, 0, 0, 0, 0xb4, 0x0b, 0, 0x0d, 0xf0, 0x05, 0xb1];
const PIDR0_INDEX = 4;
const PIDR2_INDEX = 6;

/** An identification register. @param offset in bytes from {@link ID_REGISTERS} @param architecture 3 or 4 */
export function idRegister(offset: number, pidr0: number, architecture: number): number {
  const index = offset >>> 2;
  if (index === PIDR0_INDEX) return pidr0;
  return index === PIDR2_INDEX ? ID_VALUES[index] | (architecture << 4) : ID_VALUES[index];
}

/** Bits 0..15 moved to the even bits of a word. */
export function spread(half: number): number {
  let word = half & 0xffff;
  word = (word | (word << 8)) & 0x00ff_00ff;
  word = (word | (word << 4)) & 0x0f0f_0f0f;
  word = (word | (word << 2)) & 0x3333_3333;
  return ((word | (word << 1)) & 0x5555_5555) >>> 0;
}

/** The even bits of a word moved to bits 0..15. */
export function gather(even: number): number {
  let word = even & 0x5555_5555;
  word = (word | (word >>> 1)) & 0x3333_3333;
  word = (word | (word >>> 2)) & 0x0f0f_0f0f;
  word = (word | (word >>> 4)) & 0x00ff_00ff;
  return (word | (word >>> 8)) & 0xffff;
}
