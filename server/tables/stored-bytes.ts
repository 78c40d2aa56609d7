import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { ByteStore } from "../../dumps/byte-store.ts";

/** Bytes that are read at once, and kept for those who read on. */
const CHUNK = 0x1_0000;
/** Chunks that are kept: those that were used last. */
const KEPT = 256;

/** Makes an error for the user of one of the file system, or of a sentence part that says why a file cannot be read. */
export type FileProblem = (reason: string | Error) => Error;

/** A file's bytes, read when they are asked for: of a core of gigabytes only the tables that are looked at. */
export class StoredBytes implements ByteStore {
  readonly length: number;
  private readonly file: string;
  private readonly problem: FileProblem;
  private readonly changed: number;
  private readonly chunks = new Map<number, Uint8Array>();

  /** @throws whatever `problem` makes, when the file cannot be opened */
  constructor(file: string, problem: FileProblem) {
    this.file = file;
    this.problem = problem;
    const { size, mtimeMs } = this.opened((handle) => fstatSync(handle));
    this.length = size;
    this.changed = mtimeMs;
  }

  /** @throws whatever `problem` makes, when the file cannot be read, or is another one by now */
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

  private read(from: number, length: number): Uint8Array {
    return this.opened((handle) => {
      if (fstatSync(handle).mtimeMs !== this.changed) throw this.problem("it has changed meanwhile");
      const bytes = new Uint8Array(length);
      let done = 0;
      while (done < length) {
        const count = readSync(handle, bytes, done, length - done, from + done);
        if (count === 0) throw this.problem(`it ends at 0x${(from + done).toString(16)}`);
        done += count;
      }
      return bytes;
    });
  }

  /** The file is open for the moment only, so that nobody has to close it. */
  private opened<T>(use: (handle: number) => T): T {
    let handle: number;
    try {
      handle = openSync(this.file, "r");
    } catch (error) {
      throw this.problem(error as Error);
    }
    try {
      return use(handle);
    } catch (error) {
      throw error instanceof Error && "code" in error && "syscall" in error ? this.problem(error) : error;
    } finally {
      closeSync(handle);
    }
  }
}
