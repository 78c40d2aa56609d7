import { type AddressForm, scanAddress } from "./address.ts";
import { scanBareLine } from "./bare-line.ts";
import { BAR, BLANK, GREATER, HASH, HEX_VALUE, LOWER_X, STAR, TAB, textOf, UPPER_X, ZERO } from "./characters.ts";
import { type LineScan, MAX_GROUPS } from "./line-scan.ts";

/** Longer lines are no dump lines (256 bytes as `0x..` words with an address need about 1,500). */
export const MAX_LINE = 4096;

/**
 * Where the text column of a dump begins, learned from the lines read so far. A short last line is padded up to it, and text that
 * looks like hexadecimal ("de ad be ef") stands beyond it.
 */
export interface TextColumn {
  /** Column of the first text character; -1: not known yet. */
  start: number;
  /** Digits of a group and of the address on the lines it was learned from. */
  digits: number;
  addressEnd: number;
  /** Column of the addresses of lines that have no colon, as od writes them; -1: not known yet. */
  bareAddress: number;
}

export function unknownTextColumn(): TextColumn {
  return { start: -1, digits: 0, addressEnd: 0, bareAddress: -1 };
}

/**
 * Reads one line of hex text in free form: any of the registered text formats. It takes no byte values, only places: the groups
 * that are data, and where they end.
 * @param start position of the line's first character in `text`
 * @param end position after its last character, line end not included
 */
export function scanLine(
  text: Uint8Array,
  start: number,
  end: number,
  form: AddressForm,
  column: TextColumn,
  scan: LineScan,
): void {
  scan.clear();
  let at = start;
  while (at < end && (text[at] === BLANK || text[at] === TAB)) at++;
  if (at === end) return;
  if (text[at] === HASH) {
    scan.kind = "comment";
    return;
  }
  if (text[at] === STAR && onlyBlanks(text, at + 1, end)) {
    scan.kind = "repeat";
    return;
  }
  if (end - start > MAX_LINE) {
    scan.reject(0, `the line is longer than ${MAX_LINE} characters`);
    return;
  }
  if (form === "none") {
    scanBareLine(text, start, end, scan);
    return;
  }
  const data = scanAddress(text, start, end, form, scan);
  if (data < 0) {
    // `od` and `hexdump` close with a line that holds only the length.
    return;
  }
  scan.kind = "data";
  const stop = scanGroups(text, start, data, end, column, scan);
  if (scan.groupCount === 0) {
    if (stop >= end && scan.addressMark === "blank") scan.kind = "end";
    else if (stop < end && startsWith(text, stop, end, "Cannot access"))
      scan.reject(stop - start, textOf(text, stop, end));
    else scan.reject(Math.min(stop, end) - start, "no hexadecimal data follows the address");
    return;
  }
  finishGroups(text, start, stop, end, column, scan);
  if (scan.kind === "data" && scan.addressMark === "blank") checkAddressColumn(column, scan);
}

/** od with several types writes the bytes again in the lines below the one that has the address. */
function checkAddressColumn(column: TextColumn, scan: LineScan): void {
  const { addressStart, addressEnd, digits } = scan;
  if (column.bareAddress < 0) column.bareAddress = addressStart;
  if (addressStart > column.bareAddress && addressEnd - addressStart === digits)
    scan.reject(addressStart, "words of another type without an address, the line above has the same bytes");
}

/** Collects candidate groups. @returns the position of the first character that is no group. */
function scanGroups(
  text: Uint8Array,
  start: number,
  from: number,
  end: number,
  column: TextColumn,
  scan: LineScan,
): number {
  let at = from;
  while (true) {
    while (at < end && (text[at] === BLANK || text[at] === TAB)) at++;
    if (at >= end) return at;
    let digits = at;
    const prefixed = text[at] === ZERO && (text[at + 1] === LOWER_X || text[at + 1] === UPPER_X);
    if (prefixed) digits += 2;
    let to = digits;
    while (to < end && HEX_VALUE[text[to]] >= 0) to++;
    const closed = to >= end || text[to] === BLANK || text[to] === TAB;
    if (to === digits || !closed || scan.groupCount === MAX_GROUPS) return at;
    if (scan.groupCount === 0) scan.groupsPrefixed = prefixed;
    else if (prefixed !== scan.groupsPrefixed) return at;
    if (inTextColumn(at - start, column, scan)) return at;
    scan.groupStart[scan.groupCount] = digits - start;
    scan.groupDigits[scan.groupCount] = to - digits;
    scan.groupCount++;
    at = to;
  }
}

/** Whether a column lies in the text column that earlier lines of the same shape taught. */
function inTextColumn(place: number, column: TextColumn, scan: LineScan): boolean {
  if (column.start < 0 || scan.groupCount === 0 || scan.groupsPrefixed) return false;
  if (scan.groupDigits[0] !== column.digits) return false;
  return place >= column.start + (scan.addressEnd - column.addressEnd);
}

/** Decides which candidate groups are data and checks their widths. */
function finishGroups(
  text: Uint8Array,
  start: number,
  stop: number,
  end: number,
  column: TextColumn,
  scan: LineScan,
): void {
  scan.digits = scan.groupDigits[0];
  const frame = stop < end ? text[stop] : 0;
  if (scan.groupsPrefixed) {
    if (stop < end) scan.trailer = textOf(text, stop, end);
    if (scan.trailer !== "" && !scan.trailer.startsWith("Cannot access")) {
      scan.reject(stop - start, `unexpected text after the data`);
      return;
    }
  } else if (scan.addressMark !== "colon" && (frame === BAR || frame === GREATER)) {
    scan.asciiStart = stop + 1 - start;
    scan.asciiFrame = frame;
  } else if (scan.addressMark === "colon") {
    if (!cutAtTextColumn(text, start, end, column, scan)) {
      scan.reject(stop - start, "unexpected text after the data");
      return;
    }
  } else if (scan.addressMark === "blank" && scan.addressStart === 1 && cutIndented(text, start, end, column, scan)) {
    scan.addressMark = "indented";
  } else if (stop < end) {
    scan.reject(stop - start, "unexpected text after the data");
    return;
  }
  checkWidths(scan);
}

/**
 * The xxd family writes two blanks and then the bytes as text, unframed, so the text's own words can look like groups. A cut is
 * right when as many characters follow as there are bytes; the learned column settles the rest.
 */
function cutAtTextColumn(text: Uint8Array, start: number, end: number, column: TextColumn, scan: LineScan): boolean {
  const lineLength = end - start;
  const shift = scan.addressEnd - column.addressEnd;
  if (column.start >= 0 && scan.digits === column.digits && scan.dataEnd() <= column.start + shift) {
    const learned = column.start + shift;
    if (lineLength >= learned && onlyBlanks(text, start + scan.dataEnd(), start + learned)) {
      scan.asciiStart = learned;
      return true;
    }
  }
  let bytes = 0;
  let fallback = -1;
  const candidates = scan.groupCount;
  for (let group = 0; group < candidates; group++) {
    bytes += scan.groupDigits[group] >> 1;
    const dataEnd = scan.groupStart[group] + scan.groupDigits[group];
    const gap = blanksAt(text, start + dataEnd, end);
    if (dataEnd + gap >= lineLength) {
      // Nothing follows: no text column. A gap after 8 of 16 bytes is the middle of the line, as in `hexdump -C`.
      const middle = fallback >= 0 && (fallback + 1) * scan.digits === 16 && bytes <= 16;
      return fallback < 0 || middle
        ? cut(scan, group, -1)
        : cut(scan, fallback, textAfter(text, start, end, fallback, scan));
    }
    if (gap < 2) continue;
    const exact =
      lineLength - (dataEnd + 2) === bytes ||
      lineLength - (dataEnd + 3) === bytes ||
      lineLength - (dataEnd + gap) === bytes;
    if (exact) {
      const length = lineLength - bytes;
      column.start = length;
      column.digits = scan.digits;
      column.addressEnd = scan.addressEnd;
      return cut(scan, group, length);
    }
    if (fallback < 0) fallback = group;
  }
  return fallback >= 0 && cut(scan, fallback, textAfter(text, start, end, fallback, scan));
}

/** objdump -s: at most four groups of four bytes, and always the text column. @returns whether the line is one; unchanged if not */
function cutIndented(text: Uint8Array, start: number, end: number, column: TextColumn, scan: LineScan): boolean {
  const { groupCount } = scan;
  if (scan.digits <= 8 && cutAtTextColumn(text, start, end, column, scan) && scan.asciiStart >= 0) {
    if (scan.groupCount <= 4) return true;
  }
  scan.groupCount = groupCount;
  scan.asciiStart = -1;
  return false;
}

function textAfter(text: Uint8Array, start: number, end: number, group: number, scan: LineScan): number {
  const dataEnd = scan.groupStart[group] + scan.groupDigits[group];
  const gap = blanksAt(text, start + dataEnd, end);
  return dataEnd + gap >= end - start ? -1 : dataEnd + 2;
}

function cut(scan: LineScan, lastGroup: number, asciiStart: number): boolean {
  scan.groupCount = lastGroup + 1;
  scan.asciiStart = asciiStart;
  return true;
}

/** All groups have the first one's width; the last may be shorter, when the dump ends inside it. */
function checkWidths(scan: LineScan): void {
  let bytes = 0;
  for (let group = 0; group < scan.groupCount; group++) {
    const digits = scan.groupDigits[group];
    const column = scan.groupStart[group];
    if (digits % 2 !== 0) {
      scan.reject(column, `a group of ${digits} hexadecimal digits is not a whole number of bytes`);
      return;
    }
    const withText = scan.addressMark === "colon" || scan.addressMark === "indented";
    const lastOfText = group === scan.groupCount - 1 && withText && !scan.groupsPrefixed;
    if (digits !== scan.digits && !(lastOfText && digits < scan.digits)) {
      scan.reject(column, `groups of ${scan.digits} and of ${digits} digits on one line`);
      return;
    }
    bytes += digits >> 1;
  }
  const powerOfTwo = (scan.digits & (scan.digits - 1)) === 0 && scan.digits <= 32;
  if (!powerOfTwo && (scan.addressMark !== "colon" || scan.groupsPrefixed)) {
    const reason = `a group of ${scan.digits} digits is no 1-, 2-, 4- or 8-byte word`;
    scan.reject(scan.groupStart[0], reason);
    return;
  }
  scan.byteCount = bytes;
}

function blanksAt(text: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && text[at] === BLANK) at++;
  return at - from;
}

function onlyBlanks(text: Uint8Array, from: number, end: number): boolean {
  for (let at = from; at < end; at++) if (text[at] !== BLANK && text[at] !== TAB) return false;
  return true;
}

function startsWith(text: Uint8Array, from: number, end: number, word: string): boolean {
  return textOf(text, from, Math.min(end, from + word.length)) === word;
}
