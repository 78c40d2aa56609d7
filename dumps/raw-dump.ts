import type { DumpDocument } from "./document.ts";
import { DumpMemory } from "./memory.ts";

/** Addresses are exact below this. */
const MAX_ADDRESS = 2n ** 53n;

/** Raw bytes as a dump: a file of QEMU's `pmemsave`, of gdb's `dump binary memory`. @param base address of the first byte, any 64-bit number */
export function rawDump(bytes: Uint8Array, base: bigint): DumpDocument {
  const end = base + BigInt(bytes.length);
  const memory =
    end < MAX_ADDRESS
      ? new DumpMemory([{ address: Number(base), bytes }])
      : new DumpMemory([{ address: 0, bytes }], base);
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
