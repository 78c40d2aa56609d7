import { BAR, BLANK, COLON, GREATER, HEX_VALUE, TAB } from "../hex-text/characters.ts";
import { type LineScan, MAX_GROUPS } from "../hex-text/line-scan.ts";
import type { TextFormat } from "./format.ts";

/** Letters of an access class: D, SD, NSD, ANSD, … */
const MOST_LETTERS = 6;

/**
 * Lauterbach TRACE32's Data.dump: access class, perhaps a space id, address, a bar, items of one width, the bytes as text. A `>` marks the
 * item under the cursor; items before the first one that was asked for are blank. Shape: logs that people have posted, with items of 32 bits
 * (`NSD:0000::FFFFFFBCF744FFE0| 00090020 000B0029 706F742F 7070612D ).../top-app`); those of other widths are taken to be laid out alike.
 */
export const trace32: TextFormat = {
  kind: "text",
  name: "TRACE32",
  title: "TRACE32 Data.dump",
  sample: "   NSD:40100040|>08080004 80020000 08090000 80B60000 ................",
  recognise: (line) => (line.shape === "TRACE32" ? 100 : 0),
  scanLine(text, start, end, scan) {
    let at = start;
    while (at < end && (text[at] === BLANK || text[at] === TAB)) at++;
    const letters = at;
    while (at < end && text[at] >= 0x41 && text[at] <= 0x5a) at++;
    if (at === letters || at - letters > MOST_LETTERS || text[at] !== COLON) return false;
    let digits = at + 1;
    at = hexEnd(text, digits, end);
    // The space id.
    if (text[at] === COLON && text[at + 1] === COLON) {
      digits = at + 2;
      at = hexEnd(text, digits, end);
    }
    if (at === digits || at - digits > 16 || text[at] !== BAR) return false;
    scan.clear();
    scan.addressMark = "bar";
    scan.setAddress(text, start, digits, at);
    takeItems(text, start, at + 1, end, scan);
    return true;
  },
};

function hexEnd(text: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && HEX_VALUE[text[at]] >= 0) at++;
  return at;
}

function takeItems(text: Uint8Array, start: number, from: number, end: number, scan: LineScan): void {
  let at = from;
  while (at < end && (text[at] === BLANK || text[at] === GREATER)) at++;
  const first = at;
  const digits = hexEnd(text, first, end) - first;
  const bytes = digits >> 1;
  if (digits < 2 || digits > 16 || (digits & (digits - 1)) !== 0) {
    scan.reject(first - start, "no item of 1, 2, 4 or 8 bytes follows the address");
    return;
  }
  // Each item has a column for the cursor before it.
  const skipped = (first - from - 1) / (digits + 1);
  if (!Number.isInteger(skipped)) {
    scan.reject(first - start, "the first item is in no column of its width");
    return;
  }
  let groups = 0;
  for (; groups < MAX_GROUPS; groups++) {
    const item = first + groups * (digits + 1);
    const isItem = hexEnd(text, item, Math.min(item + digits, end)) === item + digits;
    if (!isItem || (groups > 0 && text[item - 1] !== BLANK && text[item - 1] !== GREATER)) break;
    scan.groupStart[groups] = item - start;
    scan.groupDigits[groups] = digits;
    const behind = item + digits;
    if (behind < end && text[behind] !== BLANK && text[behind] !== GREATER) break;
    // As many characters follow as there are bytes: they are the text, whatever they look like.
    if (end - behind - 1 === (skipped + groups + 1) * bytes) {
      scan.asciiStart = behind + 1 - start;
      groups++;
      break;
    }
  }
  scan.kind = "data";
  scan.groupCount = groups;
  scan.digits = digits;
  scan.byteCount = groups * bytes;
  scan.addressLow += skipped * bytes;
}
