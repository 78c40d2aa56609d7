import type { TableLayouts } from "../../architecture/layout.ts";
import { layouts } from "../../architecture/layouts/index.ts";
import type { Work } from "../work.ts";
import type { Capture } from "./capture.ts";
import type { CaptureMemory } from "./capture-memory.ts";
import { compareInterrupts } from "./interrupts.ts";
import { type Placed, placeFiles } from "./place-files.ts";
import type { CaptureReport, LayoutScore } from "./report.ts";
import { compareSaid } from "./said/compare-said.ts";
import { otherSizes, type SizeFinding } from "./said/entry-sizes.ts";
import { TableWalk, type Walk } from "./walk.ts";

/** The share of the best layout's score from which on another one is about as good. */
const CLOSE = 0.9;

/**
 * Walks a capture's tables by each layout, and takes the one by which most events make sense.
 * @param wanted the layout, when it is known
 */
export function* walkCapture(capture: Capture, wanted = capture.layout): Work<CaptureReport> {
  const walks: { layout: TableLayouts; walk: Walk; placed: Placed; sizes: readonly SizeFinding[] }[] = [];
  for (const layout of wanted === undefined ? Object.values(layouts) : [wanted]) {
    const placed = placeFiles(capture, layout);
    const walk = yield* new TableWalk(layout, placed.memory, capture.facts).run();
    walks.push({ layout, walk, placed, sizes: otherSizes(capture.facts, layout) });
  }
  // A layout whose entries have another length than the registers say is not that of the tables, however many events it finds by chance.
  walks.sort((a, b) => fit(b) - fit(a) || points(b.walk) - points(a.walk));
  const [best, second] = walks;
  const { devices, missing, leftOut } = best.walk;
  return {
    layout: best.layout,
    scores: walks.map(
      ({ layout: { name }, walk: { sound, unsound } }): LayoutScore => ({ layout: name, sound, unsound }),
    ),
    close: second !== undefined && fit(second) === fit(best) && points(second.walk) >= points(best.walk) * CLOSE,
    devices,
    missing,
    interrupts: compareInterrupts(capture.facts.interrupts, devices),
    conflicts: best.placed.memory.conflicts,
    disagreements: capture.disagreements,
    values: capture.values,
    sizes: best.sizes,
    said: compareSaid(capture.facts, devices, best.placed.memory, best.layout),
    unplaced: best.placed.unplaced,
    leftOut,
  };
}

/** A capture's memory as a layout places its files. */
export function memoryOf(capture: Capture, layout: TableLayouts): CaptureMemory {
  return placeFiles(capture, layout).memory;
}

/** 1 of a layout that finds events in entries of the length that is said, else 0. */
function fit({ walk, sizes }: { readonly walk: Walk; readonly sizes: readonly SizeFinding[] }): number {
  return walk.sound > 0 && sizes.length === 0 ? 1 : 0;
}

/** An entry that makes no sense counts for more than one that does: chance makes few sound ones. */
function points({ sound, unsound }: Walk): number {
  return sound - 2 * unsound;
}
