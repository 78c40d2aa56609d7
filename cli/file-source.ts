import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { ByteSource } from "../dumps/guests/index.ts";
import { asFileError } from "./files.ts";

const BLOCK = 64 * 1024;
/** Blocks that are kept: tables are read entry by entry. */
const KEPT = 256;

/** A file that is read by offset, in blocks; nothing of it stays open. @throws CliError when it cannot be read */
export class FileSource implements ByteSource {
  readonly size: number;
  private readonly file: string;
  /** The block that was used last is the last one. */
  private readonly blocks = new Map<number, Uint8Array>();

  constructor(file: string) {
    this.file = file;
    this.size = this.opened((handle) => fstatSync(handle).size);
  }

  read(offset: number, length: number): Uint8Array {
    const end = Math.min(offset + length, this.size);
    if (end <= offset) return new Uint8Array();
    const first = Math.floor(offset / BLOCK);
    // What spans several blocks is read once, from front to back.
    if (end > (first + 1) * BLOCK) return this.load(offset, end - offset);
    const block = this.block(first);
    return block.subarray(offset - first * BLOCK, end - first * BLOCK);
  }

  private block(index: number): Uint8Array {
    const known = this.blocks.get(index);
    const block = known ?? this.load(index * BLOCK, Math.min(BLOCK, this.size - index * BLOCK));
    this.blocks.delete(index);
    this.blocks.set(index, block);
    const oldest = this.blocks.size > KEPT ? this.blocks.keys().next().value : undefined;
    if (oldest !== undefined) this.blocks.delete(oldest);
    return block;
  }

  private load(offset: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    const read = this.opened((handle) => {
      let done = 0;
      while (done < length) {
        const part = readSync(handle, bytes, { offset: done, length: length - done, position: offset + done });
        if (part === 0) break;
        done += part;
      }
      return done;
    });
    return bytes.subarray(0, read);
  }

  private opened<Result>(use: (handle: number) => Result): Result {
    try {
      const handle = openSync(this.file, "r");
      try {
        return use(handle);
      } finally {
        closeSync(handle);
      }
    } catch (error) {
      throw asFileError(this.file, error);
    }
  }
}
