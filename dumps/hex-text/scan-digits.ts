import { type AddressForm, scanAddress } from "./address.ts";
import { BLANK, HEX_VALUE, TAB, ZERO } from "./characters.ts";
import { characterByte, MINUS } from "./digits.ts";
import type { DigitForm } from "./group-form.ts";
import { type LineScan, MAX_GROUPS } from "./line-scan.ts";

/** Bytes of a group by its digits: od and hexdump write all of them, with zeros before the number. */
const OCTAL_BYTES: Readonly<Record<number, number | undefined>> = { 3: 1, 6: 2, 11: 4, 22: 8 };
/** The highest first digit of an octal group: what is above 8, 16, 32 or 64 bits is none. */
const OCTAL_FIRST: Readonly<Record<number, number | undefined>> = { 1: 3, 2: 1, 4: 3, 8: 1 };

/** Columns of a decimal group by what od writes them for: -t u1, d1, u2, d2, u4, d4, and u8 or d8; a blank and room for the longest number. */
const DECIMAL_BYTES: Readonly<Record<number, number | undefined>> = { 4: 1, 5: 1, 6: 2, 7: 2, 11: 4, 12: 4, 21: 8 };
/** hexdump -d writes five digits in eight columns. */
const HEXDUMP_PITCH = 8;
const HEXDUMP_DIGITS = 5;

/** Columns of a byte of od -c and hexdump -c. */
const FIELD = 4;

/**
 * Reads a line with an address whose groups are not hexadecimal: od without options, -b, -d, -o, -c, -t u, -t d, hexdump -b, -c, -d, -o,
 * xxd -b.
 * @returns whether the line is data in this form
 */
export function scanDigits(
  text: Uint8Array,
  start: number,
  end: number,
  form: Exclude<DigitForm, 16>,
  addresses: AddressForm,
  scan: LineScan,
): boolean {
  if (addresses === "none") return false;
  scan.clear();
  const from = scanAddress(text, start, end, addresses, scan);
  if (from < 0 || scan.addressMark !== (form === 2 ? "colon" : "blank")) return false;
  scan.digitForm = form;
  if (form === "characters") return takeFields(text, start, from, end, scan);
  const stop = takeGroups(text, start, from, end, form, scan);
  if (scan.groupCount === 0) return false;
  if (form === 2 ? !hasText(text, stop, start, end, scan) : stop < end) return false;
  scan.groupBytes = form === 2 ? 1 : form === 8 ? octalBytes(text, start, scan) : decimalBytes(text, start, scan);
  if (scan.groupBytes === 0) return false;
  scan.byteCount = scan.groupCount * scan.groupBytes;
  scan.kind = "data";
  return true;
}

/** Collects groups of digits of a base. @returns the position of the first character that is no group */
function takeGroups(text: Uint8Array, start: number, from: number, end: number, base: number, scan: LineScan): number {
  let at = from;
  while (true) {
    const gap = at;
    while (at < end && (text[at] === BLANK || text[at] === TAB)) at++;
    // Two blanks: the bytes as text follow.
    if (base === 2 && scan.groupCount > 0 && at - gap !== 1) return gap;
    if (at >= end || scan.groupCount === MAX_GROUPS) return at;
    const first = base === 10 && text[at] === MINUS ? at + 1 : at;
    let to = first;
    while (to < end && HEX_VALUE[text[to]] >= 0 && HEX_VALUE[text[to]] < base) to++;
    if (to === first || (to < end && text[to] !== BLANK && text[to] !== TAB)) return at;
    if (base === 2 && to - first !== 8) return at;
    scan.groupStart[scan.groupCount] = at - start;
    scan.groupDigits[scan.groupCount] = to - at;
    scan.groupCount++;
    at = to;
  }
}

/** Whether as many characters follow the binary groups as there are bytes. xxd fills a short last line up to the text column. */
function hasText(text: Uint8Array, stop: number, start: number, end: number, scan: LineScan): boolean {
  const shown = end - scan.groupCount;
  if (shown < stop + 2) return false;
  for (let at = stop; at < shown; at++) if (text[at] !== BLANK) return false;
  scan.digits = 8;
  scan.asciiStart = shown - start;
  return true;
}

/** Bytes of an octal group; 0: the groups are none. */
function octalBytes(text: Uint8Array, start: number, scan: LineScan): number {
  const digits = scan.groupDigits[0];
  const bytes = OCTAL_BYTES[digits];
  if (bytes === undefined) return 0;
  const first = OCTAL_FIRST[bytes] ?? 0;
  for (let group = 0; group < scan.groupCount; group++) {
    const isWhole = scan.groupDigits[group] === digits && text[start + scan.groupStart[group]] - ZERO <= first;
    if (!isWhole) return 0;
  }
  scan.digits = pitchOf(scan) === HEXDUMP_PITCH ? 4 : digits;
  return bytes;
}

/** Bytes of a decimal group; 0: the groups are none. */
function decimalBytes(text: Uint8Array, start: number, scan: LineScan): number {
  const pitch = pitchOf(scan);
  const isHexdump = pitch === HEXDUMP_PITCH;
  const bytes = isHexdump ? 2 : DECIMAL_BYTES[pitch];
  if (bytes === undefined) return 0;
  const most = 2n ** BigInt(8 * bytes);
  for (let group = 0; group < scan.groupCount; group++) {
    const digits = scan.groupDigits[group];
    const first = start + scan.groupStart[group];
    // od fills up with blanks, hexdump with zeros.
    if (isHexdump ? digits !== HEXDUMP_DIGITS : text[first] === ZERO && digits > 1) return 0;
    let number = "";
    for (let at = first; at < first + digits; at++) number += String.fromCharCode(text[at]);
    if (number === "-") return 0;
    const value = BigInt(number);
    if (value >= most || value < -most / 2n) return 0;
  }
  scan.digits = isHexdump ? 4 : scan.groupDigits[0];
  return bytes;
}

/** Columns from the end of one group to that of the next, the same for all and from the address on; 0: they are not. */
function pitchOf(scan: LineScan): number {
  let end = scan.addressEnd;
  let pitch = 0;
  for (let group = 0; group < scan.groupCount; group++) {
    const next = scan.groupStart[group] + scan.groupDigits[group];
    if (group > 0 && next - end !== pitch) return 0;
    pitch = next - end;
    end = next;
  }
  return pitch;
}

/** Takes the fields of od -c: a character, an escape or three octal digits at the right of four columns each; a blank is a blank. */
function takeFields(text: Uint8Array, start: number, from: number, end: number, scan: LineScan): boolean {
  let blanks = 0;
  for (let at = from; at < end && scan.groupCount < MAX_GROUPS; at += FIELD) {
    const to = Math.min(at + FIELD, end);
    let first = at;
    while (first < to - 1 && text[first] === BLANK) first++;
    if (first === at || characterByte(text, first, to) < 0) return false;
    if (to - at < FIELD && text[first] !== BLANK) return false;
    blanks = text[first] === BLANK ? blanks + 1 : 0;
    scan.groupStart[scan.groupCount] = first - start;
    scan.groupDigits[scan.groupCount] = to - first;
    scan.groupCount++;
  }
  if (scan.groupCount <= blanks) return false;
  scan.digits = 1;
  scan.groupBytes = 1;
  scan.byteCount = scan.groupCount;
  scan.openBytes = blanks;
  scan.kind = "data";
  return true;
}
