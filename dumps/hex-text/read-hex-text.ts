import type { DumpDocument } from "../document.ts";
import { DumpMemory, joinPieces, type Piece } from "../memory.ts";
import { ProblemList } from "../problem.ts";
import { type GroupOrder, groupOrder, learnStyle, type TextStyle } from "./byte-order.ts";
import { CR, HASH, HEX_VALUE, LF, textOf, toCharacters } from "./characters.ts";
import { type Consumed, FixedColumns, writeByteColumns } from "./fixed-columns.ts";
import { type DumpSection, parseHints } from "./hints.ts";
import { LineMap, type LineRun } from "./line-map.ts";
import { LineScan } from "./line-scan.ts";
import { MAX_LINE, scanLine, unknownTextColumn } from "./scan-line.ts";

export interface HexTextOptions {
  /** Overrules what the text column and the group widths say. */
  readonly order?: GroupOrder;
}

/** `*` lines may stand for this many bytes in one dump; beyond, the memory stays unknown and the line is reported. */
export const MAX_REPEATED_BYTES = 256 * 1024 * 1024;
/** Addresses are exact below this. */
const MAX_ADDRESS = 2 ** 53;
/** Lines of unequal length in one run: bounds the walk from a run's start to one of its lines. */
const MAX_UNEVEN_RUN = 4096;

/**
 * Reads a hex dump in any of the registered text formats, also several in one file. Never throws: what is no hex line is reported with
 * its number and skipped. Time is linear in the text, memory a little over half of it plus what `*` lines stand for.
 */
export function readHexText(
  input: string | Uint8Array,
  options: HexTextOptions = {},
): Omit<DumpDocument, "format" | "formatTitle"> {
  return new HexTextReader(toCharacters(input), options).read();
}

/** A line of `*`, waiting for the address after it. */
interface PendingRepeat {
  readonly line: number;
  readonly at: number;
}

class HexTextReader {
  readonly #text: Uint8Array;
  readonly #style: TextStyle;
  readonly #problems = new ProblemList();
  readonly #bytes: Uint8Array;
  readonly #runs: LineRun[] = [];
  readonly #sections: DumpSection[] = [];
  readonly #scan = new LineScan();
  readonly #column = unknownTextColumn();
  readonly #consumed: Consumed = { lines: 0, at: 0, written: 0 };
  #fast: FixedColumns | undefined;
  /** Layout of the last line that the scanner read. */
  readonly #shape = { length: 0, start: 0, address: 0, end: 0, ascii: 0, groups: 0, digits: 0 };
  readonly #columns = new Int32Array(MAX_LINE >> 1);
  #origin: bigint | undefined;
  #line = 1;
  #written = 0;
  #repeated = 0;
  /** Address after the last data line, -1 when the next line begins a new stretch. */
  #next = -1;
  #pending: PendingRepeat | undefined;

  constructor(text: Uint8Array, options: HexTextOptions) {
    this.#text = text;
    const learned = learnStyle(text);
    this.#style =
      options.order === undefined ? learned : { ...learned, order: options.order, orderReason: "it was asked for" };
    // Two characters a byte at the least.
    this.#bytes = new Uint8Array((text.length >> 1) + 1);
  }

  read(): Omit<DumpDocument, "format" | "formatTitle"> {
    const text = this.#text;
    let at = 0;
    while (at < text.length) {
      at = this.#readFast(at);
      if (at >= text.length) break;
      let end = text.indexOf(LF, at);
      if (end < 0) end = text.length;
      this.#readLine(at, end > at && text[end - 1] === CR ? end - 1 : end, end + 1);
      at = end + 1;
      this.#line++;
    }
    this.#dropPending("nothing follows that says where the repeat ends");
    return this.#finish();
  }

  /** Runs the fast path over as many lines as it takes. */
  #readFast(at: number): number {
    const run = this.#runs[this.#runs.length - 1];
    if (this.#fast === undefined || this.#next < 0 || this.#pending !== undefined || run?.kind !== "data") return at;
    if (run.bytesPerLine !== this.#fast.bytesPerLine || run.firstLine + run.lineCount !== this.#line) return at;
    const result = this.#consumed;
    result.lines = 0;
    result.at = at;
    result.written = this.#written;
    this.#fast.consume(this.#text, this.#next, MAX_ADDRESS, this.#bytes, result);
    this.#line += result.lines;
    this.#written = result.written;
    this.#next += result.lines * this.#fast.bytesPerLine;
    run.lineCount += result.lines;
    return result.at;
  }

  #readLine(start: number, end: number, nextLine: number): void {
    const scan = this.#scan;
    scanLine(this.#text, start, end, this.#style.radix, this.#column, scan);
    if (scan.kind === "data") this.#takeData(start, nextLine);
    else if (scan.kind === "repeat") this.#takeRepeat(start);
    else if (scan.kind === "end") this.#takeEnd();
    else if (scan.kind === "comment") this.#takeComment(start, end);
    else if (scan.kind === "junk") {
      this.#problems.add("GIC-DUMP-LINE", this.#line, scan.reasonColumn, `No hex line: ${scan.reason}; skipped.`);
    }
  }

  #takeData(start: number, nextLine: number): void {
    const scan = this.#scan;
    const address = this.#address();
    if (address < 0) return;
    this.#fillRepeat(address);
    const order = groupOrder(scan, this.#style);
    const count = writeByteColumns(scan, order, this.#columns);
    for (let i = 0; i < count; i++) {
      const at = start + this.#columns[i];
      this.#bytes[this.#written + i] = (HEX_VALUE[this.#text[at]] << 4) | HEX_VALUE[this.#text[at + 1]];
    }
    this.#extendRun(address, start);
    this.#written += count;
    this.#next = address + count;
    if (scan.trailer !== "") {
      this.#problems.add("GIC-DUMP-LINE", this.#line, scan.dataEnd(), `The tool stopped here: ${scan.trailer.trim()}.`);
    }
    this.#learn(start, nextLine, order);
  }

  /** The line's address below {@link MAX_ADDRESS}, after the origin is taken off; -1 when it has none. */
  #address(): number {
    const { addressHigh, addressLow } = this.#scan;
    if (this.#origin === undefined) {
      // Kernel addresses: the upper 16 bits are the same on all lines and are kept once.
      this.#origin = addressHigh < 0x20_0000 ? 0n : BigInt(addressHigh >>> 16) << 48n;
    }
    const upper = addressHigh - Number(this.#origin >> 32n);
    const address = upper * 0x1_0000_0000 + addressLow;
    if (upper >= 0 && address + this.#scan.byteCount <= MAX_ADDRESS) return address;
    const message = `The address is too far from the first one (0x${this.#origin.toString(16)}); the line is skipped. Put it into a dump of its own.`;
    this.#problems.add("GIC-DUMP-ADDRESS", this.#line, this.#scan.addressStart, message);
    return -1;
  }

  #extendRun(address: number, start: number): void {
    const run = this.#runs[this.#runs.length - 1];
    const bytes = this.#scan.byteCount;
    if (
      run?.kind === "data" &&
      run.bytesPerLine === bytes &&
      run.firstLine + run.lineCount === this.#line &&
      run.address + run.lineCount * bytes === address &&
      (run.lineCount < MAX_UNEVEN_RUN || this.#fast !== undefined)
    ) {
      run.lineCount++;
      return;
    }
    const offset = this.#written;
    this.#runs.push({
      firstLine: this.#line,
      lineCount: 1,
      address,
      bytesPerLine: bytes,
      offset,
      textStart: start,
      kind: "data",
    });
  }

  /** Sets up the fast path when two lines in a row have the same shape. */
  #learn(start: number, nextLine: number, order: GroupOrder): void {
    const scan = this.#scan;
    const length = nextLine - start;
    const shape = this.#shape;
    const last = scan.dataEnd();
    const same =
      shape.length === length &&
      shape.start === scan.addressStart &&
      shape.end === last &&
      shape.ascii === scan.asciiStart;
    const alike =
      same && shape.groups === scan.groupCount && shape.digits === scan.digits && shape.address === scan.addressEnd;
    const usable = this.#style.radix === 16 && this.#origin === 0n && scan.trailer === "";
    if (!alike) this.#fast = undefined;
    else if (this.#fast === undefined && usable && nextLine <= this.#text.length) {
      this.#fast = new FixedColumns(this.#text, start, length, scan, order);
    }
    shape.length = length;
    shape.start = scan.addressStart;
    shape.address = scan.addressEnd;
    shape.end = last;
    shape.ascii = scan.asciiStart;
    shape.groups = scan.groupCount;
    shape.digits = scan.digits;
  }

  #takeRepeat(start: number): void {
    if (this.#next < 0) {
      this.#problems.add(
        "GIC-DUMP-REPEAT",
        this.#line,
        0,
        "A `*` repeats the line before it, but there is none; skipped.",
      );
    } else if (this.#pending === undefined) this.#pending = { line: this.#line, at: start };
  }

  /** A length line: ends a repeat, and cuts what a last word of `od` filled with zeros. */
  #takeEnd(): void {
    const address = this.#address();
    if (address < 0 || this.#next < 0) return;
    this.#fillRepeat(address);
    const run = this.#runs[this.#runs.length - 1];
    const surplus = this.#next - address;
    if (run?.kind === "data" && surplus > 0 && surplus < run.bytesPerLine) this.#cut(run, surplus);
    this.#next = -1;
  }

  #cut(run: LineRun, surplus: number): void {
    this.#written -= surplus;
    if (run.lineCount === 1) {
      run.bytesPerLine -= surplus;
      return;
    }
    run.lineCount--;
    const line = run.firstLine + run.lineCount;
    const address = run.address + run.lineCount * run.bytesPerLine;
    const bytesPerLine = run.bytesPerLine - surplus;
    const textStart = this.#text.lastIndexOf(LF, this.#textEndOfLine(run, line) - 1) + 1;
    this.#runs.push({
      ...run,
      firstLine: line,
      lineCount: 1,
      address,
      bytesPerLine,
      offset: this.#written - bytesPerLine,
      textStart,
    });
  }

  /** Place of the line end of a line of a run. */
  #textEndOfLine(run: LineRun, line: number): number {
    let at = run.textStart;
    for (let i = run.firstLine; i < line; i++) at = this.#text.indexOf(LF, at) + 1;
    const end = this.#text.indexOf(LF, at);
    return end < 0 ? this.#text.length : end;
  }

  #fillRepeat(address: number): void {
    const pending = this.#pending;
    if (pending === undefined) return;
    this.#pending = undefined;
    const length = address - this.#next;
    if (length === 0) return;
    if (length < 0) {
      this.#problems.add(
        "GIC-DUMP-REPEAT",
        pending.line,
        0,
        "A `*` is followed by a lower address; it repeats nothing.",
      );
      return;
    }
    if (this.#repeated + length > MAX_REPEATED_BYTES) {
      const limit = MAX_REPEATED_BYTES >> 20;
      const message = `A \`*\` stands for ${length} bytes; repeats are filled up to ${limit} MiB in all, so this memory stays unknown.`;
      this.#problems.add("GIC-DUMP-REPEAT", pending.line, 0, message);
      return;
    }
    this.#repeated += length;
    const bytesBefore = this.#runs[this.#runs.length - 1].bytesPerLine;
    this.#runs.push({
      firstLine: pending.line,
      lineCount: 1,
      address: this.#next,
      bytesPerLine: length,
      offset: this.#written - bytesBefore,
      textStart: pending.at,
      kind: "repeat",
    });
  }

  #dropPending(reason: string): void {
    if (this.#pending === undefined) return;
    this.#problems.add("GIC-DUMP-REPEAT", this.#pending.line, 0, `A \`*\` is skipped: ${reason}.`);
    this.#pending = undefined;
  }

  #takeComment(start: number, end: number): void {
    let at = start;
    while (this.#text[at] !== HASH) at++;
    const hints = parseHints(textOf(this.#text, at, Math.min(end, at + 1000)), this.#line, this.#problems);
    if (hints === undefined) return;
    const last = this.#sections[this.#sections.length - 1];
    if (last !== undefined) last.lastLine = this.#line - 1;
    this.#sections.push({ line: this.#line, lastLine: Number.MAX_SAFE_INTEGER, hints });
  }

  #finish(): Omit<DumpDocument, "format" | "formatTitle"> {
    const pieces: Piece[] = this.#runs.map((run, index) => this.#piece(run, this.#runs[index - 1]));
    const origin = this.#origin ?? 0n;
    const spans = joinPieces(pieces, (overlap) => {
      const from = `0x${(origin + BigInt(overlap.address)).toString(16)}`;
      const message = `${overlap.length} bytes at ${from} stand here and in the lines from ${overlap.earlierLine} on; the later line counts.`;
      this.#problems.add("GIC-DUMP-OVERLAP", overlap.line, 0, message);
    });
    const lineCount = this.#line - 1;
    const last = this.#sections[this.#sections.length - 1];
    if (last !== undefined) last.lastLine = lineCount;
    if (pieces.length === 0) {
      this.#problems.add("GIC-DUMP-EMPTY", 0, 0, "No line of this text is a hex dump line that any known tool writes.");
    }
    return {
      memory: new DumpMemory(spans, origin),
      problems: this.#problems.items.sort((a, b) => a.line - b.line),
      problemCount: this.#problems.count,
      sections: this.#sections,
      text: { characters: this.#text, lineCount, lines: new LineMap(this.#runs), style: this.#style },
    };
  }

  #piece(run: LineRun, before: LineRun | undefined): Piece {
    const length = run.lineCount * run.bytesPerLine;
    // A repeat's bytes are those of the line before it, and every repeat has one.
    const held = run.kind === "data" ? length : Math.min(before?.bytesPerLine ?? 0, length);
    const bytes = this.#bytes.subarray(run.offset, run.offset + held);
    return { address: run.address, length, bytes, line: run.firstLine };
  }
}
