import type { DumpDocument, DumpText } from "../document.ts";
import { HEX_VALUE, LF } from "../hex-text/characters.ts";
import { groupsOfLine, type LineGroup } from "../hex-text/line-groups.ts";
import { LineScan } from "../hex-text/line-scan.ts";
import { placeOfLine, scanLineOf } from "../hex-text/scan-line-of.ts";
import type { BytePatch } from "./field-patch.ts";
import { type EditResult, refuse } from "./result.ts";

/** Characters of a text that others take the place of; offsets from 0, `end` not included. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Characters of a line that are looked at. */
const MAX_LINE = 1024;

/**
 * The edits of a dump's text that give bytes other values, in the format that their lines have: exactly the digits of those bytes, and what
 * else of the line says the same (the text column, a record's checksum). In the order of the text.
 */
export function textEdits(document: DumpDocument, { address, before, after }: BytePatch): EditResult<TextEdit[]> {
  const { text } = document;
  if (text === undefined) return refuse("GIC-EDIT-FORMAT", "This file is no text, so it has no digits to change.");
  const edits: TextEdit[] = [];
  let line: LineEditor | undefined;
  for (let at = 0; at < after.length; at++) {
    if (before[at] === after[at]) continue;
    const number = text.lines.lineOf(address + at);
    if (number === undefined) return refuse("GIC-EDIT-FORMAT", "No line of the dump holds these bytes.");
    if (line?.number !== number) {
      if (line !== undefined) edits.push(...line.finish());
      if (text.lines.bytesOf(number)?.kind === "repeat") return refuse("GIC-EDIT-FORMAT", covered(number));
      if (isSaidAgain(text, number)) return refuse("GIC-EDIT-FORMAT", saidAgain(number));
      line = new LineEditor(document, text, number);
    }
    const wrong = line.set(address + at, after[at], before[at]);
    if (wrong !== undefined) return refuse("GIC-EDIT-FORMAT", wrong);
  }
  if (line !== undefined) edits.push(...line.finish());
  return { ok: true, value: edits.sort((a, b) => a.start - b.start) };
}

/** The text with edits made. @param edits in its order */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const parts: string[] = [];
  let done = 0;
  for (const { start, end, text: replacement } of edits) {
    parts.push(text.slice(done, start), replacement);
    done = end;
  }
  return parts.join("") + text.slice(done);
}

function covered(line: number): string {
  return `Line ${line} stands for these bytes with a "*", which has no digits to change. Make the dump again without folding (xxd; od -v; hexdump -v), or write the lines out.`;
}

/** Words and nothing else, far from the margin: od -tx1 -tx8 writes each line's bytes again so, and the reader leaves them out. */
const WORDS_ALONE = /^[ \t]{4,}[\da-f]+(?:[ \t]+[\da-f]+)*[ \t]*\r?$/i;

/** Whether the line behind one says its bytes in another form, which would not be true any more. */
function isSaidAgain(text: DumpText, line: number): boolean {
  const place = placeOfLine(text, line);
  if (place === undefined || text.lines.runOf(line + 1) !== undefined) return false;
  const start = text.characters.indexOf(LF, place.end) + 1;
  if (start === 0) return false;
  const end = text.characters.indexOf(LF, start);
  const next = text.characters.subarray(start, Math.min(end < 0 ? text.characters.length : end, start + MAX_LINE));
  return WORDS_ALONE.test(String.fromCharCode(...next));
}

function saidAgain(line: number): string {
  return `Line ${line + 1} gives the bytes of line ${line} in another form, and would not be true any more. Make the dump again in one form alone.`;
}

/** Changes bytes of one line. */
class LineEditor {
  readonly number: number;
  private readonly document: DumpDocument;
  private readonly text: DumpText;
  private readonly scan = new LineScan();
  private readonly start: number;
  private readonly groups: readonly LineGroup[];
  private readonly edits: TextEdit[] = [];
  /** Numbers that are no two digits a byte, by their group: rewritten as a whole. */
  private readonly numbers = new Map<LineGroup, bigint>();
  private readonly hasText: boolean;
  private readonly firstAddress: number;
  private sum = 0;

  constructor(document: DumpDocument, text: DumpText, line: number) {
    this.number = line;
    this.document = document;
    this.text = text;
    this.start = scanLineOf(text, line, this.scan) ?? 0;
    this.groups = groupsOfLine(document, line);
    this.firstAddress = this.groups[0]?.address ?? 0;
    this.hasText = this.textColumnAgrees();
  }

  /** @returns why the line cannot say it */
  set(address: number, value: number, before: number): string | undefined {
    const group = this.groups.find((one) => address >= one.address && address < one.address + one.byteCount);
    if (group === undefined) return `Line ${this.number} has no digits of its own for these bytes.`;
    const place = address - group.address;
    if (group.isHex) {
      const column = group.order === "little" ? group.end - 2 * (place + 1) : group.start + 2 * place;
      this.put(column, this.hexDigits(value, group));
    } else {
      if (this.scan.digitForm === "characters" || (group.byteCount > 1 && group.order !== "little")) {
        return `Line ${this.number} writes bytes in a form that is not changed here; change its text.`;
      }
      const known = this.numbers.get(group) ?? this.document.memory.readNumber(group.address, group.byteCount) ?? 0n;
      const bits = BigInt(place * 8);
      this.numbers.set(group, (known & ~(0xffn << bits)) | (BigInt(value) << bits));
    }
    if (this.hasText) this.put(this.scan.asciiStart + address - this.firstAddress, shownCharacter(value));
    this.sum += value - before;
    return undefined;
  }

  finish(): TextEdit[] {
    for (const [group, value] of this.numbers) this.putNumber(group, value);
    if (this.scan.addressMark === "record") this.putChecksum();
    return this.edits;
  }

  private put(column: number, text: string): void {
    const start = this.start + column;
    this.edits.push({ start, end: start + text.length, text });
  }

  /** Two digits, in capitals where the group has some. */
  private hexDigits(value: number, { start, end }: LineGroup): string {
    const written = this.characters(this.start + start, this.start + end);
    const digits = value.toString(16).padStart(2, "0");
    return /[A-F]/.test(written) ? digits.toUpperCase() : digits;
  }

  /** A number in its base, as wide as before where it was filled up; blanks before it give way to a longer one. */
  private putNumber({ start, end }: LineGroup, value: bigint): void {
    const form = this.scan.digitForm === "characters" ? 16 : this.scan.digitForm;
    const written = this.characters(this.start + start, this.start + end);
    const digits = value.toString(form);
    const filled = written.startsWith("0") ? digits.padStart(end - start, "0") : digits;
    const text = /[A-F]/.test(written) ? filled.toUpperCase() : filled;
    let from = this.start + start;
    for (let missing = text.length - (end - start); missing > 0; missing--) {
      // One blank stays between two numbers.
      if (this.characters(from - 2, from) !== "  ") break;
      from--;
    }
    const padding = text.length < end - start ? " ".repeat(end - start - text.length) : "";
    const prefixed = this.scan.groupsPrefixed;
    this.edits.push({ start: from, end: this.start + end, text: prefixed ? text : padding + text });
  }

  /** The last byte of a record makes the sum of all its bytes a fixed one, in Intel HEX and in S-records. */
  private putChecksum(): void {
    const place = placeOfLine(this.text, this.number);
    if (place === undefined) return;
    let { end } = place;
    while (end > place.start && HEX_VALUE[this.text.characters[end - 1]] < 0) end--;
    const written = this.characters(end - 2, end);
    const sum = (((Number.parseInt(written, 16) - this.sum) % 256) + 256) % 256;
    const digits = sum.toString(16).padStart(2, "0");
    this.edits.push({
      start: end - 2,
      end,
      text: /[A-F]/.test(this.characters(place.start, end)) ? digits.toUpperCase() : digits,
    });
  }

  /** Whether the line ends with its bytes as characters, one a byte in the order of memory. */
  private textColumnAgrees(): boolean {
    const { asciiStart } = this.scan;
    const last = this.groups.at(-1);
    if (asciiStart < 0 || last === undefined) return false;
    const count = last.address + last.byteCount - this.firstAddress;
    const bytes = this.document.memory.read(this.firstAddress, count);
    const shown = this.characters(this.start + asciiStart, this.start + asciiStart + count);
    return bytes !== undefined && shown === Array.from(bytes, shownCharacter).join("");
  }

  private characters(from: number, to: number): string {
    return String.fromCharCode(...this.text.characters.subarray(Math.max(0, from), to));
  }
}

/** A byte as tools write it into a text column. */
function shownCharacter(byte: number): string {
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".";
}
