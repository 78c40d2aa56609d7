import type { Journal } from "../journal/journal.ts";

/**
 * The ITTs of the mapped devices in order of their addresses, to tell when a new one overlaps a neighbour. Derived from the device
 * table: after a rewind, or when somebody else wrote the table, it is read again at the next question.
 */
export class IttRanges {
  private starts: number[] = [];
  private ends: number[] = [];
  private owners: number[] = [];
  private valid = false;
  private readonly readAll: (add: (deviceId: number, start: number, bytes: number) => void) => void;

  /** @param readAll tells every mapped device's ITT */
  constructor(journal: Journal, readAll: (add: (deviceId: number, start: number, bytes: number) => void) => void) {
    this.readAll = readAll;
    journal.onRewind(() => {
      this.valid = false;
    });
  }

  /** The table was moved, or devices were mapped without telling. */
  forget(): void {
    this.valid = false;
  }

  /** Index of the first range that starts above an address. */
  private after(start: number): number {
    let low = 0;
    let high = this.starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.starts[middle] > start) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  private ensure(): void {
    if (this.valid) return;
    const found: [start: number, end: number, owner: number][] = [];
    this.readAll((deviceId, start, bytes) => found.push([start, start + bytes, deviceId]));
    found.sort((a, b) => a[0] - b[0]);
    this.starts = found.map(([start]) => start);
    this.ends = found.map(([, end]) => end);
    this.owners = found.map(([, , owner]) => owner);
    this.valid = true;
  }

  /** Whether the ITT that a device gets overlaps a neighbour that is another device's. To be called before the device's entry is written. */
  overlaps(deviceId: number, start: number, bytes: number): boolean {
    this.ensure();
    const at = this.after(start);
    const meets = (index: number): boolean =>
      index >= 0 &&
      index < this.starts.length &&
      this.owners[index] !== deviceId &&
      start < this.ends[index] &&
      this.starts[index] < start + bytes;
    return meets(at - 1) || meets(at);
  }

  /** A device without an ITT got one. */
  add(deviceId: number, start: number, bytes: number): void {
    if (!this.valid) return;
    const at = this.after(start);
    this.starts.splice(at, 0, start);
    this.ends.splice(at, 0, start + bytes);
    this.owners.splice(at, 0, deviceId);
  }

  /** A device lost its ITT. @param start address that it had */
  remove(deviceId: number, start: number): void {
    if (!this.valid) return;
    let at = this.after(start) - 1;
    while (at >= 0 && this.starts[at] === start && this.owners[at] !== deviceId) at--;
    if (at < 0 || this.starts[at] !== start) return;
    this.starts.splice(at, 1);
    this.ends.splice(at, 1);
    this.owners.splice(at, 1);
  }
}
