import { readFileSync } from "node:fs";
import path from "node:path";
import type { DumpMemory, Span } from "../../dumps/memory.ts";

/** The bytes that every file in `samples/` shows. */
export function sampleBytes(): Uint8Array {
  const bytes = new Uint8Array(256);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0x40, 0x8002000008080004n, true);
  view.setBigUint64(0x48, 0x80b6000008090000n, true);
  bytes.set(Buffer.from("de ad be ef cafe"), 0x80);
  bytes.set(Buffer.from("12345678"), 0xe0);
  return bytes;
}

/** The stretches of a memory without a gap, with their bytes. */
export function spansOf(memory: DumpMemory): Span[] {
  return Array.from(memory.spans(), ({ address, length }) => ({
    address,
    bytes: memory.read(address, length) ?? new Uint8Array(0),
  }));
}

export function readSample(name: string): Uint8Array {
  return readFileSync(path.join(import.meta.dirname, "samples", name));
}

/** Span contents as hexadecimal text, for assertions that print well. */
export function hex(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? "absent" : Buffer.from(bytes).toString("hex");
}
