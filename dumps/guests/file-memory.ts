import { joinedSpans, lastNotAbove } from "../ascending.ts";
import type { ByteStore } from "../byte-store.ts";
import type { KnownMemory } from "../known-memory.ts";
import type { Extent } from "../memory.ts";
import type { FileRuns } from "./file-runs.ts";

/** Memory of a saved guest that stays in its file. */
export class FileMemory implements KnownMemory {
  private readonly source: ByteStore;
  private readonly runs: FileRuns;

  /** @param runs settled ones, see {@link FileRuns.settled} */
  constructor(source: ByteStore, runs: FileRuns) {
    this.source = source;
    this.runs = runs;
  }

  get isEmpty(): boolean {
    return this.runs.count === 0;
  }

  holds(address: number): boolean {
    const at = this.firstEndingAfter(address);
    return at < this.runs.count && this.runs.starts[at] <= address;
  }

  read(address: number, length: number): Uint8Array | undefined {
    const { starts, ends, count } = this.runs;
    const end = address + length;
    let at = this.firstEndingAfter(address);
    for (let last = at, known = address; known < end; last++) {
      if (last >= count || starts[last] > known) return undefined;
      known = ends[last];
    }
    const bytes = new Uint8Array(length);
    for (let next = address; next < end; at++) {
      const stop = Math.min(ends[at], end);
      this.copy(at, next, stop, bytes, next - address);
      next = stop;
    }
    return bytes;
  }

  spans(from = 0, limit = Number.MAX_SAFE_INTEGER): Generator<Extent> {
    return joinedSpans(this.runs, from, limit);
  }

  /** As {@link spans}, without those that are filled with zeros. */
  *held(from = 0, limit = Number.MAX_SAFE_INTEGER): Generator<Extent> {
    const { runs } = this;
    for (let at = this.firstEndingAfter(from); at < runs.count && runs.starts[at] < limit; at++) {
      if (runs.fillOf(at) === 0) continue;
      const address = Math.max(runs.starts[at], from);
      yield { address, length: Math.min(runs.ends[at], limit) - address };
    }
  }

  /** Writes bytes `from` up to `to` of a run into `into`. */
  private copy(at: number, from: number, to: number, into: Uint8Array, offset: number): void {
    const { runs, source } = this;
    const fill = runs.fillOf(at);
    if (fill !== undefined) {
      into.fill(fill, offset, offset + to - from);
      return;
    }
    const { pageBytes } = runs;
    const stride = runs.strides[at];
    for (let next = from; next < to; ) {
      const inside = next - runs.starts[at];
      const page = Math.floor(inside / pageBytes);
      // Where pages lie one behind the other in the file as in memory, all of them are read at once.
      const stop = stride === pageBytes ? to : Math.min(to, runs.starts[at] + (page + 1) * pageBytes);
      const place = runs.places[at] + page * stride + (inside - page * pageBytes);
      into.set(source.subarray(place, place + stop - next), offset + next - from);
      next = stop;
    }
  }

  private firstEndingAfter(address: number): number {
    return lastNotAbove(this.runs.ends, address, this.runs.count) + 1;
  }
}
