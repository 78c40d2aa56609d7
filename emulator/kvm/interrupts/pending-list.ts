import { Bank } from "../../journal/bank.ts";
import type { Journal } from "../../journal/journal.ts";
import type { Pool } from "../../journal/pool.ts";
import { IrqFlag, IrqWord, isPending, priorityOf } from "./interrupt-record.ts";
import { BUCKETS, ListBuckets, LOOSE } from "./list-buckets.ts";

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
const ACTIVE_BUCKETS = 128;
const GROUP_BUCKETS = 256;
/** Urgency of a bucket among those of its group and state. */
const URGENCY = ACTIVE_BUCKETS - 1;
const BOTH_GROUPS = 3;

/**
 * Parts of the list in its order when it was last sorted: what went to list registers, the buckets by rank, what the PE did not take (in
 * the order of its parts before); then what came since.
 */
const Part = { none: 0, front: 1, active: 2, ranks: 3, aside: 1024, since: 2047 } as const;
/** Orders are below this. */
const PART = 2 ** 31;

/** How a kernel orders a list that is longer than the list registers are many (vgic.c `vgic_irq_cmp`). */
export type ListOrder = "active-first" | "enabled-group-first";

interface Placed {
  readonly record: number;
  readonly bucket: number;
  /** Where it stands in the kernel's list now: part and order. */
  readonly position: number;
}

const byPosition = (a: Placed, b: Placed): number => a.position - b.position;

/**
 * The pending and active interrupts of one PE (`ap_list`). The kernel keeps one list, appends to it, and sorts it (stably) before the
 * guest runs if it is longer than the list registers are many. Here choosing the next one for a list register, adding and removing cost a
 * fixed number of steps, however long the list is:
 *
 * - those that were chosen for list registers stand in front;
 * - the others wait in buckets by (group, active, priority, physical or not), each in the order of the list;
 * - one that changes what decides about its bucket keeps its place in the kernel's list until that is sorted: it becomes loose, with
 *   the part of the list where it stood ({@link IrqWord.queued}) and its order there. The next sort puts it where it belongs.
 *   What this PE does not take (any more) is loose as well, and leaves at the next exit.
 */
export class PendingList {
  private readonly bank: Bank;
  private readonly pool: Pool;
  private readonly buckets: ListBuckets;
  private readonly order: ListOrder;
  private readonly pe: number;

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
  private bucketOf(record: number): number {
    if (!this.takes(record)) return LOOSE;
    const flags = this.pool.bank.words[record + IrqWord.flags];
    const active = (flags & IrqFlag.active) !== 0;
    const urgency = (priorityOf(flags) >>> 2) << 1;
    if (this.order === "active-first") return active ? ACTIVE_BUCKETS : urgency;
    const group = (flags & IrqFlag.group1) !== 0 ? GROUP_BUCKETS : 0;
    // Of equal ones those with a physical interrupt come first: the host's is blocked as long as they wait.
    return group | (active ? ACTIVE_BUCKETS : 0) | urgency | ((flags & IrqFlag.hw) !== 0 ? 0 : 1);
  }

  private count(bucket: number, by: number): void {
    if (bucket === LOOSE) return;
    const { bank } = this;
    const word = (bucket & ACTIVE_BUCKETS) !== 0 ? WAITING_ACTIVE : WAITING_PENDING;
    bank.set(word, bank.words[word] + by);
  }

  /** Adds a record at the end of the list. @param room list registers */
  add(record: number, room: number): void {
    const bucket = this.bucketOf(record);
    const order = this.buckets.endOrder();
    if (bucket !== LOOSE && this.chosenCount < room && this.onlyChosen) {
      this.pool.bank.set(record + IrqWord.order, order);
      this.choose(record, Part.since);
      return;
    }
    this.count(bucket, 1);
    this.append(record, bucket, bucket === LOOSE ? Part.since : Part.none, order);
  }

  private append(record: number, bucket: number, part: number, order: number): void {
    this.buckets.append(record, bucket, (this.pe + 1) | (part << 16), order);
  }

  /** @param part where it stands in the kernel's list */
  private choose(record: number, part: number): void {
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
  private setPart(record: number, part: number): void {
    this.pool.bank.set(record + IrqWord.queued, (this.pe + 1) | (part << 16));
  }

  /** Where a chosen or loose record stood in the order of the last sort; `Part.none` for one in a bucket. */
  private storedPart(record: number): number {
    return this.pool.bank.words[record + IrqWord.queued] >>> 16;
  }

  /** Puts a record that is in no bucket among the loose ones. @param part where it stands in the kernel's list */
  private loosen(record: number, part: number): void {
    this.append(record, LOOSE, part, this.pool.bank.words[record + IrqWord.order]);
  }

  private tighten(record: number): void {
    if (this.bank.words[SORTED_LOOSE] === record) {
      this.bank.set(SORTED_LOOSE, this.pool.bank.words[record + IrqWord.previous]);
    }
    this.buckets.unlink(record, LOOSE);
    this.setPart(record, Part.none);
  }

  /** Takes a record off the list. */
  remove(record: number): void {
    const flags = this.pool.bank.words[record + IrqWord.flags];
    if ((flags & IrqFlag.chosen) !== 0) {
      this.removeChosen(record);
      return;
    }
    const bucket = this.bucketOf(record);
    this.count(bucket, -1);
    if (this.storedPart(record) !== Part.none) this.tighten(record);
    else this.buckets.unlink(record, bucket);
  }

  private removeChosen(record: number): void {
    this.mark(record, 0);
    const { bank } = this;
    const count = bank.words[CHOSEN_COUNT] - 1;
    let at = CHOSEN;
    while (bank.words[at] !== record) at++;
    for (; at < CHOSEN + count; at++) bank.set(at, bank.words[at + 1]);
    bank.set(CHOSEN_COUNT, count);
  }

  /** Changes a word of a record that stands on this list. */
  change(record: number, word: number, value: number): void {
    const { bank } = this.pool;
    if ((bank.words[record + IrqWord.flags] & IrqFlag.chosen) !== 0) {
      bank.set(record + word, value);
      return;
    }
    const before = this.bucketOf(record);
    bank.set(record + word, value);
    const after = this.bucketOf(record);
    if (before !== after) this.leaveBucket(record, before, after);
  }

  private leaveBucket(record: number, before: number, after: number): void {
    this.count(before, -1);
    this.count(after, 1);
    if (this.storedPart(record) !== Part.none) return;
    this.buckets.unlink(record, before);
    this.loosen(record, this.partIn(before, record));
  }

  /** Where a bucket stood in the order of the last sort. */
  private partOf(bucket: number): number {
    if (this.order === "active-first") return bucket === ACTIVE_BUCKETS ? Part.active : Part.ranks + bucket;
    const groups = this.bank.words[SORTED_GROUPS];
    const behind = isSplit(groups) && (groups & (bucket < GROUP_BUCKETS ? 1 : 2)) === 0;
    return Part.ranks + (behind ? GROUP_BUCKETS : 0) + (bucket % GROUP_BUCKETS);
  }

  private isNew(record: number): boolean {
    return this.pool.bank.words[record + IrqWord.order] > this.bank.words[SORTED];
  }

  /** The part of a record that is in a bucket. */
  private partIn(bucket: number, record: number): number {
    return this.isNew(record) ? Part.since : this.partOf(bucket);
  }

  /** The part of a loose record. @param wasSorted whether it was loose when the list was last sorted */
  private partOfLoose(record: number, wasSorted: boolean): number {
    const part = this.storedPart(record);
    return wasSorted ? Part.aside + Math.min(part, Part.aside - 2) : part;
  }

  /** Where a record stands in the kernel's list. */
  private position(record: number, part: number): number {
    return part * PART + this.pool.bank.words[record + IrqWord.order];
  }

  /** Calls `visit` for each loose record, with its place in the kernel's list. */
  private forEachLoose(visit: (record: number, position: number) => void): void {
    const last = this.bank.words[SORTED_LOOSE];
    let wasSorted = last !== 0;
    this.buckets.forEach(LOOSE, (record) => {
      const part = this.partOfLoose(record, wasSorted);
      if (record === last) wasSorted = false;
      visit(record, this.position(record, part));
    });
  }

  /** Sets chosen interrupts aside that the PE does not take any more. */
  setAsideChosen(): void {
    for (let index = this.chosenCount - 1; index >= 0; index--) {
      const record = this.chosen(index);
      if (this.takes(record)) continue;
      this.removeChosen(record);
      this.loosen(record, this.storedPart(record));
    }
  }

  /**
   * Chooses interrupts for list registers.
   * @param room list registers
   * @param sort whether the list is longer than the list registers are many, so that it is sorted; otherwise there is room for all of it
   * @param groups enabled groups, bits 0 and 1: what `enabled-group-first` looks at
   */
  fill(room: number, sort: boolean, groups: number): void {
    if (!sort) {
      if (this.waiting > 0) this.chooseAll();
      return;
    }
    this.sort(groups);
    for (let bucket = this.firstBucket(groups); bucket >= 0 && this.chosenCount < room; ) {
      const record = this.buckets.head(bucket);
      this.buckets.unlink(record, bucket);
      this.count(bucket, -1);
      this.pool.bank.set(record + IrqWord.order, this.buckets.endOrder());
      this.choose(record, Part.front);
      bucket = this.firstBucket(groups);
    }
    this.bank.set(SORTED, this.buckets.lastOrder);
    this.bank.set(SORTED_GROUPS, groups);
    this.bank.set(SORTED_LOOSE, this.buckets.tail(LOOSE));
  }

  /** Chooses all that the PE takes, in the order of the list. */
  private chooseAll(): void {
    const all: { record: number; part: number; position: number }[] = [];
    const found = (record: number, part: number): void => {
      all.push({ record, part, position: this.position(record, part) });
    };
    for (let index = 0; index < this.chosenCount; index++)
      found(this.chosen(index), this.storedPart(this.chosen(index)));
    for (let bucket = this.buckets.first(0, BUCKETS); bucket >= 0; bucket = this.buckets.first(0, BUCKETS)) {
      const from = bucket;
      this.buckets.forEach(from, (record) => found(record, this.partIn(from, record)));
      this.buckets.clear(from);
    }
    this.forEachLoose((record, position) => {
      if (!this.takes(record)) return;
      this.tighten(record);
      found(record, Math.floor(position / PART));
    });
    const { bank } = this;
    bank.set(WAITING_PENDING, 0);
    bank.set(WAITING_ACTIVE, 0);
    bank.set(CHOSEN_COUNT, 0);
    for (const { record, part } of all.sort((a, b) => a.position - b.position)) this.choose(record, part);
  }

  /** The kernel's sort: what was chosen, and what is loose and the PE takes, goes to its bucket. */
  private sort(groups: number): void {
    const { order } = this;
    const split = order === "active-first" || isSplit(groups);
    const moved = new Map<number, Placed[]>();
    const move = (record: number, position: number): void => {
      const bucket = this.bucketOf(record);
      const run = split ? bucket : bucket % GROUP_BUCKETS;
      const others = moved.get(run);
      if (others === undefined) moved.set(run, [{ record, bucket, position }]);
      else others.push({ record, bucket, position });
    };
    this.forEachLoose((record, position) => {
      if (!this.takes(record)) return;
      this.tighten(record);
      move(record, position);
    });
    for (let index = this.chosenCount - 1; index >= 0; index--) {
      const record = this.chosen(index);
      this.removeChosen(record);
      move(record, this.position(record, this.storedPart(record)));
      this.count(this.bucketOf(record), 1);
    }
    if (!split && isSplit(this.bank.words[SORTED_GROUPS])) {
      for (let run = 0; run < GROUP_BUCKETS; run++) this.join(run, moved.get(run) ?? []);
    } else {
      for (const [run, records] of moved) this.place(run, split, records);
    }
  }

  private putLast({ record, bucket }: Placed): void {
    this.append(record, bucket, Part.none, this.buckets.endOrder());
  }

  private putFirst({ record, bucket }: Placed): void {
    this.setPart(record, Part.none);
    this.pool.bank.set(record + IrqWord.order, this.buckets.frontOrder());
    this.buckets.link(record, bucket, 0);
  }

  /** Two buckets of equal rank in different groups, one of which stood behind the other: from now on they have one order. */
  private join(run: number, moved: readonly Placed[]): void {
    const all = [...moved];
    for (const bucket of [run, run + GROUP_BUCKETS]) {
      this.buckets.forEach(bucket, (record) => {
        all.push({ record, bucket, position: this.position(record, this.partIn(bucket, record)) });
      });
      this.buckets.clear(bucket);
    }
    for (const one of all.sort(byPosition)) this.putLast(one);
  }

  /**
   * Puts loose records into buckets of one rank: those from more urgent parts of the list to the front, those from less urgent ones
   * behind what was there at the last sort, and what came since behind that. One that is back where it was takes its old place.
   * @param run bucket; of two buckets that are equal but for their group the one of Group 0
   */
  private place(run: number, split: boolean, moved: Placed[]): void {
    const buckets = split ? [run] : [run, run + GROUP_BUCKETS];
    const part = this.partOf(run);
    const front = moved.filter(({ position }) => position < part * PART).sort(byPosition);
    const back = moved
      .filter(({ position }) => position >= part * PART && position < (part + 1) * PART)
      .sort(byPosition);
    const end = moved.filter(({ position }) => position >= (part + 1) * PART);
    this.insert(back);
    if (end.length > 0) {
      for (const bucket of buckets) this.takeSince(bucket, end);
      for (const one of end.sort(byPosition)) this.putLast(one);
    }
    for (const one of front.reverse()) this.putFirst(one);
  }

  /** Links records by their order, which they keep. @param records in ascending order */
  private insert(records: readonly Placed[]): void {
    const { words } = this.pool.bank;
    const behind = new Map<number, number>();
    for (const { record, bucket } of records.toReversed()) {
      let previous = behind.get(bucket) ?? this.buckets.tail(bucket);
      const order = words[record + IrqWord.order];
      while (previous !== 0 && words[previous + IrqWord.order] > order) previous = words[previous + IrqWord.previous];
      this.setPart(record, Part.none);
      this.buckets.link(record, bucket, previous);
      behind.set(bucket, previous);
    }
  }

  /** Takes what came since the last sort out of a bucket. */
  private takeSince(bucket: number, into: Placed[]): void {
    const { words } = this.pool.bank;
    for (let record = this.buckets.tail(bucket); record !== 0 && this.isNew(record); ) {
      const previous = words[record + IrqWord.previous];
      this.buckets.unlink(record, bucket);
      into.push({ record, bucket, position: this.position(record, Part.since) });
      record = previous;
    }
  }

  /** The bucket that is first in the kernel's order, or -1. */
  private firstBucket(groups: number): number {
    if (this.order === "active-first") {
      return this.buckets.head(ACTIVE_BUCKETS) !== 0 ? ACTIVE_BUCKETS : this.buckets.first(0, ACTIVE_BUCKETS);
    }
    for (const wanted of [groups & BOTH_GROUPS, ~groups & BOTH_GROUPS]) {
      for (const kind of [0, ACTIVE_BUCKETS]) {
        const bucket = this.firstOfGroups(wanted, kind);
        if (bucket >= 0) return bucket;
      }
    }
    return -1;
  }

  /** The bucket of those groups whose first one is the most urgent, of equal ones the first in the list; or -1. @param kind 0 = pending ones, or {@link ACTIVE_BUCKETS} */
  private firstOfGroups(groups: number, kind: number): number {
    const group0 = (groups & 1) !== 0 ? this.buckets.first(kind, ACTIVE_BUCKETS) : -1;
    const group1 = (groups & 2) !== 0 ? this.buckets.first(GROUP_BUCKETS + kind, ACTIVE_BUCKETS) : -1;
    if (group0 < 0 || group1 < 0) return Math.max(group0, group1);
    const difference = (group0 & URGENCY) - (group1 & URGENCY);
    return (difference || this.headOrder(group0) - this.headOrder(group1)) < 0 ? group0 : group1;
  }

  private headOrder(bucket: number): number {
    return this.pool.bank.words[this.buckets.head(bucket) + IrqWord.order];
  }

  /** The first waiting active interrupt in the kernel's order, or 0. */
  firstWaitingActive(groups: number): number {
    if (this.waitingActive === 0) return 0;
    const first = this.firstActiveBucket(groups);
    let found = first < 0 ? 0 : this.buckets.head(first);
    let least = found === 0 ? Number.POSITIVE_INFINITY : this.position(found, this.partIn(first, found));
    this.forEachLoose((record, position) => {
      if (position >= least || (this.pool.bank.words[record + IrqWord.flags] & IrqFlag.active) === 0) return;
      found = record;
      least = position;
    });
    return found;
  }

  private firstActiveBucket(groups: number): number {
    if (this.order === "active-first") return this.buckets.head(ACTIVE_BUCKETS) !== 0 ? ACTIVE_BUCKETS : -1;
    for (const wanted of [groups & BOTH_GROUPS, ~groups & BOTH_GROUPS]) {
      const bucket = this.firstOfGroups(wanted, ACTIVE_BUCKETS);
      if (bucket >= 0) return bucket;
    }
    return -1;
  }

  /** Calls `visit` for each interrupt that this PE does not take. */
  forEachAside(visit: (record: number) => void): void {
    this.buckets.forEach(LOOSE, (record) => {
      if (!this.takes(record)) visit(record);
    });
  }

  /**
   * Takes all interrupts that this PE does not take off the list.
   * @param ownerOf PE + 1 that an interrupt belongs to; 0 = none
   * @param leave called for each; for those that have an owner in the order of the list
   */
  takeAside(ownerOf: (record: number) => number, leave: (record: number, owner: number) => void): void {
    const { words } = this.pool.bank;
    const last = this.bank.words[SORTED_LOOSE];
    const stay: number[] = [];
    const move: { record: number; owner: number; position: number }[] = [];
    let wasSorted = last !== 0;
    for (let record = this.buckets.head(LOOSE); record !== 0; ) {
      const next = words[record + IrqWord.next];
      const part = this.partOfLoose(record, wasSorted);
      if (record === last) wasSorted = false;
      const owner = ownerOf(record);
      if (owner === this.pe + 1) stay.push(record, part);
      else if (owner === 0) leave(record, 0);
      else move.push({ record, owner, position: this.position(record, part) });
      record = next;
    }
    this.buckets.clear(LOOSE);
    this.bank.set(SORTED_LOOSE, 0);
    for (let index = 0; index < stay.length; index += 2) this.loosen(stay[index], stay[index + 1]);
    for (const { record, owner } of move.sort((a, b) => a.position - b.position)) leave(record, owner);
  }

  /** Calls `visit` for every interrupt on the list; it may take the record off the list. */
  forEach(visit: (record: number) => void): void {
    for (let index = this.chosenCount - 1; index >= 0; index--) visit(this.chosen(index));
    for (let bucket = 0; bucket <= LOOSE; bucket++) this.buckets.forEach(bucket, visit);
  }
}

/** Whether exactly one of the groups is enabled, so that the other's interrupts stand behind its. */
function isSplit(groups: number): boolean {
  return groups === 1 || groups === 2;
}
