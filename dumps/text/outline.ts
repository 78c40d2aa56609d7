import type { DumpDocument } from "../document.ts";
import type { TablePlan } from "../tables/section-tables.ts";
import { linesOf } from "../tables/sections.ts";
import type { Work } from "../work.ts";
import { entryId, entryWordsShort } from "./line-entries.ts";
import { placeOfBytes, type TextPlace } from "./text-place.ts";
import { type TextTable, textTable } from "./text-tables.ts";

/** An entry of a table, in the outline. */
export interface OutlineEntry {
  /** `DeviceID 0x8`; undefined stands for those that are too many. */
  readonly name: string | undefined;
  /** What it is in a few words; how many there are more. */
  readonly detail: string;
  readonly place: TextPlace;
}

/** A table of a dump, in the outline. Lines from 1, both inclusive. */
export interface OutlineTable {
  readonly plan: TablePlan;
  /** Address of the table as the dump writes it. */
  readonly address: string;
  readonly firstLine: number;
  readonly lastLine: number;
  /** Valid entries; undefined where it is not decoded. */
  readonly rowCount: number | undefined;
  readonly layout: string | undefined;
  readonly entries: readonly OutlineEntry[];
}

/** Tables that are listed, and those whose entries are. */
const MAX_OUTLINE_TABLES = 2000;
const MAX_TABLES = 512;
/** Slices of decoding after which no more tables are decoded: a few lines of text can stand for 64 tables of 16 MiB. */
const MAX_STEPS = 2048;
/** Entries of one table, and of all. */
const MAX_ENTRIES_OF_TABLE = 256;
const MAX_ENTRIES = 5000;

/** The first tables of a dump, at most {@link MAX_OUTLINE_TABLES}, with their entries. */
export function* dumpOutline(document: DumpDocument, plans: readonly TablePlan[]): Work<OutlineTable[]> {
  const found: OutlineTable[] = [];
  let left = MAX_ENTRIES;
  let steps = 0;
  for (const [place, plan] of plans.slice(0, MAX_OUTLINE_TABLES).entries()) {
    const lines = linesOf(plan) ?? { line: 1, lastLine: document.text?.lineCount ?? 1 };
    const head = {
      plan,
      address: document.memory.format(plan.base),
      firstLine: lines.line,
      lastLine: Math.max(lines.line, lines.lastLine),
    };
    if (place >= MAX_TABLES || left <= 0 || steps > MAX_STEPS) {
      found.push({ ...head, rowCount: undefined, layout: undefined, entries: [] });
      continue;
    }
    const work = textTable(document, plan);
    let step = work.next();
    for (; !step.done; step = work.next()) {
      steps++;
      yield;
    }
    const decoded = step.value;
    const [table] = decoded.tables;
    const entries = table === undefined ? [] : entriesOf(document, decoded, Math.min(left, MAX_ENTRIES_OF_TABLE));
    left -= entries.length;
    found.push({ ...head, rowCount: table?.rowCount, layout: table?.layout, entries });
  }
  return found;
}

function entriesOf(document: DumpDocument, { tables }: TextTable, most: number): OutlineEntry[] {
  const [table] = tables;
  const entries: OutlineEntry[] = [];
  for (let i = 0; i < Math.min(table.rowCount, most); i++) {
    const row = table.row(i);
    const place = placeOfBytes(document, row.address, row.byteCount);
    // An entry of a page that the text does not have has no line.
    if (place === undefined) continue;
    entries.push({ name: entryId(table, row), detail: entryWordsShort(table, row), place });
  }
  const last = entries.at(-1);
  if (last !== undefined && table.rowCount > most)
    entries.push({ name: undefined, detail: `${table.rowCount - most}`, place: last.place });
  return entries;
}
