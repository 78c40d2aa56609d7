import type { DumpDocument } from "../document.ts";
import { orderOf } from "../hex-text/address-order.ts";
import type { DumpSection } from "../hex-text/hints.ts";
import type { DumpMemory, Extent } from "../memory.ts";
import type { Work } from "../work.ts";

/**
 * The memory that the lines of a section give. Where other lines give the same addresses, the latest of the whole dump counts, as
 * everywhere.
 */
export function* sectionMemory(document: DumpDocument, section: DumpSection): Work<DumpMemory> {
  const { memory, text } = document;
  if (document.sections.length === 1 || text === undefined) return memory;
  // A `# gic:` line ends a run, so runs are in a section or outside as a whole.
  const { runs } = text.lines;
  const first = runs.indexNotAfter(section.line) + 1;
  const after = runs.indexNotAfter(section.lastLine) + 1;
  const order = yield* orderOf(runs.addresses.subarray(first, after), after - first);
  const extents: Extent[] = [];
  for (const place of order) {
    const address = runs.addresses[first + place];
    const end = runs.endOf(first + place);
    const last = extents[extents.length - 1];
    const reached = last === undefined ? -1 : last.address + last.length;
    if (address > reached) extents.push({ address, length: end - address });
    else if (end > reached) extents[extents.length - 1] = { address: last.address, length: end - last.address };
  }
  yield;
  return memory.within(extents);
}
