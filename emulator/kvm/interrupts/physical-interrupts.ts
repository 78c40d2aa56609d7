import { MAX_PES } from "../../../architecture/index.ts";
import { Bank } from "../../journal/bank.ts";
import type { Journal } from "../../journal/journal.ts";
import type { PhysicalInterrupt } from "../../vmm.ts";
import { PRIVATE_INTIDS } from "./interrupt-record.ts";

/** Physical INTIDs that may stand behind a virtual interrupt: SGIs, PPIs and SPIs are below it (GICD_TYPER.ITLinesNumber's bound). */
export const PHYSICAL_INTIDS = 1020;

/** Bits of one physical interrupt's word. */
const Flag = {
  /** Level of its input. */
  line: 1 << 0,
  /** Pending by an edge, or by a write to GICD_ISPENDR. */
  latch: 1 << 1,
  active: 1 << 2,
  edge: 1 << 3,
} as const;

/**
 * What the host's own distributor and redistributors know of the interrupts that stand behind virtual ones: input, pending, active. The
 * state machine is that of every GIC (Arm IHI0069 4.1.2); level-sensitive is the reset value of the host's GICD_ICFGR.
 * SGIs and PPIs are banked: vCPU n has those of the host's PE n. That is a reading chosen here; KVM runs a vCPU on any PE and carries
 * the active state of its timers there (arch_timer.c `kvm_timer_vcpu_load_gic`), so that the vCPU sees the same.
 */
export class PhysicalInterrupts {
  private readonly bank: Bank;
  /** Word 0: how many of them interrupt the host. */
  private readonly counts: Bank;

  constructor(journal: Journal) {
    const room = PHYSICAL_INTIDS + MAX_PES * PRIVATE_INTIDS;
    this.bank = new Bank(journal, new Uint32Array(PHYSICAL_INTIDS), room);
    this.counts = new Bank(journal, new Uint32Array(1));
  }

  /** Makes the private interrupts of one more PE. @param pe its number */
  addPe(pe: number): void {
    this.bank.ensure(PHYSICAL_INTIDS + (pe + 1) * PRIVATE_INTIDS);
  }

  private at(pe: number, intid: number): number {
    return intid < PRIVATE_INTIDS ? PHYSICAL_INTIDS + pe * PRIVATE_INTIDS + intid : intid;
  }

  private flags(pe: number, intid: number): number {
    return this.bank.words[this.at(pe, intid)];
  }

  private set(pe: number, intid: number, flag: number, on: boolean): void {
    const before = this.flags(pe, intid);
    const after = on ? before | flag : before & ~flag;
    this.bank.set(this.at(pe, intid), after);
    this.counts.set(0, this.counts.words[0] + Number(interruptsHost(after)) - Number(interruptsHost(before)));
  }

  /** Whether any of them interrupts the host. */
  get anySignals(): boolean {
    return this.counts.words[0] !== 0;
  }

  /** GICD_ISPENDR of the host, which is what irq_get_irqchip_state tells KVM; also what a timer's own line tells it. */
  pending(pe: number, intid: number): boolean {
    return isPending(this.flags(pe, intid));
  }

  active(pe: number, intid: number): boolean {
    return (this.flags(pe, intid) & Flag.active) !== 0;
  }

  /** Whether the host's PE is interrupted by it: an active interrupt is not signalled again. */
  signals(pe: number, intid: number): boolean {
    return interruptsHost(this.flags(pe, intid));
  }

  state(pe: number, intid: number): PhysicalInterrupt {
    const flags = this.flags(pe, intid);
    return {
      line: (flags & Flag.line) !== 0,
      pending: isPending(flags),
      active: (flags & Flag.active) !== 0,
      edge: (flags & Flag.edge) !== 0,
    };
  }

  /** GICD_ICFGR of the host. */
  setEdge(pe: number, intid: number, edge: boolean): void {
    this.set(pe, intid, Flag.edge, edge);
  }

  /** The device drives its input. */
  setLine(pe: number, intid: number, level: boolean): void {
    const flags = this.flags(pe, intid);
    const rises = level && (flags & Flag.line) === 0;
    if (rises && (flags & Flag.edge) !== 0) this.set(pe, intid, Flag.latch, true);
    this.set(pe, intid, Flag.line, level);
  }

  /** GICD_ISPENDR or GICD_ICPENDR of the host: a line that is high keeps its interrupt pending. */
  setPending(pe: number, intid: number, pending: boolean): void {
    this.set(pe, intid, Flag.latch, pending);
  }

  /** GICD_ISACTIVER or GICD_ICACTIVER of the host, or a deactivation by its CPU interface. */
  setActive(pe: number, intid: number, active: boolean): void {
    this.set(pe, intid, Flag.active, active);
  }

  /** The host's PE reads ICC_IAR1_EL1. */
  acknowledge(pe: number, intid: number): void {
    this.set(pe, intid, Flag.latch, false);
    this.set(pe, intid, Flag.active, true);
  }
}

function isPending(flags: number): boolean {
  return (flags & Flag.latch) !== 0 || (flags & (Flag.edge | Flag.line)) === Flag.line;
}

function interruptsHost(flags: number): boolean {
  return isPending(flags) && (flags & Flag.active) === 0;
}
