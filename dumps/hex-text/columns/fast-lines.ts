import type { GroupOrder } from "../group-form.ts";
import type { LineMemory } from "../line-memory.ts";
import type { LineScan } from "../line-scan.ts";
import { type Consumed, FixedColumns } from "./fixed-columns.ts";

/** Reads lines that are laid out alike by their columns: learns the layout from the lines that the scanner read, and takes those that follow. */
export class FastLines {
  private readonly text: Uint8Array;
  private readonly consumed: Consumed = { lines: 0, at: 0, written: 0 };
  private columns: FixedColumns | undefined;
  /** Layout of the last line that the scanner read. */
  private readonly shape = { length: 0, start: 0, address: 0, end: 0, ascii: 0, groups: 0, digits: 0 };

  constructor(text: Uint8Array) {
    this.text = text;
  }

  /** Whether the lines before were all laid out alike. */
  get isReady(): boolean {
    return this.columns !== undefined;
  }

  /** Digits of a group on the last line that the scanner read, 0: there was none; and how many groups it had. */
  get last(): { readonly digits: number; readonly groups: number } {
    return this.shape;
  }

  forget(): void {
    this.columns = undefined;
  }

  /**
   * Takes as many lines as go on like those before, into the run of these.
   * @param at place in the text @param line its number @param most characters to take, about
   * @param shift added to the lines' addresses @param limit highest address plus one
   * @returns place in the text and number of lines
   */
  take(memory: LineMemory, at: number, line: number, most: number, shift: number, limit: number): Readonly<Consumed> {
    const { columns, consumed, text } = this;
    const { runs } = memory;
    const run = runs.count - 1;
    consumed.lines = 0;
    consumed.at = at;
    if (columns === undefined || memory.next < 0 || memory.hasPending || run < 0 || !runs.isData(run)) return consumed;
    if (runs.bytesPerLine[run] !== columns.bytesPerLine || runs.lineAfter(run) !== line) return consumed;
    consumed.written = memory.written;
    const stop = Math.min(text.length, at + most + columns.lineLength);
    columns.consume(text, stop, memory.next - shift, limit - shift, memory.bytes, consumed);
    memory.written = consumed.written;
    memory.next += consumed.lines * columns.bytesPerLine;
    runs.lineCounts[run] += consumed.lines;
    return consumed;
  }

  /**
   * Learns from a line that the scanner read; two in a row that are alike are enough.
   * @param start place of its first character @param nextLine place behind its line end
   * @param usable whether lines like it may be read by their columns
   */
  learn(scan: LineScan, start: number, nextLine: number, order: GroupOrder, usable: boolean): void {
    const length = nextLine - start;
    const { shape } = this;
    const last = scan.dataEnd();
    const same =
      shape.length === length &&
      shape.start === scan.addressStart &&
      shape.end === last &&
      shape.ascii === scan.asciiStart;
    const alike =
      same && shape.groups === scan.groupCount && shape.digits === scan.digits && shape.address === scan.addressEnd;
    if (!alike) this.columns = undefined;
    else if (this.columns === undefined && usable && nextLine <= this.text.length) {
      this.columns = new FixedColumns(this.text, start, length, scan, order);
    }
    shape.length = length;
    shape.start = scan.addressStart;
    shape.address = scan.addressEnd;
    shape.end = last;
    shape.ascii = scan.asciiStart;
    shape.groups = scan.groupCount;
    shape.digits = scan.digits;
  }
}
