import { BLANK, HEX_VALUE, TAB } from "../hex-text/characters.ts";
import { type LineScan, MAX_GROUPS } from "../hex-text/line-scan.ts";
import { EQUALS, scanAssigned } from "../records/assigned-line.ts";
import type { TextFormat } from "./format.ts";

/**
 * SEGGER's J-Link Commander: mem8, mem16, mem32, mem64. Shape: transcripts that people have posted
 * (`J-Link>mem32 0x1FFF7590,3` answers `1FFF7590 = 00520033 5442500E 20393951 `, mem8 `20000D00 = 2A 2A 2A 20 …`).
 */
export const jLink: TextFormat = {
  kind: "text",
  name: "J-Link mem",
  title: "J-Link mem8, mem32, mem64",
  sample: "40100040 = 08080004 80020000 08090000 80B60000 ",
  recognise: (line) => (line.shape === "J-Link mem" ? 100 : 0),
  scanLine(text, start, end, scan) {
    const found = scanAssigned(text, start, end);
    if (found === undefined || found.isPrefixed || found.mark !== EQUALS) return false;
    scan.clear();
    scan.addressMark = "equals";
    scan.setAddress(text, start, found.from, found.to);
    takeGroups(text, start, found.next, end, scan);
    return true;
  },
};

/** Takes groups of one width; two blanks end them. */
function takeGroups(text: Uint8Array, start: number, from: number, end: number, scan: LineScan): void {
  let at = from;
  while (at < end && scan.groupCount < MAX_GROUPS) {
    const first = at;
    while (at < end && HEX_VALUE[text[at]] >= 0) at++;
    const digits = at - first;
    const isClosed = at >= end || text[at] === BLANK || text[at] === TAB;
    if (scan.groupCount === 0) scan.digits = digits;
    const isWord = digits >= 2 && digits <= 16 && (digits & (digits - 1)) === 0;
    if (!isWord || !isClosed || digits !== scan.digits) {
      scan.reject(
        first - start,
        "groups of 2, 4, 8 or 16 hexadecimal digits, all as many, are what follows an address and =",
      );
      return;
    }
    scan.groupStart[scan.groupCount] = first - start;
    scan.groupDigits[scan.groupCount] = digits;
    scan.groupCount++;
    if (at + 1 < end && text[at + 1] === BLANK) break;
    at++;
  }
  scan.byteCount = (scan.groupCount * scan.digits) >> 1;
  scan.kind = "data";
}
