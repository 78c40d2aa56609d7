import { COMMAND_BYTES } from "../../architecture/command-codec.ts";
import { FIRST_LPI } from "../../architecture/intids.ts";
import type { EntryLayout, TableKind, TableLayouts } from "../../architecture/layout.ts";
import { architectureLevel1, layouts } from "../../architecture/layouts/index.ts";
import { listRegisterTable } from "../list-registers/list-register-table.ts";
import type { DumpMemory } from "../memory.ts";
import { finish, type Work } from "../work.ts";
import { commandTable } from "./command-table.ts";
import { EntryTable } from "./entry-table.ts";
import { withoutForeign } from "./foreign-blocks.ts";
import { guessLayout, type LayoutGuess } from "./guess-layout.ts";
import { level1Pages, looksTwoLevel } from "./level-one.ts";
import { lpiConfigTable, lpiPendingTable } from "./lpi-ranges.ts";
import {
  alignedBase,
  BLOCK_ENTRIES,
  flatSegments,
  MAX_ID,
  MAX_TABLE_BYTES,
  pagedSegments,
  type Segment,
} from "./segments.ts";
import type { TableOptions, TableResult } from "./table.ts";
import { TABLE_NAMES, type TableName } from "./table-names.ts";

/** What the addresses of tables are multiples of: slots of the queue, GICR_PROPBASER [51:12], GICR_PENDBASER [51:16]. */
const BASE_MULTIPLES: Readonly<Record<string, number | undefined>> = {
  "command-queue": COMMAND_BYTES,
  "lpi-config": 0x1000,
  "lpi-pending": 0x10000,
};
/** MAPD has ITT_addr [51:8]. */
const ITT_MULTIPLE = 0x100;

/** Blocks of other tables that are named one by one. */
const NAMED_FOREIGN = 8;
const DEFAULT_PAGE = 0x10000;
const PAGE_SIZES = [0x1000, 0x4000, 0x10000];

/**
 * Decodes the table at `options.base` of a dump's memory. Costs one pass over the table's bytes; rows are decoded when asked for.
 * @param pages memory in which level-2 pages are looked up, when it is more than `memory`
 */
export function decodeTable(
  memory: DumpMemory,
  name: TableName,
  options: TableOptions = {},
  pages = memory,
): TableResult {
  return finish(decodeTableWork(memory, name, options, pages));
}

/** Address of the first entry of a table, the memory's origin not included. */
export function baseOf(memory: DumpMemory, options: TableOptions): number {
  return options.base === undefined ? memory.start : Number(options.base - memory.origin);
}

/** Whether the table of this kind is a two-level one: as `options` say, else as its first words look. */
export function isTwoLevel(kind: string, options: TableOptions, pages: DumpMemory, base: number): boolean {
  if (kind !== "device" || (options.firstId ?? 0) !== 0) return false;
  return (options.levels ?? (looksTwoLevel(pages, base, options.pageSize ?? DEFAULT_PAGE) ? 2 : 1)) === 2;
}

/** As {@link decodeTable}, in slices. */
export function* decodeTableWork(
  memory: DumpMemory,
  name: TableName,
  options: TableOptions,
  pages: DumpMemory,
): Work<TableResult> {
  if (memory.isEmpty) return fail("The dump holds no memory, so there is no table in it.");
  const base = baseOf(memory, options);
  if (base < 0 || base >= memory.end) {
    const held = `${memory.format(memory.start)} to ${memory.format(memory.end - 1)}`;
    return fail(`The base 0x${(options.base ?? 0n).toString(16)} is outside the memory that the dump holds (${held}).`);
  }
  const kind = TABLE_NAMES[name];
  const firstId = options.firstId ?? (kind === "lpi-config" ? FIRST_LPI : 0);
  if (!Number.isInteger(firstId) || firstId < 0 || firstId > MAX_ID)
    return fail(`The first id must be 0 to 0x${MAX_ID.toString(16)}.`);
  const pageSize = options.pageSize ?? DEFAULT_PAGE;
  if (!PAGE_SIZES.includes(pageSize)) return fail("The page size must be 4096, 16384 or 65536 bytes.");
  const multiple = BASE_MULTIPLES[kind];
  if (multiple !== undefined && options.base !== undefined && options.firstId === undefined && base % multiple !== 0)
    return fail(notAligned(memory, base, name, multiple));
  if (kind === "command-queue") return { ok: true, table: commandTable(memory, base, firstId) };
  if (kind === "list-registers") return listRegisterTable(memory, base, options);
  if (kind === "lpi-config") return { ok: true, table: yield* lpiConfigTable(memory, base, firstId) };
  if (kind === "lpi-pending") return { ok: true, table: yield* lpiPendingTable(memory, base, firstId) };
  return yield* entryTable(memory, pages, name, kind, base, firstId, pageSize, options);
}

function* entryTable(
  memory: DumpMemory,
  pages: DumpMemory,
  name: TableName,
  kind: TableKind,
  base: number,
  firstId: number,
  pageSize: number,
  options: TableOptions,
): Work<TableResult> {
  const twoLevel = isTwoLevel(kind, options, pages, base);
  const guess = yield* chooseLayout(memory, pages, kind, base, twoLevel, options.layout);
  const entry = layoutOf(guess.layout, kind);
  if (entry === undefined) return fail(`${guess.layout.title} has no ${name}. ${layoutsWith(kind)}`);
  const notes: string[] = [];
  const aligned = alignedBase(base, entry.bytes);
  const wrong = options.base === undefined ? undefined : misalignedBase(memory, base, kind, entry, options);
  if (wrong !== undefined) return fail(wrong);
  if (aligned !== base) {
    const first = memory.format(aligned);
    notes.push(`the dump begins within an entry: ids count from ${first}, and what the dump lacks is unknown`);
  }
  let segments: Segment[];
  let slots: readonly number[] | undefined;
  if (twoLevel) {
    const level1 = level1Pages(memory, guess.layout, base);
    const paged = yield* pagedSegments(pages, level1, pageSize, entry.bytes);
    segments = paged.segments;
    slots = paged.slots;
    if (options.levels === undefined) notes.push("taken for two-level: its words point to pages that the dump holds");
    for (const page of paged.missing) {
      notes.push(`level-1 entry ${page.slot} points to ${memory.format(page.address)}, which the dump does not hold`);
    }
    const more = paged.missingCount - paged.missing.length;
    if (more > 0) notes.push(`${more} more level-2 pages are not in the dump`);
    if (paged.leftOut !== undefined) {
      const { slot, address } = paged.leftOut;
      notes.push(`pages overlap; those from level-1 entry ${slot} (${memory.format(address)}) on are left out`);
    }
  } else {
    segments = flatSegments(
      memory,
      aligned,
      firstId,
      entry.bytes,
      aligned + tableBytes(kind, entry, options.eventBits),
    );
    if (segments.length === 0) {
      return fail(
        `The dump holds no entry of a table at ${memory.format(base)}; its first address is ${memory.format(memory.start)}.`,
      );
    }
    if (kind !== "itt" && segments.length > 1) {
      const own = yield* withoutForeign(memory, guess.layout, entry, segments);
      segments = own.segments;
      for (const { address, entryName } of own.foreign.slice(0, NAMED_FOREIGN)) {
        const from = memory.format(address);
        notes.push(`from ${from} on there are ${entryName}s, another table's: left out; base ${from} decodes them`);
      }
    }
    // ITTs of other devices follow at any address; without a size the first gap ends this one.
    if (kind === "itt" && options.eventBits === undefined && segments.length > 1) {
      segments = segments.slice(0, 1);
      notes.push(
        "read up to the first gap of the dump; give the EventID bits of the device when the ITT goes on behind it",
      );
    }
  }
  if (segments.length > 1 && !twoLevel) notes.push("the dump has gaps: entries in them are unknown, not invalid");
  const table = yield* EntryTable.of({
    name,
    kind,
    layouts: guess.layout,
    layoutReason: guess.reason,
    closeLayout: guess.close,
    base: aligned,
    levels: twoLevel ? 2 : 1,
    entry,
    memory: twoLevel ? pages : memory,
    segments,
    eventBits: options.eventBits,
    slots,
    idsPerPage: twoLevel ? Math.floor(pageSize / entry.bytes) : undefined,
    notes,
  });
  return { ok: true, table };
}

/** Why a table of entries cannot be at the base that was given; undefined: it can. */
function misalignedBase(
  memory: DumpMemory,
  base: number,
  kind: TableKind,
  entry: EntryLayout,
  { firstId }: TableOptions,
): string | undefined {
  if (alignedBase(base, entry.bytes) !== base) return notAligned(memory, base, `${entry.entryName}s`, entry.bytes);
  // Entries of 12 bytes: what tells is the ITT, whose address has no bits below this.
  if (kind !== "itt" || firstId !== undefined || entry.bytes % 4 !== 0 || entry.bytes === 8) return undefined;
  return base % ITT_MULTIPLE === 0 ? undefined : notAligned(memory, base, "an ITT", ITT_MULTIPLE);
}

function notAligned(memory: DumpMemory, base: number, what: string, multiple: number): string {
  const [given, below] = [memory.format(base), memory.format(base - (base % multiple))];
  return `The base ${given} is none of ${what}, which are at multiples of ${multiple} bytes: it would be ${below}.`;
}

function* chooseLayout(
  memory: DumpMemory,
  pages: DumpMemory,
  kind: TableKind,
  base: number,
  twoLevel: boolean,
  given: TableLayouts | undefined,
): Work<LayoutGuess> {
  if (given !== undefined) return { layout: given, reason: "given" };
  if (!twoLevel) return yield* guessLayout(memory, kind, base);
  // Level-1 entries are nearly the same everywhere; the first page that is there tells.
  let steps = 0;
  for (const page of level1Pages(memory, layouts["kvm-rev0"], base)) {
    if (page === undefined || ++steps % BLOCK_ENTRIES === 0) yield;
    if (page !== undefined && pages.holds(page.address)) return yield* guessLayout(pages, kind, page.address);
  }
  return yield* guessLayout(pages, kind, base);
}

/** The layout of an entry; the first level of a table is laid down by the architecture where an implementation adds nothing. */
function layoutOf(layout: TableLayouts, kind: TableKind): EntryLayout | undefined {
  return layout.entries[kind] ?? (kind === "level1" ? architectureLevel1 : undefined);
}

function tableBytes(kind: TableKind, entry: EntryLayout, eventBits: number | undefined): number {
  if (kind !== "itt") return MAX_TABLE_BYTES;
  return entry.bytes * 2 ** Math.min(eventBits ?? 32, 32);
}

function layoutsWith(kind: TableKind): string {
  const names = Object.values(layouts).filter((candidate) => candidate.entries[kind] !== undefined);
  return `Layouts that have one: ${names.map((candidate) => candidate.name).join(", ") || "none"}.`;
}

function fail(message: string): TableResult {
  return { ok: false, message };
}
