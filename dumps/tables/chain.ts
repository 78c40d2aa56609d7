import { hex } from "../../architecture/hex.ts";
import type { Work } from "../work.ts";
import type { ValidIndex } from "./valid-index.ts";

/** Steps between two slices. */
const SLICE = 1 << 14;

/** The rows that a reader of the table (KVM's RESTORE_TABLES) meets on its way from each valid entry to the next: a bit each. */
export class Chain {
  private readonly reached: Uint32Array;

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
  for (let steps = 1; row >= 0; steps++) {
    chain.mark(row);
    const next = table.next(row);
    if (next === 0) break;
    row = landingRow(table, index.idAt(row), next);
    if (steps % SLICE === 0) yield;
  }
  return chain;
}

/** The row that the reader meets after `next` ids, -1 when there is none. Always a later row, so the walk ends. */
function landingRow(table: ChainTable, id: number, next: number): number {
  let target = id + next;
  if (table.idsPerPage !== undefined) {
    const pageEnd = (Math.floor(id / table.idsPerPage) + 1) * table.idsPerPage;
    if (target >= pageEnd) target = pageEnd;
  }
  const found = table.index.find(target);
  const row = found >= 0 ? found : -1 - found;
  return row < table.index.rowCount ? row : -1;
}

/** What is to be said about one row's `next` field. */
export function chainNotes(table: ChainTable, chain: Chain, row: number): string[] {
  const { index, indexName } = table;
  if (!chain.reaches(row)) return ["stale: the chain of next does not reach this entry, a restore never reads it"];
  const next = table.next(row);
  const later = index.rowCount - 1 - row;
  if (next === 0) {
    return later === 0
      ? []
      : [`next is 0, so a restore stops here; ${later} valid ${later === 1 ? "entry follows" : "entries follow"}`];
  }
  const id = index.idAt(row);
  const target = id + next;
  const landing = landingRow(table, id, next);
  const met = landing < 0 ? -1 : index.idAt(landing);
  if (met === target) return [];
  const capped = next === table.nextMax ? `next is capped at ${next}: it ` : "next ";
  const points = `${capped}points at ${indexName} ${hex(target)}`;
  if (landing < 0) return [`${points}, and neither it nor anything after it is valid`];
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
