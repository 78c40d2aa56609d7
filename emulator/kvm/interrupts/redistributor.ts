import { Bank } from "../../journal/bank.ts";
import type { Journal } from "../../journal/journal.ts";
import { toNumber } from "../../memory/guest-memory.ts";
import { affinityOf } from "../affinity.ts";

/** Words of a redistributor's register file. */
export const RedistributorWord = {
  /** GICR_CTLR as stored: bit 0 EnableLPIs. */
  ctlr: 0,
  pendbaser: 1,
  /** Id of the vCPU (KVM_CREATE_VCPU). */
  id: 3,
} as const;

/** GICR_CTLR.EnableLPIs. */
export const ENABLE_LPIS = 1;

/** GICR_PENDBASER after initialisation of the GIC: inner RaWb, inner shareable (`INITIAL_PENDBASER_VALUE`). */
const PENDBASER_RESET = 0x580;

/** The LPI side of one PE's redistributor under KVM. */
export class KvmRedistributor {
  readonly pe: number;
  readonly registers: Bank;

  constructor(journal: Journal, pe: number) {
    this.pe = pe;
    this.registers = new Bank(journal, new Uint32Array(4));
  }

  /** Id of the vCPU: GICR_TYPER.Processor_Number, and what its affinity is made of. */
  get id(): number {
    return this.registers.words[RedistributorWord.id];
  }

  /** Aff3.Aff2.Aff1.Aff0, a byte each. */
  get affinity(): number {
    return affinityOf(this.id);
  }

  /** GICR_CTLR.EnableLPIs. */
  get lpisEnabled(): boolean {
    return this.registers.words[RedistributorWord.ctlr] === ENABLE_LPIS;
  }

  /** What initialisation of a GICv3 does to it. */
  initialise(): void {
    this.registers.set(RedistributorWord.pendbaser, PENDBASER_RESET);
    this.registers.set(RedistributorWord.pendbaser + 1, 0);
  }

  /** Address of the pending table: GICR_PENDBASER [51:16]. */
  get pendingTable(): number {
    const { words } = this.registers;
    return toNumber(words[RedistributorWord.pendbaser] & ~0xffff, words[RedistributorWord.pendbaser + 1] & 0xfffff);
  }
}
