import type { EntryIndex } from "./entry-index.ts";
import type { KvmItsState } from "./its-state.ts";
import type { FoundEntry, IttOwner, RestoredTable } from "./restore-refusal.ts";

/** Bytes of a table that are looked through for a valid entry at a stretch: 1,024 pages. */
const STRETCH_BYTES = 0x40_0000;

/** Answers of {@link TableWalk.seek}. */
export const Seek = { entry: 0, end: 1, fault: 2, stopped: 3 } as const;
export type Seek = (typeof Seek)[keyof typeof Seek];

/** Entries of one kind. */
export interface WalkedEntries {
  readonly table: RestoredTable;
  /** Bytes from entry to entry. */
  readonly stride: number;
  /** Of the entries that are more than "look at the next one". */
  readonly index: EntryIndex;
}

/**
 * A walk through a table (Linux vgic-its.c `scan_its_table`): an entry is found, and from it the walk goes on by as many entries as it
 * says.
 */
export class TableWalk implements FoundEntry {
  id: number;
  address: number;
  passedFrom: number;
  low = 0;
  high = 0;
  readonly owner: IttOwner | undefined;
  private readonly its: KvmItsState;
  private readonly entries: WalkedEntries;
  private left: number;

  /**
   * @param bytes size as the kernel computes it, in an int: a negative one is a huge unsigned length
   * @param owner of an ITT
   */
  constructor(
    its: KvmItsState,
    entries: WalkedEntries,
    base: number,
    bytes: number,
    firstId: number,
    owner: IttOwner | undefined,
  ) {
    this.its = its;
    this.entries = entries;
    this.address = base;
    this.passedFrom = base;
    this.left = bytes < 0 ? Number.POSITIVE_INFINITY : bytes;
    this.id = firstId;
    this.owner = owner;
  }

  get table(): RestoredTable {
    return this.entries.table;
  }

  /** Address after the last entry. */
  get end(): number {
    return this.address + this.left;
  }

  /**
   * Finds the next entry that is to be looked at. Entries that answer "look at the next one" are passed over without being read one by
   * one; the first entry is read even when the kernel's int has overflowed to a size of 0.
   */
  seek(): Seek {
    const { memory } = this.its;
    const { index, stride } = this.entries;
    for (;;) {
      const end = this.address + Math.min(this.left, STRETCH_BYTES);
      const skipped = index.next(this.address, end, stride) - this.address;
      memory.pace.take(1 + (skipped >>> 10));
      const passed = skipped > 0 && skipped >= Math.min(this.left, STRETCH_BYTES);
      if (passed && skipped >= this.left) return Seek.end;
      this.move(skipped);
      if (passed) {
        if (memory.pace.due) return Seek.stopped;
        continue;
      }
      if (!memory.read64(this.address)) return Seek.fault;
      this.low = memory.lo;
      this.high = memory.hi;
      return Seek.entry;
    }
  }

  /** Goes on from an entry. @param next distance in ids, above 0 @returns false at the end of the table */
  advance(next: number): boolean {
    const bytes = next * this.entries.stride;
    if (bytes >= this.left) return false;
    this.move(bytes);
    this.passedFrom = this.address;
    return true;
  }

  private move(bytes: number): void {
    this.id += bytes / this.entries.stride;
    this.address += bytes;
    this.left -= bytes;
  }
}
