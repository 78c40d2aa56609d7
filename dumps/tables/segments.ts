import type { DumpMemory } from "../memory.ts";
import type { Work } from "../work.ts";

/** Entries that stand one after another in memory, ids ascending by one. */
export interface Segment {
  readonly firstId: number;
  readonly count: number;
  readonly address: number;
}

/** GITS_BASER.Size allows 256 pages of 64 KiB. */
export const MAX_TABLE_BYTES = 256 * 0x10000;

/** Ids are uint32, as DeviceID and EventID are. */
export const MAX_ID = 0xffff_ffff;

/**
 * The entries of a flat table that the dump holds.
 * @param base address of the entry with id `firstId`
 * @param limit address after the table's last possible byte
 */
export function flatSegments(
  memory: DumpMemory,
  base: number,
  firstId: number,
  entryBytes: number,
  limit: number,
): Segment[] {
  const segments: Segment[] = [];
  for (const span of memory.spans(base, limit)) {
    const skipped = Math.ceil((span.address - base) / entryBytes);
    const address = base + skipped * entryBytes;
    const held = Math.floor((span.address + span.length - address) / entryBytes);
    const count = Math.min(held, MAX_ID - firstId - skipped + 1);
    if (count > 0) segments.push({ firstId: firstId + skipped, count, address });
  }
  return segments;
}

/**
 * Where a table begins of which `base` is said, or is the first address that the dump holds: entries of 2, 4, 8, … bytes stand at multiples
 * of that.
 */
export function alignedBase(base: number, entryBytes: number): number {
  return (entryBytes & (entryBytes - 1)) === 0 ? base - (base % entryBytes) : base;
}

/** The first id from one on, up to `limit` (not included), of which the dump does not hold the entry; undefined: it holds all. */
export function firstUnknownId(segments: readonly Segment[], from: number, limit: number): number | undefined {
  let id = from;
  for (let at = Math.max(0, segmentNotAfter(segments, id)); at < segments.length && id < limit; at++) {
    const { firstId, count } = segments[at];
    if (id < firstId) return id;
    id = Math.max(id, firstId + count);
  }
  return id < limit ? id : undefined;
}

/** Entries that are looked at between two slices. */
export const BLOCK_ENTRIES = 1024;

/** Neighbouring entries of a segment, at most {@link BLOCK_ENTRIES}. */
export interface EntryBlock {
  /** Place of the first entry in its segment. */
  readonly first: number;
  readonly count: number;
  /** The same object as the block's before when a `*` repeats it: what was found there holds here. */
  readonly bytes: Uint8Array;
}

/** The entries of a segment, block by block. */
export function* blocksOf(memory: DumpMemory, segment: Segment, entryBytes: number): Generator<EntryBlock> {
  const { stretches } = memory;
  const blockBytes = BLOCK_ENTRIES * entryBytes;
  let repeated: Uint8Array | undefined;
  let repeat = -1;
  for (let first = 0; first < segment.count; first += BLOCK_ENTRIES) {
    const count = Math.min(BLOCK_ENTRIES, segment.count - first);
    const address = segment.address + first * entryBytes;
    const at = memory.indexOf(address);
    const whole = count === BLOCK_ENTRIES && at >= 0 && stretches.ends[at] >= address + blockBytes;
    if (repeated !== undefined && at === repeat && whole) {
      yield { first, count, bytes: repeated };
      continue;
    }
    const bytes = entriesAt(memory, address, count, entryBytes);
    const turns = whole && stretches.isRepeat(at) && blockBytes % stretches.periods[at] === 0;
    repeated = turns ? bytes : undefined;
    repeat = at;
    yield { first, count, bytes };
  }
}

/** Bytes of entries of a segment. */
export function entriesAt(memory: DumpMemory, address: number, count: number, entryBytes: number): Uint8Array {
  const bytes = memory.read(address, count * entryBytes);
  if (bytes === undefined) throw new RangeError(`No ${count} entries at ${memory.format(address)}.`);
  return bytes;
}

/** A level-1 entry that is valid. */
export interface Level1Page {
  readonly slot: number;
  readonly address: number;
}

/** Entries of pages that several level-1 entries have, beyond as many as the dump holds. */
const MAX_SHARED_ENTRIES = 0x10000;
/** Pages that are held in part or shared, beyond as many 4 KiB pages as the dump holds. */
const MAX_SHARED_PAGES = 0x10000;
/** Missing pages that are named one by one. */
const NAMED_MISSING = 8;

/** What {@link pagedSegments} found. */
export interface PagedSegments {
  readonly segments: Segment[];
  /** The first pages that are not in the dump, and how many there are. */
  readonly missing: readonly Level1Page[];
  readonly missingCount: number;
  /** Slots of all pages, whether the dump holds them or not. */
  readonly slots: readonly number[];
  /** From this page on they are beyond the bound. */
  readonly leftOut: Level1Page | undefined;
}

/** Entries that the pages of a two-level table may have at most; 4 MiB of level 1 could else name 2^32. */
export function mostPagedEntries(memory: DumpMemory, entryBytes: number): number {
  return Math.ceil(memory.size / entryBytes) + MAX_SHARED_ENTRIES;
}

/**
 * The entries of a two-level table: level-2 page `slot` holds ids from `slot × entries a page` on. Pages that overlap, or are one page, are
 * read again up to a bound.
 */
export function* pagedSegments(
  memory: DumpMemory,
  pages: Iterable<Level1Page | undefined>,
  pageSize: number,
  entryBytes: number,
): Work<PagedSegments> {
  const perPage = Math.floor(pageSize / entryBytes);
  const segments: Segment[] = [];
  const missing: Level1Page[] = [];
  const slots: number[] = [];
  let missingCount = 0;
  let left = mostPagedEntries(memory, entryBytes);
  let pagesLeft = Math.ceil(memory.size / 0x1000) + MAX_SHARED_PAGES;
  let steps = 0;
  for (const page of pages) {
    if (page === undefined || ++steps % BLOCK_ENTRIES === 0) yield;
    if (page === undefined) continue;
    const firstId = page.slot * perPage;
    if (firstId > MAX_ID) continue;
    if (left <= 0 || pagesLeft <= 0) return { segments, missing, missingCount, slots, leftOut: page };
    slots.push(page.slot);
    const found = flatSegments(memory, page.address, firstId, entryBytes, page.address + perPage * entryBytes);
    if (found.length === 0) {
      missingCount++;
      if (missing.length < NAMED_MISSING) missing.push(page);
    } else pagesLeft--;
    for (const segment of found) {
      left -= segment.count;
      segments.push(segment);
    }
  }
  return { segments, missing, missingCount, slots, leftOut: undefined };
}

/** An entry of a block of bytes as one little-endian number. */
export function readEntry(view: DataView, index: number, bytes: number): bigint {
  return readEntryAt(view, index * bytes, bytes);
}

/** The entry that begins at a byte of a view as one little-endian number. */
export function readEntryAt(view: DataView, at: number, bytes: number): bigint {
  if (bytes === 8) return view.getBigUint64(at, true);
  let value = 0n;
  for (let i = bytes - 1; i >= 0; i--) value = (value << 8n) | BigInt(view.getUint8(at + i));
  return value;
}

/** The view of bytes that numbers are read through. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Index of the segment that holds an id, -1 when none does. Segments are in ascending order of ids. */
export function segmentOfId(segments: readonly Segment[], id: number): number {
  const at = segmentNotAfter(segments, id);
  return at >= 0 && id < segments[at].firstId + segments[at].count ? at : -1;
}

/** Index of the last segment that does not begin after an id, -1 when all do. */
export function segmentNotAfter(segments: readonly Segment[], id: number): number {
  let low = 0;
  let high = segments.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (segments[middle].firstId <= id) low = middle + 1;
    else high = middle - 1;
  }
  return high;
}
