import { hexId } from "./row-fields.ts";
import { findId } from "./valid-index.ts";

/** How a reader of the table (KVM's RESTORE_TABLES) goes from each valid entry to the next. */
export interface Chain {
  /** 1 for rows that the reader meets. */
  readonly reached: Uint8Array;
  /** For a reached row: the row the reader meets next, -1 after the last. */
  readonly following: Int32Array;
}

/** What the walk needs to know about a table with `next` fields. */
export interface ChainTable {
  readonly ids: Uint32Array;
  /** Distance in a row's `next` field. */
  next(row: number): number;
  /** Ids a level-2 page holds; undefined for a flat table. */
  readonly idsPerPage: number | undefined;
  readonly indexName: string;
  /** Largest value of the `next` field. */
  readonly nextMax: number;
}

/**
 * Walks as Linux does (vgic-its.c scan_its_table): an invalid entry is passed one by one, a valid one leads `next` ids on, 0 ends the walk.
 * A step beyond a level-2 page ends that page only: the next page is read from its slot 0.
 */
export function walkChain(table: ChainTable): Chain {
  const { ids } = table;
  const reached = new Uint8Array(ids.length);
  const following = new Int32Array(ids.length).fill(-1);
  let row = ids.length > 0 ? 0 : -1;
  while (row >= 0) {
    reached[row] = 1;
    const next = table.next(row);
    if (next === 0) break;
    const landing = landingRow(table, ids[row], next);
    following[row] = landing;
    row = landing;
  }
  return { reached, following };
}

/** The row that the reader meets after `next` ids, -1 when there is none. Always a later row, so the walk ends. */
function landingRow(table: ChainTable, id: number, next: number): number {
  let target = id + next;
  if (table.idsPerPage !== undefined) {
    const pageEnd = (Math.floor(id / table.idsPerPage) + 1) * table.idsPerPage;
    if (target >= pageEnd) target = pageEnd;
  }
  const found = findId(table.ids, target);
  const row = found >= 0 ? found : -1 - found;
  return row < table.ids.length ? row : -1;
}

/** What is to be said about one row's `next` field. */
export function chainNotes(table: ChainTable, chain: Chain, row: number): string[] {
  const { ids, indexName } = table;
  if (chain.reached[row] === 0) return ["stale: the chain of next does not reach this entry, a restore never reads it"];
  const next = table.next(row);
  const later = ids.length - 1 - row;
  if (next === 0) {
    return later === 0
      ? []
      : [`next is 0, so a restore stops here; ${later} valid ${later === 1 ? "entry follows" : "entries follow"}`];
  }
  const target = ids[row] + next;
  const landing = chain.following[row];
  if (landing >= 0 && ids[landing] === target) return [];
  const capped = next === table.nextMax ? `next is capped at ${next}: it ` : "next ";
  const points = `${capped}points at ${indexName} ${hexId(target)}`;
  if (landing < 0) return [`${points}, and neither it nor anything after it is valid`];
  if (ids[landing] < target) {
    return [
      `${points}, but the level-2 page of ${indexName} ${hexId(ids[landing])} comes first and a restore reads it from slot 0`,
    ];
  }
  const leavesPage =
    table.idsPerPage !== undefined &&
    Math.floor(ids[row] / table.idsPerPage) !== Math.floor(ids[landing] / table.idsPerPage);
  const goesOn = leavesPage ? "with the next level-2 page" : "entry by entry";
  return [`${points}, which is not valid; a restore goes on ${goesOn} and meets ${hexId(ids[landing])}`];
}
