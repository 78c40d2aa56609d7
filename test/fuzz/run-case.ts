import type { ModelSide } from "./model-side.ts";
import { type Access, accessesOf, type FuzzCase } from "./operations.ts";
import { batchRegisters, type ComparedRegister, finalRegisters } from "./registers.ts";
import { comparedMemory } from "./shape.ts";
import { type Answer, eventText, type Side } from "./side.ts";

/** Something in which the two machines differ. */
export type Difference =
  | { readonly kind: "register"; readonly register: ComparedRegister; readonly ours: bigint; readonly theirs: bigint }
  /** What a read of the batch gave. */
  | { readonly kind: "read"; readonly address: number; readonly ours: bigint; readonly theirs: bigint }
  /** Eight bytes of memory as a little-endian number. */
  | { readonly kind: "memory"; readonly address: number; readonly ours: bigint; readonly theirs: bigint }
  | { readonly kind: "event"; readonly index: number; readonly ours: string; readonly theirs: string };

export interface Divergence {
  /** Index of the batch after which it was seen. */
  readonly batch: number;
  readonly differences: readonly Difference[];
}

export interface RunResult {
  readonly divergence?: Divergence;
  /** Why the case was left before its end. */
  readonly foreign?: string;
  /** Commands that the machines took from their queues. */
  readonly commands: number;
}

/** Differences of a kind that are told. */
const TOLD = 8;

/** Runs a case on both machines, which are as after reset, and compares them after every batch. */
export async function runCase(fuzzCase: FuzzCase, ours: ModelSide, theirs: Side): Promise<RunResult> {
  const { shape, batches } = fuzzCase;
  const registers = batchRegisters(shape);
  let commands = 0;
  for (const [index, batch] of batches.entries()) {
    const isLast = index === batches.length - 1;
    const checked = isLast ? [...registers, ...finalRegisters(shape)] : registers;
    const checks = checked.map(({ address, bytes }): Access => ({ kind: "read", address, bytes }));
    const accesses: Access[] = [];
    const answers: Answer[] = [];
    for (const operation of batch) {
      const next = accessesOf(operation, (address, bytes) => ours.read(address, bytes));
      accesses.push(...next);
      answers.push(ours.performNow(next));
    }
    const their = await theirs.perform([...accesses, ...checks]);
    answers.push(ours.performNow(checks));
    if (their.foreign !== undefined) return { foreign: their.foreign, commands };
    const our = {
      reads: answers.flatMap(({ reads }) => reads),
      events: answers.flatMap(({ events }) => events),
    };
    for (const { kind } of our.events) if (kind === "command") commands++;
    const differences = [
      ...compareReads(accesses, our, their),
      ...compareRegisters(checked, our, their),
      ...compareEvents(our, their),
      ...compareMemory(ours, theirs),
    ];
    if (differences.length > 0) return { divergence: { batch: index, differences }, commands };
  }
  return { commands };
}

function compareReads(accesses: readonly Access[], our: Answer, their: Answer): Difference[] {
  const differences: Difference[] = [];
  let index = 0;
  for (const access of accesses) {
    if (access.kind !== "read") continue;
    const [ours, theirs] = [our.reads[index], their.reads[index]];
    if (ours !== theirs && differences.length < TOLD) {
      differences.push({ kind: "read", address: access.address, ours, theirs });
    }
    index++;
  }
  return differences;
}

/** The registers were read behind everything else. */
function compareRegisters(registers: readonly ComparedRegister[], our: Answer, their: Answer): Difference[] {
  const differences: Difference[] = [];
  const [from, theirFrom] = [our.reads.length - registers.length, their.reads.length - registers.length];
  for (const [index, register] of registers.entries()) {
    const [ours, theirs] = [our.reads[from + index], their.reads[theirFrom + index]];
    if (ours !== theirs && differences.length < TOLD) differences.push({ kind: "register", register, ours, theirs });
  }
  return differences;
}

function compareEvents(our: Answer, their: Answer): Difference[] {
  const count = Math.max(our.events.length, their.events.length);
  for (let index = 0; index < count; index++) {
    const [ours, theirs] = [eventText(our.events[index]), eventText(their.events[index])];
    // What follows the first difference is its consequence.
    if (ours !== theirs) return [{ kind: "event", index, ours, theirs }];
  }
  return [];
}

/** Made once: shrinking compares thousands of times. */
const buffers = comparedMemory.map(({ base, bytes }) => ({
  base,
  ours: Buffer.allocUnsafe(bytes),
  theirs: Buffer.allocUnsafe(bytes),
}));

function compareMemory(ours: Side, theirs: Side): Difference[] {
  const differences: Difference[] = [];
  for (const buffer of buffers) {
    ours.readRam(buffer.base, buffer.ours);
    theirs.readRam(buffer.base, buffer.theirs);
    if (buffer.ours.equals(buffer.theirs)) continue;
    for (let at = 0; at < buffer.ours.length && differences.length < TOLD; at += 8) {
      const [our, their] = [buffer.ours.readBigUInt64LE(at), buffer.theirs.readBigUInt64LE(at)];
      if (our !== their) differences.push({ kind: "memory", address: buffer.base + at, ours: our, theirs: their });
    }
  }
  return differences;
}

/** A difference in one line. */
export function differenceText(difference: Difference): string {
  if (difference.kind === "event") {
    return `event ${difference.index} of the batch: ours ${difference.ours}; theirs ${difference.theirs}`;
  }
  const values = `ours ${hex(difference.ours)}, theirs ${hex(difference.theirs)}`;
  if (difference.kind === "register") return `${difference.register.name}: ${values}`;
  const what = difference.kind === "read" ? "a read of" : "memory at";
  return `${what} ${hex(difference.address)}: ${values}`;
}

export function hex(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}

/**
 * What a divergence is about, without its numbers: while a case is shrunk it must go on being about the same. Otherwise a shorter
 * case would end at another divergence, which it made.
 */
export function signature({ differences }: Divergence): string {
  const event = differences.find(({ kind }) => kind === "event");
  if (event?.kind === "event") return `${event.ours.replace(NUMBERS, "")} | ${event.theirs.replace(NUMBERS, "")}`;
  const [first] = differences;
  return first.kind === "register" ? first.register.name.replace(NUMBERS, "") : first.kind;
}

/** Numbers that shrinking may change; an opcode is none of them. */
const NUMBERS = /(?<!opcode )\b(?:0x[0-9a-f]+|\d+)\b/g;
