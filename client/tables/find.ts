import { rowNear, rowOfId } from "../../dumps/tables/find-row.ts";
import type { SectionTable } from "../../dumps/tables/sections.ts";
import type { DecodedTable, TableRow } from "../../dumps/tables/table.ts";
import type { TableName } from "../../dumps/tables/table-names.ts";
import type { Work } from "../../dumps/work.ts";
import { AS_GUESSED, type ReadingChoice } from "../protocol.ts";
import { texts } from "../texts.ts";
import { parseGoTo, type Target, type Wanted } from "./go-to.ts";
import type { OpenTable } from "./open-table.ts";
import type { TableList } from "./table-list.ts";
import { tableTexts } from "./table-texts.ts";

/** Where a search begins. */
export interface FindFrom {
  readonly list: TableList;
  readonly table: OpenTable;
  /** Node of the table. */
  readonly node: string;
  /** The entry that is selected: an EventID is one of its device. */
  readonly selected: TableRow | undefined;
  readonly reading: ReadingChoice;
}

/** An entry and its table's node; without a row nothing was found. */
export interface Found {
  readonly node: string;
  readonly row: TableRow | undefined;
  readonly isValid: boolean;
  /** What is to be said about it. */
  readonly remark?: string;
}

/** Rows between two slices. */
const SLICE = 64;
/** Tables that ids of a kind are looked up in. */
const TABLES: Readonly<Partial<Record<Target, readonly TableName[]>>> = {
  DeviceID: ["device-table"],
  ICID: ["collection-table"],
  vPEID: ["vpe-table"],
  slot: ["command-queue"],
};

/** Finds what a text names: first in the table that shows, then in the others of the dump. */
export function* find(text: string, from: FindFrom): Work<Found> {
  const wanted = parseGoTo(text);
  const { table } = from.table;
  if (wanted === undefined) return nothing(from, tableTexts.goToForms(text.trim()));
  const { target, value } = wanted;
  if (target === "id" || target === table.indexName) {
    const held = here(from, table, value);
    if (held !== undefined) return held;
    // A number that is no id of the table may be an address.
    if (target === "id" && table.holds?.(Number(value)) === false) {
      const found = yield* byAddress(from, value);
      if (found.row !== undefined) return found;
    }
    return near(from, table, text, value);
  }
  if (target === "address") return yield* byAddress(from, value);
  if (target === "EventID") return yield* event(from, value);
  if (target === "INTID") return yield* byIntid(from, value);
  const names = TABLES[target] ?? [];
  const node = names.map((name) => from.list.nodeOf(name)).find((found) => found !== undefined);
  const other = node === undefined ? undefined : yield* from.list.decode(node, AS_GUESSED);
  if (node === undefined || !other?.result.ok) return nothing(from, tableTexts.notFound(nameOf(wanted)));
  return here({ ...from, node }, other.result.table, value) ?? near({ ...from, node }, other.result.table, text, value);
}

/** The entry of an id, valid or not, if the dump holds it. */
function here({ node }: FindFrom, table: DecodedTable, id: bigint): Found | undefined {
  const row = rowOfId(table, id);
  if (row >= 0) return { node, row: table.row(row), isValid: true };
  const entry = heldEntry(table, id);
  if (entry === undefined) return undefined;
  // An entry that is all zero says no more than that it is not valid: the next one is more likely what is looked for.
  return entry.words.some((word) => word !== 0n) ? { node, row: entry, isValid: false } : undefined;
}

function heldEntry(table: DecodedTable, id: bigint): TableRow | undefined {
  if (table.held === undefined || table.holds?.(Number(id)) !== true) return undefined;
  let low = 0;
  let high = (table.heldCount ?? 0) - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (BigInt(table.held(middle).index) < id) low = middle + 1;
    else high = middle;
  }
  const entry = table.held(low);
  return BigInt(entry.index) === id ? entry : undefined;
}

/** The next entry after an id that is not there. */
function near(from: FindFrom, table: DecodedTable, text: string, id: bigint): Found {
  const row = rowNear(table, id);
  const { noEntry, unknownEntry, noEntries } = texts.webview;
  if (row < 0) return nothing(from, noEntries());
  const typed = text.trim();
  const name = /^\d/.test(typed) ? `${table.indexName} ${typed}` : typed;
  const isHeld = table.holds?.(Number(id)) !== false;
  return { node: from.node, row: table.row(row), isValid: true, remark: isHeld ? noEntry(name) : unknownEntry(name) };
}

function* byAddress(from: FindFrom, address: bigint): Work<Found> {
  const { list } = from;
  const inside = Number(address - list.dump.memory.origin);
  if (!Number.isSafeInteger(inside) || inside < 0 || !list.dump.memory.holds(inside)) {
    return nothing(from, tableTexts.notFound(`0x${address.toString(16)}`));
  }
  const inTable = (table: DecodedTable, node: string): Found | undefined => {
    const row = table.entryAt(inside);
    return row && { node, row, isValid: table.rowAt(inside) >= 0 };
  };
  const found = yield* firstTable(from, (table, node) => {
    return noWork(inTable(table, node));
  });
  return found ?? nothing(from, tableTexts.notFound(`0x${address.toString(16)}`));
}

function* event(from: FindFrom, value: bigint): Work<Found> {
  const { list, table, selected, node } = from;
  if (table.table.name !== "device-table" || selected === undefined) return nothing(from, tableTexts.noDevice());
  const itt = list.ittNode(node, selected);
  const section = itt === undefined ? undefined : yield* list.decode(itt, AS_GUESSED);
  if (itt === undefined || !section?.result.ok) {
    return nothing(from, tableTexts.ittNotHeld(`0x${selected.index.toString(16)}`));
  }
  const events = { ...from, node: itt };
  return here(events, section.result.table, value) ?? near(events, section.result.table, `EventID ${value}`, value);
}

/** The event that gives an LPI; else its place in a table of LPIs. */
function* byIntid(from: FindFrom, value: bigint): Work<Found> {
  const found = yield* firstTable(from, function* (table, node): Work<Found | undefined> {
    if (table.indexName === "INTID") return undefined;
    if (table.kind !== "itt") return undefined;
    for (let i = 0; i < table.rowCount; i++) {
      if (i % SLICE === SLICE - 1) yield;
      const row = table.row(i);
      const isIt = row.fields.some(({ role, meaning }) => role === "intid" && meaning === value);
      if (isIt) return { node, row, isValid: true };
    }
    return undefined;
  });
  if (found !== undefined) return found;
  const lpis = yield* firstTable(from, (table, node) => {
    return noWork(table.indexName === "INTID" ? here({ ...from, node }, table, value) : undefined);
  });
  return lpis ?? nothing(from, tableTexts.notFound(`INTID ${value}`));
}

/** Asks the table that shows, then the others, until one has something. */
function* firstTable(
  { list, table, node, reading }: FindFrom,
  ask: (table: DecodedTable, node: string) => Work<Found | undefined>,
): Work<Found | undefined> {
  const own = yield* ask(table.table, node);
  if (own !== undefined) return own;
  const asked = new Set([node]);
  for (const other of list.tableIds) {
    if (asked.has(other)) continue;
    asked.add(other);
    const section: SectionTable | undefined = yield* list.decode(other, { ...AS_GUESSED, order: reading.order });
    const found = section?.result.ok ? yield* ask(section.result.table, other) : undefined;
    if (found !== undefined) return found;
    yield;
  }
  return undefined;
}

// biome-ignore lint/correctness/useYield: an answer that needs no slices
function* noWork(found: Found | undefined): Work<Found | undefined> {
  return found;
}

function nothing({ node }: FindFrom, remark: string): Found {
  return { node, row: undefined, isValid: false, remark };
}

function nameOf({ target, value }: Wanted): string {
  return `${target} 0x${value.toString(16)}`;
}
