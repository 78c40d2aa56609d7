import { fieldMask } from "../../architecture/field.ts";
import { type EntryLayout, entryIsValid, layoutField } from "../../architecture/layout.ts";
import { readEntry, type Segment } from "./segments.ts";

/**
 * Ids of the valid entries of a table, ascending. The valid field is tested on the two 32-bit halves of the entry's first 8 bytes;
 * bigint is used only for layouts whose validity is more than "not zero".
 */
export function validIds(layout: EntryLayout, segments: readonly Segment[]): Uint32Array {
  let ids = new Uint32Array(1024);
  let count = 0;
  const field = layout.validField === undefined ? undefined : layoutField(layout, layout.validField);
  const mask = field === undefined ? 0n : fieldMask(field);
  const quick = field !== undefined && layout.bytes >= 8 && mask < 1n << 64n && !excludesZeroRaw(layout);
  const low = Number(mask & 0xffff_ffffn) | 0;
  const high = Number((mask >> 32n) & 0xffff_ffffn) | 0;
  const exact = layout.invalidRaws !== undefined;
  for (const segment of segments) {
    const { view, offset, firstId } = segment;
    for (let i = 0, at = offset; i < segment.count; i++, at += layout.bytes) {
      if (quick) {
        if (((view.getInt32(at, true) & low) | (view.getInt32(at + 4, true) & high)) === 0) continue;
        if (exact && !entryIsValid(layout, readEntry(segment, i, layout.bytes))) continue;
      } else if (!entryIsValid(layout, readEntry(segment, i, layout.bytes))) continue;
      if (count === ids.length) {
        const grown = new Uint32Array(ids.length * 2);
        grown.set(ids);
        ids = grown;
      }
      ids[count++] = firstId + i;
    }
  }
  return ids.subarray(0, count);
}

/** Whether an all-zero field can be a valid one (Xen's CTE). */
function excludesZeroRaw(layout: EntryLayout): boolean {
  return layout.invalidRaws !== undefined && !layout.invalidRaws.includes(0n);
}

/** Index of an id among ascending ids; when it is not there, -1 - (index of the next larger one). */
export function findId(ids: Uint32Array, id: number): number {
  let low = 0;
  let high = ids.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (ids[middle] < id) low = middle + 1;
    else if (ids[middle] > id) high = middle - 1;
    else return middle;
  }
  return -1 - low;
}
