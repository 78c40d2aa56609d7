import { COMMAND_BYTES, type CommandWords, formatCommand, hex } from "../../architecture/index.ts";
import { littleEndian } from "../../dumps/index.ts";
import { DONE, type QueueState } from "../../emulator/index.ts";
import { hexWord, outcomeText, type ScriptRun, type Target } from "../../runner/index.ts";
import type { QueueArguments, QueueBody, QueueSlot } from "../views-protocol.ts";
import { MOST_ROWS } from "./interrupts.ts";
import type { Moments } from "./moments.ts";

/** What the ITS did with the command of a slot when it took it last. Line from 0. */
interface Taken {
  readonly line: number;
  readonly outcome: number;
}

/** Answers `gic/queue`. */
export function queueBody(run: ScriptRun, moments: Moments, { its, from, count }: QueueArguments): QueueBody {
  const { target } = run;
  const itss = target.map.its.length;
  const queue = its < itss ? target.queue(its) : undefined;
  const { enabled = false, stalled = false, address = 0, bytes = 0, reader = 0, writer = 0 } = queue ?? {};
  const valid = queue?.valid === true && reader < bytes && writer < bytes;
  const slots = valid ? bytes / COMMAND_BYTES : 0;
  const about = {
    itss,
    valid,
    enabled,
    stalled,
    address: hex(address),
    slots,
    reader: reader / COMMAND_BYTES,
    writer: writer / COMMAND_BYTES,
    waiting: valid ? ((writer - reader + bytes) % bytes) / COMMAND_BYTES : 0,
  };
  if (queue === undefined || !valid) return { ...about, rows: [] };
  const taken = moments.present(`queue of ITS ${its}`, () => takenFrom(run, its, slots));
  const last = Math.min(from + Math.min(count, MOST_ROWS), slots);
  const rows = Array.from({ length: Math.max(last - from, 0) }, (_, at) =>
    slotBody(target, queue, from + at, taken.get(from + at)),
  );
  return { ...about, rows };
}

/** The words of a slot; undefined where it is not in RAM. */
export function slotWords(target: Target, queue: QueueState, slot: number): CommandWords | undefined {
  const bytes = target.readMemory(queue.address + slot * COMMAND_BYTES, COMMAND_BYTES);
  if (bytes === undefined) return undefined;
  const word = (at: number): bigint => littleEndian(bytes.subarray(at * 8, at * 8 + 8));
  return [word(0), word(1), word(2), word(3)];
}

function slotBody(target: Target, queue: QueueState, slot: number, taken: Taken | undefined): QueueSlot {
  const { reader, writer, bytes } = queue;
  const offset = slot * COMMAND_BYTES;
  const words = slotWords(target, queue, slot);
  const waits = (offset - reader + bytes) % bytes < (writer - reader + bytes) % bytes;
  const isEmpty = words?.every((word) => word === 0n) === true;
  // A command that is written over one that was taken has not been taken.
  const state = waits
    ? offset === reader
      ? "next"
      : "waiting"
    : taken !== undefined
      ? "consumed"
      : isEmpty || words === undefined
        ? "empty"
        : "stale";
  return {
    slot,
    offset: hex(offset),
    address: hex(queue.address + offset),
    ...(words === undefined || (isEmpty && state === "empty") ? {} : { text: formatCommand(words) }),
    words: words?.map((word) => hexWord(word, 64)) ?? [],
    state,
    ...(taken === undefined || waits
      ? {}
      : { outcome: { text: outcomeText(taken.outcome), good: taken.outcome === DONE }, line: taken.line + 1 }),
  };
}

/** What became of the command of each slot, by what the lines of this machine did, latest first, until every slot is known. */
function takenFrom(run: ScriptRun, its: number, slots: number): ReadonlyMap<number, Taken> {
  const taken = new Map<number, Taken>();
  let seen = 0;
  for (const at of run.placesOfMachine()) {
    if (seen >= slots) break;
    const { line, result } = run.history[at];
    for (const command of [...result.commands].reverse()) {
      const slot = command.queueOffset / COMMAND_BYTES;
      if (command.its === its && !taken.has(slot)) taken.set(slot, { line, outcome: command.outcome });
    }
    seen += result.commandCount;
  }
  return taken;
}
