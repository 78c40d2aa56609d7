import type { EntryCodec } from "../entries/entry-codec.ts";
import type { EntryField } from "../entries/entry-field.ts";
import { type GuestMemory, toNumber } from "../memory/guest-memory.ts";

/** {@link TablePlace.address} of an id without a level-2 page. */
export const NO_PAGE = -1;
/** {@link TablePlace.address} of an id whose level-1 entry is in no memory. */
export const UNREADABLE = -2;

const PAGE_BYTES = [0x1000, 0x4000, 0x10000, 0x10000];

/** A level-1 codec with the field that it is read for. */
export interface Level1 {
  readonly codec: EntryCodec;
  readonly address: EntryField;
}

export function pageBytesOf(pageSize: number): number {
  return PAGE_BYTES[pageSize & 3];
}

/** Address in a GITS_BASER<n>: bits [51:48] of it stand in [15:12] with 64 KiB pages. */
export function baserAddress(lo: number, hi: number): number {
  const pageBytes = pageBytesOf(lo >>> 8);
  return pageBytes === 0x10000
    ? toNumber(lo & 0xffff_0000, (hi & 0xffff) | (((lo >>> 12) & 0xf) << 16))
    : toNumber(lo & 0xffff_f000 & ~(pageBytes - 1), hi & 0xffff);
}

/** Where the entries of a table are: one flat run, or pages that a level-1 table points to, each with as many entries as fit whole. */
export class TablePlace {
  /** Entries 0..entries-1 can have a place; 0 while there is no table. */
  entries = 0;
  private base = 0;
  private perPage = 1;
  private twoLevel = false;
  private readonly entryBytes: number;
  private readonly memory: GuestMemory;
  private readonly level1: Level1 | undefined;

  constructor(memory: GuestMemory, entryBytes: number, level1: Level1 | undefined) {
    this.memory = memory;
    this.entryBytes = entryBytes;
    this.level1 = level1;
  }

  none(): void {
    this.entries = 0;
  }

  /** @param base in bytes @param pages of the table or of its first level @param most entries that ids can name */
  describe(base: number, pageBytes: number, pages: number, twoLevel: boolean, most: number): void {
    this.base = base;
    this.twoLevel = twoLevel && this.level1 !== undefined;
    this.perPage = Math.floor(pageBytes / this.entryBytes);
    const bytes = pages * pageBytes;
    const entries = this.twoLevel
      ? Math.floor(bytes / (this.level1?.codec.bytes ?? 1)) * this.perPage
      : Math.floor(bytes / this.entryBytes);
    this.entries = Math.min(entries, most);
  }

  /** Address of an entry in bytes, {@link NO_PAGE} or {@link UNREADABLE}. @param index below {@link entries} */
  address(index: number): number {
    const { level1 } = this;
    if (!this.twoLevel || level1 === undefined) return this.base + index * this.entryBytes;
    const page = Math.floor(index / this.perPage);
    if (!level1.codec.load(this.memory, this.base + page * level1.codec.bytes)) return UNREADABLE;
    if (!level1.codec.valid) return NO_PAGE;
    return level1.address.meaning(level1.codec.words) + (index - page * this.perPage) * this.entryBytes;
  }
}
