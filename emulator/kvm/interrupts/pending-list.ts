import { Bank } from "../../state/bank.ts";
import type { Journal } from "../../state/journal.ts";
import type { Pool } from "../../state/pool.ts";
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
const WORDS = TAILS + BUCKETS + 1;

/** How a kernel orders a list that is longer than the list registers are many (vgic.c `vgic_irq_cmp`). */
export type ListOrder = "active-first" | "enabled-group-first";

/**
 * The pending and active interrupts of one PE (`ap_list`). Choosing the next one for a list register, adding and removing cost a
 * fixed number of steps, however long the list is: the interrupts wait in buckets by (group, active, priority, physical or not), each in
 * order of arrival.
 * Those that were chosen for list registers stay in front in the order of the list, as KVM's list does between two sorts.
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
    else this.link(record, this.bucketOf(record), false);
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
    this.link(record, after, false);
  }

  /** Sets chosen interrupts aside that the PE does not take any more. */
  setAsideChosen(): void {
    for (let index = this.chosenCount - 1; index >= 0; index--) {
      const record = this.chosen(index);
      if (this.takes(record)) continue;
      this.remove(record);
      this.link(record, ASIDE, false);
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
        this.link(record, this.bucketOf(record), true);
      }
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
        const group0 = (wanted & 1) !== 0 ? this.firstOf(kind) : -1;
        const group1 = (wanted & 2) !== 0 ? this.firstOf(GROUP_BUCKETS + kind) : -1;
        if (group0 >= 0 && (group1 < 0 || (group0 & URGENCY) <= (group1 & URGENCY))) return group0;
        if (group1 >= 0) return group1;
      }
    }
    return -1;
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
    const first = (groups & 1) !== 0 || (groups & 2) === 0 ? 0 : GROUP_BUCKETS;
    for (const group of [first, GROUP_BUCKETS - first]) {
      const bucket = this.firstOf(group + ACTIVE_BUCKETS);
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

  private link(record: number, bucket: number, atFront: boolean): void {
    const { bank } = this;
    const links = this.pool.bank;
    const head = HEADS + bucket;
    const tail = TAILS + bucket;
    const neighbour = bank.words[atFront ? head : tail];
    if (neighbour === 0) {
      bank.set(head, record);
      bank.set(tail, record);
      if (bucket !== ASIDE)
        bank.set(BITMAP + (bucket >>> 5), bank.words[BITMAP + (bucket >>> 5)] | (1 << (bucket & 31)));
    } else if (atFront) {
      links.set(neighbour + IrqWord.previous, record);
      bank.set(head, record);
    } else {
      links.set(neighbour + IrqWord.next, record);
      bank.set(tail, record);
    }
    links.set(record + IrqWord.next, atFront ? neighbour : 0);
    links.set(record + IrqWord.previous, atFront ? 0 : neighbour);
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
