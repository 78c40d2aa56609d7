import type { Work } from "../work.ts";

/** Comparisons between two slices. */
const SLICE = 1 << 14;

/**
 * Indexes of keys in ascending order of them; equal ones in the order they have. A merge of runs that are in order already, so that what is
 * sorted costs one look.
 */
export function* orderOf(keys: Float64Array, count: number): Work<Uint32Array> {
  let order = new Uint32Array(count);
  let runs: number[] = [];
  for (let i = 0; i < count; i++) {
    order[i] = i;
    if (i === 0 || keys[i] < keys[i - 1]) runs.push(i);
    if (i % SLICE === SLICE - 1) yield;
  }
  let target = runs.length > 1 ? new Uint32Array(count) : order;
  while (runs.length > 1) {
    const merged: number[] = [];
    for (let run = 0; run < runs.length; run += 2) {
      const middle = runs[run + 1] ?? count;
      const end = runs[run + 2] ?? count;
      yield* merge(keys, order, target, runs[run], middle, end);
      merged.push(runs[run]);
      if (run % SLICE === 0) yield;
    }
    runs = merged;
    [order, target] = [target, order];
  }
  return order;
}

function* merge(
  keys: Float64Array,
  from: Uint32Array,
  to: Uint32Array,
  start: number,
  middle: number,
  end: number,
): Work<void> {
  let left = start;
  let right = middle;
  for (let at = start; at < end; at++) {
    const takeLeft = left < middle && (right >= end || keys[from[left]] <= keys[from[right]]);
    to[at] = from[takeLeft ? left++ : right++];
    if ((at - start) % SLICE === SLICE - 1) yield;
  }
}
