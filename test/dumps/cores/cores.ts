import { readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";

/** Where the cores have the device table of the matrix. */
export const CORE_BASE = 0x4010_0000;

/** A core that a real program wrote: see make.ts. */
export function recordedCore(name: "gdb-gcore" | "qemu-dump-guest-memory"): Uint8Array {
  return gunzipSync(readFileSync(path.join(import.meta.dirname, "fixtures", `${name}.core.gz`)));
}

/** A program header of a core that is made by hand. */
export interface MadeSegment {
  readonly type?: number;
  readonly physical?: bigint;
  readonly virtual?: bigint;
  readonly bytes?: Uint8Array;
  /** In place of what is true. */
  readonly offset?: bigint;
  readonly inFile?: bigint;
  readonly inMemory?: bigint;
}

/** An ELF core with the segments' bytes one after another behind its headers. */
export function madeCore(
  segments: readonly MadeSegment[],
  { bits = 64, isLittle = true, type = 4, machine = 183, counted = segments.length } = {},
): Uint8Array {
  const [fileSize, headerSize] = bits === 64 ? [64, 56] : [52, 32];
  const isExtended = counted >= 0xffff;
  const place = fileSize + (isExtended ? 64 : 0);
  const data = segments.reduce((sum, { bytes }) => sum + (bytes?.length ?? 0), 0);
  const core = new Uint8Array(place + segments.length * headerSize + data);
  const view = new DataView(core.buffer);
  const word = (at: number, value: bigint) => {
    if (bits === 64) view.setBigUint64(at, value, isLittle);
    else view.setUint32(at, Number(value), isLittle);
  };
  const half = (at: number, value: number) => view.setUint16(at, value, isLittle);
  core.set([0x7f, 0x45, 0x4c, 0x46, bits === 64 ? 2 : 1, isLittle ? 1 : 2, 1]);
  half(16, type);
  half(18, machine);
  word(bits === 64 ? 32 : 28, BigInt(place));
  half(bits === 64 ? 54 : 42, headerSize);
  half(bits === 64 ? 56 : 44, Math.min(counted, 0xffff));
  if (isExtended) {
    word(bits === 64 ? 40 : 32, BigInt(fileSize));
    view.setUint32(fileSize + (bits === 64 ? 44 : 28), counted, isLittle);
  }
  let offset = place + segments.length * headerSize;
  for (const [number, segment] of segments.entries()) {
    const { bytes = new Uint8Array(), physical = 0n, virtual = 0n } = segment;
    const at = place + number * headerSize;
    const inFile = segment.inFile ?? BigInt(bytes.length);
    const words = [segment.offset ?? BigInt(offset), virtual, physical, inFile, segment.inMemory ?? inFile];
    view.setUint32(at, segment.type ?? 1, isLittle);
    for (const [i, value] of words.entries()) word(at + (bits === 64 ? 8 + i * 8 : 4 + i * 4), value);
    core.set(bytes, offset);
    offset += bytes.length;
  }
  return core;
}
