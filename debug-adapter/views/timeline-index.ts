import type { LineCommand } from "./timeline-entries.ts";
import type { TimelineFilter } from "./timeline-filter.ts";

/** Lines that one request looks through. */
const SEARCHED_AT_ONCE = 20_000;
/** The same without a filter, which needs to know of each line only how many commands it has. */
const COUNTED_AT_ONCE = 1_000_000;

/** The rows of a place: undefined for the statement itself. `unclear`: what the filter asks for is not known of all of it. */
export type RowsOf = (
  place: number,
  filter: TimelineFilter,
) => { readonly rows: readonly (LineCommand | undefined)[]; readonly unclear: boolean };

/** The rows of a timeline that a filter leaves: by place, in order, found once and kept as long as the places are the same. */
export class TimelineIndex {
  /** What it was asked by. */
  readonly key: string;
  readonly filter: TimelineFilter;
  private readonly rowsOf: RowsOf;
  /** Places that match, and number of the first row of each. */
  private readonly places: number[] = [];
  private readonly starts: number[] = [];
  private readonly unclear: number[] = [];
  private end = 0;
  private done = 0;

  constructor(key: string, filter: TimelineFilter, rowsOf: RowsOf) {
    this.key = key;
    this.filter = filter;
    this.rowsOf = rowsOf;
  }

  /** Rows so far. */
  get rows(): number {
    return this.end;
  }

  /** Places that were looked through so far. */
  get searched(): number {
    return this.done;
  }

  /** Places that do not match, and of which that is not certain. */
  get notCompared(): number {
    return this.unclear.length;
  }

  /** Looks through some more of the places. @param ready is told which ones come now */
  search(count: number, ready: (places: readonly number[]) => void): void {
    if (this.filter.unknown.length > 0) {
      this.done = count;
      return;
    }
    const last = Math.min(count, this.done + (this.filter.isEmpty ? COUNTED_AT_ONCE : SEARCHED_AT_ONCE));
    if (this.filter.asksNumbers) ready(Array.from({ length: last - this.done }, (_, at) => this.done + at));
    for (; this.done < last; this.done++) {
      const { rows, unclear } = this.rowsOf(this.done, this.filter);
      if (rows.length > 0) {
        this.places.push(this.done);
        this.starts.push(this.end);
        this.end += rows.length;
      } else if (unclear) this.unclear.push(this.done);
    }
  }

  /** Rows from one to before another. */
  page(from: number, to: number): { readonly place: number; readonly command: LineCommand | undefined }[] {
    const found: { place: number; command: LineCommand | undefined }[] = [];
    for (let at = lastNotAbove(this.starts, from); at < this.places.length && found.length < to - from; at++) {
      const place = this.places[at];
      const { rows } = this.rowsOf(place, this.filter);
      const skipped = Math.max(from - this.starts[at], 0);
      for (const command of rows.slice(skipped, skipped + to - from - found.length)) found.push({ place, command });
    }
    return found;
  }

  /** The first row of a place, or of the next one that matches; the number of rows when there is none. */
  rowOf(place: number): number {
    const at = lastNotAbove(this.places, place);
    const first = this.places[at] === place ? at : this.places[at] < place ? at + 1 : at;
    return this.starts[first] ?? this.end;
  }

  /** From a place on everything is, or will be, another. */
  forgetFrom(place: number): void {
    this.done = Math.min(this.done, place);
    while ((this.places.at(-1) ?? -1) >= place) {
      this.places.pop();
      this.end = this.starts.pop() ?? 0;
    }
    while ((this.unclear.at(-1) ?? -1) >= place) this.unclear.pop();
  }
}

/** Place of the last number that is not above a wanted one; 0 when all are. @param numbers ascending */
function lastNotAbove(numbers: readonly number[], wanted: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] <= wanted) low = middle + 1;
    else high = middle;
  }
  return Math.max(low - 1, 0);
}
