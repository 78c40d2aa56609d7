import { Bank } from "../../journal/bank.ts";
import type { Journal } from "../../journal/journal.ts";
import type { Pool } from "../../journal/pool.ts";
import { IrqFlag, IrqWord, isPending, priorityOf } from "./interrupt-record.ts";

/** Most interrupts that one PE's list registers hold. */
const MAX_CHOSEN = 16;

const CHOSEN_COUNT = 0;
const CHOSEN = 1;
/** Interrupts in the buckets, pending ones and active ones, and those set aside. */
const WAITING_PENDING = CHOSEN + MAX_CHOSEN;
const WAITING_ACTIVE = WAITING_PENDING + 1;
const ASIDE_COUNT = WAITING_ACTIVE + 1;
/** One bit a bucket that is not empty. */
const BITMAP = ASIDE_COUNT + 1;
/** Bucket: [8] group, [7] active, [6:1] priority / 4, [0] 0 = a physical interrupt is behind it. */
const BUCKETS = 512;
const ACTIVE_BUCKETS = 128;
const GROUP_BUCKETS = 256;
/** Urgency of a bucket among those of its group and state. */
const URGENCY = ACTIVE_BUCKETS - 1;
/** The interrupts that this PE cannot take (any more) and that wait for the next clean-up. */
const ASIDE = BUCKETS;
const HEADS = BITMAP + BUCKETS / 32;
const TAILS = HEADS + BUCKETS + 1;
/** How many were ever put at the front of the list and at its end, and how many at its end before it was last sorted. */
const FRONT = TAILS + BUCKETS + 1;
const END = FRONT + 1;
const SORTED = END + 1;
const WORDS = SORTED + 1;
/** Orders of those at the front are below this one, of those at the end above; all of them are small integers. */
const MIDDLE = 2 ** 30;

/** How a kernel orders a list that is longer than the list registers are many (vgic.c `vgic_irq_cmp`). */
export type ListOrder = "active-first" | "enabled-group-first";

/**
 * The pending and active interrupts of one PE (`ap_list`). Choosing the next one for a list register, adding and removing cost a
 * fixed number of steps, however long the list is: the interrupts wait in buckets by (group, active, priority, physical or not), each in
 * order of arrival.
 * Those that were chosen for list registers stay in front in the order of the list, as KVM's list does between two sorts.
 * The sort is stable (`list_sort`): of equal ones the list's order stays, also between buckets of the two groups. Each record has its
 * place in the list as a number.
 */
export class PendingList {
  private readonly bank: Bank;
  private readonly pool: Pool;
  private readonly order: ListOrder;
  private readonly pe: number;

  constructor(journal: Journal, pool: Pool, pe: number, order: ListOrder) {
    this.bank = new Bank(journal, new Uint32Array(WORDS));
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

  get aside(): number {
    return this.bank.words[ASIDE_COUNT];
  }

  get empty(): boolean {
    return this.chosenCount + this.waiting + this.aside === 0;
  }

  /** Whether this PE may be given the interrupt, were the distributor enabled. */
  takes(record: number): boolean {
    const { words } = this.pool.bank;
    const flags = words[record + IrqWord.flags];
    if ((flags & IrqFlag.active) !== 0) return true;
    return (flags & IrqFlag.enabled) !== 0 && isPending(flags) && words[record + IrqWord.target] === this.pe + 1;
  }

  private bucketOf(record: number): number {
    if (!this.takes(record)) return ASIDE;
    const flags = this.pool.bank.words[record + IrqWord.flags];
    const active = (flags & IrqFlag.active) !== 0;
    const urgency = (priorityOf(flags) >>> 2) << 1;
    if (this.order === "active-first") return active ? ACTIVE_BUCKETS : urgency;
    const group = (flags & IrqFlag.group1) !== 0 ? GROUP_BUCKETS : 0;
    // Of equal ones those with a physical interrupt come first: the host's is blocked as long as they wait.
    return group | (active ? ACTIVE_BUCKETS : 0) | urgency | ((flags & IrqFlag.hw) !== 0 ? 0 : 1);
  }

  /** Adds a record that the PE takes at the end of the list. @param room list registers */
  add(record: number, room: number): void {
    if (this.waiting === 0 && this.chosenCount < room && this.takes(record)) this.choose(record);
    else this.append(record, this.bucketOf(record));
  }

  private choose(record: number): void {
    const { bank } = this;
    bank.set(CHOSEN + bank.words[CHOSEN_COUNT], record);
    bank.set(CHOSEN_COUNT, bank.words[CHOSEN_COUNT] + 1);
    this.mark(record, IrqFlag.chosen);
  }

  private mark(record: number, chosen: number): void {
    const { bank } = this.pool;
    bank.set(record + IrqWord.flags, (bank.words[record + IrqWord.flags] & ~IrqFlag.chosen) | chosen);
  }

  /** Takes a record off the list. */
  remove(record: number): void {
    if ((this.pool.bank.words[record + IrqWord.flags] & IrqFlag.chosen) === 0) {
      this.unlink(record, this.bucketOf(record));
      return;
    }
    this.mark(record, 0);
    const { bank } = this;
    const count = bank.words[CHOSEN_COUNT] - 1;
    let at = CHOSEN;
    while (bank.words[at] !== record) at++;
    for (; at < CHOSEN + count; at++) bank.set(at, bank.words[at + 1]);
    bank.set(CHOSEN_COUNT, count);
  }

  /** Changes a word of a record that may stand on this list, keeping it in the bucket where it belongs. */
  change(record: number, word: number, value: number): void {
    const { bank } = this.pool;
    if ((bank.words[record + IrqWord.flags] & IrqFlag.chosen) !== 0) {
      bank.set(record + word, value);
      return;
    }
    const before = this.bucketOf(record);
    bank.set(record + word, value);
    const after = this.bucketOf(record);
    if (before === after) return;
    this.unlink(record, before);
    this.move(record, before, after);
  }

  /** Changes the bucket of a record, whose place in the list stays as it is until that is sorted. */
  private move(record: number, before: number, after: number): void {
    const order = this.pool.bank.words[record + IrqWord.order];
    const sorted = MIDDLE + this.bank.words[SORTED];
    const from = this.rank(before);
    const to = this.rank(after);
    if (from === to || order > sorted) this.insert(record, after, order);
    // The list was sorted while the record was more urgent than those, or less urgent.
    else if (from < to) this.prepend(record, after);
    else this.insert(record, after, sorted);
  }

  /** Place of a bucket in the order of the sort, whatever its group. */
  private rank(bucket: number): number {
    if (bucket === ASIDE) return ASIDE;
    return this.order === "active-first" && bucket === ACTIVE_BUCKETS ? -1 : bucket & (GROUP_BUCKETS - 1);
  }

  /** Sets chosen interrupts aside that the PE does not take any more. */
  setAsideChosen(): void {
    for (let index = this.chosenCount - 1; index >= 0; index--) {
      const record = this.chosen(index);
      if (this.takes(record)) continue;
      this.remove(record);
      this.append(record, ASIDE);
    }
  }

  /**
   * Chooses interrupts for list registers.
   * @param room list registers
   * @param sort whether the list is longer than the list registers are many, so that all are ordered anew
   * @param groups enabled groups, bits 0 and 1: what `enabled-group-first` looks at
   */
  fill(room: number, sort: boolean, groups: number): void {
    if (sort) {
      for (let index = this.chosenCount - 1; index >= 0; index--) {
        const record = this.chosen(index);
        this.remove(record);
        this.prepend(record, this.bucketOf(record));
      }
      this.bank.set(SORTED, this.bank.words[END]);
    }
    while (this.chosenCount < room) {
      const bucket = this.firstBucket(groups);
      if (bucket < 0) return;
      const record = this.bank.words[HEADS + bucket];
      this.unlink(record, bucket);
      this.choose(record);
    }
  }

  /** The bucket that is first in the kernel's order, or -1. */
  private firstBucket(groups: number): number {
    if (this.order === "active-first") {
      if (this.bank.words[HEADS + ACTIVE_BUCKETS] !== 0) return ACTIVE_BUCKETS;
      return this.firstOf(0);
    }
    for (const wanted of [groups & 3, ~groups & 3]) {
      for (const kind of [0, ACTIVE_BUCKETS]) {
        const bucket = this.firstOfGroups(wanted, kind);
        if (bucket >= 0) return bucket;
      }
    }
    return -1;
  }

  /** The bucket of those groups whose first one is the most urgent, of equal ones the first in the list; or -1. @param kind 0 = pending ones, or {@link ACTIVE_BUCKETS} */
  private firstOfGroups(groups: number, kind: number): number {
    const group0 = (groups & 1) !== 0 ? this.firstOf(kind) : -1;
    const group1 = (groups & 2) !== 0 ? this.firstOf(GROUP_BUCKETS + kind) : -1;
    if (group0 < 0 || group1 < 0) return Math.max(group0, group1);
    const difference = (group0 & URGENCY) - (group1 & URGENCY);
    return (difference || this.headOrder(group0) - this.headOrder(group1)) < 0 ? group0 : group1;
  }

  private headOrder(bucket: number): number {
    return this.pool.bank.words[this.bank.words[HEADS + bucket] + IrqWord.order];
  }

  /** First of the buckets of one group and state, from `start` on, that is not empty, or -1. */
  private firstOf(start: number): number {
    const { words } = this.bank;
    const at = BITMAP + (start >>> 5);
    for (let word = 0; word < ACTIVE_BUCKETS / 32; word++) {
      const bits = words[at + word];
      if (bits !== 0) return start + word * 32 + (31 - Math.clz32(bits & -bits));
    }
    return -1;
  }

  /** The first waiting active interrupt in the kernel's order, or 0. */
  firstWaitingActive(groups: number): number {
    if (this.order === "active-first") return this.bank.words[HEADS + ACTIVE_BUCKETS];
    for (const wanted of [groups & 3, ~groups & 3]) {
      const bucket = this.firstOfGroups(wanted, ACTIVE_BUCKETS);
      if (bucket >= 0) return this.bank.words[HEADS + bucket];
    }
    return 0;
  }

  /** Calls `visit` for each interrupt set aside; it may take the record off the list. */
  forEachAside(visit: (record: number) => void): void {
    this.forEachIn(ASIDE, visit);
  }

  /** Calls `visit` for every interrupt on the list; it may take the record off the list. */
  forEach(visit: (record: number) => void): void {
    for (let index = this.chosenCount - 1; index >= 0; index--) visit(this.chosen(index));
    for (let bucket = 0; bucket <= ASIDE; bucket++) this.forEachIn(bucket, visit);
  }

  private forEachIn(bucket: number, visit: (record: number) => void): void {
    for (let record = this.bank.words[HEADS + bucket]; record !== 0; ) {
      const next = this.pool.bank.words[record + IrqWord.next];
      visit(record);
      record = next;
    }
  }

  private append(record: number, bucket: number): void {
    const { bank } = this;
    const count = bank.words[END] + 1;
    bank.set(END, count);
    this.link(record, bucket, MIDDLE + count, bank.words[TAILS + bucket]);
  }

  private prepend(record: number, bucket: number): void {
    const { bank } = this;
    const count = bank.words[FRONT] + 1;
    bank.set(FRONT, count);
    this.link(record, bucket, MIDDLE - count, 0);
  }

  /** Puts a record into a bucket, behind those that are not behind it in the list. */
  private insert(record: number, bucket: number, order: number): void {
    const { words } = this.pool.bank;
    let previous = this.bank.words[TAILS + bucket];
    if (order < MIDDLE && previous !== 0 && order < this.headOrder(bucket)) previous = 0;
    while (previous !== 0 && words[previous + IrqWord.order] > order) previous = words[previous + IrqWord.previous];
    this.link(record, bucket, order, previous);
  }

  /** Puts a record into a bucket behind another one. @param previous 0 = in front */
  private link(record: number, bucket: number, order: number, previous: number): void {
    const { bank } = this;
    const links = this.pool.bank;
    links.set(record + IrqWord.order, order);
    const next = previous === 0 ? bank.words[HEADS + bucket] : links.words[previous + IrqWord.next];
    links.set(record + IrqWord.previous, previous);
    links.set(record + IrqWord.next, next);
    if (previous === 0) bank.set(HEADS + bucket, record);
    else links.set(previous + IrqWord.next, record);
    if (next === 0) bank.set(TAILS + bucket, record);
    else links.set(next + IrqWord.previous, record);
    if (bucket !== ASIDE && previous === 0 && next === 0) {
      bank.set(BITMAP + (bucket >>> 5), bank.words[BITMAP + (bucket >>> 5)] | (1 << (bucket & 31)));
    }
    const count = countWord(bucket);
    bank.set(count, bank.words[count] + 1);
  }

  /** Takes a record out of its bucket. Its links keep what they were: they say nothing until it is linked again. */
  private unlink(record: number, bucket: number): void {
    const { bank } = this;
    const links = this.pool.bank;
    const next = links.words[record + IrqWord.next];
    const previous = links.words[record + IrqWord.previous];
    if (next === 0) bank.set(TAILS + bucket, previous);
    else links.set(next + IrqWord.previous, previous);
    if (previous === 0) bank.set(HEADS + bucket, next);
    else links.set(previous + IrqWord.next, next);
    if (bucket !== ASIDE && next === 0 && previous === 0) {
      bank.set(BITMAP + (bucket >>> 5), bank.words[BITMAP + (bucket >>> 5)] & ~(1 << (bucket & 31)));
    }
    const count = countWord(bucket);
    bank.set(count, bank.words[count] - 1);
  }
}

function countWord(bucket: number): number {
  if (bucket === ASIDE) return ASIDE_COUNT;
  return (bucket & ACTIVE_BUCKETS) !== 0 ? WAITING_ACTIVE : WAITING_PENDING;
}
