import { type RulerField, type RulerLine, type RulerSegment, rulerLines } from "./ruler-segments.ts";

/** Width of a character of the editor's font, in its size; a little more than usual fonts have. */
const CHARACTER = 0.62;
/** Sizes of what stands in a segment, in that of the ruler; the style sheet says the same. */
const NUMBER_SIZE = 0.7;
const NAME_SIZE = 0.8;
/** Pixels of a segment's border and of what is kept free beside its text. */
const EDGE = 3;
/** Pixels between the numbers of a segment's ends. */
const BETWEEN = 4;
/** Bits of a line up to which a name may be cut: with fewer, the ruler would be more lines than one overlooks. */
const NAMED_BITS = 8;

/** Lines of a ruler, as its width allows. */
export interface RulerLayout {
  /** Pixels of a bit in a line that stands beside others; undefined: each line is as wide as the ruler. */
  readonly bitWidth: number | undefined;
  readonly lines: readonly RulerLine[];
}

/**
 * Lays a ruler out so that the numbers of its bits are whole. Where 32 bits side by side have no room for their numbers, a line has 16 and is as
 * wide as the ruler, and one whose names or numbers have no room then is halved. A name that has none even so is left to the style sheet to cut.
 * @param wordBits bits of each word, the first one with bit 0
 * @param width pixels that the ruler has; 0: not known yet
 * @param fontSize pixels
 */
export function rulerLayout(
  fields: readonly RulerField[],
  wordBits: readonly number[],
  width: number,
  fontSize: number,
): RulerLayout {
  const bits = wordBits.reduce((sum, count) => sum + count, 0);
  const bitWidth = Math.max(1.5 * CHARACTER * fontSize, numberWidth(bits - 1, fontSize) + EDGE);
  if (width === 0 || 32 * bitWidth <= width) return { bitWidth, lines: rulerLines(fields, wordBits) };
  const fits = ({ msb, lsb, segments }: RulerLine): boolean => {
    const count = msb - lsb + 1;
    return segments.every((segment) => {
      const room = ((segment.msb - segment.lsb + 1) * width) / count - EDGE;
      const name = fields[segment.field]?.name ?? "";
      const isNamed = count <= NAMED_BITS || name.length * NAME_SIZE * CHARACTER * fontSize <= room;
      return isNamed && endsWidth(segment, fontSize) <= room;
    });
  };
  return { bitWidth: undefined, lines: rulerLines(fields, wordBits, 16, fits) };
}

/** Pixels of the numbers of a segment's first and last bit. */
function endsWidth({ msb, lsb }: RulerSegment, fontSize: number): number {
  return numberWidth(msb, fontSize) + (msb === lsb ? 0 : BETWEEN + numberWidth(lsb, fontSize));
}

function numberWidth(bit: number, fontSize: number): number {
  return String(bit).length * NUMBER_SIZE * CHARACTER * fontSize;
}
