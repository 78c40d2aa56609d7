import type { EntryLayout, TableLayouts } from "../../architecture/layout.ts";
import type { DumpMemory } from "../memory.ts";
import type { Work } from "../work.ts";
import { isFar, isGood, weighLayout } from "./layout-evidence.ts";
import { alignedBase, flatSegments, type Segment } from "./segments.ts";

/** Blocks behind gaps that are weighed. */
const MAX_BLOCKS = 32;
/** Bits by which the entries of a block must be better as those of another table. */
const CLEARLY_BETTER = 16;

/** Entries behind a gap of the dump that are another table's. */
export interface ForeignBlock {
  readonly address: number;
  /** DTE, ITE, CTE: what its words are. */
  readonly entryName: string;
}

/**
 * Takes the segments of a table from those of a dump with several tables: behind a gap, words that are clearly entries of another table of
 * the same implementation are none of this one. Words of which that cannot be said stay.
 */
export function* withoutForeign(
  memory: DumpMemory,
  layout: TableLayouts,
  entry: EntryLayout,
  segments: readonly Segment[],
): Work<{ segments: Segment[]; foreign: readonly ForeignBlock[] }> {
  const kept: Segment[] = [];
  const foreign: ForeignBlock[] = [];
  let blocks = 0;
  for (let first = 0, after = 1; first < segments.length; first = after, after++) {
    while (after < segments.length && !isFar(endOf(segments[after - 1], entry), segments[after].address)) after++;
    const block = segments.slice(first, after);
    const other = first > 0 && ++blocks <= MAX_BLOCKS ? yield* otherEntry(memory, layout, entry, block) : undefined;
    if (other === undefined) for (const segment of block) kept.push(segment);
    else foreign.push({ address: block[0].address, entryName: other.entryName });
  }
  return { segments: kept, foreign };
}

function endOf({ address, count }: Segment, entry: EntryLayout): number {
  return address + count * entry.bytes;
}

/** The entries that a block has, when they are not the table's. */
function* otherEntry(
  memory: DumpMemory,
  layout: TableLayouts,
  entry: EntryLayout,
  block: readonly Segment[],
): Work<EntryLayout | undefined> {
  const own = yield* weighLayout(memory, entry, block);
  let best: EntryLayout | undefined;
  let bits = isGood(own) ? own.bits * 2 + CLEARLY_BETTER : CLEARLY_BETTER;
  for (const other of Object.values(layout.entries)) {
    if (other.kind === entry.kind || other.bytes === 0 || other.validField === undefined) continue;
    const from = alignedBase(block[0].address, other.bytes);
    const segments = flatSegments(memory, from, 0, other.bytes, endOf(block[block.length - 1], entry));
    const evidence = yield* weighLayout(memory, other, segments);
    if (!isGood(evidence) || evidence.bits <= bits) continue;
    bits = evidence.bits;
    best = other;
  }
  return best;
}
