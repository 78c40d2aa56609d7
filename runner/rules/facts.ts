import { PagedNumbers } from "./paged-numbers.ts";

/**
 * Numbers by numbers, such as when something happened last, that can be taken back: what stood there before is kept in the order of the
 * changes. Three words a change, so a long script's changes take little room.
 */
export class Facts {
  private readonly values = new PagedNumbers();
  /** The time, the key and the value before of each change; NaN: there was none. */
  private readonly changes: number[] = [];

  get(key: number): number | undefined {
    const value = this.values.get(key);
    return Number.isNaN(value) ? undefined : value;
  }

  /** When something happened last; before everything when it never did. */
  when(key: number): number {
    return this.get(key) ?? -1;
  }

  /** @param now never less than that of the change before */
  set(key: number, value: number, now: number): void {
    this.changes.push(now, key, this.values.get(key));
    this.values.set(key, value);
  }

  /** Something happens now. */
  stamp(key: number, now: number): void {
    this.set(key, now, now);
  }

  /** Takes back the changes since a time, that time included. */
  takeBackTo(time: number): void {
    const { changes, values } = this;
    if (changes.length > 0 && changes[0] >= time) {
      // Nothing is left: an edit at the top of a long script.
      values.clear();
      changes.length = 0;
      return;
    }
    let end = changes.length;
    for (; end > 0 && changes[end - 3] >= time; end -= 3) values.set(changes[end - 2], changes[end - 1]);
    // Once for all: each cut costs more than what it cuts off.
    if (end < changes.length) changes.length = end;
  }
}
