import { extractMeaning, extractRaw, valueName } from "../../architecture/field.ts";
import { type EntryLayout, entryIsValid, layoutField } from "../../architecture/layout.ts";
import { littleEndian } from "../memory.ts";
import type { CaptureMemory } from "./capture-memory.ts";

/** Reads the entries of one kind of table, by a layout. */
export class EntryReader {
  readonly layout: EntryLayout;
  private readonly memory: CaptureMemory;

  constructor(layout: EntryLayout, memory: CaptureMemory) {
    this.layout = layout;
    this.memory = memory;
  }

  /** The entry at an address, all its bytes as one number; undefined when some of them are unknown. */
  read(address: number): bigint | undefined {
    return this.memory.readNumber(address, this.layout.bytes);
  }

  isValid(entry: bigint): boolean {
    return entryIsValid(this.layout, entry);
  }

  /** What the first of some fields that the layout has means; undefined when it has none of them. */
  field(entry: bigint, ...names: readonly string[]): number | undefined {
    for (const name of names) {
      const field = layoutField(this.layout, name);
      if (field !== undefined) return Number(extractMeaning(entry, field));
    }
    return undefined;
  }

  /** As {@link field}, the raw value: 0 of an entry whose field counts from 1. */
  raw(entry: bigint, name: string): number | undefined {
    const field = layoutField(this.layout, name);
    return field === undefined ? undefined : Number(extractRaw(entry, field));
  }

  /** Whether the value of a field is one that has a name of its own, as RDbase of a collection without a PE has. */
  isNamed(entry: bigint, name: string): boolean {
    const field = layoutField(this.layout, name);
    return field !== undefined && valueName(field, extractRaw(entry, field)) !== undefined;
  }

  /**
   * Valid entries of a stretch of a table whose bytes are known. Zeros are passed over unread.
   * @param base address of the entry `first` @param from,to addresses of the bytes that are known
   */
  *valid(
    base: number,
    first: number,
    from: number,
    to: number,
  ): Generator<{ id: number; address: number; entry: bigint }> {
    const { bytes } = this.layout;
    let index = Math.ceil((from - base) / bytes);
    const last = Math.floor((to - base) / bytes);
    while (index < last) {
      const count = Math.min(CHUNK_ENTRIES, last - index);
      const chunk = this.memory.read(base + index * bytes, count * bytes);
      for (let at = 0; chunk !== undefined && at < count; at++) {
        const offset = at * bytes;
        if (isZero(chunk, offset, bytes)) continue;
        const entry = littleEndian(chunk.subarray(offset, offset + bytes));
        if (this.isValid(entry)) yield { id: first + index + at, address: base + (index + at) * bytes, entry };
      }
      index += count;
    }
  }
}

const CHUNK_ENTRIES = 4096;

function isZero(bytes: Uint8Array, offset: number, length: number): boolean {
  for (let at = 0; at < length; at++) if (bytes[offset + at] !== 0) return false;
  return true;
}
