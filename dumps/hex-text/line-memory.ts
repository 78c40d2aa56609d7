import { MAX_REPEATED_BYTES, MAX_STRETCHES } from "../limits.ts";
import type { ProblemList } from "../problem.ts";
import { LF } from "./characters.ts";
import { LineRuns } from "./line-runs.ts";

/** Lines of unequal length in one run: bounds the walk from a run's start to one of its lines. */
const MAX_UNEVEN_RUN = 4096;

/** A line of `*`, waiting for the address after it. */
interface PendingRepeat {
  readonly line: number;
  readonly at: number;
}

/** The bytes that the lines of a text give, in the order of the lines, and which line gives which address: see {@link LineRuns}. */
export class LineMemory {
  readonly bytes: Uint8Array;
  readonly runs = new LineRuns();
  /** How many of the bytes are there. */
  written = 0;
  /** Address after the last data line, -1 when the next line begins a new stretch. */
  next = -1;
  private readonly text: Uint8Array;
  private readonly problems: ProblemList;
  private repeated = 0;
  private pending: PendingRepeat | undefined;
  private isFull = false;

  constructor(text: Uint8Array, problems: ProblemList) {
    this.text = text;
    this.problems = problems;
    // Two characters a byte at the least.
    this.bytes = new Uint8Array((text.length >> 1) + 1);
  }

  get hasPending(): boolean {
    return this.pending !== undefined;
  }

  /**
   * Makes room for the bytes of a line: in the run of the lines before, or in a run of its own.
   * @param start place of the line's first character @param even the lines before are all of one length
   * @returns false when the dump may not have another stretch: the line is left out
   */
  extend(line: number, address: number, bytes: number, start: number, even: boolean): boolean {
    const { runs } = this;
    const run = runs.count - 1;
    if (
      run >= 0 &&
      runs.isData(run) &&
      runs.bytesPerLine[run] === bytes &&
      runs.lineAfter(run) === line &&
      runs.endOf(run) === address &&
      (runs.lineCounts[run] < MAX_UNEVEN_RUN || even)
    ) {
      runs.lineCounts[run]++;
      return true;
    }
    if (runs.count >= MAX_STRETCHES) {
      this.leaveOut(line);
      return false;
    }
    runs.push(line, address, bytes, this.written, start, 0);
    return true;
  }

  private leaveOut(line: number): void {
    this.next = -1;
    if (this.isFull) return;
    this.isFull = true;
    const message = `The dump has more than ${MAX_STRETCHES} stretches of lines whose addresses follow each other. From here on, lines that begin another are not read. Cut the part with the table out of it.`;
    this.problems.addLimit("GIC-DUMP-LIMIT", line, message);
  }

  /** Ends the last run before an address: what a last word of `od` filled with zeros is no byte of the dump. */
  cutTo(address: number): void {
    const { runs, next } = this;
    const run = runs.count - 1;
    const surplus = next - address;
    if (run < 0 || !runs.isData(run) || surplus <= 0 || surplus >= runs.bytesPerLine[run]) return;
    this.written -= surplus;
    const bytes = runs.bytesPerLine[run] - surplus;
    if (runs.lineCounts[run] === 1) {
      runs.bytesPerLine[run] = bytes;
      return;
    }
    runs.lineCounts[run]--;
    const line = runs.lineAfter(run);
    const textStart = this.text.lastIndexOf(LF, this.textEndOfLine(run, line) - 1) + 1;
    runs.push(line, runs.endOf(run), bytes, this.written - bytes, textStart, 0);
  }

  /** Place of the line end of a line of a run. */
  private textEndOfLine(run: number, line: number): number {
    let at = this.runs.textStarts[run];
    for (let i = this.runs.firstLines[run]; i < line; i++) at = this.text.indexOf(LF, at) + 1;
    const end = this.text.indexOf(LF, at);
    return end < 0 ? this.text.length : end;
  }

  /** Notes a `*`: it repeats the line before up to the address of the next one. @param at place of the line's first character */
  repeat(line: number, at: number): void {
    if (this.next < 0) {
      this.problems.add("GIC-DUMP-REPEAT", line, 0, "A `*` repeats the line before it, but there is none; skipped.");
    } else if (this.pending === undefined) this.pending = { line, at };
  }

  dropRepeat(reason: string): void {
    if (this.pending === undefined) return;
    this.problems.add("GIC-DUMP-REPEAT", this.pending.line, 0, `A \`*\` is skipped: ${reason}.`);
    this.pending = undefined;
  }

  /** Fills what a `*` stands for, now that the address of the line behind it is known. @param line which that is */
  fillRepeat(address: number, line: number): void {
    const pending = this.pending;
    if (pending === undefined) return;
    this.pending = undefined;
    const length = address - this.next;
    if (length === 0) return;
    if (length < 0) {
      this.problems.add(
        "GIC-DUMP-REPEAT",
        pending.line,
        0,
        "A `*` is followed by a lower address; it repeats nothing.",
      );
      return;
    }
    if (this.repeated + length > MAX_REPEATED_BYTES) {
      const limit = MAX_REPEATED_BYTES >> 20;
      const message = `A \`*\` stands for ${length} bytes; repeats are filled up to ${limit} MiB in all, so this memory stays unknown.`;
      this.problems.addLimit("GIC-DUMP-REPEAT", pending.line, message);
      return;
    }
    if (this.runs.count >= MAX_STRETCHES) {
      this.leaveOut(line);
      return;
    }
    this.repeated += length;
    // What it repeats is the line before it: the last bytes that were written.
    const pattern = Math.min(this.runs.bytesPerLine[this.runs.count - 1], length);
    const offset = this.written - this.runs.bytesPerLine[this.runs.count - 1];
    this.runs.push(pending.line, this.next, length, offset, pending.at, pattern);
  }
}
