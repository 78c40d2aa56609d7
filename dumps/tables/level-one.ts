import { extractMeaning } from "../../architecture/field.ts";
import { entryIsValid, roleField, type TableLayouts } from "../../architecture/layout.ts";
import { architectureLevel1, LEVEL1_ENTRY_BYTES } from "../../architecture/layouts/index.ts";
import type { DumpMemory } from "../memory.ts";
import { blocksOf, entriesAt, flatSegments, type Level1Page, MAX_TABLE_BYTES, readEntry, viewOf } from "./segments.ts";

/**
 * The valid level-1 entries from `base` on, up to the first byte that the dump does not hold, or the first page that they point to: where
 * that follows the table at once, its entries are none of level 1. Nothing (undefined) comes where a slice ends.
 */
export function* level1Pages(
  memory: DumpMemory,
  layout: TableLayouts,
  base: number,
): Generator<Level1Page | undefined, undefined, undefined> {
  const entryLayout = layout.entries.level1 ?? architectureLevel1;
  const addressField = roleField(entryLayout, "page-address");
  const [segment] = flatSegments(memory, base, 0, LEVEL1_ENTRY_BYTES, base + MAX_TABLE_BYTES);
  if (segment === undefined || segment.address !== base || addressField === undefined) return;
  let end = segment.count;
  // Neighbours are often the same word: what it says is worked out once.
  let word = -1n;
  let valid = false;
  let address = 0;
  for (const { first, count, bytes } of blocksOf(memory, segment, LEVEL1_ENTRY_BYTES)) {
    yield undefined;
    const view = viewOf(bytes);
    for (let i = 0; i < count && first + i < end; i++) {
      if (view.getInt32(i * LEVEL1_ENTRY_BYTES + 4, true) >= 0) continue;
      const entry = readEntry(view, i, LEVEL1_ENTRY_BYTES);
      if (entry !== word) {
        word = entry;
        valid = entryIsValid(entryLayout, entry);
        address = Number(extractMeaning(entry, addressField) - memory.origin);
      }
      if (!valid) continue;
      yield { slot: first + i, address };
      if (address > base) end = Math.min(end, Math.ceil((address - base) / LEVEL1_ENTRY_BYTES));
    }
    if (first + count >= end) return;
  }
}

/**
 * Whether the words at `base` are level-1 entries: all valid ones have bits [62:52] and the page offset zero, and the dump holds at
 * least one page that they point to, outside the level-1 table itself.
 */
export function looksTwoLevel(memory: DumpMemory, base: number, pageSize: number): boolean {
  const [segment] = flatSegments(memory, base, 0, LEVEL1_ENTRY_BYTES, base + 0x10000);
  if (segment === undefined || segment.address !== base) return false;
  let held = 0;
  const view = viewOf(entriesAt(memory, base, segment.count, LEVEL1_ENTRY_BYTES));
  for (let slot = 0; slot < segment.count; slot++) {
    const at = slot * LEVEL1_ENTRY_BYTES;
    const low = view.getUint32(at, true);
    const high = view.getUint32(at + 4, true);
    if (low === 0 && high === 0) continue;
    if (high >>> 20 !== 0x800 || low % pageSize !== 0) return false;
    const address = Number(((BigInt(high & 0xf_ffff) << 32n) | BigInt(low)) - memory.origin);
    const inTable = address >= base && address < base + 0x10000;
    if (!inTable && memory.holds(address)) held++;
  }
  return held > 0;
}
