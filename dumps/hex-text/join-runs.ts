import type { ByteStore } from "../byte-store.ts";
import { Stretches } from "../stretches.ts";
import type { Work } from "../work.ts";
import { orderOf } from "./address-order.ts";

/** Pieces of memory in the order in which they came, as columns of numbers: the runs of a text's lines, the segments of a core. */
export interface Runs {
  readonly count: number;
  readonly addresses: Float64Array;
  /** Places of the first bytes in the store. */
  readonly offsets: Float64Array | Uint32Array;
  /** Bytes that a repeat repeats; 0: data. */
  readonly patterns: Uint32Array;
  /** Lines of a text, from 1; numbers of segments. */
  readonly firstLines: Uint32Array;
  isData(at: number): boolean;
  /** Address after the last byte. */
  endOf(at: number): number;
}

/** Two runs of lines that hold the same addresses. */
export interface Overlap {
  readonly address: number;
  readonly length: number;
  /** First line of the run that counts: the later one. */
  readonly line: number;
  readonly earlierLine: number;
}

/** Runs between two slices. */
const SLICE = 1 << 11;

/**
 * Makes memory of the runs of a dump. Where runs overlap, the one that came later in the file counts, and `report` is told. Cost: n log n
 * in the number of runs, whatever they stand for.
 */
export function* joinRuns(runs: Runs, store: ByteStore, report: (overlap: Overlap) => void): Work<Stretches> {
  const order = yield* orderOf(runs.addresses, runs.count);
  const joined = new Stretches(store);
  const waiting = new Latest();
  let done = 0;
  let end = 0;
  let reaching = -1;
  let steps = 0;
  for (const run of order) {
    const address = runs.addresses[run];
    if (address < end) report(overlapOf(runs, run, reaching, end));
    if (runs.endOf(run) > end) {
      end = runs.endOf(run);
      reaching = run;
    }
    done = give(runs, waiting, joined, done, address);
    waiting.push(run);
    if (++steps % SLICE === 0) yield;
  }
  while (waiting.top >= 0) {
    done = give(runs, waiting, joined, done, runs.endOf(waiting.top));
    if (++steps % SLICE === 0) yield;
  }
  return joined;
}

/** Gives the memory between `done` and `limit` to the latest of the runs that hold it. @returns `limit` */
function give(runs: Runs, waiting: Latest, joined: Stretches, done: number, limit: number): number {
  let at = done;
  while (waiting.top >= 0) {
    const run = waiting.top;
    const start = Math.max(at, runs.addresses[run]);
    const end = runs.endOf(run);
    if (end > start) {
      if (start >= limit) break;
      at = Math.min(end, limit);
      append(runs, run, start, at, joined);
      if (end > limit) break;
    }
    waiting.pop();
  }
  return limit;
}

/** Adds a part of a run to the memory. Runs that follow each other in the file and in memory become one stretch. */
function append(runs: Runs, run: number, start: number, end: number, joined: Stretches): void {
  const skipped = start - runs.addresses[run];
  const offset = runs.offsets[run];
  const last = joined.count - 1;
  if (!runs.isData(run)) {
    const period = runs.patterns[run];
    joined.push(start, end, offset, period, skipped % period, run);
    return;
  }
  const goesOn =
    last >= 0 &&
    joined.ends[last] === start &&
    runs.isData(joined.runs[last]) &&
    joined.offsets[last] + (start - joined.starts[last]) === offset + skipped;
  if (goesOn) {
    joined.ends[last] = end;
    joined.periods[last] = end - joined.starts[last];
  } else joined.push(start, end, offset + skipped, end - start, 0, run);
}

function overlapOf(runs: Runs, run: number, reaching: number, end: number): Overlap {
  const address = runs.addresses[run];
  return {
    address,
    length: Math.min(end, runs.endOf(run)) - address,
    line: runs.firstLines[Math.max(run, reaching)],
    earlierLine: runs.firstLines[Math.min(run, reaching)],
  };
}

/** A heap of run numbers with the latest on top. */
class Latest {
  private readonly items: number[] = [];

  /** -1 when there is none. */
  get top(): number {
    return this.items[0] ?? -1;
  }

  push(run: number): void {
    const items = this.items;
    let at = items.length;
    items.push(run);
    for (let parent = (at - 1) >> 1; at > 0 && items[parent] < run; at = parent, parent = (at - 1) >> 1) {
      items[at] = items[parent];
      items[parent] = run;
    }
  }

  pop(): void {
    const items = this.items;
    const moved = items.pop();
    if (moved === undefined || items.length === 0) return;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && items[child + 1] > items[child]) child++;
      if (items[child] <= moved) break;
      items[at] = items[child];
      at = child;
    }
    items[at] = moved;
  }
}
