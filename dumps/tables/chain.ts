import { hex } from "../../architecture/hex.ts";
import type { Work } from "../work.ts";
import type { ValidIndex } from "./valid-index.ts";

/** Steps between two slices. */
const SLICE = 1 << 14;

/** The rows that a reader of the table (KVM's RESTORE_TABLES) meets on its way from each valid entry to the next: a bit each. */
export class Chain {
  private readonly reached: Uint32Array;
  /** Where the way goes through an entry that the dump does not hold: what comes behind it is not known. */
  lostAt: number | undefined;

  constructor(rowCount: number) {
    this.reached = new Uint32Array(Math.ceil(rowCount / 32));
  }

  mark(row: number): void {
    this.reached[row >>> 5] |= 1 << (row & 31);
  }

  reaches(row: number): boolean {
    return ((this.reached[row >>> 5] >>> (row & 31)) & 1) === 1;
  }
}

/** What the walk needs to know about a table with `next` fields. */
export interface ChainTable {
  readonly index: ValidIndex;
  /** Distance in a row's `next` field. */
  next(row: number): number;
  /** Ids a level-2 page holds; undefined for a flat table. */
  readonly idsPerPage: number | undefined;
  readonly indexName: string;
  /** The first id from one on, below a limit, of which the table has an entry that the dump does not hold. */
  unknown(from: number, limit: number): number | undefined;
  /** Largest value of the `next` field. */
  readonly nextMax: number;
}

/**
 * Walks as Linux does (vgic-its.c scan_its_table): an invalid entry is passed one by one, a valid one leads `next` ids on, 0 ends the walk.
 * A step beyond a level-2 page ends that page only: the next page is read from its slot 0.
 */
export function* walkChain(table: ChainTable): Work<Chain> {
  const { index } = table;
  const chain = new Chain(index.rowCount);
  let row = index.rowCount > 0 ? 0 : -1;
  if (row === 0) chain.lostAt = table.unknown(0, index.idAt(0));
  for (let steps = 1; row >= 0; steps++) {
    chain.mark(row);
    const next = table.next(row);
    if (next === 0) break;
    const landing = land(table, row, next);
    chain.lostAt ??= landing.unknown;
    row = landing.unknown === undefined ? landing.row : -1;
    if (steps % SLICE === 0) yield;
  }
  return chain;
}

/** Where the reader gets after `next` ids. */
interface Landing {
  /** The row that it meets, -1 when there is none. Always a later one, so the walk ends. */
  readonly row: number;
  /** The first id on the way there of which the dump does not hold the entry: it may be valid. */
  readonly unknown: number | undefined;
}

function land(table: ChainTable, from: number, next: number): Landing {
  const { index } = table;
  const id = index.idAt(from);
  let target = id + next;
  if (table.idsPerPage !== undefined) {
    const pageEnd = (Math.floor(id / table.idsPerPage) + 1) * table.idsPerPage;
    if (target >= pageEnd) target = pageEnd;
  }
  // Nearly always it is the following row.
  if (from + 1 < index.rowCount && index.idAt(from + 1) === target) return { row: from + 1, unknown: undefined };
  const found = index.find(target);
  const after = found >= 0 ? found : -1 - found;
  const row = after < index.rowCount ? after : -1;
  // Behind the last entry that the dump holds nothing is known, but there the table may end, too.
  const limit = row < 0 ? Math.max(target + 1, lastId(index) + 1) : index.idAt(row);
  return { row, unknown: table.unknown(target, limit) };
}

function lastId({ segments }: ValidIndex): number {
  const last = segments[segments.length - 1];
  return last === undefined ? -1 : last.firstId + last.count - 1;
}

/** What is to be said about one row's `next` field. */
export function chainNotes(table: ChainTable, chain: Chain, row: number): string[] {
  const { index, indexName } = table;
  if (!chain.reaches(row)) {
    return chain.lostAt === undefined
      ? ["stale: the chain of next does not reach this entry, a restore never reads it"]
      : [`unknown whether a restore reads it: ${indexName} ${hex(chain.lostAt)}, on the way to it, is not in the dump`];
  }
  const next = table.next(row);
  const later = index.rowCount - 1 - row;
  if (next === 0) {
    return later === 0
      ? []
      : [`next is 0, so a restore stops here; ${later} valid ${later === 1 ? "entry follows" : "entries follow"}`];
  }
  const id = index.idAt(row);
  const target = id + next;
  const landing = land(table, row, next);
  const met = landing.row < 0 ? -1 : index.idAt(landing.row);
  if (met === target) return [];
  const capped = next === table.nextMax ? `next is capped at ${next}: it ` : "next ";
  const points = `${capped}points at ${indexName} ${hex(target)}`;
  if (table.unknown(target, target + 1) !== undefined)
    return [`${points}, which is unknown: the dump does not hold it`];
  if (landing.unknown !== undefined) {
    return [`${points}, which is not valid; ${hex(landing.unknown)}, which comes next, is not in the dump`];
  }
  if (landing.row < 0) return [`${points}, and neither it nor anything after it is valid`];
  if (met < target) {
    return [
      `${points}, but the level-2 page of ${indexName} ${hex(met)} comes first and a restore reads it from slot 0`,
    ];
  }
  const leavesPage =
    table.idsPerPage !== undefined && Math.floor(id / table.idsPerPage) !== Math.floor(met / table.idsPerPage);
  const goesOn = leavesPage ? "with the next level-2 page" : "entry by entry";
  return [`${points}, which is not valid; a restore goes on ${goesOn} and meets ${hex(met)}`];
}
