import { type EntryLayout, entryIsValid } from "../../architecture/index.ts";
import { littleEndian } from "../../dumps/index.ts";
import type { SavedMemory } from "./saved-memory.ts";

/** Entries of a table in memory, one after another. */
export interface EntryRange {
  readonly layout: EntryLayout;
  /** Bytes from one entry to the next; the layout's or more. */
  readonly stride: number;
  readonly base: number;
  readonly bytes: number;
}

/** An entry that is valid by its layout. */
export interface SavedEntry {
  /** Place in the range, from 0. */
  readonly index: number;
  /** All its bytes as one little-endian number. */
  readonly value: bigint;
}

/** The valid entries of a range that lie in RAM, ascending. Takes the time of what is not zero. */
export function* validEntries(memory: SavedMemory, { layout, stride, base, bytes }: EntryRange): Iterable<SavedEntry> {
  const count = Math.floor(bytes / stride);
  /** No valid DTE or level-1 entry of any layout is all zero, so that those outside what is held need no look. */
  let next = 0;
  for (const run of memory.held({ from: base, to: base + count * stride })) {
    const view = new DataView(run.bytes.buffer, run.bytes.byteOffset, run.bytes.byteLength);
    const last = Math.floor((run.address + run.bytes.length - 1 - base) / stride);
    for (let index = Math.max(next, Math.floor((run.address - base) / stride)); index <= last; index++) {
      const at = base + index * stride - run.address;
      const inside = at >= 0 && at + layout.bytes <= run.bytes.length;
      if (inside && isZero(view, at, layout.bytes)) continue;
      const value = inside
        ? entryAt(view, at, layout.bytes)
        : littleEndian(memory.read(run.address + at, layout.bytes));
      if (entryIsValid(layout, value)) yield { index, value };
    }
    next = last + 1;
  }
}

function entryAt(view: DataView, at: number, bytes: number): bigint {
  return bytes === 8
    ? view.getBigUint64(at, true)
    : littleEndian(new Uint8Array(view.buffer, view.byteOffset + at, bytes));
}

function isZero(view: DataView, at: number, bytes: number): boolean {
  if (bytes === 8) return (view.getUint32(at, true) | view.getUint32(at + 4, true)) === 0;
  for (let offset = 0; offset < bytes; offset++) if (view.getUint8(at + offset) !== 0) return false;
  return true;
}
