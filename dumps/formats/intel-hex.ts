import { BLANK, COLON, TAB } from "../hex-text/characters.ts";
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

/** Records: number of bytes, address, type, bytes, checksum. Source: Intel, Hexadecimal Object File Format Specification, revision A (1988). */
const DATA = 0;
const END = 1;
const SEGMENT = 2;
const START_SEGMENT = 3;
const LINEAR = 4;
const START_LINEAR = 5;

/** Bytes of data of those types that have always as many. */
const LENGTHS: Readonly<Record<number, number | undefined>> = {
  [SEGMENT]: 2,
  [START_SEGMENT]: 4,
  [LINEAR]: 2,
  [START_LINEAR]: 4,
};

/** Bytes of a record beside its data. */
const FRAME = 5;

/** Intel HEX: objcopy -O ihex, srec_cat -intel, flash tools. */
export const intelHex: TextFormat = {
  kind: "text",
  name: "Intel HEX",
  title: "Intel HEX",
  sample: ":100040000400080800000280000009080000B680D3",
  recognise: (line) => (line.shape === "Intel HEX" ? 100 : 0),
  scanLine(text, start, end, scan) {
    let at = start;
    while (at < end && (text[at] === BLANK || text[at] === TAB)) at++;
    if (text[at] !== COLON || at >= end) return false;
    const bytes = recordBytes(text, start, at + 1, end, scan);
    if (bytes !== undefined) take(bytes, scan);
    // Of a record that is cut nobody knows what it was.
    else if (scan.addressMark === "record") scan.losesBase = true;
    return scan.addressMark === "record";
  },
};

function take(bytes: RecordBytes, scan: LineScan): void {
  const { count, column } = bytes;
  const type = bytes.at(3);
  const fault = faultOf(bytes, type);
  const address = bytes.number(1, 3);
  if (fault !== undefined) {
    damage(scan, column + 2 * fault.place, fault.reason);
    // It may have been one that says the upper bits of addresses.
    scan.losesBase = type !== DATA || bytes.at(0) <= 2;
  } else if (type === DATA) takeRecordData(bytes, 4, count - 1, address, scan);
  else if (type === END) takeBase(0, scan);
  else if (type === SEGMENT) takeBase(bytes.number(4, 6) * 16, scan);
  else if (type === LINEAR) takeBase(bytes.number(4, 6) * 0x1_0000, scan);
  else takeNote(scan);
}

/** What is wrong with a record, and at which of its bytes. */
function faultOf(bytes: RecordBytes, type: number): RecordFault | undefined {
  const { count } = bytes;
  const said = bytes.at(0) + FRAME;
  if (count !== said) return { place: 0, reason: `it says that it has ${said} bytes in all, and has ${count}` };
  const length = count - FRAME;
  const right = -sumOf(bytes, count - 1) & 0xff;
  if (bytes.at(count - 1) !== right) return wrongSum(bytes, right);
  const lengths = LENGTHS[type];
  if (lengths !== undefined && lengths !== length)
    return { place: 0, reason: `a record of type ${type} has ${lengths} bytes of data, it has ${length}` };
  if (type > START_LINEAR) return { place: 3, reason: `type ${type} is none of Intel HEX` };
  if (type === DATA && bytes.number(1, 3) + length > 0x1_0000)
    return { place: 1, reason: "its bytes go beyond the 64 KiB that its address has bits for" };
  return undefined;
}

function takeBase(base: number, scan: LineScan): void {
  takeNote(scan);
  scan.kind = "base";
  scan.addressLow = base;
}

function takeNote(scan: LineScan): void {
  scan.clear();
  scan.kind = "note";
  scan.addressMark = "record";
}
