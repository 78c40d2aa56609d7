import { architectureLevel1 } from "../../architecture/layouts/index.ts";
import type { DumpDocument } from "../document.ts";
import type { DumpMemory } from "../memory.ts";
import type { Work } from "../work.ts";
import { baseOf } from "./decode-table.ts";
import { weighLayout } from "./layout-evidence.ts";
import { flatSegments } from "./segments.ts";
import type { DecodedTable, TableOptions } from "./table.ts";
import { TABLE_NAMES, type TableName } from "./table-names.ts";

/** Bytes of a table in a core of which nobody says how long it is: what Linux gives each of its ITS tables at the least. */
const ASSUMED_BYTES = 0x1_0000;

/** Where a table is. */
export interface TableExtent {
  /** The memory with the table's bytes alone. */
  readonly memory: DumpMemory;
  /** How its length was taken, when nobody said it. */
  readonly note?: string;
}

/**
 * The part of a dump's memory that a table can be in: `size` bytes when that is known, else as far as the dump goes. A core goes on behind
 * each table, so of one of unknown size so much is read as tables have, and that is said.
 * @returns why there is none, as a sentence
 */
export function tableExtent(
  document: DumpDocument,
  memory: DumpMemory,
  name: TableName,
  options: TableOptions,
): TableExtent | string {
  const { size, eventBits } = options;
  if (size === undefined && document.core === undefined) return { memory };
  if (size === 0) return "The size must be a number of bytes above 0.";
  const isItt = TABLE_NAMES[name] === "itt";
  const base = baseOf(memory, options);
  if (size === undefined && isItt) {
    if (eventBits === undefined)
      return "Nothing says where the ITT ends in a core: give its device's EventID bits (--event-bits), or its bytes (--size).";
    return { memory };
  }
  const own = memory.within([{ address: base, length: size ?? ASSUMED_BYTES }]);
  // What is wrong with a base outside the memory, the table says.
  if (own.isEmpty)
    return base >= 0 && base < memory.end
      ? `The dump does not hold the memory at the base ${memory.format(base)}.`
      : { memory };
  if (size !== undefined) return { memory: own };
  const note = `nothing says how long the table is, and the core goes on behind it: 0x${ASSUMED_BYTES.toString(16)} bytes were read; --size BYTES says more or less`;
  return { memory: own, note };
}

/** Whether a table of assumed length has words that are none of its entries: then it may be shorter. @returns a sentence; undefined: it has none */
export function* assumedLengthDoubt(memory: DumpMemory, table: DecodedTable): Work<string | undefined> {
  const { layouts, kind, levels, base } = table;
  if (layouts === undefined || kind === "command-queue" || kind === "list-registers") return undefined;
  const { entries } = layouts;
  const entry = levels === 2 || kind === "level1" ? (entries.level1 ?? architectureLevel1) : entries[kind];
  if (entry === undefined || entry.bytes === 0) return undefined;
  const segments = flatSegments(memory, base, 0, entry.bytes, Number.MAX_SAFE_INTEGER);
  const { seen, plausible } = yield* weighLayout(memory, entry, segments);
  return plausible === seen
    ? undefined
    : `${seen - plausible} of ${seen} entries that are not zero make no sense, and nothing says how long the table is: --size BYTES (of GITS_BASER<n>) keeps what is behind it out.`;
}
