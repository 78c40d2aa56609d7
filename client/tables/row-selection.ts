import { rowOfId } from "../../dumps/tables/find-row.ts";
import type { DecodedTable, TableRow } from "../../dumps/tables/table.ts";
import type { Work } from "../../dumps/work.ts";

/** Which rows of a table are wanted, in which order. */
export interface RowQuery {
  readonly all: boolean;
  /** Only rows that it says yes to; undefined: every one. */
  readonly wanted?: (row: TableRow) => boolean;
  /** Rows ascend by it; undefined: by id. */
  readonly key?: (row: TableRow) => number | bigint;
  readonly descending: boolean;
}

/** Rows between two slices. */
const SLICE = 256;

/** Rows of a table as a view shows them: a place among them stands for a row of the table. */
export class RowSelection {
  readonly count: number;
  private readonly table: DecodedTable;
  private readonly all: boolean;
  /** Rows of the table by their place; undefined: all of them, in the table's order. */
  private readonly order: Uint32Array | undefined;
  private readonly reversed: boolean;

  private constructor(table: DecodedTable, query: RowQuery, order: Uint32Array | undefined) {
    this.table = table;
    this.all = query.all && table.held !== undefined;
    this.order = order;
    this.reversed = query.descending && query.key === undefined;
    this.count = order?.length ?? sourceCount(table, this.all);
  }

  /** Looks at every row once if anything is asked of rows; else costs nothing, whatever the table's size. */
  static *of(table: DecodedTable, query: RowQuery): Work<RowSelection> {
    const { wanted, key, descending } = query;
    if (wanted === undefined && key === undefined) return new RowSelection(table, query, undefined);
    const all = query.all && table.held !== undefined;
    const total = sourceCount(table, all);
    const kept = new Uint32Array(total);
    const keys = key === undefined || total === 0 ? undefined : keysFor(key(sourceRow(table, all, 0)), total);
    let count = 0;
    for (let i = 0; i < total; i++) {
      if (i % SLICE === SLICE - 1) yield;
      const row = sourceRow(table, all, i);
      if (wanted !== undefined && !wanted(row)) continue;
      if (key !== undefined) keys?.set(count, key(row));
      kept[count++] = i;
    }
    const order = kept.subarray(0, count);
    return new RowSelection(table, query, keys === undefined ? order : yield* sorted(order, keys.compare, descending));
  }

  row(place: number): TableRow {
    return sourceRow(this.table, this.all, this.source(place));
  }

  /** The place of the row that holds an address; -1 when the view shows none. */
  placeOf(address: number): number {
    return this.placeOfSource(this.all ? this.heldAt(address) : this.table.rowAt(address));
  }

  /** The place of a row of the table, perhaps as it was before an edit; several LPIs' pending bits stand at one address. */
  placeOfRow({ index, address }: TableRow): number {
    const byId = this.placeOfSource(this.all ? this.heldId(index) : rowOfId(this.table, BigInt(index)));
    return byId >= 0 && this.row(byId).address === address ? byId : this.placeOf(address);
  }

  private placeOfSource(row: number): number {
    if (row < 0) return -1;
    const place = this.order === undefined ? row : this.order.indexOf(row);
    return place < 0 || !this.reversed ? place : this.count - 1 - place;
  }

  private source(place: number): number {
    const at = this.reversed ? this.count - 1 - place : place;
    return this.order === undefined ? at : this.order[at];
  }

  /** The entry that holds an address, valid or not: by its id, as those that the dump holds ascend. */
  private heldAt(address: number): number {
    const entry = this.table.entryAt(address);
    return entry === undefined ? -1 : this.heldId(entry.index);
  }

  private heldId(id: number): number {
    const { table } = this;
    let low = 0;
    let high = (table.heldCount ?? 0) - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const { index } = sourceRow(table, true, middle);
      if (index === id) return middle;
      if (index < id) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }
}

function sourceCount(table: DecodedTable, all: boolean): number {
  return all ? (table.heldCount ?? table.rowCount) : table.rowCount;
}

function sourceRow(table: DecodedTable, all: boolean, i: number): TableRow {
  return all && table.held !== undefined ? table.held(i) : table.row(i);
}

/** What rows are sorted by, as columns of numbers: words of 64 bits exactly, all else as numbers. */
interface Keys {
  set(place: number, key: number | bigint): void;
  /** Below 0 when the first of two places comes first. */
  readonly compare: (a: number, b: number) => number;
}

function keysFor(first: number | bigint, total: number): Keys {
  if (typeof first === "number") {
    const keys = new Float64Array(total);
    return {
      set: (place, key) => {
        keys[place] = Number(key);
      },
      compare: (a, b) => keys[a] - keys[b],
    };
  }
  const keys = new BigUint64Array(total);
  return {
    set: (place, key) => {
      keys[place] = BigInt(key);
    },
    compare: (a, b) => (keys[a] < keys[b] ? -1 : keys[a] > keys[b] ? 1 : 0),
  };
}

/** Rows by their keys, equal ones in the order of the table: merged from runs of one, two, four, … so that it can be done in slices. */
function* sorted(rows: Uint32Array, compare: Keys["compare"], descending: boolean): Work<Uint32Array> {
  const count = rows.length;
  let from = new Uint32Array(count);
  for (let place = 0; place < count; place++) from[place] = place;
  let to = new Uint32Array(count);
  let steps = 0;
  const sign = descending ? -1 : 1;
  for (let width = 1; width < count; width *= 2) {
    for (let start = 0; start < count; start += 2 * width) {
      const middle = Math.min(start + width, count);
      const end = Math.min(start + 2 * width, count);
      let left = start;
      let right = middle;
      for (let at = start; at < end; at++) {
        const takesLeft = left < middle && (right >= end || sign * compare(from[left], from[right]) <= 0);
        to[at] = takesLeft ? from[left++] : from[right++];
        if (++steps % (SLICE * 64) === 0) yield;
      }
    }
    [from, to] = [to, from];
  }
  for (let place = 0; place < count; place++) to[place] = rows[from[place]];
  return to;
}
