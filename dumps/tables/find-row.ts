import type { DecodedTable } from "./table.ts";

/** The row that holds an id, else the next one after it, else the last one; -1 of a table without rows. */
export function rowNear(table: DecodedTable, id: bigint): number {
  let low = 0;
  let high = table.rowCount - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (BigInt(table.row(middle).lastIndex) < id) low = middle + 1;
    else high = middle;
  }
  return table.rowCount === 0 ? -1 : low;
}

/** The row that holds an id, -1 when none does. */
export function rowOfId(table: DecodedTable, id: bigint): number {
  const near = rowNear(table, id);
  if (near < 0) return -1;
  const { index, lastIndex } = table.row(near);
  return id >= BigInt(index) && id <= BigInt(lastIndex) ? near : -1;
}
