import { HEX_VALUE, ZERO } from "./characters.ts";
import type { GroupOrder } from "./group-form.ts";
import type { LineScan } from "./line-scan.ts";

export const MINUS = 0x2d;
export const BACKSLASH = 0x5c;

/** What od -c and hexdump -c write behind a backslash, and the byte. */
const ESCAPES: ReadonlyMap<number, number> = new Map(
  (
    [
      ["0", 0],
      ["a", 7],
      ["b", 8],
      ["t", 9],
      ["n", 10],
      ["v", 11],
      ["f", 12],
      ["r", 13],
    ] as const
  ).map(([letter, byte]) => [letter.charCodeAt(0), byte]),
);

/** The byte that a field of od -c stands for, characters `from` up to `to`; -1: none. */
export function characterByte(text: Uint8Array, from: number, to: number): number {
  if (to - from === 1) return text[from];
  if (to - from === 2 && text[from] === BACKSLASH) return ESCAPES.get(text[from + 1]) ?? -1;
  if (to - from !== 3) return -1;
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = text[at] - ZERO;
    if (!(digit >= 0 && digit <= 7)) return -1;
    value = value * 8 + digit;
  }
  return value <= 0xff ? value : -1;
}

const WORD = 0x1_0000_0000;

/**
 * Writes the bytes of a line whose groups are numbers of some width, or characters.
 * @param place in `target` of the first one
 * @returns how many there are
 */
export function writeNumbers(
  text: Uint8Array,
  start: number,
  scan: LineScan,
  order: GroupOrder,
  target: Uint8Array,
  place: number,
): number {
  const { groupBytes, digitForm } = scan;
  let at = place;
  for (let group = 0; group < scan.groupCount; group++) {
    const first = start + scan.groupStart[group];
    const end = first + scan.groupDigits[group];
    if (digitForm === "characters") {
      target[at++] = characterByte(text, first, end);
      continue;
    }
    let { high, low } = numberOf(text, first, end, digitForm);
    for (let i = 0; i < groupBytes; i++) {
      target[order === "little" ? at + i : at + groupBytes - 1 - i] = low & 0xff;
      low = (low >>> 8) | ((high & 0xff) << 24);
      high >>>= 8;
    }
    at += groupBytes;
  }
  return at - place;
}

/** A number of digits as its upper and lower 32 bits; one with a minus in two's complement. */
function numberOf(text: Uint8Array, from: number, end: number, base: number): { high: number; low: number } {
  let high = 0;
  let low = 0;
  const isNegative = text[from] === MINUS;
  for (let at = isNegative ? from + 1 : from; at < end; at++) {
    low = low * base + HEX_VALUE[text[at]];
    high = high * base + Math.floor(low / WORD);
    low %= WORD;
  }
  high %= WORD;
  if (!isNegative) return { high, low };
  return { high: (~high + (low === 0 ? 1 : 0)) >>> 0, low: -low >>> 0 };
}
