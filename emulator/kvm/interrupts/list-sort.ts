import { IrqWord } from "./interrupt-record.ts";
import { GROUP_BUCKETS, isSplit, type ListPlaces, PART, Part } from "./list-places.ts";

interface Placed {
  readonly record: number;
  readonly bucket: number;
  /** Where it stands in the kernel's list now: part and order. */
  readonly position: number;
}

const byPosition = (a: Placed, b: Placed): number => a.position - b.position;

/** The kernel's sort: what was chosen, and what is loose and the PE takes, goes to its bucket. */
export function sortList(list: ListPlaces, groups: number): void {
  const { order } = list;
  const split = order === "active-first" || isSplit(groups);
  const moved = new Map<number, Placed[]>();
  const move = (record: number, position: number): void => {
    const bucket = list.bucketOf(record);
    const run = split ? bucket : bucket % GROUP_BUCKETS;
    const others = moved.get(run);
    if (others === undefined) moved.set(run, [{ record, bucket, position }]);
    else others.push({ record, bucket, position });
  };
  list.forEachLoose((record, part) => {
    if (!list.takes(record)) return;
    const position = list.position(record, part);
    list.tighten(record);
    move(record, position);
  });
  for (let index = list.chosenCount - 1; index >= 0; index--) {
    const record = list.chosen(index);
    list.removeChosen(record);
    move(record, list.position(record, list.storedPart(record)));
    list.count(list.bucketOf(record), 1);
  }
  if (!split && isSplit(list.sortedGroups)) {
    for (let run = 0; run < GROUP_BUCKETS; run++) join(list, run, moved.get(run) ?? []);
  } else {
    for (const [run, records] of moved) place(list, run, split, records);
  }
}

function putLast(list: ListPlaces, { record, bucket }: Placed): void {
  list.append(record, bucket, Part.none, list.buckets.endOrder());
}

function putFirst(list: ListPlaces, { record, bucket }: Placed): void {
  list.setPart(record, Part.none);
  list.pool.bank.set(record + IrqWord.order, list.buckets.frontOrder());
  list.buckets.link(record, bucket, 0);
}

/** Two buckets of equal rank in different groups, one of which stood behind the other: from now on they have one order. */
function join(list: ListPlaces, run: number, moved: readonly Placed[]): void {
  const all = [...moved];
  for (const bucket of [run, run + GROUP_BUCKETS]) {
    list.buckets.forEach(bucket, (record) => {
      all.push({ record, bucket, position: list.position(record, list.partIn(bucket, record)) });
    });
    list.buckets.clear(bucket);
  }
  for (const one of all.sort(byPosition)) putLast(list, one);
}

/**
 * Puts loose records into buckets of one rank: those from more urgent parts of the list to the front, those from less urgent ones
 * behind what was there at the last sort, and what came since behind that. One that is back where it was takes its old place.
 * @param run bucket; of two buckets that are equal but for their group the one of Group 0
 */
function place(list: ListPlaces, run: number, split: boolean, moved: Placed[]): void {
  const buckets = split ? [run] : [run, run + GROUP_BUCKETS];
  const part = list.partOf(run);
  const front = moved.filter(({ position }) => position < part * PART).sort(byPosition);
  const back = moved.filter(({ position }) => position >= part * PART && position < (part + 1) * PART).sort(byPosition);
  const end = moved.filter(({ position }) => position >= (part + 1) * PART);
  insert(list, back);
  if (end.length > 0) {
    end.sort(byPosition);
    if (standBefore(list, buckets, end)) insertFirst(list, end);
    else {
      for (const bucket of buckets) takeSince(list, bucket, end);
      for (const one of end.sort(byPosition)) putLast(list, one);
    }
  }
  for (const one of front.reverse()) putFirst(list, one);
}

/** Links records by their order, which they keep. @param records in ascending order */
function insert(list: ListPlaces, records: readonly Placed[]): void {
  const { words } = list.pool.bank;
  const behind = new Map<number, number>();
  for (const { record, bucket } of records.toReversed()) {
    let previous = behind.get(bucket) ?? list.buckets.tail(bucket);
    const order = words[record + IrqWord.order];
    while (previous !== 0 && words[previous + IrqWord.order] > order) previous = words[previous + IrqWord.previous];
    list.setPart(record, Part.none);
    list.buckets.link(record, bucket, previous);
    behind.set(bucket, previous);
  }
}

/**
 * Whether records came since the last sort, as all in the buckets did, and before those: what went to list registers at once, before a
 * long list grew behind it. @param records in ascending order
 */
function standBefore(list: ListPlaces, buckets: readonly number[], records: readonly Placed[]): boolean {
  const { words } = list.pool.bank;
  if (records[0].position < Part.since * PART) return false;
  const last = words[records[records.length - 1].record + IrqWord.order];
  return buckets.every((bucket) => {
    const head = list.buckets.head(bucket);
    return head === 0 || (list.isNew(head) && words[head + IrqWord.order] > last);
  });
}

/** Links records in front of all others, with the order that they have. @param records in ascending order */
function insertFirst(list: ListPlaces, records: readonly Placed[]): void {
  for (const { record, bucket } of records.toReversed()) {
    list.setPart(record, Part.none);
    list.buckets.link(record, bucket, 0);
  }
}

/** Takes what came since the last sort out of a bucket. */
function takeSince(list: ListPlaces, bucket: number, into: Placed[]): void {
  const { words } = list.pool.bank;
  for (let record = list.buckets.tail(bucket); record !== 0 && list.isNew(record); ) {
    const previous = words[record + IrqWord.previous];
    list.buckets.unlink(record, bucket);
    into.push({ record, bucket, position: list.position(record, Part.since) });
    record = previous;
  }
}
