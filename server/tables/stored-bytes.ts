import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { ChunkedStore } from "../../dumps/chunked-store.ts";

/** Makes an error for the user of one of the file system, or of a sentence part that says why a file cannot be read. */
export type FileProblem = (reason: string | Error) => Error;

/** A file's bytes, read when they are asked for: of a core of gigabytes only the tables that are looked at. */
export class StoredBytes extends ChunkedStore {
  readonly length: number;
  private readonly file: string;
  private readonly problem: FileProblem;
  private readonly changed: number;

  /** @throws whatever `problem` makes, when the file cannot be opened */
  constructor(file: string, problem: FileProblem) {
    super();
    this.file = file;
    this.problem = problem;
    const { size, mtimeMs } = this.opened((handle) => fstatSync(handle));
    this.length = size;
    this.changed = mtimeMs;
  }

  /** @throws whatever `problem` makes, when the file cannot be read, or is another one by now */
  protected override read(from: number, length: number): Uint8Array {
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
