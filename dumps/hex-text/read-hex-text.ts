import type { DumpDocument } from "../document.ts";
import { MAX_REPEATED_BYTES, MAX_SECTIONS, MAX_STRETCHES, MAX_WINDOWS } from "../limits.ts";
import { DumpMemory } from "../memory.ts";
import { MAX_PROBLEMS, ProblemList } from "../problem.ts";
import type { Work } from "../work.ts";
import { type GroupOrder, groupOrder, learnStyle, type StyleOptions, type TextStyle } from "./byte-order.ts";
import { CR, HASH, HEX_VALUE, LF, textOf } from "./characters.ts";
import { type Consumed, FixedColumns, writeByteColumns } from "./fixed-columns.ts";
import { type DumpSection, parseHints, parseNumber } from "./hints.ts";
import { joinRuns, type Overlap } from "./join-runs.ts";
import { LineMap } from "./line-map.ts";
import { LineRuns } from "./line-runs.ts";
import { LineScan } from "./line-scan.ts";
import { Placement } from "./placement.ts";
import { MAX_LINE, scanLine, unknownTextColumn } from "./scan-line.ts";

/** Addresses are exact below this. */
const MAX_ADDRESS = 2 ** 53;
/** Lines of unequal length in one run: bounds the walk from a run's start to one of its lines. */
const MAX_UNEVEN_RUN = 4096;
/** Lines that the scanner, and characters that the fast path takes between two slices. */
const SLICE_LINES = 4096;
const SLICE_CHARACTERS = 1 << 20;

/**
 * Reads a hex dump in any of the registered text formats, also several in one file. Never throws: what is no hex line is reported with
 * its number and skipped. Time is linear in the text, memory a little over half of it, and what limits.ts allows for odd dumps.
 */
export function readHexText(
  characters: Uint8Array,
  options: StyleOptions = {},
): Work<Omit<DumpDocument, "format" | "formatTitle">> {
  return new HexTextReader(characters, options).read();
}

/** A line of `*`, waiting for the address after it. */
interface PendingRepeat {
  readonly line: number;
  readonly at: number;
}

class HexTextReader {
  private readonly text: Uint8Array;
  private readonly style: TextStyle;
  private readonly problems = new ProblemList();
  private readonly bytes: Uint8Array;
  private readonly runs = new LineRuns();
  private readonly sections: DumpSection[] = [];
  private readonly scan = new LineScan();
  private readonly column = unknownTextColumn();
  private readonly consumed: Consumed = { lines: 0, at: 0, written: 0 };
  private fast: FixedColumns | undefined;
  /** Layout of the last line that the scanner read. */
  private readonly shape = { length: 0, start: 0, address: 0, end: 0, ascii: 0, groups: 0, digits: 0 };
  private readonly columns = new Int32Array(MAX_LINE >> 1);
  private readonly placement = new Placement();
  private readonly base: bigint | undefined;
  private line = 1;
  private written = 0;
  private repeated = 0;
  /** Address after the last data line, -1 when the next line begins a new stretch. */
  private next = -1;
  private pending: PendingRepeat | undefined;
  /** Something else stood between the last line without an address and this one. */
  private broken = false;
  /** The text is not read from here on. */
  private stopped = false;
  /** The last section is beyond {@link MAX_SECTIONS}: lines are left out. */
  private sectionsFull = false;
  private stretchesFull = false;

  constructor(text: Uint8Array, options: StyleOptions) {
    this.text = text;
    this.style = learnStyle(text, options);
    this.base = options.base;
    // Two characters a byte at the least.
    this.bytes = new Uint8Array((text.length >> 1) + 1);
  }

  *read(): Work<Omit<DumpDocument, "format" | "formatTitle">> {
    const text = this.text;
    let at = 0;
    let slice = 0;
    while (at < text.length && !this.sectionsFull && !this.stopped) {
      const start = at;
      at = this.readFast(at);
      if (at - start >= SLICE_CHARACTERS || ++slice % SLICE_LINES === 0) yield;
      if (at - start >= SLICE_CHARACTERS) continue;
      if (at >= text.length) break;
      let end = text.indexOf(LF, at);
      if (end < 0) end = text.length;
      this.readLine(at, end > at && text[end - 1] === CR ? end - 1 : end, end + 1);
      at = end + 1;
      this.line++;
    }
    this.dropPending("nothing follows that says where the repeat ends");
    this.doubtSteps();
    return yield* this.finish();
  }

  /** Says that addresses do not go with the bytes between them: the lines are something else than they look like. */
  private doubtSteps(): void {
    const { odd } = this.style.addresses;
    if (odd === undefined || this.runs.count === 0) return;
    const message = `The addresses step by 0x${odd.step.toString(16)}, but the lines seem to hold 0x${odd.bytes.toString(16)} bytes: the dump is not read as it was meant. Write it with single bytes, as xxd -g1 does.`;
    this.problems.add("GIC-DUMP-STEP", this.runs.firstLines[0], 0, message);
  }

  /** Runs the fast path over as many lines as it takes. */
  private readFast(at: number): number {
    const runs = this.runs;
    const run = runs.count - 1;
    if (this.fast === undefined || this.next < 0 || this.pending !== undefined || run < 0 || !runs.isData(run)) {
      return at;
    }
    if (runs.bytesPerLine[run] !== this.fast.bytesPerLine || runs.lineAfter(run) !== this.line) return at;
    const result = this.consumed;
    result.lines = 0;
    result.at = at;
    result.written = this.written;
    const stop = Math.min(this.text.length, at + SLICE_CHARACTERS + this.fast.lineLength);
    const { shift } = this.placement;
    this.fast.consume(this.text, stop, this.next - shift, MAX_ADDRESS - shift, this.bytes, result);
    this.line += result.lines;
    this.written = result.written;
    this.next += result.lines * this.fast.bytesPerLine;
    runs.lineCounts[run] += result.lines;
    if (result.lines > 0) this.placement.hold(this.next, this.line - 1);
    return result.at;
  }

  private readLine(start: number, end: number, nextLine: number): void {
    const scan = this.scan;
    scanLine(this.text, start, end, this.style.addresses.radix, this.column, scan);
    if (scan.kind === "data" && this.isBinary()) {
      const reason = "No hex line: binary digits, as xxd -b writes them, are not read; skipped. Write it with xxd -g1.";
      this.problems.add("GIC-DUMP-LINE", this.line, scan.groupStart[0], reason);
    } else if (scan.kind === "data") this.takeData(start, nextLine);
    else if (scan.kind === "repeat") this.takeRepeat(start);
    else if (scan.kind === "end") this.takeEnd();
    else if (scan.kind === "comment") this.takeComment(start, end);
    else if (scan.kind === "junk") this.takeJunk();
    else this.broken = true;
  }

  private takeJunk(): void {
    const scan = this.scan;
    this.broken = true;
    if (this.isBare() && scan.digits > 0 && this.next >= 0) {
      this.stop(`The lines have no addresses, and this one is none like those before: ${scan.reason}.`);
      return;
    }
    this.problems.add("GIC-DUMP-LINE", this.line, scan.reasonColumn, `No hex line: ${scan.reason}; skipped.`);
  }

  private isBare(): boolean {
    return this.style.addresses.radix === "none";
  }

  /** Reads nothing from here on. */
  private stop(reason: string): void {
    this.stopped = true;
    this.problems.addLimit("GIC-DUMP-LIMIT", this.line, `${reason} It and all after it are not read.`);
  }

  /** Whether the lines have a group of eight binary digits for each byte. */
  private isBinary(): boolean {
    const { odd } = this.style.addresses;
    return odd !== undefined && odd.step === odd.groups && this.scan.digits === 8;
  }

  private takeData(start: number, nextLine: number): void {
    const scan = this.scan;
    const address = this.address();
    if (address < 0) return;
    this.fillRepeat(address);
    if (!this.extendRun(address, start)) return;
    const order = groupOrder(scan, this.style);
    const count = writeByteColumns(scan, order, this.columns);
    for (let i = 0; i < count; i++) {
      const at = start + this.columns[i];
      this.bytes[this.written + i] = (HEX_VALUE[this.text[at]] << 4) | HEX_VALUE[this.text[at + 1]];
    }
    this.written += count;
    this.next = address + count;
    this.placement.hold(this.next, this.line);
    if (scan.trailer !== "") {
      this.problems.add("GIC-DUMP-LINE", this.line, scan.dataEnd(), `The tool stopped here: ${scan.trailer.trim()}.`);
    }
    this.learn(start, nextLine, order);
  }

  /** The line's address inside the decoder, below {@link MAX_ADDRESS}; -1 when it has none. */
  private address(): number {
    const { placement, scan } = this;
    if (this.isBare()) return this.bareAddress();
    const { addressHigh, addressLow } = scan;
    if (placement.startsAgain(addressHigh, addressLow) && !this.startWindow(0n)) return -1;
    placement.begin(addressHigh, this.line);
    const address = placement.place(addressHigh, addressLow);
    if (address >= 0 && address + scan.byteCount <= MAX_ADDRESS) return address;
    const message = `The address is too far from the first one (0x${placement.origin.toString(16)}); the line is skipped. Put it into a dump of its own.`;
    this.problems.add("GIC-DUMP-ADDRESS", this.line, scan.addressStart, message);
    return -1;
  }

  /** Where a line without an address stands: behind the one before, or at the beginning of a table of its own. */
  private bareAddress(): number {
    const { scan, shape, placement } = this;
    const other = shape.digits > 0 && shape.digits !== scan.digits && (scan.groupCount > 1 || shape.groups > 1);
    if (this.next >= 0 && (this.broken || other) && !this.startWindow(0n)) return -1;
    this.broken = false;
    placement.begin(0, this.line);
    return this.next < 0 ? placement.shift : this.next;
  }

  /** @returns false when the dump has too many of them: it is read up to here */
  private startWindow(origin: bigint): boolean {
    if (this.placement.count >= MAX_WINDOWS) {
      this.stop(`The dump has more than ${MAX_WINDOWS} tables that begin at offset 0.`);
      return false;
    }
    this.dropPending("the addresses begin again behind it");
    this.placement.start(origin, this.line);
    this.next = -1;
    this.fast = undefined;
    return true;
  }

  /** @returns false when the dump may not have another stretch: the line is left out */
  private extendRun(address: number, start: number): boolean {
    const runs = this.runs;
    const run = runs.count - 1;
    const bytes = this.scan.byteCount;
    if (
      run >= 0 &&
      runs.isData(run) &&
      runs.bytesPerLine[run] === bytes &&
      runs.lineAfter(run) === this.line &&
      runs.endOf(run) === address &&
      (runs.lineCounts[run] < MAX_UNEVEN_RUN || this.fast !== undefined)
    ) {
      runs.lineCounts[run]++;
      return true;
    }
    if (runs.count >= MAX_STRETCHES) {
      this.leaveOutStretch();
      return false;
    }
    runs.push(this.line, address, bytes, this.written, start, 0);
    return true;
  }

  private leaveOutStretch(): void {
    this.next = -1;
    this.fast = undefined;
    if (this.stretchesFull) return;
    this.stretchesFull = true;
    const message = `The dump has more than ${MAX_STRETCHES} stretches of lines whose addresses follow each other. From here on, lines that begin another are not read. Cut the part with the table out of it.`;
    this.problems.addLimit("GIC-DUMP-LIMIT", this.line, message);
  }

  /** Sets up the fast path when two lines in a row have the same shape. */
  private learn(start: number, nextLine: number, order: GroupOrder): void {
    const scan = this.scan;
    const length = nextLine - start;
    const shape = this.shape;
    const last = scan.dataEnd();
    const same =
      shape.length === length &&
      shape.start === scan.addressStart &&
      shape.end === last &&
      shape.ascii === scan.asciiStart;
    const alike =
      same && shape.groups === scan.groupCount && shape.digits === scan.digits && shape.address === scan.addressEnd;
    const { radix } = this.style.addresses;
    const usable = (radix === 16 || radix === "none") && this.placement.isLow && scan.trailer === "";
    if (!alike) this.fast = undefined;
    else if (this.fast === undefined && usable && nextLine <= this.text.length) {
      this.fast = new FixedColumns(this.text, start, length, scan, order);
    }
    shape.length = length;
    shape.start = scan.addressStart;
    shape.address = scan.addressEnd;
    shape.end = last;
    shape.ascii = scan.asciiStart;
    shape.groups = scan.groupCount;
    shape.digits = scan.digits;
  }

  private takeRepeat(start: number): void {
    if (this.isBare() && this.next >= 0) {
      this.stop("A `*` stands for equal lines, and without addresses nothing says how many. Write it with od -v.");
    } else if (this.next < 0) {
      this.problems.add(
        "GIC-DUMP-REPEAT",
        this.line,
        0,
        "A `*` repeats the line before it, but there is none; skipped.",
      );
    } else if (this.pending === undefined) this.pending = { line: this.line, at: start };
  }

  /** A length line: ends a repeat, and cuts what a last word of `od` filled with zeros. */
  private takeEnd(): void {
    const address = this.address();
    if (address < 0 || this.next < 0) return;
    this.fillRepeat(address);
    const run = this.runs.count - 1;
    const surplus = this.next - address;
    this.placement.hold(address, this.line);
    if (run >= 0 && this.runs.isData(run) && surplus > 0 && surplus < this.runs.bytesPerLine[run]) {
      this.cut(run, surplus);
    }
    this.next = -1;
  }

  private cut(run: number, surplus: number): void {
    const runs = this.runs;
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

  private fillRepeat(address: number): void {
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
      this.leaveOutStretch();
      return;
    }
    this.repeated += length;
    // What it repeats is the line before it: the last bytes that were written.
    const pattern = Math.min(this.runs.bytesPerLine[this.runs.count - 1], length);
    const offset = this.written - this.runs.bytesPerLine[this.runs.count - 1];
    this.runs.push(pending.line, this.next, length, offset, pending.at, pattern);
  }

  private dropPending(reason: string): void {
    if (this.pending === undefined) return;
    this.problems.add("GIC-DUMP-REPEAT", this.pending.line, 0, `A \`*\` is skipped: ${reason}.`);
    this.pending = undefined;
  }

  private takeComment(start: number, end: number): void {
    let at = start;
    while (this.text[at] !== HASH) at++;
    const hints = parseHints(textOf(this.text, at, Math.min(end, at + 1000)), this.line, this.problems);
    if (hints === undefined) return;
    const last = this.sections[this.sections.length - 1];
    if (last !== undefined) last.lastLine = this.line - 1;
    if (this.sections.length >= MAX_SECTIONS) {
      this.sectionsFull = true;
      const message = `The dump has more than ${MAX_SECTIONS} \`# gic:\` sections. This one and all after it are not read. Put them into a dump of their own.`;
      this.problems.addLimit("GIC-DUMP-LIMIT", this.line, message);
      return;
    }
    this.sections.push({ line: this.line, lastLine: Number.MAX_SAFE_INTEGER, hints });
  }

  /** Where the table that begins in a line is said to be. */
  private baseAt(line: number): bigint | undefined {
    if (this.base !== undefined) return this.base;
    const section = this.sections.findLast((candidate) => candidate.line < line);
    return section?.hints.base === undefined ? undefined : parseNumber(section.hints.base);
  }

  private *finish(): Work<Omit<DumpDocument, "format" | "formatTitle">> {
    const runs = this.runs;
    const overlaps: Overlap[] = [];
    const stretches = yield* joinRuns(runs, this.bytes, (overlap) => {
      if (overlaps.length < MAX_PROBLEMS) overlaps.push(overlap);
      this.problems.add("GIC-DUMP-OVERLAP", overlap.line, 0, () => {
        const from = this.placement.format(overlap.address);
        return `${overlap.length} bytes at ${from} stand here and in the lines from ${overlap.earlierLine} on; the later line counts.`;
      });
    });
    const lineCount = this.line - 1;
    const last = this.sections[this.sections.length - 1];
    if (last !== undefined && !this.sectionsFull) last.lastLine = lineCount;
    if (runs.count === 0) {
      this.problems.add("GIC-DUMP-EMPTY", 0, 0, "No line of this text is a hex dump line that any known tool writes.");
    }
    const { windows, origin } = this.placement.finish(this.isBare(), (line) => this.baseAt(line));
    const memory = new DumpMemory(stretches, origin, windows);
    const { items, count, limits } = this.problems;
    return {
      memory,
      problems: items.sort((a, b) => a.line - b.line),
      problemCount: count,
      limits,
      overlaps,
      sections: this.sections,
      text: { characters: this.text, lineCount, lines: new LineMap(runs, memory), style: this.style },
    };
  }
}
