import { Bank } from "../../journal/bank.ts";
import type { Journal } from "../../journal/journal.ts";
import type { Pool } from "../../journal/pool.ts";
import { IrqWord } from "./interrupt-record.ts";

/** Buckets of urgencies. */
export const BUCKETS = 512;
/** The bucket of what is in no other: unordered. */
export const LOOSE = BUCKETS;

/** One bit a bucket of urgencies that is not empty. */
const BITMAP = 0;
const HEADS = BITMAP + BUCKETS / 32;
const TAILS = HEADS + BUCKETS + 1;
/** How many were ever put at the front of the list, and how many at its end. */
const FRONT = TAILS + BUCKETS + 1;
const END = FRONT + 1;
const WORDS = END + 1;
/** Orders of those put at the front are below this one, of those put at the end above; all of them are small integers. */
const MIDDLE = 2 ** 30;

/** Linked runs of interrupt records, and the numbers by which records of different runs have an order. */
export class ListBuckets {
  private readonly bank: Bank;
  private readonly pool: Pool;

  constructor(journal: Journal, pool: Pool) {
    this.bank = new Bank(journal, new Uint32Array(WORDS));
    this.pool = pool;
  }

  /** First record of a bucket, or 0. */
  head(bucket: number): number {
    return this.bank.words[HEADS + bucket];
  }

  /** Last record of a bucket, or 0. */
  tail(bucket: number): number {
    return this.bank.words[TAILS + bucket];
  }

  /** The highest order so far. */
  get lastOrder(): number {
    return MIDDLE + this.bank.words[END];
  }

  /** An order before all orders. */
  frontOrder(): number {
    const { bank } = this;
    const count = bank.words[FRONT] + 1;
    bank.set(FRONT, count);
    return MIDDLE - count;
  }

  /** An order behind all orders. */
  endOrder(): number {
    const { bank } = this;
    const count = bank.words[END] + 1;
    bank.set(END, count);
    return MIDDLE + count;
  }

  /** First of the buckets `start`..`start + count - 1` that is not empty, or -1. @param start and count: multiples of 32 */
  first(start: number, count: number): number {
    const { words } = this.bank;
    for (let at = start; at < start + count; at += 32) {
      const bits = words[BITMAP + (at >>> 5)];
      if (bits !== 0) return at + (31 - Math.clz32(bits & -bits));
    }
    return -1;
  }

  /** Calls `visit` for each record of a bucket; it may unlink the record. */
  forEach(bucket: number, visit: (record: number) => void): void {
    for (let record = this.head(bucket); record !== 0; ) {
      const next = this.pool.bank.words[record + IrqWord.next];
      visit(record);
      record = next;
    }
  }

  /** Forgets all records of a bucket. Their links keep what they were. */
  clear(bucket: number): void {
    const { bank } = this;
    bank.set(HEADS + bucket, 0);
    bank.set(TAILS + bucket, 0);
    if (bucket !== LOOSE) this.setBit(bucket, false);
  }

  /**
   * Puts a record at the end of a bucket.
   * @param queued {@link IrqWord.queued} that it is to have
   * @param order its place among the records of all buckets
   */
  append(record: number, bucket: number, queued: number, order: number): void {
    const { bank } = this;
    const links = this.pool.bank;
    const tail = bank.words[TAILS + bucket];
    bank.set(TAILS + bucket, record);
    links.setFour(record + IrqWord.queued, queued, 0, tail, order);
    if (tail === 0) this.begin(record, bucket);
    else links.set(tail + IrqWord.next, record);
  }

  /** Makes a record the first of its bucket. */
  private begin(record: number, bucket: number): void {
    this.bank.set(HEADS + bucket, record);
    if (bucket !== LOOSE) this.setBit(bucket, true);
  }

  /** Puts a record into a bucket behind another one. @param previous 0 = in front */
  link(record: number, bucket: number, previous: number): void {
    const { bank } = this;
    const links = this.pool.bank;
    const next = previous === 0 ? bank.words[HEADS + bucket] : links.words[previous + IrqWord.next];
    links.set(record + IrqWord.previous, previous);
    links.set(record + IrqWord.next, next);
    if (previous === 0) bank.set(HEADS + bucket, record);
    else links.set(previous + IrqWord.next, record);
    if (next === 0) bank.set(TAILS + bucket, record);
    else links.set(next + IrqWord.previous, record);
    if (previous === 0 && next === 0 && bucket !== LOOSE) this.setBit(bucket, true);
  }

  /** Takes a record out of its bucket. Its links keep what they were: they say nothing until it is linked again. */
  unlink(record: number, bucket: number): void {
    const { bank } = this;
    const links = this.pool.bank;
    const next = links.words[record + IrqWord.next];
    const previous = links.words[record + IrqWord.previous];
    if (next === 0) bank.set(TAILS + bucket, previous);
    else links.set(next + IrqWord.previous, previous);
    if (previous === 0) bank.set(HEADS + bucket, next);
    else links.set(previous + IrqWord.next, next);
    if (next === 0 && previous === 0 && bucket !== LOOSE) this.setBit(bucket, false);
  }

  private setBit(bucket: number, on: boolean): void {
    const { bank } = this;
    const at = BITMAP + (bucket >>> 5);
    const bit = 1 << (bucket & 31);
    bank.set(at, on ? bank.words[at] | bit : bank.words[at] & ~bit);
  }
}
