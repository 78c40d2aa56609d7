import type { DumpMemory, Span } from "../memory.ts";

/** Entries that stand one after another in memory, ids ascending by one. */
export interface Segment {
  readonly firstId: number;
  readonly count: number;
  readonly address: number;
  readonly view: DataView;
  /** Place of the first entry in `view`. */
  readonly offset: number;
}

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
  for (const span of memory.spans) {
    const segment = segmentOf(span, base, firstId, entryBytes, limit);
    if (segment !== undefined) segments.push(segment);
  }
  return segments;
}

function segmentOf(span: Span, base: number, firstId: number, entryBytes: number, limit: number): Segment | undefined {
  const spanEnd = Math.min(span.address + span.bytes.length, limit);
  const skipped = Math.max(0, Math.ceil((span.address - base) / entryBytes));
  const address = base + skipped * entryBytes;
  const count = Math.min(Math.floor((spanEnd - address) / entryBytes), MAX_ID - firstId - skipped + 1);
  if (count <= 0) return undefined;
  const view = new DataView(span.bytes.buffer, span.bytes.byteOffset, span.bytes.byteLength);
  return { firstId: firstId + skipped, count, address, view, offset: address - span.address };
}

/** A level-1 entry that is valid. */
export interface Level1Page {
  readonly slot: number;
  readonly address: number;
}

/** Entries of pages that several level-1 entries have, beyond as many as the dump holds. */
const MAX_SHARED_ENTRIES = 0x10000;

/**
 * The entries of a two-level table: level-2 page `slot` holds ids from `slot × entries a page` on. Pages that overlap, or are one page, are
 * read again up to a bound: 4 MiB of level 1 could else name 2^32 entries. `missing` pages are not in the dump, from `leftOut` on they are
 * beyond the bound.
 */
export function pagedSegments(
  memory: DumpMemory,
  pages: readonly Level1Page[],
  pageSize: number,
  entryBytes: number,
): { segments: Segment[]; missing: Level1Page[]; leftOut: Level1Page | undefined } {
  const perPage = Math.floor(pageSize / entryBytes);
  const segments: Segment[] = [];
  const missing: Level1Page[] = [];
  let left = Math.ceil(memory.size / entryBytes) + MAX_SHARED_ENTRIES;
  for (const page of pages) {
    const firstId = page.slot * perPage;
    if (firstId > MAX_ID) continue;
    if (left <= 0) return { segments, missing, leftOut: page };
    const found = flatSegments(memory, page.address, firstId, entryBytes, page.address + perPage * entryBytes);
    if (found.length === 0) missing.push(page);
    for (const segment of found) {
      left -= segment.count;
      segments.push(segment);
    }
  }
  return { segments, missing, leftOut: undefined };
}

/** The entry of a segment as one little-endian number. */
export function readEntry(segment: Segment, index: number, bytes: number): bigint {
  const at = segment.offset + index * bytes;
  if (bytes === 8) return segment.view.getBigUint64(at, true);
  let value = 0n;
  for (let i = bytes - 1; i >= 0; i--) value = (value << 8n) | BigInt(segment.view.getUint8(at + i));
  return value;
}

/** Index of the segment that holds an id, -1 when none does. Segments are in ascending order of ids. */
export function segmentOfId(segments: readonly Segment[], id: number): number {
  let low = 0;
  let high = segments.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const segment = segments[middle];
    if (id < segment.firstId) high = middle - 1;
    else if (id >= segment.firstId + segment.count) low = middle + 1;
    else return middle;
  }
  return -1;
}
