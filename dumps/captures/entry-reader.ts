import type { EntryRole } from "../../architecture/entry-roles.ts";
import { extractMeaning, extractRaw, valueName } from "../../architecture/field.ts";
import { type EntryField, type EntryLayout, entryIsValid, roleField } from "../../architecture/layout.ts";
import { littleEndian } from "../memory.ts";
import type { CaptureMemory } from "./capture-memory.ts";

/** Reads the entries of one kind of table, by a layout. */
export class EntryReader {
  readonly layout: EntryLayout;
  private readonly memory: CaptureMemory;
  /** Fields by role, as far as they were asked for. */
  private readonly fields = new Map<EntryRole, EntryField>();

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

  /** What the field with a role means; undefined when the layout has none. */
  field(entry: bigint, role: EntryRole): number | undefined {
    const field = this.fieldOf(role);
    return field === undefined ? undefined : Number(extractMeaning(entry, field));
  }

  /** As {@link field}, the raw value: 0 of an entry whose field counts from 1. */
  raw(entry: bigint, role: EntryRole): number | undefined {
    const field = this.fieldOf(role);
    return field === undefined ? undefined : Number(extractRaw(entry, field));
  }

  /** Whether the value of a field is one that has a name of its own, as RDbase of a collection without a PE has. */
  isNamed(entry: bigint, role: EntryRole): boolean {
    const field = this.fieldOf(role);
    return field !== undefined && valueName(field, extractRaw(entry, field)) !== undefined;
  }

  private fieldOf(role: EntryRole): EntryField | undefined {
    const known = this.fields.get(role);
    if (known !== undefined) return known;
    const found = roleField(this.layout, role);
    if (found !== undefined) this.fields.set(role, found);
    return found;
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
