import { HEX_VALUE } from "./characters.ts";
import type { DigitForm } from "./group-form.ts";

/**
 * What stands between the address and the data of a line. `indented`: a blank, and one before the address, as objdump -s writes it; `none`:
 * the line has no address; `record`: the line is a record with a checksum; `bar`: TRACE32's; `equals`, `value`: the line says
 * what words, or what one value an address holds.
 */
export type AddressMark = "colon" | "blank" | "symbol" | "indented" | "none" | "record" | "bar" | "equals" | "value";

/**
 * What a line is. Of records without bytes: `base` has in the address what is added to the addresses of those that follow, `count` how many
 * records with bytes there were, `note` says nothing about memory.
 */
export type LineKind = "data" | "end" | "repeat" | "blank" | "comment" | "junk" | "base" | "count" | "note";

/** More groups than any tool writes on a line (`xxd -c 256 -g 1`). */
export const MAX_GROUPS = 256;

/**
 * What was found on one line: the address and the groups of hexadecimal digits that are data. One object is used for all lines of
 * a dump. Columns count from the first character of the line.
 */
export class LineScan {
  kind: LineKind = "blank";
  /** Why a line is junk, and the column of the first character that is wrong. */
  reason = "";
  reasonColumn = 0;
  /** A record whose bytes do not give its checksum. */
  hasBadSum = false;
  /** A damaged record that may have been one of kind `base`. */
  losesBase = false;
  /** Name of the shape that took the line; empty when none did. */
  shape = "";
  /** Upper and lower 32 bits of the address. */
  addressHigh = 0;
  addressLow = 0;
  addressStart = 0;
  addressEnd = 0;
  addressMark: AddressMark = "colon";
  /** The address is written with `0x`. */
  addressPrefixed = false;
  /** Text before the address: a time stamp, a log prefix. */
  hasLogPrefix = false;
  /** The data groups are written with `0x`. */
  groupsPrefixed = false;
  /** Digits of a full group, without `0x`. */
  digits = 0;
  groupCount = 0;
  /** First digit and digit count of each group. */
  readonly groupStart: Int32Array = new Int32Array(MAX_GROUPS);
  readonly groupDigits: Int32Array = new Int32Array(MAX_GROUPS);
  /** What the groups are written in. */
  digitForm: DigitForm = 16;
  /** Bytes of a group, where its digits do not say it; 0: each two hexadecimal digits are a byte. */
  groupBytes = 0;
  byteCount = 0;
  /** Bytes at the end of the line that may be none: the blanks of od -c and hexdump -c. */
  openBytes = 0;
  /** First column of the text column, -1 when the line has none. */
  asciiStart = -1;
  /** `|` and `>` frame the text column in `hexdump -C` and `od -t x1z`; 0 when nothing does. */
  asciiFrame = 0;
  /** Text that a monitor adds after the data it could read ("Cannot access memory"). */
  trailer = "";

  /** Prepares for another line. */
  clear(): void {
    this.kind = "blank";
    this.reason = "";
    this.reasonColumn = 0;
    this.hasBadSum = false;
    this.losesBase = false;
    this.shape = "";
    this.addressHigh = 0;
    this.addressLow = 0;
    this.addressMark = "colon";
    this.addressPrefixed = false;
    this.hasLogPrefix = false;
    this.groupsPrefixed = false;
    this.digits = 0;
    this.groupCount = 0;
    this.digitForm = 16;
    this.groupBytes = 0;
    this.byteCount = 0;
    this.openBytes = 0;
    this.asciiStart = -1;
    this.asciiFrame = 0;
    this.trailer = "";
  }

  /** Marks the line as no hex line. */
  reject(column: number, reason: string): void {
    this.kind = "junk";
    this.reason = reason;
    this.reasonColumn = column;
  }

  /** Bytes of a group. */
  bytesOf(group: number): number {
    return this.groupBytes === 0 ? this.groupDigits[group] >> 1 : this.groupBytes;
  }

  /** Makes each group a number of so many bytes, however many digits it has. */
  setWidth(bytes: number): void {
    this.groupBytes = bytes;
    this.byteCount = this.groupCount * bytes;
  }

  /** Takes the digits of an address of at most 16, positions `from` up to `to`. @param start position of the line */
  setAddress(text: Uint8Array, start: number, from: number, to: number): void {
    this.addressStart = from - start;
    this.addressEnd = to - start;
    this.addressHigh = 0;
    this.addressLow = 0;
    for (let at = from; at < to; at++) {
      this.addressHigh = ((this.addressHigh << 4) | (this.addressLow >>> 28)) >>> 0;
      this.addressLow = ((this.addressLow << 4) | HEX_VALUE[text[at]]) >>> 0;
    }
  }

  /** Moves all columns: the line was scanned from a later column on. */
  shift(columns: number): void {
    this.reasonColumn += columns;
    this.addressStart += columns;
    this.addressEnd += columns;
    for (let group = 0; group < this.groupCount; group++) this.groupStart[group] += columns;
    if (this.asciiStart >= 0) this.asciiStart += columns;
  }

  /** Column after the last data digit. */
  dataEnd(): number {
    const last = this.groupCount - 1;
    return last < 0 ? this.addressEnd : this.groupStart[last] + this.groupDigits[last];
  }
}
