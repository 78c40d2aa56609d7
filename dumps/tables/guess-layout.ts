import { type EntryLayout, type LayoutName, layoutField, type TableKind } from "../../architecture/layout.ts";
import { layouts } from "../../architecture/layouts/index.ts";
import type { DumpMemory } from "../memory.ts";
import type { Work } from "../work.ts";
import { isPlausible } from "./plausible.ts";
import { blocksOf, flatSegments, readEntry, viewOf } from "./segments.ts";

/** A layout and the reason for it. */
export interface LayoutGuess {
  readonly layout: LayoutName;
  readonly reason: string;
}

/** Non-zero entries that are looked at; more do not change the picture. */
const ENOUGH = 4096;
const DEFAULT: LayoutGuess = { layout: "kvm-rev0", reason: "assumed: no entry tells one layout from another" };

/**
 * Guesses whose layout a table has: the one under which most non-zero entries are valid entries with nothing outside their fields and
 * with plausible INTIDs and addresses. In a tie the more common implementation wins.
 */
export function* guessLayout(memory: DumpMemory, kind: TableKind, base: number): Work<LayoutGuess> {
  if (kind === "level1")
    return { layout: "kvm-rev0", reason: "assumed: level-1 entries are the same nearly everywhere" };
  let best: { layout: LayoutName; plausible: number; share: number; entry: EntryLayout; seen: number } | undefined;
  for (const { name, entries } of Object.values(layouts)) {
    const entry = entries[kind];
    if (entry === undefined || entry.bytes === 0 || entry.validField === undefined) continue;
    const { seen, plausible } = yield* countPlausible(memory, entry, base);
    const share = seen === 0 ? 0 : plausible / seen;
    if (share > (best?.share ?? 0)) best = { layout: name, plausible, share, entry, seen };
  }
  if (best === undefined) return DEFAULT;
  const { entry } = best;
  const field = layoutField(entry, entry.validField ?? "");
  const place =
    field === undefined ? "" : field.msb === field.lsb ? `bit ${field.msb}` : `bits [${field.msb}:${field.lsb}]`;
  const reason = `guessed: ${best.plausible} of ${best.seen} non-zero entries are whole as ${entry.bytes}-byte ${entry.entryName}s with ${place} = ${entry.validField}`;
  return { layout: best.layout, reason };
}

function* countPlausible(
  memory: DumpMemory,
  layout: EntryLayout,
  base: number,
): Work<{ seen: number; plausible: number }> {
  let seen = 0;
  let plausible = 0;
  for (const segment of flatSegments(memory, base, 0, layout.bytes, Number.MAX_SAFE_INTEGER)) {
    let empty: Uint8Array | undefined;
    for (const { bytes, count } of blocksOf(memory, segment, layout.bytes)) {
      yield;
      if (bytes === empty) continue;
      const before = seen;
      const view = viewOf(bytes);
      for (let i = 0; i < count && seen < ENOUGH; i++) {
        if (layout.bytes % 4 === 0 && isZero(view, i * layout.bytes, layout.bytes)) continue;
        const entry = readEntry(view, i, layout.bytes);
        if (entry === 0n) continue;
        seen++;
        if (isPlausible(layout, entry)) plausible++;
      }
      if (seen === before) empty = bytes;
      if (seen >= ENOUGH) return { seen, plausible };
    }
    // Other ITTs of the same dump begin at addresses that 12-byte entries counted from this one do not meet.
    if (layout.kind === "itt" && seen > 0) break;
  }
  return { seen, plausible };
}

/** Whether an entry is zero; its bytes are a multiple of 4. */
function isZero(view: DataView, at: number, bytes: number): boolean {
  for (let i = at; i < at + bytes; i += 4) if (view.getInt32(i, true) !== 0) return false;
  return true;
}
