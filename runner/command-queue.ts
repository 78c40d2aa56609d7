import { type CommandWords, registerByName } from "../architecture/index.ts";
import type { Steps } from "../emulator/index.ts";
import type { Target } from "./target.ts";

const COMMAND_BYTES = 32;
/** GITS_CBASER [51:12]. */
const ADDRESS_MASK = 0x000f_ffff_ffff_f000n;

const offsetOf = (name: string): number => {
  const offset = registerByName(name)?.register.offset;
  if (offset === undefined) throw new Error(`${name} is not declared`);
  return offset;
};
const CTLR = offsetOf("GITS_CTLR");
const CBASER = offsetOf("GITS_CBASER");
const CWRITER = offsetOf("GITS_CWRITER");
const CREADR = offsetOf("GITS_CREADR");

/** What became of a command that software queued. */
export type Submission =
  | { readonly kind: "processed" }
  /** It waits in the queue. */
  | { readonly kind: "waiting"; readonly reason: string }
  /** It could not be queued. */
  | { readonly kind: "refused"; readonly reason: string };

/** Queues commands as a driver does: 32 bytes at GITS_CWRITER, then a write to GITS_CWRITER. */
export class CommandQueue {
  private readonly target: Target;
  private readonly its: number;

  constructor(target: Target, its = 0) {
    this.target = target;
    this.its = its;
  }

  private read(offset: number, bytes: 4 | 8): bigint {
    return this.target.read(this.target.map.its[this.its] + offset, bytes) ?? 0n;
  }

  /** @param settle brings what the write to GITS_CWRITER starts to its end */
  *submit(words: CommandWords, settle: () => Steps<void>): Steps<Submission> {
    const cbaser = this.read(CBASER, 8);
    if (cbaser >> 63n === 0n) return refused("GITS_CBASER.Valid is 0. Write GITS_CBASER before the first command.");
    const size = (Number(cbaser & 0xffn) + 1) * 4096;
    const at = Number(this.read(CWRITER, 8) & 0xfffe0n);
    if (at >= size)
      return refused(`GITS_CWRITER points at 0x${at.toString(16)}, beyond the queue of 0x${size.toString(16)} bytes.`);
    const next = (at + COMMAND_BYTES) % size;
    const readPointer = Number(this.read(CREADR, 8) & 0xfffe0n);
    if (next === readPointer) return refused("The command queue is full: GITS_CREADR does not advance.");
    const address = Number(cbaser & ADDRESS_MASK) + at;
    if (!this.target.writeMemory(address, packet(words))) {
      return refused(`The command queue at 0x${address.toString(16)} is not in RAM.`);
    }
    this.target.write(this.target.map.its[this.its] + CWRITER, 8, BigInt(next));
    yield* settle();
    const creadr = this.read(CREADR, 8);
    if (Number(creadr & 0xfffe0n) === next && (creadr & 1n) === 0n) return { kind: "processed" };
    if ((creadr & 1n) === 1n) return { kind: "waiting", reason: "the queue is stalled (GITS_CREADR.Stalled = 1)." };
    const enabled = (this.read(CTLR, 4) & 1n) === 1n;
    return {
      kind: "waiting",
      reason: enabled ? "GITS_CREADR did not advance." : "GITS_CTLR.Enabled is 0. It runs when the ITS is enabled.",
    };
  }
}

function refused(reason: string): Submission {
  return { kind: "refused", reason };
}

function packet(words: CommandWords): Uint8Array {
  const bytes = new Uint8Array(COMMAND_BYTES);
  const view = new DataView(bytes.buffer);
  for (const [index, word] of words.entries()) view.setBigUint64(index * 8, BigInt.asUintN(64, word), true);
  return bytes;
}
