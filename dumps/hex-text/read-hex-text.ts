import type { DumpDocument } from "../document.ts";
import { MAX_WINDOWS } from "../limits.ts";
import { ProblemList } from "../problem.ts";
import { RecordState } from "../records/record-state.ts";
import type { Work } from "../work.ts";
import { groupOrder, learnStyle, lineForm, type StyleOptions, type TextStyle } from "./byte-order.ts";
import { CR, HEX_VALUE, LF } from "./characters.ts";
import { FastLines } from "./columns/fast-lines.ts";
import { writeByteColumns } from "./columns/fixed-columns.ts";
import { writeNumbers } from "./digits.ts";
import type { GroupOrder } from "./group-form.ts";
import { LineMemory } from "./line-memory.ts";
import { LineScan } from "./line-scan.ts";
import { LineScanner, type LineShape } from "./line-scanner.ts";
import { Placement } from "./placement.ts";
import { MAX_LINE } from "./scan-line.ts";
import { SectionList } from "./section-list.ts";
import { textDocument } from "./text-document.ts";

/** Addresses are exact below this. */
const MAX_ADDRESS = 2 ** 53;
/** Lines that the scanner, and characters that the fast path takes between two slices. */
const SLICE_LINES = 512;
const SLICE_CHARACTERS = 1 << 20;

/**
 * Reads a hex dump in any of the registered text formats, also several in one file. Never throws: what is no hex line is reported with
 * its number and skipped. Time is linear in the text, memory a little over half of it, and what limits.ts allows for odd dumps.
 */
export function* readHexText(
  characters: Uint8Array,
  shapes: readonly LineShape[],
  options: StyleOptions = {},
): Work<Omit<DumpDocument, "format" | "formatTitle">> {
  const style = learnStyle(characters, shapes, options);
  yield;
  return yield* new HexTextReader(characters, shapes, style, options.base).read();
}

class HexTextReader {
  private readonly text: Uint8Array;
  private readonly style: TextStyle;
  private readonly problems = new ProblemList();
  private readonly memory: LineMemory;
  private readonly sections = new SectionList(this.problems);
  private readonly placement = new Placement();
  private readonly scan = new LineScan();
  private readonly scanner: LineScanner;
  private readonly records = new RecordState();
  private readonly fast: FastLines;
  private readonly columns = new Int32Array(MAX_LINE >> 1);
  private readonly base: bigint | undefined;
  private line = 1;
  /** Something else stood between the last line without an address and this one. */
  private broken = false;
  /** Bytes at the end of the last line that may be none, see LineScan. */
  private openBytes = 0;
  /** The text is not read from here on. */
  private stopped = false;

  constructor(text: Uint8Array, shapes: readonly LineShape[], style: TextStyle, base: bigint | undefined) {
    this.text = text;
    this.style = style;
    this.scanner = new LineScanner(shapes, lineForm(style));
    this.base = base;
    this.memory = new LineMemory(text, this.problems);
    this.fast = new FastLines(text);
  }

  *read(): Work<Omit<DumpDocument, "format" | "formatTitle">> {
    const text = this.text;
    let at = 0;
    let slice = 0;
    while (at < text.length && !this.sections.isFull && !this.stopped) {
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
    this.memory.dropRepeat("nothing follows that says where the repeat ends");
    this.closeLine();
    this.doubtSteps();
    return yield* this.finish();
  }

  /** Says that addresses do not go with the bytes between them: the lines are something else than they look like. */
  private doubtSteps(): void {
    const { odd } = this.style.addresses;
    const { runs } = this.memory;
    if (odd === undefined || runs.count === 0) return;
    const message = `The addresses step by 0x${odd.step.toString(16)}, but the lines seem to hold 0x${odd.bytes.toString(16)} bytes: the dump is not read as it was meant. Write it with single bytes, as xxd -g1 does.`;
    this.problems.add("GIC-DUMP-STEP", runs.firstLines[0], 0, message);
  }

  /** Runs the fast path over as many lines as it takes. @returns place in the text behind them */
  private readFast(at: number): number {
    if (!this.fast.isReady) return at;
    const { memory, placement } = this;
    const taken = this.fast.take(memory, at, this.line, SLICE_CHARACTERS, placement.shift, MAX_ADDRESS);
    this.line += taken.lines;
    if (taken.lines > 0) placement.hold(memory.next, this.line - 1);
    return taken.at;
  }

  private readLine(start: number, end: number, nextLine: number): void {
    const scan = this.scan;
    this.scanner.scan(this.text, start, end, scan);
    if (scan.shape !== "") this.records.take(scan, this.line, this.problems);
    if (scan.kind === "data") this.takeData(start, nextLine);
    else if (scan.kind === "repeat") this.takeRepeat(start);
    else if (scan.kind === "end") this.takeEnd();
    else if (scan.kind === "comment") this.sections.take(this.text, start, end, this.line);
    else if (scan.kind === "junk") this.takeJunk();
    else if (scan.kind === "blank") this.broken = true;
  }

  private takeJunk(): void {
    const scan = this.scan;
    this.broken = true;
    if (this.isBare() && scan.digits > 0 && this.memory.next >= 0) {
      this.stop(`The lines have no addresses, and this one is none like those before: ${scan.reason}.`);
      return;
    }
    const { reason, reasonColumn, hasBadSum } = scan;
    if (hasBadSum) this.problems.add("GIC-DUMP-SUM", this.line, reasonColumn, `A damaged record: ${reason}; not used.`);
    else this.problems.add("GIC-DUMP-LINE", this.line, reasonColumn, `No hex line: ${reason}; skipped.`);
  }

  private isBare(): boolean {
    return this.style.addresses.radix === "none";
  }

  /** Reads nothing from here on. */
  private stop(reason: string): void {
    this.stopped = true;
    this.problems.addLimit("GIC-DUMP-LIMIT", this.line, `${reason} It and all after it are not read.`);
  }

  private takeData(start: number, nextLine: number): void {
    const { scan, memory } = this;
    const address = this.address();
    if (address < 0) return;
    if (address !== memory.next && !memory.hasPending) this.closeLine();
    memory.fillRepeat(address, this.line);
    if (!memory.extend(this.line, address, scan.byteCount, start, this.fast.isReady)) {
      this.fast.forget();
      return;
    }
    const order = groupOrder(scan, this.style);
    const count = scan.groupBytes === 0 ? this.writeHex(start, order) : this.writeNumbers(start, order);
    memory.written += count;
    memory.next = address + count;
    this.openBytes = scan.openBytes;
    this.placement.hold(memory.next, this.line);
    if (scan.trailer !== "") {
      this.problems.add("GIC-DUMP-LINE", this.line, scan.dataEnd(), `The tool stopped here: ${scan.trailer.trim()}.`);
    }
    const { radix } = this.style.addresses;
    const usable =
      (radix === 16 || radix === "none") && this.placement.isLow && scan.trailer === "" && scan.shape === "";
    this.fast.learn(scan, start, nextLine, order, usable && scan.groupBytes === 0);
  }

  /** Writes the bytes of a line of hexadecimal groups. @returns how many there are */
  private writeHex(start: number, order: GroupOrder): number {
    const { scan, memory, text, columns } = this;
    const count = writeByteColumns(scan, order, columns);
    const { bytes, written } = memory;
    for (let i = 0; i < count; i++) {
      const at = start + columns[i];
      bytes[written + i] = (HEX_VALUE[text[at]] << 4) | HEX_VALUE[text[at + 1]];
    }
    return count;
  }

  private writeNumbers(start: number, order: GroupOrder): number {
    const { scan, memory, text } = this;
    return writeNumbers(text, start, scan, order, memory.bytes, memory.written);
  }

  /** Ends a line behind which no other follows at once: its last blanks may be none of its bytes. */
  private closeLine(): void {
    const { memory, openBytes } = this;
    if (openBytes > 0 && memory.next >= 0) {
      memory.cutTo(memory.next - openBytes);
      memory.next -= openBytes;
    }
    this.openBytes = 0;
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
    const { scan, placement, memory } = this;
    const { digits, groups } = this.fast.last;
    const other = digits > 0 && digits !== scan.digits && (scan.groupCount > 1 || groups > 1);
    if (memory.next >= 0 && (this.broken || other) && !this.startWindow(0n)) return -1;
    this.broken = false;
    placement.begin(0, this.line);
    return memory.next < 0 ? placement.shift : memory.next;
  }

  /** @returns false when the dump has too many of them: it is read up to here */
  private startWindow(origin: bigint): boolean {
    if (this.placement.count >= MAX_WINDOWS) {
      this.stop(`The dump has more than ${MAX_WINDOWS} tables that begin at offset 0.`);
      return false;
    }
    this.memory.dropRepeat("the addresses begin again behind it");
    this.placement.start(origin, this.line);
    this.memory.next = -1;
    this.fast.forget();
    return true;
  }

  private takeRepeat(start: number): void {
    if (this.isBare() && this.memory.next >= 0) {
      this.stop("A `*` stands for equal lines, and without addresses nothing says how many. Write it with od -v.");
    } else this.memory.repeat(this.line, start);
  }

  /** A length line: ends a repeat, and cuts what a last word of `od` filled with zeros. */
  private takeEnd(): void {
    const { memory } = this;
    const address = this.address();
    if (address < 0 || memory.next < 0) return;
    memory.fillRepeat(address, this.line);
    this.placement.hold(address, this.line);
    memory.cutTo(address);
    memory.next = -1;
    this.openBytes = 0;
  }

  private *finish(): Work<Omit<DumpDocument, "format" | "formatTitle">> {
    const { text, style, memory, placement, sections, problems } = this;
    const lineCount = this.line - 1;
    sections.close(lineCount);
    const { windows, origin } = placement.finish(this.isBare(), (line) => this.base ?? sections.baseAt(line));
    return yield* textDocument({
      characters: text,
      lineCount,
      style,
      shapes: this.scanner.shapes,
      lines: memory,
      windows,
      origin,
      sections: sections.items,
      problems,
      format: (address) => placement.format(address),
    });
  }
}
