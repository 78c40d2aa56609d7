import type { Extent } from "./memory.ts";

/** Bytes at addresses, as far as they are known: those of a dump, or of a saved guest that stays in its file. */
export interface KnownMemory {
  readonly isEmpty: boolean;
  /** Whether the byte at an address is known. */
  holds(address: number): boolean;
  /** The `length` bytes at an address; undefined when some of them are unknown. They are not to be written to. */
  read(address: number, length: number): Uint8Array | undefined;
  /** Parts without a gap of which something is known from `from` up to `limit`, cut to that, ascending. */
  spans(from?: number, limit?: number): Iterable<Extent>;
}
