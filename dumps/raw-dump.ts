import type { ByteStore } from "./byte-store.ts";
import type { DumpDocument } from "./document.ts";
import { DumpMemory } from "./memory.ts";
import { Stretches } from "./stretches.ts";

/** Addresses are exact below this. */
const MAX_ADDRESS = 2n ** 53n;

/**
 * Raw bytes as a dump: a file of QEMU's `pmemsave`, of gdb's `dump binary memory`. Bytes that stay in their file are read when they are
 * asked for.
 * @param base address of the first byte, any 64-bit number
 */
export function rawDump(bytes: ByteStore, base: bigint): DumpDocument {
  const isExact = base + BigInt(bytes.length) < MAX_ADDRESS;
  const start = isExact ? Number(base) : 0;
  const stretches = new Stretches(bytes, 1);
  if (bytes.length > 0) stretches.push(start, start + bytes.length, 0, bytes.length, 0, 0);
  const memory = new DumpMemory(stretches, isExact ? 0n : base);
  return {
    format: "raw",
    formatTitle: "raw bytes",
    memory,
    problems: [],
    problemCount: 0,
    limits: [],
    overlaps: [],
    sections: [],
  };
}
