import { fieldMask } from "../../architecture/field.ts";
import { type EntryLayout, entryIsValid, layoutField } from "../../architecture/layout.ts";
import { lastNotAbove } from "../ascending.ts";
import type { DumpMemory } from "../memory.ts";
import type { Work } from "../work.ts";
import type { ReadBits } from "./field-bits.ts";
import { BLOCK_ENTRIES, blocksOf, entriesAt, readEntry, type Segment, segmentNotAfter, viewOf } from "./segments.ts";

/** Blocks between two slices. */
const SLICE = 16;

/** An entry where it stands. */
export interface PlacedEntry {
  readonly view: DataView;
  /** Place in the view. */
  readonly at: number;
  readonly id: number;
  readonly address: number;
}

/** Writes the places of the valid ones among `count` entries to `out`. @returns how many there are */
type FindValid = (bytes: Uint8Array, count: number, out: Uint16Array) => number;

/**
 * Which entries of a table are valid: their number for every block of {@link BLOCK_ENTRIES}. Which of a block they are is found again when
 * it is asked for, so the index of a table of any size is small: 4 bytes a block.
 */
export class ValidIndex {
  readonly rowCount: number;
  readonly segments: readonly Segment[];
  private readonly memory: DumpMemory;
  private readonly entryBytes: number;
  private readonly search: FindValid;
  /** The first block of every segment, and the number of all. */
  private readonly firstBlocks: Uint32Array;
  /** The row of the first valid entry at or after every block, and the number of all. */
  private readonly firstRows: Uint32Array;
  /** The block that was looked at last. */
  private readonly places = new Uint16Array(BLOCK_ENTRIES);
  private block = -1;
  private view: DataView = new DataView(new ArrayBuffer(0));
  private segment = 0;
  /** Place of the block's first entry in its segment. */
  private first = 0;

  private constructor(
    memory: DumpMemory,
    layout: EntryLayout,
    segments: readonly Segment[],
    find: FindValid,
    firstBlocks: Uint32Array,
    firstRows: Uint32Array,
  ) {
    this.segments = segments;
    this.memory = memory;
    this.entryBytes = layout.bytes;
    this.search = find;
    this.firstBlocks = firstBlocks;
    this.firstRows = firstRows;
    this.rowCount = firstRows[firstRows.length - 1];
  }

  static *of(memory: DumpMemory, layout: EntryLayout, segments: readonly Segment[]): Work<ValidIndex> {
    const find = finderOf(layout);
    const firstBlocks = new Uint32Array(segments.length + 1);
    for (const [at, { count }] of segments.entries()) {
      firstBlocks[at + 1] = firstBlocks[at] + Math.ceil(count / BLOCK_ENTRIES);
    }
    const firstRows = new Uint32Array(firstBlocks[segments.length] + 1);
    const places = new Uint16Array(BLOCK_ENTRIES);
    let block = 0;
    for (const segment of segments) {
      let before: Uint8Array | undefined;
      let found = 0;
      for (const { bytes, count } of blocksOf(memory, segment, layout.bytes)) {
        if (bytes !== before) found = find(bytes, count, places);
        before = bytes;
        firstRows[block + 1] = firstRows[block] + found;
        if (++block % SLICE === 0) yield;
      }
    }
    return new ValidIndex(memory, layout, segments, find, firstBlocks, firstRows);
  }

  /** Id of a row, 0 to `rowCount` - 1. Ids ascend. */
  idAt(row: number): number {
    return this.idOfPlace(this.placeOf(row));
  }

  /** Row of an id; when it is not valid, -1 - (row of the next larger one). */
  find(id: number): number {
    const segment = segmentNotAfter(this.segments, id);
    if (segment < 0) return -1;
    const distance = id - this.segments[segment].firstId;
    if (distance >= this.segments[segment].count) return -1 - this.firstRows[this.firstBlocks[segment + 1]];
    const block = this.firstBlocks[segment] + Math.floor(distance / BLOCK_ENTRIES);
    const count = this.look(block);
    const wanted = distance % BLOCK_ENTRIES;
    let low = 0;
    let high = count - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      if (this.places[middle] < wanted) low = middle + 1;
      else if (this.places[middle] > wanted) high = middle - 1;
      else return this.firstRows[block] + middle;
    }
    return -1 - (this.firstRows[block] + low);
  }

  /** Reads bits of the entry of a row. */
  bitsAt(row: number, read: ReadBits): number {
    const at = this.placeOf(row) * this.entryBytes;
    return read(this.view, at);
  }

  /** Where the entry of a row stands. */
  entryAt(row: number): PlacedEntry {
    const place = this.placeOf(row);
    const { firstId, address } = this.segments[this.segment];
    const at = place * this.entryBytes;
    const id = firstId + this.first + place;
    return { view: this.view, at, id, address: address + this.first * this.entryBytes + at };
  }

  /** Place of a row's entry in its block, which is the one that is looked at from here on. */
  private placeOf(row: number): number {
    const first = this.firstRows;
    let block = this.block;
    if (block < 0 || row < first[block] || row >= first[block + 1]) block = lastNotAbove(first, row);
    this.look(block);
    return this.places[row - first[block]];
  }

  private idOfPlace(place: number): number {
    return this.segments[this.segment].firstId + this.first + place;
  }

  /** Finds the valid entries of a block. @returns how many there are */
  private look(block: number): number {
    const rows = this.firstRows;
    if (block === this.block) return rows[block + 1] - rows[block];
    const at = lastNotAbove(this.firstBlocks, block);
    const segment = this.segments[at];
    const first = (block - this.firstBlocks[at]) * BLOCK_ENTRIES;
    const count = Math.min(BLOCK_ENTRIES, segment.count - first);
    const bytes = entriesAt(this.memory, segment.address + first * this.entryBytes, count, this.entryBytes);
    this.block = block;
    this.segment = at;
    this.first = first;
    this.view = viewOf(bytes);
    return this.search(bytes, count, this.places);
  }
}

/**
 * The valid field is tested on the two 32-bit halves of the entry's first 8 bytes; bigint is used only for layouts whose validity is more
 * than "not zero".
 */
function finderOf(layout: EntryLayout): FindValid {
  const field = layout.validField === undefined ? undefined : layoutField(layout, layout.validField);
  const mask = field === undefined ? 0n : fieldMask(field);
  const quick = field !== undefined && layout.bytes >= 8 && mask < 1n << 64n && !excludesZeroRaw(layout);
  const low = Number(mask & 0xffff_ffffn) | 0;
  const high = Number((mask >> 32n) & 0xffff_ffffn) | 0;
  const exact = layout.invalidRaws !== undefined;
  const step = layout.bytes;
  return (bytes, count, out) => {
    const view = viewOf(bytes);
    let found = 0;
    for (let i = 0, at = 0; i < count; i++, at += step) {
      if (quick) {
        if (((view.getInt32(at, true) & low) | (view.getInt32(at + 4, true) & high)) === 0) continue;
        if (exact && !entryIsValid(layout, readEntry(view, i, step))) continue;
      } else if (!entryIsValid(layout, readEntry(view, i, step))) continue;
      out[found++] = i;
    }
    return found;
  };
}

/** Whether an all-zero field can be a valid one (Xen's CTE). */
function excludesZeroRaw(layout: EntryLayout): boolean {
  return layout.invalidRaws !== undefined && !layout.invalidRaws.includes(0n);
}
