import { BLANK, HEX_VALUE, LOWER_X, TAB, UPPER_X, ZERO } from "../hex-text/characters.ts";
import { scanAssigned } from "../records/assigned-line.ts";
import type { TextFormat } from "./format.ts";

/**
 * One value a line: `0x40100040 = 0x80b6000008090000`, as people and scripts write down what devmem, peek and mmio reads gave them, and
 * devmem2's `Value at address 0x40100040 (0xffff80000040): 0x8080004`. Values may be without their leading zeros: how wide they are, the
 * addresses of the other lines tell.
 */
export const values: TextFormat = {
  kind: "text",
  name: "address = value",
  title: "address = value (devmem)",
  sample: "0x40100040 = 0x8002000008080004",
  recognise: (line) => (line.shape === "address = value" ? 100 : 0),
  scanLine(text, start, end, scan) {
    const found = scanAssigned(text, start, end);
    if (found === undefined) return false;
    const first = found.next;
    const isPrefixed = text[first] === ZERO && (text[first + 1] === LOWER_X || text[first + 1] === UPPER_X);
    if (!isPrefixed) return false;
    let at = first + 2;
    while (at < end && HEX_VALUE[text[at]] >= 0) at++;
    const digits = at - first - 2;
    let rest = at;
    while (rest < end && (text[rest] === BLANK || text[rest] === TAB)) rest++;
    if (digits === 0 || rest < end) return false;
    scan.clear();
    scan.addressMark = "value";
    scan.addressPrefixed = found.isPrefixed;
    scan.groupsPrefixed = true;
    scan.setAddress(text, start, found.from, found.to);
    if (digits > 16) {
      scan.reject(first - start, `a value of ${digits} digits has more than 64 bits`);
      return true;
    }
    scan.groupStart[0] = first + 2 - start;
    scan.groupDigits[0] = digits;
    scan.groupCount = 1;
    scan.digits = digits;
    scan.setWidth(digits > 8 ? 8 : digits > 4 ? 4 : digits > 2 ? 2 : 1);
    scan.kind = "data";
    return true;
  },
};
