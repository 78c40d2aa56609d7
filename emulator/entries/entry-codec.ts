import type { EntryLayout } from "../../architecture/index.ts";
import type { GuestMemory } from "../memory/guest-memory.ts";
import { type EntryField, entryField } from "./entry-field.ts";

/** Words that the longest entry of any layout takes. */
const MAX_WORDS = 4;

/** Reads and writes the entries of one kind of table, by their declared layout. */
export class EntryCodec {
  readonly bytes: number;
  readonly packed: boolean;
  /** The entry that was loaded last, or that is being made. */
  readonly words = new Uint32Array(MAX_WORDS);
  private readonly validity: EntryField | undefined;
  private readonly invalidRaws: readonly number[];

  constructor(layout: EntryLayout) {
    this.bytes = layout.bytes;
    this.packed = layout.indexedBy === "packed";
    this.validity = layout.validField === undefined ? undefined : entryField(layout, layout.validField);
    this.invalidRaws = (layout.invalidRaws ?? [0n]).map(Number);
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
