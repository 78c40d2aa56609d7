import { Bank } from "../../journal/bank.ts";
import type { Journal } from "../../journal/journal.ts";
import type { Pool } from "../../journal/pool.ts";
import { IrqFlag, IrqWord, isPending, priorityOf } from "./interrupt-record.ts";
import { ListBuckets, LOOSE } from "./list-buckets.ts";

/** Most interrupts that one PE's list registers hold. */
const MAX_CHOSEN = 16;

const CHOSEN_COUNT = 0;
const CHOSEN = 1;
/** Interrupts that wait for a list register, pending ones and active ones. */
const WAITING_PENDING = CHOSEN + MAX_CHOSEN;
const WAITING_ACTIVE = WAITING_PENDING + 1;
/** The highest order when the list was last sorted, the groups that were enabled then, and the last loose one of then. */
const SORTED = WAITING_ACTIVE + 1;
const SORTED_GROUPS = SORTED + 1;
const SORTED_LOOSE = SORTED_GROUPS + 1;
const WORDS = SORTED_LOOSE + 1;

/** Bucket: [8] group, [7] active, [6:1] priority / 4, [0] 0 = a physical interrupt is behind it. */
export const ACTIVE_BUCKETS = 128;
export const GROUP_BUCKETS = 256;

/**
 * Parts of the list in its order when it was last sorted: what went to list registers, the buckets by rank, what the PE did not take (in
 * the order of its parts before); then what came since.
 */
export const Part = { none: 0, front: 1, active: 2, ranks: 3, aside: 1024, since: 2047 } as const;
/** Orders are below this. */
export const PART = 2 ** 31;

/** How a kernel orders a list that is longer than the list registers are many (vgic.c `vgic_irq_cmp`). */
export type ListOrder = "active-first" | "enabled-group-first";

/** Where the interrupts of one PE's list stand: which are chosen, in buckets or loose, and in what place of the kernel's list. */
export class ListPlaces {
  private readonly bank: Bank;
  readonly pool: Pool;
  readonly buckets: ListBuckets;
  readonly order: ListOrder;
  readonly pe: number;

  constructor(journal: Journal, pool: Pool, pe: number, order: ListOrder) {
    this.bank = new Bank(journal, new Uint32Array(WORDS));
    this.buckets = new ListBuckets(journal, pool);
    this.pool = pool;
    this.pe = pe;
    this.order = order;
  }

  get chosenCount(): number {
    return this.bank.words[CHOSEN_COUNT];
  }

  /** Record of a chosen interrupt. @param index 0..chosenCount-1 */
  chosen(index: number): number {
    return this.bank.words[CHOSEN + index];
  }

  get waitingPending(): number {
    return this.bank.words[WAITING_PENDING];
  }

  get waitingActive(): number {
    return this.bank.words[WAITING_ACTIVE];
  }

  get waiting(): number {
    return this.waitingPending + this.waitingActive;
  }

  /** Whether nothing stands on the list but what was chosen. */
  get onlyChosen(): boolean {
    return this.waiting === 0 && this.buckets.head(LOOSE) === 0;
  }

  get empty(): boolean {
    return this.chosenCount === 0 && this.onlyChosen;
  }

  /** Whether this PE may be given the interrupt, were the distributor enabled. */
  takes(record: number): boolean {
    const { words } = this.pool.bank;
    const flags = words[record + IrqWord.flags];
    if ((flags & IrqFlag.active) !== 0) return true;
    return (flags & IrqFlag.enabled) !== 0 && isPending(flags) && words[record + IrqWord.target] === this.pe + 1;
  }

  /** The bucket where it belongs, or {@link LOOSE}. */
  bucketOf(record: number): number {
    if (!this.takes(record)) return LOOSE;
    const flags = this.pool.bank.words[record + IrqWord.flags];
    const active = (flags & IrqFlag.active) !== 0;
    const urgency = (priorityOf(flags) >>> 2) << 1;
    if (this.order === "active-first") return active ? ACTIVE_BUCKETS : urgency;
    const group = (flags & IrqFlag.group1) !== 0 ? GROUP_BUCKETS : 0;
    // Of equal ones those with a physical interrupt come first: the host's is blocked as long as they wait.
    return group | (active ? ACTIVE_BUCKETS : 0) | urgency | ((flags & IrqFlag.hw) !== 0 ? 0 : 1);
  }

  count(bucket: number, by: number): void {
    if (bucket === LOOSE) return;
    const { bank } = this;
    const word = (bucket & ACTIVE_BUCKETS) !== 0 ? WAITING_ACTIVE : WAITING_PENDING;
    bank.set(word, bank.words[word] + by);
  }

  append(record: number, bucket: number, part: number, order: number): void {
    this.buckets.append(record, bucket, (this.pe + 1) | (part << 16), order);
  }

  /** @param part where it stands in the kernel's list */
  choose(record: number, part: number): void {
    const { bank } = this;
    this.setPart(record, part);
    bank.set(CHOSEN + bank.words[CHOSEN_COUNT], record);
    bank.set(CHOSEN_COUNT, bank.words[CHOSEN_COUNT] + 1);
    this.mark(record, IrqFlag.chosen);
  }

  private mark(record: number, chosen: number): void {
    const { bank } = this.pool;
    bank.set(record + IrqWord.flags, (bank.words[record + IrqWord.flags] & ~IrqFlag.chosen) | chosen);
  }

  /** @param part where it stands in the kernel's list; `Part.none` = in its bucket */
  setPart(record: number, part: number): void {
    this.pool.bank.set(record + IrqWord.queued, (this.pe + 1) | (part << 16));
  }

  /** Where a chosen or loose record stood in the order of the last sort; `Part.none` for one in a bucket. */
  storedPart(record: number): number {
    return this.pool.bank.words[record + IrqWord.queued] >>> 16;
  }

  /** Puts a record that is in no bucket among the loose ones. @param part where it stands in the kernel's list */
  loosen(record: number, part: number): void {
    this.append(record, LOOSE, part, this.pool.bank.words[record + IrqWord.order]);
  }

  tighten(record: number): void {
    if (this.bank.words[SORTED_LOOSE] === record) {
      this.bank.set(SORTED_LOOSE, this.pool.bank.words[record + IrqWord.previous]);
    }
    this.buckets.unlink(record, LOOSE);
    this.setPart(record, Part.none);
  }

  removeChosen(record: number): void {
    this.mark(record, 0);
    const { bank } = this;
    const count = bank.words[CHOSEN_COUNT] - 1;
    let at = CHOSEN;
    while (bank.words[at] !== record) at++;
    for (; at < CHOSEN + count; at++) bank.set(at, bank.words[at + 1]);
    bank.set(CHOSEN_COUNT, count);
  }

  /** Where a bucket stood in the order of the last sort. */
  partOf(bucket: number): number {
    if (this.order === "active-first") return bucket === ACTIVE_BUCKETS ? Part.active : Part.ranks + bucket;
    const groups = this.sortedGroups;
    const behind = isSplit(groups) && (groups & (bucket < GROUP_BUCKETS ? 1 : 2)) === 0;
    return Part.ranks + (behind ? GROUP_BUCKETS : 0) + (bucket % GROUP_BUCKETS);
  }

  isNew(record: number): boolean {
    return this.pool.bank.words[record + IrqWord.order] > this.bank.words[SORTED];
  }

  /** The part of a record that is in a bucket. */
  partIn(bucket: number, record: number): number {
    return this.isNew(record) ? Part.since : this.partOf(bucket);
  }

  /** The part of a loose record. @param wasSorted whether it was loose when the list was last sorted */
  partOfLoose(record: number, wasSorted: boolean): number {
    const part = this.storedPart(record);
    return wasSorted ? Part.aside + Math.min(part, Part.aside - 2) : part;
  }

  /** Where a record stands in the kernel's list. */
  position(record: number, part: number): number {
    return part * PART + this.pool.bank.words[record + IrqWord.order];
  }

  /** Calls `visit` for each loose record, with its part of the kernel's list; it may take the record out. */
  forEachLoose(visit: (record: number, part: number) => void): void {
    const last = this.bank.words[SORTED_LOOSE];
    let wasSorted = last !== 0;
    this.buckets.forEach(LOOSE, (record) => {
      const part = this.partOfLoose(record, wasSorted);
      if (record === last) wasSorted = false;
      visit(record, part);
    });
  }

  /** Nothing waits in a bucket, and nothing is chosen. */
  forgetWaiting(): void {
    const { bank } = this;
    bank.set(WAITING_PENDING, 0);
    bank.set(WAITING_ACTIVE, 0);
    bank.set(CHOSEN_COUNT, 0);
  }

  /** The list was sorted. @param groups that were enabled, bits 0 and 1 */
  noteSorted(groups: number): void {
    const { bank, buckets } = this;
    bank.set(SORTED, buckets.lastOrder);
    bank.set(SORTED_GROUPS, groups);
    bank.set(SORTED_LOOSE, buckets.tail(LOOSE));
  }

  /** The groups that were enabled when the list was last sorted. */
  get sortedGroups(): number {
    return this.bank.words[SORTED_GROUPS];
  }

  /** Forgets all loose records. Their links keep what they were. */
  clearLoose(): void {
    this.buckets.clear(LOOSE);
    this.bank.set(SORTED_LOOSE, 0);
  }
}

/** Whether exactly one of the groups is enabled, so that the other's interrupts stand behind its. */
export function isSplit(groups: number): boolean {
  return groups === 1 || groups === 2;
}
