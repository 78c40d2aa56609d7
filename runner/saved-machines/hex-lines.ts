import type { MemoryRun } from "../../emulator/index.ts";
import type { Range } from "./saved-memory.ts";

/** Memory whose bytes are written. */
export interface WrittenMemory {
  /** Bytes of a range that are not all zero, ascending. */
  held(range: Range): Iterable<MemoryRun>;
  /** Bytes of a range, all of which is there. */
  read(from: number, length: number): Uint8Array;
}

/** How the lines of a table are written: bytes of a line, and of a little-endian word in it; words of 1 byte are bytes in memory order. */
export interface LineShape {
  readonly lineBytes: number;
  readonly wordBytes: 1 | 4 | 8;
}

const digits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/**
 * A range of RAM as lines of hex text, `0x40100040: 0x8002000008080004 0x80b6000008090000`. Lines like the one before are a `*`, as
 * hexdump and xxd write it; the last line of the range is always there, so that the `*` has an end. Ranges that are zero cost nothing.
 */
export function* hexLines(memory: WrittenMemory, { from, to }: Range, shape: LineShape): Iterable<string> {
  let before: Uint8Array | undefined;
  /** Address of the last line that a `*` stands for, -1: there is none. */
  let squeezed = -1;
  for (const { address, bytes, last } of lines(memory, { from, to }, shape.lineBytes)) {
    if (before !== undefined && same(before, bytes)) {
      if (squeezed < 0) yield "*";
      squeezed = last;
      continue;
    }
    squeezed = -1;
    before = bytes;
    yield hexLine(address, bytes, shape);
    if (last === address) continue;
    yield "*";
    squeezed = last;
  }
  if (before !== undefined && squeezed >= 0) yield hexLine(squeezed, before, shape);
}

/** One line, or with `last` above `address` equal ones up to that address. */
interface Lines {
  readonly address: number;
  readonly bytes: Uint8Array;
  readonly last: number;
}

function* lines(memory: WrittenMemory, { from, to }: Range, lineBytes: number): Iterable<Lines> {
  const zero = new Uint8Array(lineBytes);
  let at = from;
  /** Whole lines of zeros below an address. */
  function* zeros(end: number): Iterable<Lines> {
    const count = Math.floor((end - at) / lineBytes);
    if (count <= 0) return;
    yield { address: at, bytes: zero, last: at + (count - 1) * lineBytes };
    at += count * lineBytes;
  }
  for (const run of memory.held({ from, to })) {
    yield* zeros(run.address);
    const end = run.address + run.bytes.length;
    while (at < end) {
      const length = Math.min(lineBytes, to - at);
      const inside = at >= run.address && at + length <= end;
      const bytes = inside ? run.bytes.subarray(at - run.address, at - run.address + length) : memory.read(at, length);
      yield { address: at, bytes, last: at };
      at += length;
    }
  }
  yield* zeros(to);
  if (at < to) yield { address: at, bytes: memory.read(at, to - at), last: at };
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

function hexLine(address: number, bytes: Uint8Array, { wordBytes }: LineShape): string {
  let text = `0x${address.toString(16)}:`;
  // A piece that ends within a word has bytes alone.
  const size = bytes.length % wordBytes === 0 ? wordBytes : 1;
  for (let at = 0; at < bytes.length; at += size) {
    text += size === 1 ? " " : " 0x";
    for (let byte = size - 1; byte >= 0; byte--) text += digits[bytes[at + byte]];
  }
  return text;
}
