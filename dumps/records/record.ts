import { BLANK, HEX_VALUE, TAB } from "../hex-text/characters.ts";
import type { LineScan } from "../hex-text/line-scan.ts";

/** The hexadecimal digits of a record, two a byte. */
export interface RecordBytes {
  /** Column of the first digit. */
  readonly column: number;
  readonly count: number;
  /** The byte at a place. */
  at(place: number): number;
  /** Bytes `first` up to but not including `end` as one number, the first one highest; at most four. */
  number(first: number, end: number): number;
}

/** Fewer digits than any record has: such a line is something else. */
const LEAST_DIGITS = 6;
/** Other characters that a damaged record may have. */
const MOST_OTHERS = 2;

/**
 * The bytes of a record, all that stands from a position to the end of the line.
 * @returns undefined when it is none: then the scan says what is wrong if it looks like a damaged one
 */
export function recordBytes(
  text: Uint8Array,
  start: number,
  from: number,
  end: number,
  scan: LineScan,
): RecordBytes | undefined {
  let to = end;
  while (to > from && (text[to - 1] === BLANK || text[to - 1] === TAB)) to--;
  let at = from;
  while (at < to && HEX_VALUE[text[at]] >= 0) at++;
  const digits = at - from;
  if (!isLikeRecord(text, from, to)) return undefined;
  damage(scan, at - start);
  if (at < to) scan.reason = "a character that is no hexadecimal digit";
  else if (digits % 2 !== 0) scan.reason = "half a byte at its end";
  else {
    const byte = (place: number) => (HEX_VALUE[text[from + 2 * place]] << 4) | HEX_VALUE[text[from + 2 * place + 1]];
    const number = (first: number, last: number) => {
      let value = 0;
      for (let place = first; place < last; place++) value = value * 256 + byte(place);
      return value;
    };
    return { column: from - start, count: digits / 2, at: byte, number };
  }
  return undefined;
}

/** Whether what stands there are the digits of a record, or of a damaged one: digits that are cut, or a character among them. */
function isLikeRecord(text: Uint8Array, from: number, to: number): boolean {
  let digits = 0;
  let others = 0;
  for (let at = from; at < to && others <= MOST_OTHERS; at++) {
    if (HEX_VALUE[text[at]] >= 0) digits++;
    else others++;
  }
  return others <= MOST_OTHERS && (digits >= LEAST_DIGITS || (digits > 0 && others === 0));
}

/** What is wrong with a record, and at which of its bytes. */
export interface RecordFault {
  readonly place: number;
  readonly reason: string;
}

/** Sum of the first `end` bytes. */
export function sumOf(bytes: RecordBytes, end: number): number {
  let sum = 0;
  for (let place = 0; place < end; place++) sum += bytes.at(place);
  return sum;
}

/** @param right the checksum that its bytes give */
export function wrongSum(bytes: RecordBytes, right: number): RecordFault {
  const hex = (byte: number) => byte.toString(16).padStart(2, "0");
  const place = bytes.count - 1;
  return { place, reason: `its checksum is 0x${hex(bytes.at(place))}, its bytes give 0x${hex(right)}` };
}

/** Marks the line as a damaged record, until it turns out to be whole. */
export function damage(scan: LineScan, column: number, reason = ""): void {
  scan.clear();
  scan.reject(column, reason);
  scan.addressMark = "record";
  scan.hasBadSum = true;
}

/** Makes a record one with bytes. @param first,end places of these among the record's */
export function takeRecordData(bytes: RecordBytes, first: number, end: number, address: number, scan: LineScan): void {
  scan.clear();
  scan.kind = end > first ? "data" : "note";
  scan.addressMark = "record";
  scan.addressLow = address;
  scan.digits = 2;
  scan.byteCount = end - first;
  scan.groupCount = end - first;
  for (let place = first; place < end; place++) {
    scan.groupStart[place - first] = bytes.column + 2 * place;
    scan.groupDigits[place - first] = 2;
  }
}
