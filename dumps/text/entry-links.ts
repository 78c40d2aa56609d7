import { FIRST_LPI } from "../../architecture/intids.ts";
import type { DumpDocument } from "../document.ts";
import { placeAt } from "../hex-text/line-groups.ts";
import type { DecodedTable, TableRow } from "../tables/table.ts";
import { nibbleAt } from "./digit-roles.ts";
import { type FieldRole, fieldsAt, type PlacedField, placedFields } from "./entry-fields.ts";
import { type EntryIndex, type IndexedEntry, indexed } from "./entry-index.ts";
import { tableFor } from "./line-entries.ts";

/** The entry and the field under a position of the text. */
export interface EntryAt {
  readonly table: DecodedTable;
  readonly row: TableRow;
  /** Undefined where the digit has bits of several fields, or of none. */
  readonly field: PlacedField | undefined;
  /** Address of the byte under the position. */
  readonly address: number;
  readonly isValid: boolean;
}

/** @param line from 1 @param column from 0 */
export function entryUnder(
  document: DumpDocument,
  tables: readonly DecodedTable[],
  line: number,
  column: number,
): EntryAt | undefined {
  const place = placeAt(document, line, column);
  if (place === undefined) return undefined;
  const { address } = place;
  const table = tableFor(tables, address);
  const row = table?.entryAt(address);
  if (table === undefined || row === undefined) return undefined;
  const isValid = table.rowAt(row.address) >= 0;
  const isRange = row.lastIndex !== row.index;
  const start = isRange ? address : row.address;
  const high = place.group.isHex && nibbleAt(place.group, column).high;
  const lsb = (address - start) * 8 + (high ? 4 : 0);
  const touched = place.group.isHex && isValid ? fieldsAt(placedFields(table, row), lsb, lsb + 3) : [];
  return { table, row, field: touched.length === 1 ? touched[0] : undefined, address, isValid };
}

/** Bytes that something leads to; `address` may not be in the dump. */
export interface LinkTarget {
  readonly address: number;
  readonly bytes: number;
}

/** Fields by which each kind of entry leads on where the digit under the position does not say which. */
const mainRoles: Readonly<Partial<Record<DecodedTable["kind"], readonly FieldRole[]>>> = {
  device: ["address"],
  level1: ["address"],
  vpe: ["address"],
  itt: ["collection", "intid"],
  "command-queue": ["address", "collection", "intid", "id"],
};

const leading: ReadonlySet<FieldRole> = new Set(["address", "collection", "intid", "next", "id"]);

/** Where an entry leads: the ITT of a device, the collection and the configuration byte of an event, a level-2 page, what `next` says. */
export function definitionsOf(document: DumpDocument, index: EntryIndex, at: EntryAt): LinkTarget[] {
  const { table, row, field, isValid } = at;
  if (!isValid) return [];
  // A digit that leads on by itself leads nowhere else: an ICID without a CTE has none.
  if (field !== undefined && leading.has(field.role)) return leadsTo(document, index, at, field.role, field);
  for (const role of mainRoles[table.kind] ?? []) {
    const placed = placedFields(table, row).find((other) => other.role === role);
    const targets = placed === undefined ? [] : leadsTo(document, index, at, role, placed);
    if (targets.length > 0) return targets;
  }
  return [];
}

function leadsTo(
  document: DumpDocument,
  { entries }: EntryIndex,
  { table, row }: EntryAt,
  role: FieldRole,
  placed: PlacedField | undefined,
): LinkTarget[] {
  if (placed === undefined) return [];
  const value = placed.field.meaning;
  switch (role) {
    case "address": {
      const address = Number(value - document.memory.origin);
      return document.memory.holds(address) ? [{ address, bytes: 8 }] : [];
    }
    case "collection":
      if (table.kind === "collection") return [];
      return targets(entries.filter(({ kind, id }) => kind === "collection" && id === Number(value)));
    case "intid":
      return lpiBytes(entries, Number(value)).filter(({ kind }) => kind === "lpi-config");
    case "next": {
      const own = indexed(document, table, row);
      const id = own.id + Number(value);
      if (value === 0n) return [];
      const inTable = entries.filter((entry) => entry.kind === table.kind && entry.id === id);
      // Several ITTs have the same EventIDs: the one that is meant is as far away as the ids are.
      const near = inTable.filter(({ address }) => address === row.address + Number(value) * table.entryBytes);
      return targets(near.length > 0 || table.kind === "itt" ? near : inTable);
    }
    case "id":
      if (placed.field.name.endsWith("DeviceID"))
        return targets(entries.filter(({ kind, id }) => kind === "device" && id === Number(value)));
      return [];
    default:
      return [];
  }
}

/** Which entries have to do with one: who names it, and what is of the same event. The entry itself is not among them. */
export function referencesOf(document: DumpDocument, index: EntryIndex, at: EntryAt): LinkTarget[] {
  const { table, row, address } = at;
  const { entries } = index;
  const own = indexed(document, table, row);
  const found = ((): readonly IndexedEntry[] => {
    switch (table.kind) {
      case "collection":
        return entries.filter(({ kind, icid }) => kind === "itt" && icid === own.id);
      case "lpi-config": {
        const intid = row.index + (address - row.address);
        return [...eventsOf(entries, intid), ...lpiBytes(entries, intid).filter(({ kind }) => kind === "lpi-pending")];
      }
      case "lpi-pending": {
        const [byte = 0] = document.memory.read(address, 1) ?? [];
        const isSet = (intid = -1) => intid >> 3 === address - table.base && ((byte >> (intid & 7)) & 1) === 1;
        return entries.filter(({ kind, intid }) => kind === "itt" && isSet(intid));
      }
      case "itt":
        return [
          ...entries.filter((entry) => entry.kind === "device" && holdsIte(entry, own)),
          ...(own.intid === undefined
            ? []
            : eventsOf(entries, own.intid).filter((other) => other.address !== row.address)),
          ...(own.intid === undefined ? [] : lpiBytes(entries, own.intid)),
        ];
      case "device": {
        const { names } = own;
        const events = entries.filter((entry) => entry.kind === "itt" && holdsIte(own, entry));
        const sharing = entries.filter(
          (other) => other.kind === "device" && other.names === names && other.id !== own.id,
        );
        return [...sharing, ...events];
      }
      case "level1": {
        const { names = -1 } = own;
        const end = names + PAGE_BYTES;
        return entries.filter((entry) => entry.kind === "device" && entry.address >= names && entry.address < end);
      }
      default:
        return [];
    }
  })();
  return targets(found.slice(0, MAX_REFERENCES));
}

/** References that are told of one entry. */
const MAX_REFERENCES = 2000;
/** Level-2 pages of KVM. */
const PAGE_BYTES = 0x1_0000;

/** Whether the ITT of a device has an ITE: it is as many entries behind the ITT's address as its EventID says. */
function holdsIte({ names, eventBits = 0 }: IndexedEntry, { id, address, bytes }: IndexedEntry): boolean {
  return names !== undefined && id < 2 ** Math.min(eventBits, 32) && address === names + id * bytes;
}

function eventsOf(entries: readonly IndexedEntry[], lpi: number): IndexedEntry[] {
  return entries.filter(({ kind, intid }) => kind === "itt" && intid === lpi);
}

/** The bytes of an LPI in the LPI tables. */
function lpiBytes(entries: readonly IndexedEntry[], intid: number): IndexedEntry[] {
  if (intid < FIRST_LPI) return [];
  return entries.flatMap((entry) => {
    const { kind, id, lastId, address } = entry;
    if (intid < id || intid > lastId) return [];
    if (kind === "lpi-config") return [{ ...entry, address: address + intid - id, bytes: 1 }];
    if (kind !== "lpi-pending") return [];
    return [{ ...entry, address: address + Math.floor(intid / 8) - Math.floor(id / 8), bytes: 1 }];
  });
}

function targets(entries: readonly IndexedEntry[]): LinkTarget[] {
  return entries.map(({ address, bytes }) => ({ address, bytes }));
}
