import type { ByteStore } from "../../byte-store.ts";
import { latin1 } from "../latin1.ts";

/** Bytes that are read of a file at once. */
const WINDOW = 256 * 1024;

/** The file ends in the midst of something. */
export class StreamEnd extends Error {
  override name = "StreamEnd";
  readonly offset: number;

  constructor(offset: number) {
    super(`the stream ends at ${offset}`);
    this.offset = offset;
  }
}

/** Reads a stream from front to back; integers are big-endian. What is beyond the end throws {@link StreamEnd}. */
export class Cursor {
  position: number;
  private readonly source: ByteStore;
  private window: Uint8Array = new Uint8Array();
  private windowStart = 0;

  constructor(source: ByteStore, position = 0) {
    this.source = source;
    this.position = position;
  }

  get size(): number {
    return this.source.length;
  }

  get atEnd(): boolean {
    return this.position >= this.source.length;
  }

  /** @returns the index in the window of `length` bytes from the position on */
  private at(length: number): number {
    const index = this.position - this.windowStart;
    if (index >= 0 && index + length <= this.window.length) return index;
    if (this.position + length > this.source.length) throw new StreamEnd(this.position);
    this.window = this.source.subarray(this.position, this.position + Math.max(WINDOW, length));
    this.windowStart = this.position;
    if (this.window.length < length) throw new StreamEnd(this.position);
    return 0;
  }

  /** The next byte, which stays the next one; -1 at the end. */
  peek(): number {
    return this.atEnd ? -1 : this.window[this.at(1)];
  }

  u8(): number {
    const index = this.at(1);
    this.position++;
    return this.window[index];
  }

  u16(): number {
    return this.u8() * 256 + this.u8();
  }

  u32(): number {
    const index = this.at(4);
    const { window } = this;
    this.position += 4;
    return ((window[index] << 24) | (window[index + 1] << 16) | (window[index + 2] << 8) | window[index + 3]) >>> 0;
  }

  /** 64 bits as a number: above 2^53 it is not exact, and is nothing that an offset or a length can be. */
  u64(): number {
    const high = this.u32();
    return high * 2 ** 32 + this.u32();
  }

  /** A copy of the next bytes. @param length bounded by the caller */
  bytes(length: number): Uint8Array {
    const index = this.at(length);
    this.position += length;
    return this.window.slice(index, index + length);
  }

  /** A text behind its length in one byte. */
  name(): string {
    return latin1(this.bytes(this.u8()));
  }

  text(length: number): string {
    return latin1(this.bytes(length));
  }

  skip(length: number): void {
    if (!(length >= 0) || this.position + length > this.source.length) throw new StreamEnd(this.position);
    this.position += length;
  }
}
