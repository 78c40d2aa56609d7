import { type EntryLayout, type Field, fieldMax, layoutField } from "../../architecture/index.ts";
import type { GuestMemory } from "../memory/guest-memory.ts";

/** Words that the longest entry of any layout takes. */
const MAX_WORDS = 4;

/** The part of a field that lies in one 32-bit word of its entry. */
interface Piece {
  readonly word: number;
  readonly shift: number;
  /** Ones of the part's width, not shifted. */
  readonly mask: number;
  /** What 1 in this part counts in the field's value. */
  readonly weight: number;
}

/** A field of an entry as shifts and masks of 32-bit words, made once from its declaration. Values are JS numbers: 52 bits at most. */
export class EntryField {
  /** Largest raw value. */
  readonly max: number;
  private readonly pieces: readonly Piece[];
  private readonly unit: number;
  private readonly plus: number;

  constructor(field: Field) {
    this.max = Number(fieldMax(field));
    this.unit = 2 ** (field.shift ?? 0);
    this.plus = field.plus ?? 0;
    const pieces: Piece[] = [];
    for (let bit = field.lsb; bit <= field.msb; ) {
      const last = Math.min(field.msb, bit | 31);
      const mask = 2 ** (last - bit + 1) - 1;
      pieces.push({ word: bit >>> 5, shift: bit & 31, mask, weight: 2 ** (bit - field.lsb) });
      bit = last + 1;
    }
    this.pieces = pieces;
  }

  /** The field's bits, moved down. */
  raw(words: Uint32Array): number {
    let value = 0;
    for (const { word, shift, mask, weight } of this.pieces) value += (((words[word] >>> shift) & mask) >>> 0) * weight;
    return value;
  }

  /** What the bits mean: an address in bytes, a number of bits, an id. */
  meaning(words: Uint32Array): number {
    return this.raw(words) * this.unit + this.plus;
  }

  /** Sets the field; bits of `raw` beyond it are dropped. The field's bits must be 0 before. */
  setRaw(words: Uint32Array, raw: number): void {
    for (const { word, shift, mask, weight } of this.pieces) {
      words[word] |= (Math.floor(raw / weight) % (mask + 1)) << shift;
    }
  }

  setMeaning(words: Uint32Array, meaning: number): void {
    this.setRaw(words, Math.floor((meaning - this.plus) / this.unit));
  }
}

/** Reads and writes the entries of one kind of table, by their declared layout. */
export class EntryCodec {
  readonly bytes: number;
  readonly packed: boolean;
  /** The entry that was loaded last, or that is being made. */
  readonly words = new Uint32Array(MAX_WORDS);
  private readonly layout: EntryLayout;
  private readonly validity: EntryField | undefined;
  private readonly invalidRaws: readonly number[];

  constructor(layout: EntryLayout) {
    this.layout = layout;
    this.bytes = layout.bytes;
    this.packed = layout.indexedBy === "packed";
    this.validity = layout.validField === undefined ? undefined : this.field(layout.validField);
    this.invalidRaws = (layout.invalidRaws ?? [0n]).map(Number);
  }

  /** A field by the first of these names that the layout has. @throws Error when it has none */
  field(...names: readonly string[]): EntryField {
    const found = this.optional(...names);
    if (found === undefined) throw new Error(`${this.layout.entryName} has no field ${names.join(" or ")}`);
    return found;
  }

  /** As {@link field}; undefined when the layout has none of them. */
  optional(...names: readonly string[]): EntryField | undefined {
    for (const name of names) {
      const found = layoutField(this.layout, name);
      if (found !== undefined) return new EntryField(found);
    }
    return undefined;
  }

  /** Whether the entry in {@link words} is valid. */
  get valid(): boolean {
    return this.validity === undefined || !this.invalidRaws.includes(this.validity.raw(this.words));
  }

  /** Begins a new entry: zeros, marked valid where one bit does that. */
  begin(): void {
    this.words.fill(0);
    if (this.validity?.max === 1) this.validity.setRaw(this.words, 1);
  }

  /** Makes the entry that stands for "not mapped". */
  beginInvalid(): void {
    this.words.fill(0);
    if (this.validity !== undefined) this.validity.setRaw(this.words, this.invalidRaws[0]);
  }

  /** Loads an entry. @returns false when a byte of it is not RAM */
  load(memory: GuestMemory, address: number): boolean {
    const { words, bytes } = this;
    if ((bytes & 3) === 0) {
      const window = memory.window(address, bytes);
      if (window !== undefined && ((address - window.base) & 3) === 0) {
        const source = window.bank.words;
        const at = (address - window.base) >>> 2;
        for (let word = 0; word * 4 < bytes; word++) words[word] = source[at + word];
        return true;
      }
    }
    const data = memory.readBytes(address, bytes);
    if (data === undefined) return false;
    words.fill(0);
    for (let at = 0; at < bytes; at++) words[at >>> 2] |= data[at] << ((at & 3) * 8);
    return true;
  }

  /** Stores the entry in {@link words}. @returns false, with nothing written, when a byte of its place is not RAM */
  store(memory: GuestMemory, address: number): boolean {
    const { words, bytes } = this;
    if ((bytes & 3) === 0) {
      const window = memory.window(address, bytes);
      if (window !== undefined && ((address - window.base) & 3) === 0) {
        const at = (address - window.base) >>> 2;
        for (let word = 0; word * 4 < bytes; word++) memory.setWord(window, at + word, words[word]);
        return true;
      }
    }
    const data = new Uint8Array(bytes);
    for (let at = 0; at < bytes; at++) data[at] = words[at >>> 2] >>> ((at & 3) * 8);
    return memory.writeBytes(address, data);
  }
}
