import { COMMAND_BYTES, type CommandWords, offsetOf } from "../architecture/index.ts";
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
    const { target } = this;
    const { valid, address, bytes, writer, reader } = this.state;
    if (!valid) return refused("GITS_CBASER.Valid is 0. Write GITS_CBASER before the first command.");
    if (writer >= bytes) {
      return refused(
        `GITS_CWRITER points at 0x${writer.toString(16)}, beyond the queue of 0x${bytes.toString(16)} bytes.`,
      );
    }
    this.next = writer + COMMAND_BYTES === bytes ? 0 : writer + COMMAND_BYTES;
    if (this.next === reader) return refused("The command queue is full: GITS_CREADR does not advance.");
    for (let word = 0; word < words.length; word++) this.view.setBigUint64(word * 8, words[word], true);
    if (!target.writeMemory(address + writer, this.packet)) {
      return refused(`The command queue at 0x${(address + writer).toString(16)} is not in RAM.`);
    }
    if (!target.write(target.map.its[this.its] + CWRITER, 8, BigInt(this.next))) {
      return refused("Nothing answers at GITS_CWRITER.");
    }
    return undefined;
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
