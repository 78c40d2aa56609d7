import type { EntryLayout, TableLayouts } from "../../architecture/layout.ts";
import { architectureLevel1, layouts } from "../../architecture/layouts/index.ts";
import type { GroupOrder } from "../hex-text/group-form.ts";
import { DumpMemory } from "../memory.ts";
import type { Work } from "../work.ts";
import { isFar, isGood, type LayoutEvidence, weighLayout } from "./layout-evidence.ts";
import { alignedBase, flatSegments, MAX_TABLE_BYTES } from "./segments.ts";
import type { DecodedTable } from "./table.ts";
import { TABLE_NAMES, type TableName, tableNames } from "./table-names.ts";

/** How the words of a dump were put together. */
export interface WordReading {
  readonly order: GroupOrder;
  /** Bytes of a group of digits; 1: the order makes no difference. */
  readonly groupBytes: number;
}

/** Another way to take the words of a table. */
export interface Reading extends LayoutEvidence {
  readonly name: TableName;
  readonly layout: TableLayouts;
  /** With the bytes of each group the other way round. */
  readonly swapped: boolean;
}

/** Bytes of a table that are looked at in another order. */
const SWAPPED_BYTES = 0x1_0000;
/** Places in the dump that are asked whether the table is there. */
const MAX_PLACES = 32;
/** Bits that must speak for a reading. */
const BETTER = 8;

/** What is to be said of a table whose words make no sense as its entries; nothing: they do. */
export interface Proposal {
  /** There is another reading: what to do. */
  readonly doubt?: string;
  /** There is none. */
  readonly note?: string;
}

/**
 * Looks whether the words of a decoded table make sense, and if not, whether they do in another layout, as another table or in the other
 * order, and whether the table is elsewhere in the dump.
 */
export function* proposeReading(
  memory: DumpMemory,
  table: DecodedTable,
  words: WordReading | undefined,
): Work<Proposal> {
  const { name, base, layouts: given } = table;
  if (given === undefined || table.levels === 2) return {};
  const [own] = yield* readingsOf(memory, base, [name], false, [given]);
  if (own === undefined || isGood(own) || own.seen === 0) return {};
  const readings = yield* readingsOf(memory, base, tableNames, false);
  if (words !== undefined && words.groupBytes > 1) {
    readings.push(...(yield* readingsOf(swapped(memory, base, words.groupBytes), base, [name], true)));
  }
  const [best] = readings.filter(isGood).sort((a, b) => b.bits - a.bits);
  if (best === undefined || best.bits <= BETTER) return table.rowCount === 0 ? { note: nothing(own) } : {};
  const elsewhere = best.swapped ? undefined : yield* placeOf(memory, base, name);
  if (elsewhere !== undefined) {
    const from = memory.format(elsewhere.address);
    return {
      doubt: `${count(own)} from ${memory.format(base)} on are whole as ${name}; from ${from} on it is ${count(elsewhere)}: base ${from} decodes these.`,
    };
  }
  return { doubt: `${count(own)} that are not zero are whole so, but ${count(best)} ${proposal(best, own, words)}.` };
}

function proposal(best: Reading, own: Reading, words: WordReading | undefined): string {
  const ways: string[] = [];
  if (best.swapped) ways.push(`order ${words?.order === "bytes" ? "little" : "bytes"}`);
  if (best.name !== own.name) ways.push(`table ${best.name}`);
  if (best.layout !== own.layout) ways.push(`layout ${best.layout.name}`);
  return `with ${ways.join(" and ")}`;
}

function nothing({ seen }: Reading): string {
  return `None of its ${seen} entries that are not zero is valid, and none would be in another layout or order.`;
}

function count({ plausible, seen }: LayoutEvidence): string {
  return `${plausible} of ${seen} entries`;
}

/** What the words from `base` on say for each layout of some tables. @param among which layouts; those of the architecture when absent */
export function* readingsOf(
  memory: DumpMemory,
  base: number,
  names: readonly TableName[],
  isSwapped: boolean,
  among: readonly TableLayouts[] = Object.values(layouts),
): Work<Reading[]> {
  const found: Reading[] = [];
  for (const name of names) {
    for (const layout of among) {
      const entry = entryOf(layout, name);
      if (entry === undefined) continue;
      const aligned = alignedBase(base, entry.bytes);
      const segments = flatSegments(memory, aligned, 0, entry.bytes, aligned + MAX_TABLE_BYTES);
      const evidence = yield* weighLayout(memory, entry, segments);
      found.push({ name, layout, swapped: isSwapped, ...evidence });
    }
  }
  return found;
}

function entryOf(layout: TableLayouts, name: TableName): EntryLayout | undefined {
  const kind = TABLE_NAMES[name];
  if (kind === "command-queue" || kind === "list-registers") return undefined;
  const entry = layout.entries[kind] ?? (kind === "level1" ? architectureLevel1 : undefined);
  return entry === undefined || entry.bytes === 0 || entry.validField === undefined ? undefined : entry;
}

/** Another place of the dump, behind a gap, whose words are a table's. */
function* placeOf(
  memory: DumpMemory,
  base: number,
  name: TableName,
): Work<(LayoutEvidence & { readonly address: number }) | undefined> {
  let end = -1;
  let places = 0;
  for (const { address, length } of memory.spans()) {
    const begins = end < 0 || isFar(end, address);
    end = address + length;
    if (!begins || address === base) continue;
    if (++places > MAX_PLACES) return undefined;
    const [best] = (yield* readingsOf(memory, address, tableNames, false))
      .filter(isGood)
      .sort((a, b) => b.bits - a.bits);
    if (best?.name === name) return { ...best, address };
  }
  return undefined;
}

/** The first bytes from `base` on, with those of each group of a word the other way round. */
function swapped(memory: DumpMemory, base: number, groupBytes: number): DumpMemory {
  const spans: { address: number; bytes: Uint8Array }[] = [];
  let left = SWAPPED_BYTES;
  for (const { address, length } of memory.spans(base)) {
    const held = memory.read(address, Math.min(length, left));
    if (held === undefined) break;
    const bytes = new Uint8Array(held);
    for (let at = 0; at + groupBytes <= bytes.length; at += groupBytes) bytes.subarray(at, at + groupBytes).reverse();
    spans.push({ address, bytes });
    left -= bytes.length;
    if (left <= 0) break;
  }
  return new DumpMemory(spans, memory.origin);
}
