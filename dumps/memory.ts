import { hex } from "../architecture/hex.ts";
import { joinedSpans, lastNotAbove } from "./ascending.ts";
import { Stretches } from "./stretches.ts";

/** Bytes that a dump holds, from `address` on. Addresses are exact to 2^53 (see {@link DumpMemory.origin}). */
export interface Span {
  readonly address: number;
  readonly bytes: Uint8Array;
}

/** Addresses without a gap. */
export interface Extent {
  readonly address: number;
  readonly length: number;
}

/**
 * Addresses of a dump from one on. Each of several tables that all begin at offset 0 has its own window, so that none overwrites another:
 * inside the decoder their addresses differ, and `origin` makes of them what the dump says.
 */
export interface Window {
  /** First address inside the decoder. */
  readonly start: number;
  /** What is to be added to addresses of the window, up to the start of the next one. */
  readonly origin: bigint;
  /** First and last line of the text, from 1. */
  readonly line: number;
  readonly lastLine: number;
}

/**
 * The memory a dump describes. Bytes that no line gives are unknown, not zero. What a `*` repeats is stored once and made when it is
 * read, so a repeat over megabytes costs nothing.
 */
export class DumpMemory {
  readonly stretches: Stretches;
  /**
   * Added to every address: 0 for physical addresses. A dump of kernel addresses (0xffff000012340000) has its upper bits here, so that
   * all addresses inside the decoder are exact JavaScript numbers.
   */
  readonly origin: bigint;
  /** Number of bytes held. */
  readonly size: number;
  /** More than one: tables that begin at the same address. `origin` is the first one's. */
  readonly windows: readonly Window[];

  /**
   * @param memory stretches, or bytes in ascending order that do not overlap
   * @param windows in ascending order; left out when there is one only
   */
  constructor(memory: Stretches | readonly Span[], origin = 0n, windows: readonly Window[] = []) {
    this.stretches = memory instanceof Stretches ? memory : stretchesOf(memory);
    this.origin = origin;
    this.windows = windows;
    const { starts, ends, count } = this.stretches;
    let size = 0;
    for (let at = 0; at < count; at++) size += ends[at] - starts[at];
    this.size = size;
  }

  get isEmpty(): boolean {
    return this.stretches.count === 0;
  }

  /** The lowest address held; 0 of an empty memory. */
  get start(): number {
    return this.isEmpty ? 0 : this.stretches.starts[0];
  }

  /** The address after the highest one held; 0 of an empty memory. */
  get end(): number {
    return this.isEmpty ? 0 : this.stretches.ends[this.stretches.count - 1];
  }

  /** Parts without a gap that hold something from `from` up to `limit`, cut to that, ascending. */
  spans(from = 0, limit = Number.MAX_SAFE_INTEGER): Generator<Extent> {
    return joinedSpans(this.stretches, from, limit);
  }

  /** Whether the dump holds the byte at an address. */
  holds(address: number): boolean {
    return this.indexOf(address) >= 0;
  }

  /** Index of the stretch that holds an address, or -1. */
  indexOf(address: number): number {
    const at = this.firstEndingAfter(address);
    return at < this.stretches.count && this.stretches.starts[at] <= address ? at : -1;
  }

  /** The `length` bytes at an address; undefined when the dump does not hold them all. They are not to be written to. */
  read(address: number, length: number): Uint8Array | undefined {
    const { stretches } = this;
    const { starts, ends, count } = stretches;
    let at = this.indexOf(address);
    if (at < 0) return undefined;
    const end = address + length;
    if (end <= ends[at] && !stretches.isRepeat(at)) {
      const from = stretches.offsets[at] + address - starts[at];
      return stretches.store.subarray(from, from + length);
    }
    let last = at;
    while (ends[last] < end) {
      if (last + 1 >= count || starts[last + 1] !== ends[last]) return undefined;
      last++;
    }
    const bytes = new Uint8Array(length);
    for (let next = address; at <= last; at++) {
      const stop = Math.min(ends[at], end);
      stretches.copy(at, next, stop, bytes, next - address);
      next = stop;
    }
    return bytes;
  }

  /** Little-endian number of `length` bytes at an address; undefined when the dump does not hold them all. */
  readNumber(address: number, length: number): bigint | undefined {
    const bytes = this.read(address, length);
    return bytes === undefined ? undefined : littleEndian(bytes);
  }

  /** An address as the dump's tool would write it: `0x` and lower-case digits, the origin added. */
  format(address: number): string {
    let { origin } = this;
    if (this.windows.length > 1) {
      const at = lastWindowNotAfter(this.windows, address);
      if (at >= 0) origin = this.windows[at].origin;
    }
    return hex(origin === 0n ? address : origin + BigInt(address));
  }

  /** The parts of the memory that are in different windows, each with the origin of its own; itself when there is one. */
  parts(): { readonly memory: DumpMemory; readonly window: Window | undefined }[] {
    const { windows } = this;
    if (windows.length < 2) return [{ memory: this, window: undefined }];
    const found = windows.flatMap((window, at) => {
      const end = windows[at + 1]?.start ?? Number.MAX_SAFE_INTEGER;
      const part = this.within([{ address: window.start, length: end - window.start }]);
      return part.isEmpty ? [] : [{ memory: new DumpMemory(part.stretches, window.origin), window }];
    });
    return found.length > 1 ? found : found.map(({ memory }) => ({ memory, window: undefined }));
  }

  /** The part of the memory within extents that ascend and do not overlap. */
  within(extents: Iterable<Extent>): DumpMemory {
    const { starts, ends, count } = this.stretches;
    const kept = new Stretches(this.stretches.store);
    for (const { address, length } of extents) {
      for (let at = this.firstEndingAfter(address); at < count && starts[at] < address + length; at++) {
        kept.pushPart(this.stretches, at, Math.max(starts[at], address), Math.min(ends[at], address + length));
      }
    }
    return new DumpMemory(kept, this.origin, this.windows);
  }

  private firstEndingAfter(address: number): number {
    return lastNotAbove(this.stretches.ends, address, this.stretches.count) + 1;
  }
}

function lastWindowNotAfter(windows: readonly Window[], address: number): number {
  let low = 0;
  let high = windows.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (windows[middle].start <= address) low = middle + 1;
    else high = middle - 1;
  }
  return high;
}

function stretchesOf(spans: readonly Span[]): Stretches {
  const [first] = spans;
  const store =
    spans.length === 1 ? first.bytes : new Uint8Array(spans.reduce((sum, { bytes }) => sum + bytes.length, 0));
  const stretches = new Stretches(store, Math.max(spans.length, 1));
  let offset = 0;
  for (const { address, bytes } of spans) {
    if (store !== bytes) store.set(bytes, offset);
    stretches.push(address, address + bytes.length, offset, bytes.length, 0, 0);
    offset += bytes.length;
  }
  return stretches;
}

/** Bytes as one little-endian number. */
export function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]);
  return value;
}
