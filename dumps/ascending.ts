/** Index of the last of `count` ascending values that is not above `value`, -1 when all are. */
export function lastNotAbove(values: Float64Array | Uint32Array, value: number, count = values.length): number {
  let low = 0;
  let high = count - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (values[middle] <= value) low = middle + 1;
    else high = middle - 1;
  }
  return high;
}

/** Runs of addresses that ascend and do not overlap: `starts[i]` up to `ends[i]`, which is not among them. */
interface AscendingRuns {
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  readonly count: number;
}

/** Parts without a gap of such runs from `from` up to `limit`, cut to that, ascending. */
export function* joinedSpans(
  { starts, ends, count }: AscendingRuns,
  from: number,
  limit: number,
): Generator<{ readonly address: number; readonly length: number }> {
  let at = lastNotAbove(ends, from, count) + 1;
  while (at < count && starts[at] < limit) {
    const address = Math.max(starts[at], from);
    let end = ends[at++];
    while (at < count && starts[at] === end && end < limit) end = ends[at++];
    yield { address, length: Math.min(end, limit) - address };
  }
}
