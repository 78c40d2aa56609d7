import { Bank } from "../journal/bank.ts";
import type { Journal } from "../journal/journal.ts";

const SEQUENCES = 65536;
/** Words of a sequence number: vPEID, PE, ITSList, ITSs that have taken their command. */
const Word = { vpe: 0, target: 1, list: 2, taken: 3, count: 4 } as const;

/** What one ITS's VMOVP came to, as bits; 0 = other ITSs are still to take theirs. */
export const VmovpStep = {
  /** All have taken it: the vPE moves. */
  complete: 1,
  /** It does not agree with the earlier ones of its sequence number, which are forgotten. */
  mismatch: 2,
} as const;

/** A VMOVP that waits for other ITSs. */
export interface WaitingMove {
  readonly sequence: number;
  readonly vpeId: number;
  /** PE that the vPE goes to. */
  readonly target: number;
  /** ITSs that have to take it, and those that have, one bit each. */
  readonly list: number;
  readonly taken: number;
}

/**
 * VMOVP commands that go to several ITSs (GITS_TYPER.VMOVP = 0): a move takes effect when the last ITS of its ITSList has taken the
 * command with its Sequence_Number. ITSs do not wait for one another; a queue goes on after its own VMOVP.
 */
export class VmovpExchange {
  private readonly bank: Bank;
  /** Moves that are not complete, by vPEID. */
  private readonly open: Bank;

  constructor(journal: Journal) {
    this.bank = new Bank(journal, new Uint32Array(16 * Word.count), SEQUENCES * Word.count);
    this.open = new Bank(journal, new Uint32Array(16), SEQUENCES);
  }

  /** All that it holds. */
  get banks(): readonly Bank[] {
    return [this.bank, this.open];
  }

  /** An ITS takes a VMOVP. @param list its ITSList, with its own bit set */
  take(its: number, sequence: number, vpeId: number, target: number, list: number): number {
    const { bank } = this;
    const at = sequence * Word.count;
    bank.ensure(at + Word.count);
    const { words } = bank;
    const taken = words[at + Word.taken];
    const agrees =
      words[at + Word.vpe] === vpeId && words[at + Word.target] === target && words[at + Word.list] === list;
    let step = 0;
    if (taken !== 0 && (!agrees || (taken >>> its) & 1)) {
      this.countOpen(words[at + Word.vpe], -1);
      bank.set(at + Word.taken, 0);
      step = VmovpStep.mismatch;
    }
    if (words[at + Word.taken] === 0) {
      bank.set(at + Word.vpe, vpeId);
      bank.set(at + Word.target, target);
      bank.set(at + Word.list, list);
      this.countOpen(vpeId, 1);
    }
    bank.set(at + Word.taken, words[at + Word.taken] | (1 << its));
    if (words[at + Word.taken] !== list) return step;
    bank.set(at + Word.taken, 0);
    this.countOpen(vpeId, -1);
    return step | VmovpStep.complete;
  }

  private countOpen(vpeId: number, change: number): void {
    this.open.ensure(vpeId + 1);
    this.open.set(vpeId, this.open.words[vpeId] + change);
  }

  /** Every move that is not complete, in order of its sequence number. */
  *waiting(): Iterable<WaitingMove> {
    const { words } = this.bank;
    for (let at = 0; at + Word.count <= words.length; at += Word.count) {
      const [vpeId, target, list, taken] = words.subarray(at, at + Word.count);
      if (taken !== 0) yield { sequence: at / Word.count, vpeId, target, list, taken };
    }
  }

  /** Puts a move where none waits. */
  restore({ sequence, vpeId, target, list, taken }: WaitingMove): void {
    const { bank } = this;
    const at = sequence * Word.count;
    bank.ensure(at + Word.count);
    bank.set(at + Word.vpe, vpeId);
    bank.set(at + Word.target, target);
    bank.set(at + Word.list, list);
    bank.set(at + Word.taken, taken);
    this.countOpen(vpeId, 1);
  }

  /** Whether a VMOVP of this vPE waits for other ITSs. */
  isOpen(vpeId: number): boolean {
    return (this.open.words[vpeId] ?? 0) !== 0;
  }
}
