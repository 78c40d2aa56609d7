import { BLANK, COLON, HEX_VALUE, STAR, TAB } from "../hex-text/characters.ts";
import type { LineScan } from "../hex-text/line-scan.ts";
import type { TextFormat } from "./format.ts";

const DASH = 0x2d;
const LINE_BYTES = 16;
/** A dash instead of a blank stands behind this byte. */
const MIDDLE = 8;

/**
 * The UEFI Shell's dmem and hexedit: bytes, a dash in the middle, the text between stars. Shape: DumpHex in the sources of EDK II's and other
 * UEFI shells, `%X: %-.48a *%a*`.
 */
export const uefiDmem: TextFormat = {
  kind: "text",
  name: "UEFI dmem",
  title: "UEFI Shell dmem",
  sample: "  40100040: 04 00 08 08 00 00 02 80-00 00 09 08 00 00 B6 80  *................*",
  recognise: (line) => (line.shape === "UEFI dmem" ? 100 : 0),
  scanLine(text, start, end, scan) {
    let at = start;
    while (at < end && (text[at] === BLANK || text[at] === TAB)) at++;
    const digits = at;
    while (at < end && HEX_VALUE[text[at]] >= 0) at++;
    if (at === digits || at - digits > 16 || text[at] !== COLON || text[at + 1] !== BLANK) return false;
    const first = at + 2;
    let bytes = 0;
    for (; bytes < LINE_BYTES; bytes++) {
      const place = first + bytes * 3;
      const isByte = place + 1 < end && HEX_VALUE[text[place]] >= 0 && HEX_VALUE[text[place + 1]] >= 0;
      if (!isByte || (bytes > 0 && text[place - 1] !== (bytes === MIDDLE ? DASH : BLANK))) break;
    }
    // Shorter lines have no dash: they are read as any other.
    if (bytes <= MIDDLE) return false;
    const shown = textStart(text, first + bytes * 3 - 1, end);
    if (shown < 0 || end - shown !== bytes + 1) return false;
    scan.clear();
    scan.setAddress(text, start, digits, at);
    takeBytes(first - start, bytes, scan);
    scan.asciiStart = shown - start;
    scan.asciiFrame = STAR;
    return true;
  },
};

/** Position behind the star that the text begins with; -1: there is none. */
function textStart(text: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && text[at] === BLANK) at++;
  return text[at] === STAR && text[end - 1] === STAR ? at + 1 : -1;
}

function takeBytes(first: number, bytes: number, scan: LineScan): void {
  for (let byte = 0; byte < bytes; byte++) {
    scan.groupStart[byte] = first + byte * 3;
    scan.groupDigits[byte] = 2;
  }
  scan.groupCount = bytes;
  scan.digits = 2;
  scan.byteCount = bytes;
  scan.kind = "data";
}
