import { Journal } from "./journal/journal.ts";
import type { AccessBytes, CommandEvent, MachineOptions } from "./machine.ts";
import type { GuestMemory } from "./memory/guest-memory.ts";
import type { Outcome } from "./outcome.ts";
import { highWord, lowWord, toBigInt } from "./value64.ts";

/** Told of every command that an ITS takes from its queue. */
export interface CommandObserver {
  /** Before the command at byte `queueOffset` runs. */
  begin(queueOffset: number): void;
  /** After it ran. */
  end(queueOffset: number, opcode: number, outcome: Outcome): void;
}

/** The undo log of a new machine. */
export function journalOf({ journal: active = true, journalLimit: limit, budget }: MachineOptions): Journal {
  return new Journal({ active, limit, budget });
}

/**
 * The unit that a number names.
 * @param kind what it is called
 * @throws RangeError when the machine has no such unit
 */
export function unitOf<Unit>(units: readonly Unit[], index: number, kind: "ITS" | "PE"): Unit {
  const unit = units[index];
  if (unit === undefined) throw new RangeError(`this machine has no ${kind} ${index}`);
  return unit;
}

/**
 * Lets every ITS tell of its commands, with its number; with neither function nobody is told, which costs an ITS nothing.
 * @param ended told of a command that was carried out @param begun told of one that is about to be
 */
export function watchCommands(
  itss: readonly { observer: CommandObserver | undefined }[],
  ended: ((event: CommandEvent) => void) | undefined,
  begun?: (its: number, queueOffset: number) => void,
): void {
  for (const [its, unit] of itss.entries()) {
    unit.observer = (ended ?? begun) && {
      begin: (queueOffset) => begun?.(its, queueOffset),
      end: (queueOffset, opcode, outcome) => ended?.({ its, queueOffset, opcode, outcome }),
    };
  }
}

/** A load from RAM, little-endian. @returns undefined where there is none */
export function readRam(memory: GuestMemory, address: number, bytes: AccessBytes): bigint | undefined {
  const data = memory.readBytes(address, bytes);
  if (data === undefined) return undefined;
  let lo = 0;
  let hi = 0;
  for (let at = 0; at < bytes; at++) {
    if (at < 4) lo |= data[at] << (at * 8);
    else hi |= data[at] << ((at - 4) * 8);
  }
  return toBigInt(lo, hi);
}

/** A store to RAM, little-endian. @returns false, with nothing written, where there is none */
export function writeRam(memory: GuestMemory, address: number, bytes: AccessBytes, value: bigint): boolean {
  if (!memory.covers(address, bytes)) return false;
  const [lo, hi] = [lowWord(value), highWord(value)];
  const data = new Uint8Array(bytes);
  for (let at = 0; at < bytes; at++) data[at] = at < 4 ? lo >>> (at * 8) : hi >>> ((at - 4) * 8);
  return memory.writeBytes(address, data);
}
