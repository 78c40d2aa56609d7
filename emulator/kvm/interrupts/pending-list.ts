import { IrqFlag, IrqWord } from "./interrupt-record.ts";
import { BUCKETS, LOOSE } from "./list-buckets.ts";
import { ACTIVE_BUCKETS, GROUP_BUCKETS, ListPlaces, Part } from "./list-places.ts";
import { sortList } from "./list-sort.ts";

/** Urgency of a bucket among those of its group and state. */
const URGENCY = ACTIVE_BUCKETS - 1;
const BOTH_GROUPS = 3;

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
export class PendingList extends ListPlaces {
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
    sortList(this, groups);
    for (let bucket = this.firstBucket(groups); bucket >= 0 && this.chosenCount < room; ) {
      const record = this.buckets.head(bucket);
      this.buckets.unlink(record, bucket);
      this.count(bucket, -1);
      this.pool.bank.set(record + IrqWord.order, this.buckets.endOrder());
      this.choose(record, Part.front);
      bucket = this.firstBucket(groups);
    }
    this.noteSorted(groups);
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
    this.forEachLoose((record, part) => {
      if (!this.takes(record)) return;
      this.tighten(record);
      found(record, part);
    });
    this.forgetWaiting();
    for (const { record, part } of all.sort((a, b) => a.position - b.position)) this.choose(record, part);
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
    this.forEachLoose((record, part) => {
      const position = this.position(record, part);
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
    const stay: number[] = [];
    const move: { record: number; owner: number; position: number }[] = [];
    this.forEachLoose((record, part) => {
      const owner = ownerOf(record);
      if (owner === this.pe + 1) stay.push(record, part);
      else if (owner === 0) leave(record, 0);
      else move.push({ record, owner, position: this.position(record, part) });
    });
    this.clearLoose();
    for (let index = 0; index < stay.length; index += 2) this.loosen(stay[index], stay[index + 1]);
    for (const { record, owner } of move.sort((a, b) => a.position - b.position)) leave(record, owner);
  }

  /** Calls `visit` for every interrupt on the list; it may take the record off the list. */
  forEach(visit: (record: number) => void): void {
    for (let index = this.chosenCount - 1; index >= 0; index--) visit(this.chosen(index));
    for (let bucket = 0; bucket <= LOOSE; bucket++) this.buckets.forEach(bucket, visit);
  }
}
