import type { ByteStore } from "./byte-store.ts";

/** A growable list of stretches of memory as columns of numbers: a dump may have a million, and objects would cost ten times as much. */
export class Stretches {
  /** The bytes that the stretches refer to. */
  readonly store: ByteStore;
  count = 0;
  /** Address of the first byte, ascending; stretches do not overlap. */
  starts: Float64Array;
  /** Address after the last byte. */
  ends: Float64Array;
  /** Place of the first stored byte in {@link store}. */
  offsets: Float64Array;
  /** Bytes that are stored. Fewer than the stretch is long: they repeat. */
  periods: Float64Array;
  /** Which stored byte is the first one; 0 but for a repeat whose beginning was overwritten. */
  phases: Uint32Array;
  /** The first of the runs of lines that it came from, see LineRuns. */
  runs: Uint32Array;

  constructor(store: ByteStore, capacity = 16) {
    this.store = store;
    this.starts = new Float64Array(capacity);
    this.ends = new Float64Array(capacity);
    this.offsets = new Float64Array(capacity);
    this.periods = new Float64Array(capacity);
    this.phases = new Uint32Array(capacity);
    this.runs = new Uint32Array(capacity);
  }

  push(start: number, end: number, offset: number, period: number, phase: number, run: number): void {
    if (this.count === this.starts.length) this.grow();
    const at = this.count++;
    this.starts[at] = start;
    this.ends[at] = end;
    this.offsets[at] = offset;
    this.periods[at] = period;
    this.phases[at] = phase;
    this.runs[at] = run;
  }

  isRepeat(at: number): boolean {
    return this.periods[at] < this.ends[at] - this.starts[at] || this.phases[at] > 0;
  }

  /** Adds a part of another list's stretch; both have the same store. */
  pushPart(from: Stretches, at: number, start: number, end: number): void {
    const skipped = start - from.starts[at];
    const run = from.runs[at];
    if (from.isRepeat(at)) {
      const period = from.periods[at];
      this.push(start, end, from.offsets[at], period, (from.phases[at] + skipped) % period, run);
    } else this.push(start, end, from.offsets[at] + skipped, end - start, 0, run);
  }

  /** Writes bytes `address` up to `end` of a stretch into `target` from `place` on. */
  copy(at: number, address: number, end: number, target: Uint8Array, place: number): void {
    const { store } = this;
    const offset = this.offsets[at];
    const period = this.periods[at];
    let from = this.phases[at] + (address - this.starts[at]);
    if (!this.isRepeat(at)) {
      target.set(store.subarray(offset + from, offset + from + end - address), place);
      return;
    }
    from %= period;
    const length = end - address;
    // One turn of the pattern, then doubling.
    const turn = Math.min(period, length);
    const pattern = store.subarray(offset, offset + period);
    for (let i = 0; i < turn; i++) target[place + i] = pattern[(from + i) % period];
    for (let done = turn; done < length; done *= 2) {
      target.copyWithin(place + done, place, place + Math.min(done, length - done));
    }
  }

  private grow(): void {
    const capacity = this.starts.length * 2;
    this.starts = grown(this.starts, new Float64Array(capacity));
    this.ends = grown(this.ends, new Float64Array(capacity));
    this.offsets = grown(this.offsets, new Float64Array(capacity));
    this.periods = grown(this.periods, new Float64Array(capacity));
    this.phases = grown(this.phases, new Uint32Array(capacity));
    this.runs = grown(this.runs, new Uint32Array(capacity));
  }
}

/** A larger column with the values of a full one. */
export function grown<T extends Float64Array | Uint32Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}
