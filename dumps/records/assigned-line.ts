import { BLANK, COLON, HEX_VALUE, LOWER_X, TAB, UPPER_X, ZERO } from "../hex-text/characters.ts";

export const EQUALS = 0x3d;
const CLOSING = 0x29; // )

/** Fewer digits are an index or a count, not an address. */
const LEAST_DIGITS = 4;
/** What devmem2 writes before the address. */
const VALUE_AT = "Value at address ";

/** The address of a line that says what an address holds. */
export interface Assigned {
  /** Positions of its digits, and of what is behind the mark and its blanks. */
  readonly from: number;
  readonly to: number;
  readonly next: number;
  readonly isPrefixed: boolean;
  /** `=`, or the `:` of devmem2. */
  readonly mark: number;
}

/** Finds `ADDRESS =`, or devmem2's `Value at address ADDRESS (…):`, at the beginning of a line. */
export function scanAssigned(text: Uint8Array, start: number, end: number): Assigned | undefined {
  let at = start;
  while (at < end && (text[at] === BLANK || text[at] === TAB)) at++;
  const isDevmem2 = beginsWith(text, at, VALUE_AT);
  if (isDevmem2) at += VALUE_AT.length;
  const isPrefixed = text[at] === ZERO && (text[at + 1] === LOWER_X || text[at + 1] === UPPER_X);
  const from = isPrefixed ? at + 2 : at;
  at = from;
  while (at < end && HEX_VALUE[text[at]] >= 0) at++;
  const to = at;
  if (to - from < LEAST_DIGITS || to - from > 16) return undefined;
  if (isDevmem2) {
    while (at < end && text[at] !== CLOSING) at++;
    at++;
  } else while (at < end && (text[at] === BLANK || text[at] === TAB)) at++;
  const mark = isDevmem2 ? COLON : EQUALS;
  if (at >= end || text[at] !== mark) return undefined;
  at++;
  const blanks = at;
  while (at < end && (text[at] === BLANK || text[at] === TAB)) at++;
  return at === blanks || at >= end ? undefined : { from, to, next: at, isPrefixed, mark };
}

function beginsWith(text: Uint8Array, at: number, word: string): boolean {
  for (let i = 0; i < word.length; i++) if (text[at + i] !== word.charCodeAt(i)) return false;
  return true;
}
