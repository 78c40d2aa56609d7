import type { ByteStore } from "./byte-store.ts";

/** Bytes that are read at once, and kept for those who read on. */
const CHUNK = 0x1_0000;
/** Chunks that are kept: those that were used last. */
const KEPT = 256;

/** Bytes of which only what is asked for is read, in chunks: of a core of gigabytes the tables that are looked at. 16 MiB are kept. */
export abstract class ChunkedStore implements ByteStore {
  abstract readonly length: number;
  private readonly chunks = new Map<number, Uint8Array>();

  /** Reads exactly so many bytes, which are there. @throws whatever its owner throws when they cannot be read */
  protected abstract read(from: number, length: number): Uint8Array;

  subarray(from: number, to: number): Uint8Array {
    const end = Math.min(to, this.length);
    if (end <= from) return new Uint8Array();
    const first = Math.floor(from / CHUNK);
    const last = Math.floor((end - 1) / CHUNK);
    if (first === last) return this.chunk(first).subarray(from - first * CHUNK, end - first * CHUNK);
    // What is longer than all that is kept is read past it.
    if (last - first >= KEPT) return this.read(from, end - from);
    const bytes = new Uint8Array(end - from);
    for (let at = first; at <= last; at++) {
      const start = Math.max(at * CHUNK, from);
      const stop = Math.min((at + 1) * CHUNK, end);
      bytes.set(this.chunk(at).subarray(start - at * CHUNK, stop - at * CHUNK), start - from);
    }
    return bytes;
  }

  private chunk(number: number): Uint8Array {
    const { chunks } = this;
    let bytes = chunks.get(number);
    if (bytes === undefined) {
      bytes = this.read(number * CHUNK, Math.min(CHUNK, this.length - number * CHUNK));
      const [oldest] = chunks.keys();
      if (chunks.size >= KEPT && oldest !== undefined) chunks.delete(oldest);
    } else chunks.delete(number);
    chunks.set(number, bytes);
    return bytes;
  }
}
