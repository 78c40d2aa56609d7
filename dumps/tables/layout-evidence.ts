import { extractMeaning } from "../../architecture/field.ts";
import type { EntryLayout } from "../../architecture/layout.ts";
import { entryIsValid } from "../../architecture/layout.ts";
import type { DumpMemory } from "../memory.ts";
import type { Work } from "../work.ts";
import { isPlausible, isUnmapped, plausibleBits } from "./plausible.ts";
import { blocksOf, readEntry, type Segment, viewOf } from "./segments.ts";

/** What the words of a table say about a layout. */
export interface LayoutEvidence {
  /** Entries that are not zero, and those of them that are whole and plausible. */
  readonly seen: number;
  readonly plausible: number;
  /**
   * Bits that would have to be so by chance in the plausible entries, less what the others speak against it. Comparable between layouts
   * of other entry sizes, as each is about the same memory. A layout that takes nearly anything gets next to nothing for taking it.
   */
  readonly bits: number;
}

/** Bytes that are looked at; more do not change the picture. */
const ENOUGH_BYTES = 4096 * 8;
/** What an entry that is none costs, for each of its bytes. */
const COST_A_BYTE = 4;
/** An address in the same GiB as the table itself. */
const NEAR_BITS = 8;
const GIB = 30n;
/** From here on the address of a table is one of memory, and not an offset in a file. */
const LEAST_ADDRESS = 1n << 24n;
/** Tables of an ITS begin at a multiple of this: behind a gap to the next one another table may be. */
const TABLE_GRANULE = 0x10000;

/** Weighs the entries of the table that begins with the first of the segments that has any: up to where another one may begin. */
export function* weighLayout(
  memory: DumpMemory,
  layout: EntryLayout,
  segments: readonly Segment[],
): Work<LayoutEvidence> {
  const sum = { seen: 0, plausible: 0, bits: 0 };
  let end = -1;
  for (const segment of segments) {
    if (sum.seen > 0 && (layout.kind === "itt" || isFar(end, segment.address))) break;
    if (yield* weighSegment(memory, layout, segment, sum)) break;
    end = segment.address + segment.count * layout.bytes;
  }
  return sum;
}

/** Whether the words are entries of the layout: most of them, and not by chance. */
export function isGood({ seen, plausible, bits }: LayoutEvidence): boolean {
  return plausible * 2 >= seen && bits > 0;
}

/** Whether another table may begin behind a gap. */
export function isFar(end: number, address: number): boolean {
  return Math.floor((end - 1) / TABLE_GRANULE) !== Math.floor(address / TABLE_GRANULE);
}

/** @returns whether enough is known */
function* weighSegment(
  memory: DumpMemory,
  layout: EntryLayout,
  segment: Segment,
  sum: { seen: number; plausible: number; bits: number },
): Work<boolean> {
  const enough = ENOUGH_BYTES / layout.bytes;
  const worth = plausibleBits(layout);
  const cost = layout.bytes * COST_A_BYTE;
  const here = memory.origin + BigInt(segment.address);
  const near = here >= LEAST_ADDRESS ? here >> GIB : -1n;
  const addresses = layout.fields.filter(({ unit }) => unit === "address");
  let empty: Uint8Array | undefined;
  for (const { bytes, count } of blocksOf(memory, segment, layout.bytes)) {
    yield;
    if (bytes === empty) continue;
    const before = sum.seen;
    const view = viewOf(bytes);
    for (let i = 0; i < count; i++) {
      if (sum.seen >= enough) return true;
      if (layout.bytes % 4 === 0 && isZero(view, i * layout.bytes, layout.bytes)) {
        if (layout.indexedBy === "packed" && sum.seen > 0) return true;
        continue;
      }
      const entry = readEntry(view, i, layout.bytes);
      if (entry === 0n || isUnmapped(layout, entry)) continue;
      // The first entry that is not valid ends a list: what is behind it is of no account.
      if (layout.indexedBy === "packed" && sum.seen > 0 && !entryIsValid(layout, entry)) return true;
      sum.seen++;
      if (!isPlausible(layout, entry)) {
        sum.bits -= cost;
        continue;
      }
      sum.plausible++;
      sum.bits += worth;
      if (addresses.some((field) => extractMeaning(entry, field) >> GIB === near)) sum.bits += NEAR_BITS;
    }
    if (sum.seen === before) empty = bytes;
  }
  return false;
}

/** Whether an entry is zero; its bytes are a multiple of 4. */
function isZero(view: DataView, at: number, bytes: number): boolean {
  for (let i = at; i < at + bytes; i += 4) if (view.getInt32(i, true) !== 0) return false;
  return true;
}
