import type { DumpDocument } from "../document.ts";
import type { TablePlan } from "../tables/section-tables.ts";
import type { DecodedTable, TableRow } from "../tables/table.ts";
import type { Work } from "../work.ts";
import { type FieldRole, fieldOfRole } from "./entry-fields.ts";
import { textTable } from "./text-tables.ts";

/** An entry of a dump, with what other entries know it by. Addresses are those inside the decoder. */
export interface IndexedEntry {
  readonly kind: DecodedTable["kind"];
  readonly address: number;
  readonly bytes: number;
  /** DeviceID, EventID, ICID of a collection, index of a level-1 entry, first INTID of LPI tables. */
  readonly id: number;
  readonly lastId: number;
  /** ITT, level-2 page or vPT that it names. */
  readonly names: number | undefined;
  /** EventID bits of a device. */
  readonly eventBits: number | undefined;
  readonly intid: number | undefined;
  readonly icid: number | undefined;
}

/** Entries that are looked at: what one dump holds of a guest is far less. */
const MAX_ENTRIES = 262_144;
/** Rows between two slices. */
const SLICE = 256;

/** All valid entries of a dump's tables. */
export interface EntryIndex {
  readonly entries: readonly IndexedEntry[];
  /** There are more entries than are looked at. */
  readonly isCut: boolean;
}

/** Decodes the tables of a dump one after another, and keeps what their entries name. */
export function* entryIndex(document: DumpDocument, plans: readonly TablePlan[]): Work<EntryIndex> {
  const entries: IndexedEntry[] = [];
  for (const plan of plans) {
    if (plan.name === "list-registers" || plan.name === "command-queue") continue;
    const { tables } = yield* textTable(document, plan);
    yield;
    for (const [place, table] of tables.entries()) {
      for (let i = 0; i < table.rowCount; i++) {
        if (i % SLICE === SLICE - 1) yield;
        if (entries.length >= MAX_ENTRIES) return { entries, isCut: true };
        const row = table.row(i);
        // Words of level-2 pages are no level-1 entries.
        if (place > 0 && tables[0].entryAt(row.address) !== undefined) continue;
        entries.push(indexed(document, table, row));
      }
    }
  }
  return { entries, isCut: false };
}

/** What an entry is known by and what it names. */
export function indexed(document: DumpDocument, table: DecodedTable, row: TableRow): IndexedEntry {
  const number = (role: FieldRole): number | undefined => {
    const field = fieldOfRole(table, row, role)?.field;
    return field === undefined ? undefined : Number(field.meaning);
  };
  const address = fieldOfRole(table, row, "address")?.field.meaning;
  const icid = number("collection");
  const isLpi = table.kind === "lpi-config" || table.kind === "lpi-pending";
  return {
    kind: table.kind,
    address: row.address,
    bytes: Math.max(row.byteCount, 1),
    id: table.kind === "collection" ? (icid ?? row.index) : row.index,
    lastId: isLpi ? row.lastIndex : row.index,
    names: address === undefined ? undefined : Number(address - document.memory.origin),
    eventBits: table.kind === "device" ? number("size") : undefined,
    intid: isLpi ? undefined : number("intid"),
    icid: table.kind === "itt" ? icid : undefined,
  };
}
