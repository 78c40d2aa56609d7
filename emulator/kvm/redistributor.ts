import { toNumber } from "../memory/guest-memory.ts";
import { Bank } from "../state/bank.ts";
import type { Journal } from "../state/journal.ts";
import { PrioritySet } from "../state/priority-set.ts";

/** Words of a redistributor's register file. */
export const RedistributorWord = {
  /** GICR_CTLR as stored: bit 0 EnableLPIs. */
  ctlr: 0,
  pendbaser: 1,
} as const;

/** The LPI side of one PE's redistributor under KVM. */
export class KvmRedistributor {
  readonly pe: number;
  readonly registers: Bank;
  /** LPIs that stand on this PE's list and can be presented to it. */
  readonly pending: PrioritySet;

  constructor(journal: Journal, pe: number) {
    this.pe = pe;
    this.registers = new Bank(journal, new Uint32Array(3));
    this.pending = new PrioritySet(journal);
  }

  /** GICR_CTLR.EnableLPIs. */
  get lpisEnabled(): boolean {
    return this.registers.words[RedistributorWord.ctlr] === 1;
  }

  /** Address of the pending table: GICR_PENDBASER [51:16]. */
  get pendingTable(): number {
    const { words } = this.registers;
    return toNumber(words[RedistributorWord.pendbaser] & ~0xffff, words[RedistributorWord.pendbaser + 1] & 0xfffff);
  }
}
