/** A field as the ruler needs it. */
export interface RulerField {
  readonly name: string;
  readonly lsb: number;
  readonly msb: number;
}

/** Bits of a line: half a doubleword where there is room, else a quarter. */
export type LineBits = 32 | 16;

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

/** Characters of a label above or below a bit: a bit is 1.55 characters wide, and labels are written in 0.8 of the size (bit-ruler.css). */
const CHARACTERS = 1.55 / 0.8;
/** A name of which less is to be seen says nothing: beside the next one it reads like a part of it. */
const LEAST = 4;

/**
 * How a field's name stands below its bits: whole, cut with an ellipsis, or not at all. Pointing at the bits says it, and so does the list of
 * fields.
 * @param width bits
 */
export function namePlace(name: string, width: number): "whole" | "cut" | "none" {
  const room = Math.floor(width * CHARACTERS);
  return name.length <= room ? "whole" : room >= LEAST ? "cut" : "none";
}

/** The numbers above bits: where both have no room, the first alone; a number that is cut is another number. */
export function rangeLabel(msb: number, lsb: number): string {
  const both = `${msb}:${lsb}`;
  return msb === lsb || both.length > (msb - lsb + 1) * CHARACTERS ? `${msb}` : both;
}

/**
 * Lays the fields of an entry out in lines. Fields that reach over the end of a line are cut there; of fields that overlap, the earlier one
 * counts.
 * @param wordBits bits of each word, the first one with bit 0
 */
export function rulerLines(
  fields: readonly RulerField[],
  wordBits: readonly number[],
  lineBits: LineBits = 32,
): RulerLine[] {
  const lines: RulerLine[] = [];
  let first = 0;
  for (const [word, bits] of wordBits.entries()) {
    for (let msb = first + bits - 1; msb >= first; ) {
      const lsb = msb - ((msb - first) % lineBits);
      lines.push({ word, msb, lsb, segments: segmentsOf(fields, msb, lsb) });
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
