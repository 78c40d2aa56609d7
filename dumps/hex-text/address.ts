import { BLANK, COLON, GREATER, HEX_VALUE, LESS, LOWER_X, TAB, UPPER_X, ZERO } from "./characters.ts";
import type { LineScan } from "./line-scan.ts";

/** Number base of the addresses: `od` and `xxd -d` can write octal and decimal ones. */
export type Radix = 16 | 10 | 8;

/** How the lines of a dump say where they stand in memory; `none`: not at all, each goes on behind the one before. */
export type AddressForm = Radix | "none";

/** A log prefix longer than this is no longer searched for an address. */
const MAX_PREFIX = 200;
const NOT_HEX = "no address followed by hexadecimal data";

/**
 * Finds the address of a line and sets the scan's address fields.
 * @returns the position after the address and its `:` or `<symbol>:`, or -1 when the line has no address (the scan is then rejected).
 */
export function scanAddress(text: Uint8Array, start: number, end: number, radix: Radix, scan: LineScan): number {
  let at = start;
  while (at < end && (text[at] === BLANK || text[at] === TAB)) at++;
  const first = at;
  if (text[at] === ZERO && (text[at + 1] === LOWER_X || text[at + 1] === UPPER_X)) {
    scan.addressPrefixed = true;
    at += 2;
  }
  const digits = at;
  while (at < end && HEX_VALUE[text[at]] >= 0) at++;
  const after = at < end ? text[at] : BLANK;
  const separated = at + 1 >= end || text[at + 1] === BLANK || text[at + 1] === TAB;
  if (at > digits && after === COLON && separated) return setAddress(text, start, digits, at, at + 1, radix, scan);
  if (at > digits && (after === BLANK || after === TAB)) {
    const symbolEnd = findSymbolEnd(text, at, end);
    if (symbolEnd > 0) {
      scan.addressMark = "symbol";
      return setAddress(text, start, digits, at, symbolEnd, radix, scan);
    }
    if (at - digits >= 6) {
      scan.addressMark = "blank";
      return setAddress(text, start, digits, at, at, radix, scan);
    }
  }
  return scanLoggedAddress(text, start, first, end, radix, scan);
}

/** gdb's ` <symbol+16>:`. C++ symbols hold blanks, colons and angle brackets, so only `>:` ends it. */
function findSymbolEnd(text: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && text[at] === BLANK) at++;
  if (text[at] !== LESS) return -1;
  for (; at + 1 < end; at++) if (text[at] === GREATER && text[at + 1] === COLON) return at + 2;
  return -1;
}

/** The kernel's print_hex_dump: `<log prefix>00000010: 01 00 …`. The address has 8 digits or, as a pointer, 16. */
function scanLoggedAddress(
  text: Uint8Array,
  start: number,
  first: number,
  end: number,
  radix: Radix,
  scan: LineScan,
): number {
  scan.addressPrefixed = false;
  const limit = Math.min(end, start + MAX_PREFIX);
  for (let at = first + 8; at < limit; at++) {
    if (text[at] !== COLON || (text[at + 1] !== BLANK && text[at + 1] !== TAB)) continue;
    let run = at;
    while (run > first && HEX_VALUE[text[run - 1]] >= 0) run--;
    const digits = at - run;
    if (digits < 8) continue;
    // A prefix that ends in a..f and touches the offset: print_hex_dump writes offsets with exactly 8 digits.
    if (digits !== 8 && digits !== 16) run = at - 8;
    scan.hasLogPrefix = true;
    return setAddress(text, start, run, at, at + 1, radix, scan);
  }
  scan.reject(first - start, NOT_HEX);
  return -1;
}

function setAddress(
  text: Uint8Array,
  start: number,
  from: number,
  to: number,
  next: number,
  radix: Radix,
  scan: LineScan,
): number {
  scan.addressStart = from - start;
  scan.addressEnd = to - start;
  let high = 0;
  let low = 0;
  for (let at = from; at < to; at++) {
    const value = HEX_VALUE[text[at]];
    if (value >= radix) {
      scan.reject(at - start, `the address has a digit that base ${radix} does not have`);
      return -1;
    }
    low = low * radix + value;
    high = high * radix + Math.floor(low / 0x1_0000_0000);
    low %= 0x1_0000_0000;
    if (high > 0xffff_ffff) {
      scan.reject(from - start, "the address has more than 64 bits");
      return -1;
    }
  }
  scan.addressHigh = high;
  scan.addressLow = low;
  return next;
}
