import { longEntryBytes, WordCensus } from "../../tables/word-census.ts";
import { textOf } from "../characters.ts";
import { writeNumbers } from "../digits.ts";
import type { LineScan } from "../line-scan.ts";

/** Bytes of a full group. */
export function bytesOfGroup({ digits, groupBytes }: LineScan): number {
  return groupBytes === 0 ? digits >> 1 : groupBytes;
}

/** Words of 8 bytes that are asked whether they could be table entries; more do not change the picture. */
const ENOUGH_WORDS = 256;
const WORD_BYTES = 8;
/** MAPD has ITT_addr [51:8]: the only tables whose entries are longer than a word begin at a multiple of this. */
const LONG_TABLE_MULTIPLE = 256;

/** What the words of some lines can be, in each order of the bytes of their groups. */
export class EntryVotes {
  readonly bytes = new WordCensus();
  readonly little = new WordCensus();
  /** Words that are not the same in both orders. */
  words = 0;
  /** Address where the tables with long entries begin, if it is one of them that the lines are. */
  private base = -1;
  /** The bytes of lines that follow each other, behind the last whole long entry, in each order. */
  private next = -1;
  private readonly open = longEntryBytes.map((bytes) => ({ bytes, asBytes: [] as number[], asLittle: [] as number[] }));

  /** Asks of the words of a line, in each order, whether they could be entries. Words start at multiples of 8 bytes. */
  add(text: Uint8Array, start: number, scan: LineScan): void {
    const group = bytesOfGroup(scan);
    const isWhole = Number.isInteger(WORD_BYTES / group) && scan.addressLow % WORD_BYTES === 0;
    if (!isWhole || this.words >= ENOUGH_WORDS) return;
    const digits = hexOf(text, start, scan, group);
    if (digits === undefined) return;
    const bytes = Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
    const little = bytes.map((_, at) => bytes[at - (at % group) + group - 1 - (at % group)]);
    for (let at = 0; at + WORD_BYTES <= bytes.length; at += WORD_BYTES) {
      const [asBytes, asLittle] = [bytes, little].map((list) => numberOf(list.slice(at, at + WORD_BYTES)));
      // Of a word that is the same in both orders nothing can be told.
      if (asBytes === asLittle) continue;
      this.words++;
      this.little.add(asLittle);
      this.bytes.add(asBytes);
    }
    this.addLong(scan, bytes, little);
  }

  /** Entries that are longer than a word are cut by words and lines: they are put together from lines that follow each other. */
  private addLong(scan: LineScan, bytes: readonly number[], little: readonly number[]): void {
    const isBare = scan.addressMark === "none";
    const address = isBare ? Math.max(this.next, 0) : scan.addressHigh * 2 ** 32 + scan.addressLow;
    if (this.base < 0) this.base = address - (address % LONG_TABLE_MULTIPLE);
    for (const open of this.open) {
      const { asBytes, asLittle } = open;
      const isNext = address === this.next;
      if (!isNext) {
        asBytes.length = 0;
        asLittle.length = 0;
      }
      // Behind a gap, entries are where they are counted from the table's base.
      const into = (((address - this.base) % open.bytes) + open.bytes) % open.bytes;
      const skipped = isNext || into === 0 ? 0 : open.bytes - into;
      asBytes.push(...bytes.slice(skipped));
      asLittle.push(...little.slice(skipped));
      while (asBytes.length >= open.bytes) {
        const [one, other] = [asBytes, asLittle].map((list) => numberOf(list.splice(0, open.bytes)));
        if (one === other) continue;
        this.bytes.add(one, open.bytes);
        this.little.add(other, open.bytes);
      }
    }
    this.next = address + bytes.length;
  }
}

/** Bytes as one little-endian number. */
function numberOf(bytes: readonly number[]): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

/** The groups of a line as hexadecimal digits, in the order in which they stand; undefined when one is not whole. */
function hexOf(text: Uint8Array, start: number, scan: LineScan, group: number): string | undefined {
  if (scan.groupBytes > 0) {
    const bytes = new Uint8Array(scan.byteCount);
    writeNumbers(text, start, scan, "bytes", bytes, 0);
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }
  let digits = "";
  for (let at = 0; at < scan.groupCount; at++) {
    if (scan.groupDigits[at] !== group * 2) return digits;
    const from = start + scan.groupStart[at];
    digits += textOf(text, from, from + scan.groupDigits[at]);
  }
  return digits;
}
