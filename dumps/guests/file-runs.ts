/** Runs of memory that one guest may have; beyond, pages are left out. 32 bytes each. */
export const MAX_RUNS = 1 << 22;

/** A page whose bytes are not known although the file has it: it was compressed. */
const UNKNOWN = -1000;

/**
 * Where the bytes of ranges of memory are in a file: columns of numbers, as a guest may have millions of pages. Pages that follow each
 * other in memory, and lie equally far apart in the file, are one run.
 */
export class FileRuns {
  count = 0;
  /** First address, and the one after the last. */
  starts: Float64Array;
  ends: Float64Array;
  /** Offset in the file of the first page's bytes; below 0: see {@link fillOf}. */
  places: Float64Array;
  /** From one page's offset to the next one's. */
  strides: Float64Array;
  readonly pageBytes: number;

  /** @param pageBytes bytes of a page: runs are cut at its multiples only */
  constructor(pageBytes: number, capacity = 16) {
    this.pageBytes = pageBytes;
    this.starts = new Float64Array(capacity);
    this.ends = new Float64Array(capacity);
    this.places = new Float64Array(capacity);
    this.strides = new Float64Array(capacity);
  }

  /** A page's bytes are at an offset of the file. @returns false when there are too many runs */
  addPage(address: number, place: number): boolean {
    const last = this.count - 1;
    if (last >= 0 && this.ends[last] === address && this.places[last] >= 0) {
      const pages = (address - this.starts[last]) / this.pageBytes;
      if (pages === 1) this.strides[last] = place - this.places[last];
      if (this.places[last] + pages * this.strides[last] === place) {
        this.ends[last] = address + this.pageBytes;
        return true;
      }
    }
    return this.push(address, address + this.pageBytes, place, this.pageBytes);
  }

  /** A range that is one byte again and again. @returns false when there are too many runs */
  addFilled(start: number, end: number, byte: number): boolean {
    return this.addWithoutPlace(start, end, -1 - byte);
  }

  /** A range of which nothing is known from now on. @returns false when there are too many runs */
  addUnknown(start: number, end: number): boolean {
    return this.addWithoutPlace(start, end, UNKNOWN);
  }

  /** A range that is in the file as it is. @returns false when there are too many runs */
  addPlain(start: number, end: number, place: number): boolean {
    return end <= start || this.push(start, end, place, this.pageBytes);
  }

  private addWithoutPlace(start: number, end: number, place: number): boolean {
    const last = this.count - 1;
    if (last >= 0 && this.ends[last] === start && this.places[last] === place) {
      this.ends[last] = end;
      return true;
    }
    return this.push(start, end, place, 0);
  }

  /** Adds the part of another list's run from `start` up to `end`; both are at pages of the run. */
  addPart(from: FileRuns, at: number, start: number, end: number, by = 0): void {
    if (end <= start) return;
    const place = from.places[at];
    const pages = (start - from.starts[at]) / this.pageBytes;
    this.append(start + by, end + by, place < 0 ? place : place + pages * from.strides[at], from.strides[at]);
  }

  private push(start: number, end: number, place: number, stride: number): boolean {
    if (this.count >= MAX_RUNS) return false;
    this.append(start, end, place, stride);
    return true;
  }

  private append(start: number, end: number, place: number, stride: number): void {
    if (this.count === this.starts.length) this.grow();
    const at = this.count++;
    this.starts[at] = start;
    this.ends[at] = end;
    this.places[at] = place;
    this.strides[at] = stride;
  }

  /** The runs in ascending order without overlaps and without what is unknown: what was added later counts. */
  settled(): FileRuns {
    let list: FileRuns = this;
    /** Where the stretches begin that ascend; behind the last one, their end. */
    let bounds: number[] = [0];
    for (let at = 1; at < this.count; at++) if (this.starts[at] < this.ends[at - 1]) bounds.push(at);
    bounds.push(this.count);
    // Two and two: a guest that ran while it was saved has several passes over its pages, a made-up file any number of them.
    while (bounds.length > 2) {
      const next = new FileRuns(this.pageBytes, list.count);
      const merged: number[] = [];
      for (let at = 0; at + 1 < bounds.length; at += 2) {
        merged.push(next.count);
        const [from, middle] = [bounds[at], bounds[at + 1]];
        overlay(list, from, middle, bounds[at + 2] ?? middle, next);
      }
      merged.push(next.count);
      list = next;
      bounds = merged;
    }
    const known = new FileRuns(this.pageBytes, Math.max(list.count, 1));
    list.moveTo(known, 0);
    return known;
  }

  /** The byte that fills a run; undefined where its bytes are in the file. */
  fillOf(at: number): number | undefined {
    return this.places[at] < 0 ? -1 - this.places[at] : undefined;
  }

  /** Adds all runs to another list, moved up by a number of bytes; what is unknown is left out. */
  moveTo(target: FileRuns, by: number): void {
    for (let at = 0; at < this.count; at++)
      if (this.places[at] !== UNKNOWN) target.addPart(this, at, this.starts[at], this.ends[at], by);
  }

  private grow(): void {
    const larger = (old: Float64Array): Float64Array => {
      const column = new Float64Array(old.length * 2);
      column.set(old);
      return column;
    };
    this.starts = larger(this.starts);
    this.ends = larger(this.ends);
    this.places = larger(this.places);
    this.strides = larger(this.strides);
  }
}

/** Two stretches of a list as one, the second one, from `middle` on, above the first. Each ascends and has no overlaps. */
function overlay(list: FileRuns, from: number, middle: number, to: number, into: FileRuns): void {
  let at = from;
  /** Up to here the runs below are done. */
  let done = 0;
  const takeBelow = (limit: number): void => {
    while (at < middle && list.starts[at] < limit) {
      into.addPart(list, at, Math.max(list.starts[at], done), Math.min(list.ends[at], limit));
      if (list.ends[at] > limit) return;
      at++;
    }
  };
  for (let next = middle; next < to; next++) {
    takeBelow(list.starts[next]);
    into.addPart(list, next, list.starts[next], list.ends[next]);
    done = list.ends[next];
    while (at < middle && list.ends[at] <= done) at++;
  }
  takeBelow(Number.MAX_SAFE_INTEGER);
}
