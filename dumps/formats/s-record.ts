import { BLANK, TAB, ZERO } from "../hex-text/characters.ts";
import type { LineScan } from "../hex-text/line-scan.ts";
import {
  damage,
  type RecordBytes,
  type RecordFault,
  recordBytes,
  sumOf,
  takeRecordData,
  wrongSum,
} from "../records/record.ts";
import type { TextFormat } from "./format.ts";

const LETTER_S = 0x53;

/** Bytes of the address by the type of a record; 0: there is no such type. Source: Motorola, M68000 Family Programmer's Reference Manual, appendix C. */
const ADDRESS_BYTES = [2, 2, 3, 4, 0, 2, 3, 4, 3, 2];

/** Motorola's S-records: objcopy -O srec, srec_cat, boot loaders. */
export const sRecord: TextFormat = {
  kind: "text",
  name: "S-record",
  title: "Motorola S-record",
  sample: "S315401000400400080800000280000009080000B6807D",
  recognise: (line) => (line.shape === "S-record" ? 100 : 0),
  scanLine(text, start, end, scan) {
    let at = start;
    while (at < end && (text[at] === BLANK || text[at] === TAB)) at++;
    const type = text[at + 1] - ZERO;
    if (text[at] !== LETTER_S || at + 1 >= end || !(type >= 0 && type <= 9)) return false;
    const bytes = recordBytes(text, start, at + 2, end, scan);
    if (bytes !== undefined) take(type, bytes, scan);
    return scan.addressMark === "record";
  },
};

function take(type: number, bytes: RecordBytes, scan: LineScan): void {
  const { count, column } = bytes;
  const fault = faultOf(type, bytes);
  if (fault !== undefined) {
    damage(scan, column + 2 * fault.place, fault.reason);
    return;
  }
  const addressBytes = ADDRESS_BYTES[type];
  const address = bytes.number(1, 1 + addressBytes);
  if (type >= 1 && type <= 3) {
    takeRecordData(bytes, 1 + addressBytes, count - 1, address, scan);
    return;
  }
  const isCount = type === 5 || type === 6;
  scan.clear();
  scan.addressMark = "record";
  // S0 begins a file and S7 to S9 end one: what was counted is over.
  scan.kind = isCount ? "count" : "base";
  scan.addressLow = isCount ? address : 0;
}

/** What is wrong with a record, and at which of its bytes. */
function faultOf(type: number, bytes: RecordBytes): RecordFault | undefined {
  const { count } = bytes;
  const said = bytes.at(0) + 1;
  const least = ADDRESS_BYTES[type] + 2;
  if (ADDRESS_BYTES[type] === 0) return { place: -1, reason: `type ${type} is reserved` };
  if (count !== said) return { place: 0, reason: `it says that it has ${said} bytes in all, and has ${count}` };
  if (count < least) return { place: 0, reason: `a record of type ${type} has ${least} bytes at the least` };
  const right = ~sumOf(bytes, count - 1) & 0xff;
  return bytes.at(count - 1) === right ? undefined : wrongSum(bytes, right);
}
