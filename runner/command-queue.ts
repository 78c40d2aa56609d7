import { COMMAND_BYTES, type CommandWords, offsetOf, opcodeOf } from "../architecture/index.ts";
import type { QueueState } from "../emulator/index.ts";
import type { Target } from "./target.ts";

const CWRITER = offsetOf("GITS_CWRITER");

/** What became of a command that software queued. */
export type Submission =
  | { readonly kind: "processed" }
  /** It waits in the queue. */
  | { readonly kind: "waiting"; readonly reason: string }
  /** It could not be queued. */
  | { readonly kind: "refused"; readonly reason: string };

/** Why commands cannot be led to a slot of the queue. */
export type NoSlot =
  /** @property slots how many there are */
  | { readonly kind: "no slot"; readonly slots: number }
  /** Commands wait between two slots. */
  | { readonly kind: "in use"; readonly reader: number; readonly writer: number };

/** A command that changes nothing. */
const SYNC: CommandWords = [BigInt(opcodeOf("SYNC")), 0n, 0n, 0n];

/**
 * Queues commands as a driver does: 32 bytes at GITS_CWRITER, then a store to GITS_CWRITER. Where the queue is it looks up, as a driver
 * that has set it up knows it.
 */
export class CommandQueue {
  private readonly target: Target;
  private readonly its: number;
  private readonly packet = new Uint8Array(COMMAND_BYTES);
  private readonly view = new DataView(this.packet.buffer);
  /** Where GITS_CREADR is once the command is done. */
  private next = 0;

  constructor(target: Target, its = 0) {
    this.target = target;
    this.its = its;
  }

  private get state(): QueueState {
    return this.target.queue(this.its);
  }

  /**
   * Stores a command and moves GITS_CWRITER. What that starts may not be at its end yet.
   * @returns why it could not be done
   */
  submit(words: CommandWords): Extract<Submission, { kind: "refused" }> | undefined {
    const stored = this.store(words);
    return typeof stored === "number" ? this.moveWriter(stored) : stored;
  }

  /**
   * Stores a command in the queue without handing it over.
   * @param writer where, bytes from the start of the queue; absent: where GITS_CWRITER points
   * @returns where GITS_CWRITER has to go behind it, or why it could not be stored
   */
  store(words: CommandWords, writer?: number): number | Extract<Submission, { kind: "refused" }> {
    const { target } = this;
    const { valid, address, bytes, writer: present, reader } = this.state;
    const at = writer ?? present;
    if (!valid) return refused("GITS_CBASER.Valid is 0. Write GITS_CBASER before the first command.");
    if (at >= bytes) {
      return refused(`GITS_CWRITER points at 0x${at.toString(16)}, beyond the queue of 0x${bytes.toString(16)} bytes.`);
    }
    const next = at + COMMAND_BYTES === bytes ? 0 : at + COMMAND_BYTES;
    if (next === reader) {
      return refused(
        writer === undefined
          ? "The command queue is full: GITS_CREADR does not advance."
          : `The command queue is full: it has ${bytes / COMMAND_BYTES} slots, one of which stays free.`,
      );
    }
    for (let word = 0; word < words.length; word++) this.view.setBigUint64(word * 8, words[word], true);
    if (!target.writeMemory(address + at, this.packet)) {
      return refused(`The command queue at 0x${(address + at).toString(16)} is not in RAM.`);
    }
    return next;
  }

  /**
   * Has the next command stored in a slot: each slot before it, from GITS_CWRITER's on and past the end of the queue to slot 0, is given a
   * SYNC, and one store to GITS_CWRITER hands them over. GITS_CREADR is the ITS's own, so nothing else leads there.
   * @returns how many SYNCs those are, or why it cannot be done
   */
  leadTo(slot: number): number | NoSlot | Extract<Submission, { kind: "refused" }> {
    const { valid, bytes, writer, reader } = this.state;
    if (!valid) return this.store(SYNC);
    const slots = bytes / COMMAND_BYTES;
    if (slot >= slots) return { kind: "no slot", slots };
    const [from, to] = [writer / COMMAND_BYTES, reader / COMMAND_BYTES];
    const count = (slot - from + slots) % slots;
    if (count > (to - from - 1 + slots) % slots) return { kind: "in use", reader: to, writer: from };
    let next = writer;
    for (let at = 0; at < count; at++) {
      const stored = this.store(SYNC, next);
      if (typeof stored !== "number") return stored;
      next = stored;
    }
    return (count === 0 ? undefined : this.moveWriter(next)) ?? count;
  }

  /** Hands over what is stored, by a store to GITS_CWRITER. @param next where it goes @returns why it could not be done */
  moveWriter(next: number): Extract<Submission, { kind: "refused" }> | undefined {
    const { target } = this;
    this.next = next;
    if (target.write(target.map.its[this.its] + CWRITER, 8, BigInt(next))) return undefined;
    return refused("Nothing answers at GITS_CWRITER.");
  }

  /** What became of the command submitted last, once all that it started is done. */
  get outcome(): Exclude<Submission, { kind: "refused" }> {
    const { reader, stalled, enabled } = this.state;
    if (stalled) return { kind: "waiting", reason: "the queue is stalled (GITS_CREADR.Stalled = 1)." };
    if (reader === this.next) return { kind: "processed" };
    return {
      kind: "waiting",
      reason: enabled ? "GITS_CREADR did not advance." : "GITS_CTLR.Enabled is 0. It runs when the ITS is enabled.",
    };
  }
}

function refused(reason: string): Extract<Submission, { kind: "refused" }> {
  return { kind: "refused", reason };
}
