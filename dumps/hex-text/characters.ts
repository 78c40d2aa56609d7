import type { Work } from "../work.ts";

/** Value of a hexadecimal digit by character code, -1 for every other character. */
export const HEX_VALUE: Int8Array = (() => {
  const table = new Int8Array(256).fill(-1);
  for (let digit = 0; digit < 16; digit++) {
    const text = digit.toString(16);
    table[text.charCodeAt(0)] = digit;
    table[text.toUpperCase().charCodeAt(0)] = digit;
  }
  return table;
})();

/** Byte that two hexadecimal digits make, by their codes (the first one's in bits 7:0); -1 for every other pair. */
export const HEX_PAIR: Int16Array = (() => {
  const table = new Int16Array(0x10000).fill(-1);
  const digits = [...HEX_VALUE.keys()].filter((code) => HEX_VALUE[code] >= 0);
  for (const first of digits) {
    for (const second of digits) table[(second << 8) | first] = (HEX_VALUE[first] << 4) | HEX_VALUE[second];
  }
  return table;
})();

export const TAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const BLANK = 0x20;
export const HASH = 0x23;
export const STAR = 0x2a;
export const COMMA = 0x2c;
export const ZERO = 0x30;
export const COLON = 0x3a;
export const LESS = 0x3c;
export const GREATER = 0x3e;
export const LOWER_X = 0x78;
export const UPPER_X = 0x58;
export const BAR = 0x7c;

/** Characters between two slices. */
const SLICE = 1 << 20;

/**
 * The characters of a dump, one byte each. A string keeps its columns: a character beyond U+00FE becomes 0xFF, which no dump
 * tool writes into its hexadecimal part. Bytes with a UTF-16 byte order mark (what a Windows shell's `>` writes) are narrowed the
 * same way; a UTF-8 mark is dropped.
 */
export function* toCharacters(input: string | Uint8Array): Work<Uint8Array> {
  if (typeof input === "string") {
    const text = new Uint8Array(input.length);
    for (let from = 0; from < input.length; from += SLICE) {
      narrow(input, from, Math.min(from + SLICE, input.length), text);
      yield;
    }
    return text;
  }
  if (input.length >= 3 && input[0] === 0xef && input[1] === 0xbb && input[2] === 0xbf) return input.subarray(3);
  const little = input[0] === 0xff && input[1] === 0xfe;
  const big = input[0] === 0xfe && input[1] === 0xff;
  if (!little && !big) return input;
  const text = new Uint8Array((input.length - 2) >> 1);
  for (let i = 0, at = 2; i < text.length; i++, at += 2) {
    const low = little ? input[at] : input[at + 1];
    const high = little ? input[at + 1] : input[at];
    text[i] = high === 0 ? low : 0xff;
    if (i % SLICE === SLICE - 1) yield;
  }
  return text;
}

function narrow(input: string, from: number, end: number, text: Uint8Array): void {
  for (let i = from; i < end; i++) text[i] = Math.min(input.charCodeAt(i), 0xff);
}

/** Characters `start`..`end` as a string. */
export function textOf(characters: Uint8Array, start: number, end: number): string {
  let text = "";
  for (let i = start; i < end; i++) text += String.fromCharCode(characters[i]);
  return text;
}
