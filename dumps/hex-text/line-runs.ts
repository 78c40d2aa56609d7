import { lastNotAbove } from "../ascending.ts";
import { grown } from "../stretches.ts";

/**
 * Neighbouring lines that hold neighbouring bytes, as many a line each. A 100 MB dump of one table is a single run, so they cost
 * nothing; the worst case (every line elsewhere) is a run a line.
 */
export interface LineRun {
  /** Line number, from 1. */
  readonly firstLine: number;
  readonly lineCount: number;
  readonly address: number;
  /** Bytes on each line; for a repeat the bytes it stands for. */
  readonly bytesPerLine: number;
  /** Place of the first byte among the bytes that lines hold; for a repeat of the bytes that it repeats. */
  readonly offset: number;
  /** Place of the first line's first character in the text. */
  readonly textStart: number;
  /** `repeat`: one `*` line. */
  readonly kind: "data" | "repeat";
}

/** The runs of a dump in the order of their lines, as columns of numbers: see {@link LineRun} for what they mean. */
export class LineRuns {
  count = 0;
  firstLines = new Uint32Array(16);
  lineCounts = new Uint32Array(16);
  addresses = new Float64Array(16);
  bytesPerLine = new Float64Array(16);
  offsets = new Uint32Array(16);
  textStarts = new Uint32Array(16);
  /** Bytes that a repeat repeats; 0: data. */
  patterns = new Uint32Array(16);

  push(line: number, address: number, bytes: number, offset: number, textStart: number, pattern: number): void {
    if (this.count === this.addresses.length) this.grow();
    const at = this.count++;
    this.firstLines[at] = line;
    this.lineCounts[at] = 1;
    this.addresses[at] = address;
    this.bytesPerLine[at] = bytes;
    this.offsets[at] = offset;
    this.textStarts[at] = textStart;
    this.patterns[at] = pattern;
  }

  /** Address after the last byte of a run. */
  endOf(at: number): number {
    return this.addresses[at] + this.lineCounts[at] * this.bytesPerLine[at];
  }

  isData(at: number): boolean {
    return this.patterns[at] === 0;
  }

  /** Line after the last one of a run. */
  lineAfter(at: number): number {
    return this.firstLines[at] + this.lineCounts[at];
  }

  get(at: number): LineRun {
    return {
      firstLine: this.firstLines[at],
      lineCount: this.lineCounts[at],
      address: this.addresses[at],
      bytesPerLine: this.bytesPerLine[at],
      offset: this.offsets[at],
      textStart: this.textStarts[at],
      kind: this.isData(at) ? "data" : "repeat",
    };
  }

  /** Index of the last run that does not begin after a line, -1 when all do. */
  indexNotAfter(line: number): number {
    return lastNotAbove(this.firstLines, line, this.count);
  }

  /** The run whose lines hold the byte at a place among the bytes that lines hold. */
  dataAt(place: number): number {
    const at = lastNotAbove(this.offsets, place, this.count);
    // A repeat has the place of what it repeats: the run before it.
    return this.isData(at) ? at : at - 1;
  }

  private grow(): void {
    const capacity = this.addresses.length * 2;
    this.firstLines = grown(this.firstLines, new Uint32Array(capacity));
    this.lineCounts = grown(this.lineCounts, new Uint32Array(capacity));
    this.addresses = grown(this.addresses, new Float64Array(capacity));
    this.bytesPerLine = grown(this.bytesPerLine, new Float64Array(capacity));
    this.offsets = grown(this.offsets, new Uint32Array(capacity));
    this.textStarts = grown(this.textStarts, new Uint32Array(capacity));
    this.patterns = grown(this.patterns, new Uint32Array(capacity));
  }
}
