import { type EntryLayout, layoutField, type TableKind, type TableLayouts } from "../../architecture/layout.ts";
import { layouts } from "../../architecture/layouts/index.ts";
import type { DumpMemory } from "../memory.ts";
import type { Work } from "../work.ts";
import { type LayoutEvidence, weighLayout } from "./layout-evidence.ts";
import { alignedBase, flatSegments, MAX_TABLE_BYTES } from "./segments.ts";

/** A layout and the reason for it. */
export interface LayoutGuess {
  readonly layout: TableLayouts;
  readonly reason: string;
  /** Name of another layout under which the words make about as much sense. */
  readonly close?: string;
}

interface Weighed extends LayoutEvidence {
  readonly layout: TableLayouts;
  readonly entry: EntryLayout;
}

const COMMON = layouts["kvm-rev0"];
const DEFAULT: LayoutGuess = { layout: COMMON, reason: "assumed: no entry tells one layout from another" };
/** Two layouts are about as good when so many bits, or this part of all, tell them apart. */
const CLOSE_BITS = 6;
const CLOSE_PART = 0.1;

/**
 * Guesses whose layout a table has: the one that the words say most for, see {@link weighLayout}. In a tie the more common implementation
 * wins, and the other one is said. Layouts of the user's own take no part: what they explain, nobody can tell from chance.
 */
export function* guessLayout(memory: DumpMemory, kind: TableKind, base: number): Work<LayoutGuess> {
  if (kind === "level1") return { layout: COMMON, reason: "assumed: level-1 entries are the same nearly everywhere" };
  const weighed: Weighed[] = [];
  for (const layout of Object.values(layouts)) {
    const entry = layout.entries[kind];
    if (entry === undefined || entry.bytes === 0 || entry.validField === undefined) continue;
    const aligned = alignedBase(base, entry.bytes);
    const segments = flatSegments(memory, aligned, 0, entry.bytes, aligned + MAX_TABLE_BYTES);
    weighed.push({ layout, entry, ...(yield* weighLayout(memory, entry, segments)) });
  }
  const [best, ...others] = weighed.filter(({ plausible }) => plausible > 0).sort((a, b) => b.bits - a.bits);
  if (best === undefined) return DEFAULT;
  const other = others.find(({ entry }) => !readsAlike(best.entry, entry));
  const second = other ?? others[0];
  const { entry } = best;
  const field = layoutField(entry, entry.validField ?? "");
  const place =
    field === undefined ? "" : field.msb === field.lsb ? `bit ${field.msb}` : `bits [${field.msb}:${field.lsb}]`;
  const reason = `guessed: ${best.plausible} of ${best.seen} non-zero entries are whole as ${entry.bytes}-byte ${entry.entryName}s with ${place} = ${entry.validField}`;
  if (second === undefined) return { layout: best.layout, reason: `${reason}, none in any other layout` };
  const runnerUp = `${second.layout.name}: ${second.plausible} of ${second.seen}`;
  const isClose =
    other !== undefined && second.bits > 0 && best.bits - second.bits <= Math.max(CLOSE_BITS, best.bits * CLOSE_PART);
  return isClose
    ? { layout: best.layout, close: second.layout.name, reason: `${reason}; about as good is ${runnerUp}` }
    : { layout: best.layout, reason: `${reason}; next ${runnerUp}` };
}

/** Whether two layouts have their fields at the same places: they give the same values as long as these fit. */
function readsAlike(one: EntryLayout, other: EntryLayout): boolean {
  return (
    one.bytes === other.bytes &&
    one.fields.every(({ name, lsb, shift, plus }) => {
      const same = layoutField(other, name);
      return same !== undefined && same.lsb === lsb && same.shift === shift && same.plus === plus;
    })
  );
}
