import type { Segment } from "./segments.ts";

/** Segments by address. Level-2 pages stand in any order, may overlap and may be one page for several level-1 entries. */
export class SegmentPlaces {
  private readonly segments: readonly Segment[];
  private readonly entryBytes: number;
  private sorted: readonly Segment[] | undefined;
  /** For every segment of the order: the highest end up to it. */
  private ends: Float64Array = new Float64Array(0);

  constructor(segments: readonly Segment[], entryBytes: number) {
    this.segments = segments;
    this.entryBytes = entryBytes;
  }

  /** The segment that holds an address; the one with the lowest ids of those that begin nearest before it. */
  at(address: number): Segment | undefined {
    const sorted = this.sorted ?? this.sort();
    let low = 0;
    let high = sorted.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      if (sorted[middle].address <= address) low = middle + 1;
      else high = middle - 1;
    }
    let found: Segment | undefined;
    for (let at = high; at >= 0 && this.ends[at] > address; at--) {
      const segment = sorted[at];
      if (found !== undefined && segment.address < found.address) break;
      if (address < segment.address + segment.count * this.entryBytes) found = segment;
    }
    return found;
  }

  private sort(): readonly Segment[] {
    const sorted = [...this.segments].sort((a, b) => a.address - b.address || a.firstId - b.firstId);
    this.sorted = sorted;
    this.ends = new Float64Array(sorted.length);
    let end = 0;
    for (const [at, { address, count }] of sorted.entries()) {
      end = Math.max(end, address + count * this.entryBytes);
      this.ends[at] = end;
    }
    return sorted;
  }
}
