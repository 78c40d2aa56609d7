import type { DumpDocument } from "../document.ts";
import type { StyleOptions } from "../hex-text/byte-order.ts";
import type { DumpMemory } from "../memory.ts";
import { readDumpWork } from "../read-dump.ts";
import type { Work } from "../work.ts";
import type { BytePatch } from "./field-patch.ts";
import { type EditResult, refuse } from "./result.ts";

/** Bytes that are compared between two slices. */
const SLICE = 1 << 16;

/**
 * Reads an edited text and looks that it holds what the dump held, but for the bytes of the patch. An edit of a line that a `*` repeats
 * changes more; one after which the words make sense in another order changes all.
 * @returns the dump as it is read from the edited text
 */
export function* checkEdit(
  document: DumpDocument,
  edited: string,
  patch: BytePatch,
  options: StyleOptions = {},
): Work<EditResult<DumpDocument>> {
  const read = yield* readDumpWork(edited, options);
  const other = yield* firstDifference(document.memory, read.memory, patch);
  if (other === undefined) return { ok: true, value: read };
  const { memory } = document;
  const inside = other >= patch.address && other < patch.address + patch.after.length;
  const message = inside
    ? `With this value the text would be read in another way: the byte at ${memory.format(other)} would not be the one that is wanted. A "# gic:" line with order=, digits= or base= settles how it is read.`
    : `This edit would change the byte at ${memory.format(other)} too: a "*" repeats the line, or the text would be read in another way. Make the dump again without folding, or write the lines out.`;
  return refuse("GIC-EDIT-READING", message);
}

/** The first address at which memories differ otherwise than a patch says. */
function* firstDifference(before: DumpMemory, after: DumpMemory, patch: BytePatch): Work<number | undefined> {
  if (before.origin !== after.origin) return before.start;
  const theirs = after.spans();
  for (const { address, length } of before.spans()) {
    const other = theirs.next().value;
    if (other === undefined || other.address !== address) return address;
    for (let at = address; at < address + length; at += SLICE) {
      const count = Math.min(SLICE, address + length - at);
      const old = before.read(at, count);
      const now = after.read(at, count);
      if (old === undefined || now === undefined) return at;
      const wanted = patched(old, at, patch);
      for (let i = 0; i < count; i++) if (wanted[i] !== now[i]) return at + i;
      yield;
    }
    if (other.length !== length) return address + Math.min(length, other.length);
  }
  const more = theirs.next().value;
  return more === undefined ? undefined : more.address;
}

/** Bytes from `at` on with those of the patch. */
function patched(bytes: Uint8Array, at: number, { address, after }: BytePatch): Uint8Array {
  if (address >= at + bytes.length || address + after.length <= at) return bytes;
  const changed = Uint8Array.from(bytes);
  for (let i = 0; i < after.length; i++) {
    const place = address + i - at;
    if (place >= 0 && place < changed.length) changed[place] = after[i];
  }
  return changed;
}
