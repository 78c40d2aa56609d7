import { BAR, BLANK, COLON, COMMA, GREATER, HEX_VALUE, LOWER_X, STAR, TAB, UPPER_X, ZERO } from "./characters.ts";
import { type LineScan, MAX_GROUPS } from "./line-scan.ts";

/** A log prefix longer than this is no longer searched for data. */
const MAX_PREFIX = 200;
/** Bytes that must follow a log prefix: words of a sentence (`add`, `be`) are no data. */
const LEAST_LOGGED = 4;
const CLOSING = 0x5d; // ]

/**
 * Reads a line that has no address: `od -An`, `xxd -p`, `xxd -i` and arrays of C, print_hex_dump with DUMP_PREFIX_NONE, words one a line.
 * Its groups are all of one width. Where it stands in memory is not in the line: the reader counts on from the line before. A line of
 * digits that cannot be read so is rejected with `digits` set.
 */
export function scanBareLine(text: Uint8Array, start: number, end: number, scan: LineScan): void {
  let at = start;
  while (at < end && (text[at] === BLANK || text[at] === TAB)) at++;
  const first = at;
  if (takeGroups(text, start, at, end, scan) && scan.kind === "data") return;
  const reason = scan.kind === "junk" ? scan.reason : "no hexadecimal data alone on the line";
  // Digits all the same: a line of words of other widths, of which nobody knows which bytes it has.
  const digits = onlyDigits(text, first, end) ? scan.digits : 0;
  const limit = Math.min(end, start + MAX_PREFIX);
  for (; at + 1 < limit; at++) {
    if ((text[at] !== COLON && text[at] !== CLOSING) || text[at + 1] !== BLANK) continue;
    let from = at + 1;
    while (from < end && text[from] === BLANK) from++;
    scan.clear();
    if (takeGroups(text, start, from, end, scan) && scan.byteCount >= LEAST_LOGGED) {
      scan.hasLogPrefix = true;
      return;
    }
  }
  scan.clear();
  if (end - start <= MAX_PREFIX && endsInRepeat(text, first, end)) {
    scan.kind = "repeat";
    return;
  }
  scan.reject(first - start, reason);
  scan.digits = digits;
}

/** A `*` behind a log prefix. */
function endsInRepeat(text: Uint8Array, from: number, end: number): boolean {
  if (text[end - 1] !== STAR) return false;
  let at = end - 1;
  while (at > from && text[at - 1] === BLANK) at--;
  return at < end - 1 && at > from && (text[at - 1] === COLON || text[at - 1] === CLOSING);
}

function onlyDigits(text: Uint8Array, from: number, end: number): boolean {
  for (let at = from; at < end; at++) {
    const character = text[at];
    const other = character === BLANK || character === TAB || character === COMMA || (character | 0x20) === LOWER_X;
    if (!other && HEX_VALUE[character] < 0) return false;
  }
  return true;
}

/** Collects the groups from a place on. @returns whether the rest of the line is data */
function takeGroups(text: Uint8Array, start: number, from: number, end: number, scan: LineScan): boolean {
  scan.addressMark = "none";
  scan.addressStart = from - start;
  scan.addressEnd = from - start;
  let at = from;
  let bytes = 0;
  while (at < end) {
    const prefixed = text[at] === ZERO && (text[at + 1] === LOWER_X || text[at + 1] === UPPER_X);
    const digits = prefixed ? at + 2 : at;
    let to = digits;
    while (to < end && HEX_VALUE[text[to]] >= 0) to++;
    let next = to;
    while (prefixed && next < end && isSuffix(text[next])) next++;
    const comma = text[next] === COMMA && next < end;
    if (comma) next++;
    const closed = next >= end || comma || text[next] === BLANK || text[next] === TAB;
    const count = to - digits;
    if (count === 0 || count % 2 !== 0 || !closed || scan.groupCount === MAX_GROUPS) return false;
    if (scan.groupCount === 0) {
      scan.digits = count;
      scan.groupsPrefixed = prefixed;
    } else if (count !== scan.digits || prefixed !== scan.groupsPrefixed) {
      scan.reject(digits - start, `groups of ${scan.digits} and of ${count} digits on one line`);
      return false;
    }
    scan.groupStart[scan.groupCount] = digits - start;
    scan.groupDigits[scan.groupCount] = count;
    scan.groupCount++;
    bytes += count >> 1;
    at = next;
    while (at < end && (text[at] === BLANK || text[at] === TAB)) at++;
    if (at >= end) break;
    if (comma || at - next < 2) continue;
    // The middle of a line of 16 bytes.
    if (count === 2 && bytes === 8 && end - at > bytes) continue;
    // A wide gap: the bytes as text follow, framed or as many characters as there are bytes.
    if (text[at] === GREATER || text[at] === BAR) {
      scan.asciiFrame = text[at];
      scan.asciiStart = at + 1 - start;
      break;
    }
    if (end - (next + 2) !== bytes && end - at !== bytes) {
      scan.reject(at - start, "behind the gap there are not as many characters as there are bytes");
      return false;
    }
    scan.asciiStart = next + 2 - start;
    break;
  }
  if (scan.groupCount === 0) return false;
  const powerOfTwo = (scan.digits & (scan.digits - 1)) === 0 && scan.digits <= 16;
  // One long group is a line of bytes, as xxd -p writes it.
  if (!powerOfTwo && (scan.groupCount > 1 || scan.groupsPrefixed)) {
    scan.reject(scan.groupStart[0], `a group of ${scan.digits} digits is no 1-, 2-, 4- or 8-byte word`);
    return false;
  }
  scan.kind = "data";
  scan.byteCount = bytes;
  return true;
}

/** What C writes behind a number: U, L. */
function isSuffix(character: number): boolean {
  const lower = character | 0x20;
  return lower === 0x75 || lower === 0x6c;
}
