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
