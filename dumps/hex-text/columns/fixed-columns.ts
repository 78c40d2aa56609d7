import { GREATER, HEX_VALUE, LESS, LF, ZERO } from "../characters.ts";
import type { GroupOrder } from "../group-form.ts";
import type { LineScan } from "../line-scan.ts";
import { LineBytes } from "./line-bytes.ts";

/** Result of {@link FixedColumns.consume}: lines taken, and the place after them. */
export interface Consumed {
  lines: number;
  at: number;
  written: number;
}

/**
 * The fast path: lines that are laid out exactly like one that the free-form scanner understood. Every column is checked (digits are
 * digits, those of a symbol's offset (`<device_table+1024>`) are decimal digits, all other columns of address and data part hold the same characters, the text column holds no line end, the address is the
 * next one), so what it accepts is what the scanner would have read; anything else ends the run and goes to the scanner.
 * Measured: 2 to 3 times the scanner's speed (bench/dumps.ts).
 */
export class FixedColumns {
  /** Characters of a line with its line end. */
  readonly lineLength: number;
  readonly bytesPerLine: number;
  private readonly bytes: LineBytes;
  private readonly fixedAt: Int32Array;
  private readonly fixedCharacters: Uint8Array;
  /** Columns of the offset from a symbol, which is another number on every line. */
  private readonly offsetAt: Int32Array;
  private readonly addressEnd: number;
  private readonly addressLowStart: number;
  private readonly addressStart: number;
  /** Lines have no address: whatever fits goes on behind the line before. */
  private readonly bare: boolean;
  private readonly textStart: number;

  constructor(text: Uint8Array, start: number, lineLength: number, scan: LineScan, order: GroupOrder) {
    this.lineLength = lineLength;
    this.bytesPerLine = scan.byteCount;
    this.addressStart = scan.addressStart;
    this.addressEnd = scan.addressEnd;
    this.bare = scan.addressMark === "none";
    this.addressLowStart = Math.max(scan.addressStart, scan.addressEnd - 4);
    const columns = new Int32Array(scan.byteCount);
    writeByteColumns(scan, order, columns);
    this.bytes = new LineBytes(columns);
    const dataEnd = scan.dataEnd();
    const digit = new Uint8Array(dataEnd);
    digit.fill(1, scan.addressStart, scan.addressEnd);
    for (const column of columns) digit.fill(1, column, column + 2);
    const offset = offsetColumns(text, start, scan.addressEnd, dataEnd);
    for (const column of offset) digit[column] = 1;
    this.offsetAt = Int32Array.from(offset);
    const fixed: number[] = [];
    for (let column = 0; column < dataEnd; column++) if (digit[column] === 0) fixed.push(column);
    // The blanks up to the text column, or the end of a line that has none.
    this.textStart = scan.asciiStart >= 0 ? scan.asciiStart : lineLength - 1;
    for (let column = dataEnd; column < this.textStart; column++) fixed.push(column);
    this.fixedAt = Int32Array.from(fixed);
    this.fixedCharacters = Uint8Array.from(fixed, (column) => text[start + column]);
  }

  /**
   * Takes lines from `at` on while they fit and their addresses go on from `address`.
   * @param length place in the text that no line may reach beyond
   * @param target where the bytes go, from `written` on
   * @param limit highest address plus one
   */
  consume(
    text: Uint8Array,
    length: number,
    address: number,
    limit: number,
    target: Uint8Array,
    result: Consumed,
  ): void {
    const { lineLength, bytesPerLine, bare } = this;
    const bytes = this.bytes;
    const fixedAt = this.fixedAt;
    const fixedCharacters = this.fixedCharacters;
    const offsetAt = this.offsetAt;
    const textStart = this.textStart;
    const out = new DataView(target.buffer, target.byteOffset, target.byteLength);
    const textEnd = textStart + ((lineLength - 1 - textStart) & ~3);
    const view = new DataView(text.buffer, text.byteOffset, text.byteLength);
    let { at, written, lines } = result;
    // Addresses may be beyond 32 bits, where arithmetic is slow: their low 16 bits count for themselves.
    let low = address % 0x10000;
    let nextUpper = (address - low) / 0x10000;
    let upper = -1;
    const stop = at + Math.min(length - at, Math.floor((limit - address) / bytesPerLine) * lineLength);
    while (at + lineLength <= stop && text[at + lineLength - 1] === LF) {
      // Upper digits are compared only when they change, every 64 KiB.
      if (!bare && this.lowDigits(text, at) !== low) break;
      if (!bare && (nextUpper !== upper || this.upperDiffers(text, at))) {
        if (this.readUpper(text, at) !== nextUpper) break;
        upper = nextUpper;
      }
      let wrong = 0;
      for (let i = 0; i < fixedAt.length; i++) wrong |= text[at + fixedAt[i]] ^ fixedCharacters[i];
      for (let i = 0; i < offsetAt.length; i++) {
        const value = text[at + offsetAt[i]] - ZERO;
        // Below 0 or above 9: bit 31.
        wrong |= (value | (9 - value)) & -0x80000000;
      }
      wrong |= bytes.write(view, at, out, written);
      for (let i = at + textStart; i < at + textEnd; i += 4) {
        const differs = view.getInt32(i, true) ^ 0x0a0a0a0a;
        wrong |= (differs - 0x01010101) & ~differs & 0x80808080;
      }
      for (let i = at + textEnd; i < at + lineLength - 1; i++) if (text[i] === LF) wrong = 1;
      if (wrong !== 0) break;
      at += lineLength;
      written += bytesPerLine;
      low += bytesPerLine;
      if (low >= 0x10000) {
        low -= 0x10000;
        nextUpper++;
      }
      lines++;
    }
    result.at = at;
    result.written = written;
    result.lines = lines;
  }

  /** The last four digits of the address; negative: one of them is none. */
  private lowDigits(text: Uint8Array, at: number): number {
    let value = 0;
    for (let i = at + this.addressLowStart; i < at + this.addressEnd; i++) value = (value << 4) | HEX_VALUE[text[i]];
    return value;
  }

  /** Whether the upper address digits differ from those of the line before. */
  private upperDiffers(text: Uint8Array, at: number): boolean {
    for (let column = this.addressStart; column < this.addressLowStart; column++) {
      if (text[at + column] !== text[at + column - this.lineLength]) return true;
    }
    return false;
  }

  private readUpper(text: Uint8Array, at: number): number {
    let value = 0;
    for (let column = this.addressStart; column < this.addressLowStart; column++) {
      const digit = HEX_VALUE[text[at + column]];
      if (digit < 0) return -1;
      value = value * 16 + digit;
    }
    return value;
  }
}

/** Columns of the digits behind the `+` of a symbol, `<device_table+1024>`, between two columns of a line. */
function offsetColumns(text: Uint8Array, start: number, from: number, to: number): number[] {
  const open = text.subarray(start + from, start + to).indexOf(LESS);
  if (open < 0) return [];
  const close = text.subarray(start + from + open, start + to).indexOf(GREATER);
  const columns: number[] = [];
  for (let column = from + open + close - 1; close > 0 && isDecimal(text[start + column]); column--)
    columns.push(column);
  const plus = from + open + close - 1 - columns.length;
  return columns.length > 0 && text[start + plus] === PLUS ? columns : [];
}

const PLUS = 0x2b;

function isDecimal(character: number): boolean {
  return character >= ZERO && character <= ZERO + 9;
}

/** Writes the column of the upper digit of every byte of a line, in memory order. @returns the number of bytes */
export function writeByteColumns(scan: LineScan, order: GroupOrder, target: Int32Array): number {
  let at = 0;
  for (let group = 0; group < scan.groupCount; group++) {
    const bytes = scan.groupDigits[group] >> 1;
    const start = scan.groupStart[group];
    for (let i = 0; i < bytes; i++) target[at++] = start + 2 * (order === "little" ? bytes - 1 - i : i);
  }
  return at;
}
