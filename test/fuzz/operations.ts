import type { CommandWords } from "../../architecture/index.ts";
import { commandBytes } from "../../language/index.ts";
import type { Shape } from "./shape.ts";
import { GITS, GitsOffset, inComparedMemory } from "./shape.ts";

export type AccessBytes = 1 | 2 | 4 | 8;

/** One access that both machines get in the same way. */
export type Access =
  | { readonly kind: "write"; readonly address: number; readonly bytes: AccessBytes; readonly value: bigint }
  /** What it reads is compared. */
  | { readonly kind: "read"; readonly address: number; readonly bytes: AccessBytes }
  /** Guest memory, without looking at devices. */
  | { readonly kind: "store"; readonly address: number; readonly data: Uint8Array }
  | { readonly kind: "fill"; readonly address: number; readonly length: number; readonly byte: number };

/** What a driver or somebody worse does. */
export type Operation =
  | Access
  /** Commands at the driver's place in the queue, and one write of GITS_CWRITER behind them. */
  | { readonly kind: "commands"; readonly words: readonly CommandWords[] };

export type Batch = readonly Operation[];

/** One run of a machine from its reset on. */
export interface FuzzCase {
  readonly name: string;
  readonly shape: Shape;
  /** After each the two machines are compared. */
  readonly batches: readonly Batch[];
}

/** Reads a register of the machine that the accesses are for. */
export type RegisterReader = (address: number, bytes: AccessBytes) => bigint;

/** Where a driver would put its next command, from what the registers say. */
export interface QueuePlace {
  readonly base: number;
  /** Bytes of the queue. */
  readonly size: number;
  /** Byte offset of the next command. */
  readonly offset: number;
}

export function queuePlace(read: RegisterReader): QueuePlace {
  const cbaser = read(GITS + GitsOffset.cbaser, 8);
  const size = (Number(cbaser & 0xffn) + 1) * 4096;
  const offset = Number(read(GITS + GitsOffset.cwriter, 8) & 0xf_ffe0n);
  return { base: Number(cbaser & 0xf_ffff_ffff_f000n), size, offset: offset < size ? offset : 0 };
}

/** An operation as single accesses. Commands are placed by what the registers say at that moment. */
export function accessesOf(operation: Operation, read: RegisterReader): readonly Access[] {
  if (operation.kind !== "commands") return [operation];
  const { base, size, offset } = queuePlace(read);
  const words = operation.words.slice(0, size / 32 - 1);
  const accesses: Access[] = [];
  for (let from = 0, at = offset; from < words.length; ) {
    const run = Math.min(words.length - from, (size - at) / 32);
    const data = new Uint8Array(run * 32);
    for (let index = 0; index < run; index++) data.set(commandBytes(words[from + index]), index * 32);
    // A queue elsewhere is read from there as it is.
    if (inComparedMemory(base + at, data.length)) accesses.push({ kind: "store", address: base + at, data });
    from += run;
    at = (at + run * 32) % size;
  }
  const next = (offset + words.length * 32) % size;
  accesses.push({ kind: "write", address: GITS + GitsOffset.cwriter, bytes: 8, value: BigInt(next) });
  return accesses;
}

/** Commands of a case. */
export function countCommands(batches: readonly Batch[]): number {
  let count = 0;
  for (const batch of batches) {
    for (const operation of batch) if (operation.kind === "commands") count += operation.words.length;
  }
  return count;
}
