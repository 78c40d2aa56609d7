import { HEX_PAIR } from "../characters.ts";

/**
 * Takes the bytes of a line from fixed columns. Where two bytes stand side by side in the text, as in words of 16 bits and more, four
 * digits are one access; measured: a fifth more lines a second (bench/dumps.ts).
 */
export class LineBytes {
  /** Column of the upper digit of each byte, in memory order. */
  private readonly columns: Int32Array;
  /** First of the four columns of every two bytes; empty where bytes stand apart. */
  private readonly pairs: Int32Array;
  /** Where the byte that stands first in the text goes among two: bit 0, or bit 8 where the text has the highest byte first. */
  private readonly firstShift: number;

  /** @param columns column of the upper digit of each byte, in memory order */
  constructor(columns: Int32Array) {
    this.columns = columns;
    const step = columns.length % 4 === 0 ? columns[1] - columns[0] : 0;
    const stands = (column: number, at: number) => at % 2 === 0 || column - columns[at - 1] === step;
    const sideBySide = (step === 2 || step === -2) && columns.every(stands);
    this.firstShift = step === 2 ? 0 : 8;
    this.pairs = sideBySide ? columns.filter((_, at) => at % 2 === (step === 2 ? 0 : 1)) : new Int32Array(0);
  }

  /**
   * Writes the bytes of the line that starts at `at`.
   * @param out where they go, from `place` on
   * @returns other than 0: a column has no digit, and what was written means nothing
   */
  write(text: DataView, at: number, out: DataView, place: number): number {
    const { columns, pairs, firstShift } = this;
    const secondShift = 8 - firstShift;
    let wrong = 0;
    if (pairs.length === 0) {
      for (let i = 0; i < columns.length; i++) {
        const byte = HEX_PAIR[text.getUint16(at + columns[i], true)];
        wrong |= byte;
        out.setUint8(place + i, byte);
      }
    }
    for (let i = 0; i < pairs.length; i += 2) {
      const low = text.getInt32(at + pairs[i], true);
      const high = text.getInt32(at + pairs[i + 1], true);
      const a = HEX_PAIR[low & 0xffff];
      const b = HEX_PAIR[low >>> 16];
      const c = HEX_PAIR[high & 0xffff];
      const d = HEX_PAIR[high >>> 16];
      wrong |= a | b | c | d;
      const word = (a << firstShift) | (b << secondShift) | (c << (16 + firstShift)) | (d << (16 + secondShift));
      out.setInt32(place + 2 * i, word, true);
    }
    return wrong & ~0xff;
  }
}
