import type { TableLayouts } from "../../architecture/layout.ts";
import type { DumpDocument } from "../document.ts";
import type { Work } from "../work.ts";
import { isGood } from "./layout-evidence.ts";
import { looksTwoLevel } from "./level-one.ts";
import { readingsOf } from "./other-readings.ts";
import { hintOptions } from "./sections.ts";
import { type TableName, tableNames } from "./table-names.ts";

/** Which table a dump holds that does not say it, by its words, and how sure that is. */
export interface TableGuess {
  readonly table: TableName;
  readonly layout: TableLayouts;
  /** 2: its words name pages that the dump holds, or are a first level without them. */
  readonly levels: 1 | 2;
  /** Entries that are not zero, and those of them that are whole. */
  readonly seen: number;
  readonly whole: number;
  /** The table that comes next, with the same numbers; undefined: none. */
  readonly next?: { readonly table: TableName; readonly layout: TableLayouts; readonly whole: number };
}

/** What tells the best table from the next one, in bits: fewer are no proof. */
const BETTER_BITS = 8;
/** And which part of all. */
const BETTER_PART = 0.1;
/** Bytes from the first one on that are looked at, as each table of each layout. */
const LOOKED_BYTES = 0x8_0000;
/** Bytes of a level-2 page where nothing says it. */
const USUAL_PAGE_BYTES = 0x1_0000;

/** Whether some section of a dump says which table it is. */
export function namesTable(document: DumpDocument): boolean {
  return document.sections.some(({ hints }) => hintOptions(hints, document.layoutFiles).options.table !== undefined);
}

/**
 * Guesses which table a dump holds from its first address on. The LPI tables, the command queue and saved registers are never guessed: nearly
 * any bytes are such.
 * @returns undefined when a section says it, or the words do not tell
 */
export function* guessTable(document: DumpDocument): Work<TableGuess | undefined> {
  const { memory } = document;
  // Tables that begin at the same address may each be another one.
  if (memory.isEmpty || memory.windows.length > 1 || document.core !== undefined || namesTable(document))
    return undefined;
  const looked = memory.within([{ address: memory.start, length: LOOKED_BYTES }]);
  const readings = (yield* readingsOf(looked, memory.start, tableNames, false))
    .filter(isGood)
    .sort((a, b) => b.bits - a.bits);
  const [best] = readings;
  if (best === undefined || best.plausible === 0) return undefined;
  const isDevices = best.name === "device-table-l1" && looksTwoLevel(memory, memory.start, USUAL_PAGE_BYTES);
  const table = isDevices ? "device-table" : best.name;
  const next = readings.find(({ name }) => name !== best.name && name !== table);
  const needed = Math.max(BETTER_BITS, best.bits * BETTER_PART);
  // Words that point to pages which the dump holds prove a first level.
  if (!isDevices && best.bits - Math.max(next?.bits ?? 0, 0) < needed) return undefined;
  // Entries of some layouts may be nearly anything: where all words are whole as another table's, too, nothing is told.
  if (!isDevices && readings.some(({ name, plausible, seen }) => name !== table && plausible === seen))
    return undefined;
  return {
    table,
    layout: best.layout,
    levels: best.name === "device-table-l1" ? 2 : 1,
    seen: best.seen,
    whole: best.plausible,
    ...(next === undefined ? {} : { next: { table: next.name, layout: next.layout, whole: next.plausible } }),
  };
}

/** A guess as a sentence. */
export function guessSentence({ table, seen, whole, next }: TableGuess): string {
  const runnerUp =
    next === undefined ? "in no other table is any" : `as ${next.table} (${next.layout.name}) ${next.whole} are`;
  return `Nothing says which table this is. Taken for ${table}: ${whole} of ${seen} entries that are not zero are whole so; ${runnerUp}. A line "# gic: table=…" settles it.`;
}
