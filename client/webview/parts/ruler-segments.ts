/** A field as the ruler needs it. */
export interface RulerField {
  readonly name: string;
  readonly lsb: number;
  readonly msb: number;
}

/** Bits of a line that has room: half a doubleword, or a quarter. */
export type LineBits = 32 | 16;

/** Bits of a line that is not halved any more. */
const LEAST_BITS = 4;

/** A part of a field, or of bits that no field has, in one line of the ruler. */
export interface RulerSegment {
  /** Place of the field; -1: bits that no field has. */
  readonly field: number;
  /** Bits of the entry, the higher one first. */
  readonly msb: number;
  readonly lsb: number;
}

/** A line of the ruler: bits of one word, the highest at its left. */
export interface RulerLine {
  readonly word: number;
  readonly msb: number;
  readonly lsb: number;
  readonly segments: readonly RulerSegment[];
}

/**
 * Lays the fields of an entry out in lines. Fields that reach over the end of a line are cut there; of fields that overlap, the earlier one
 * counts.
 * @param wordBits bits of each word, the first one with bit 0
 * @param fits whether a line has room for what stands in it; one that has none becomes two lines of half the bits
 */
export function rulerLines(
  fields: readonly RulerField[],
  wordBits: readonly number[],
  lineBits: LineBits = 32,
  fits: (line: RulerLine) => boolean = () => true,
): RulerLine[] {
  const lines: RulerLine[] = [];
  const add = (word: number, msb: number, lsb: number): void => {
    const line = { word, msb, lsb, segments: segmentsOf(fields, msb, lsb) };
    const half = Math.floor((msb - lsb + 1) / 2);
    if (half < LEAST_BITS || fits(line)) lines.push(line);
    else {
      add(word, msb, lsb + half);
      add(word, lsb + half - 1, lsb);
    }
  };
  let first = 0;
  for (const [word, bits] of wordBits.entries()) {
    for (let msb = first + bits - 1; msb >= first; ) {
      const lsb = msb - ((msb - first) % lineBits);
      add(word, msb, lsb);
      msb = lsb - 1;
    }
    first += bits;
  }
  return lines;
}

function segmentsOf(fields: readonly RulerField[], msb: number, lsb: number): RulerSegment[] {
  const segments: RulerSegment[] = [];
  for (let bit = msb; bit >= lsb; ) {
    const field = fields.findIndex((one) => bit <= one.msb && bit >= one.lsb);
    let last = bit;
    while (last > lsb && fields.findIndex((one) => last - 1 <= one.msb && last - 1 >= one.lsb) === field) last--;
    segments.push({ field, msb: bit, lsb: last });
    bit = last - 1;
  }
  return segments;
}
