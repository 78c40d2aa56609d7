import { FIRST_LPI } from "../../architecture/index.ts";
import { Control, type Distributor } from "./distributor.ts";
import { BestWord, IDLE, PeWord, PRIVATE_INTIDS, type QemuRedistributor } from "./redistributor.ts";

const BEST_INTID = PeWord.best + BestWord.intid;
const BEST_PRIORITY = PeWord.best + BestWord.priority;
const BEST_GROUP = PeWord.best + BestWord.group;
const BEST_NMI = PeWord.bestNmi;
const LPI_INTID = PeWord.bestLpi + BestWord.intid;
const LPI_PRIORITY = PeWord.bestLpi + BestWord.priority;
const LPI_GROUP = PeWord.bestLpi + BestWord.group;

/** With two Security states, priority of a Non-secure Group 1 NMI: the first of the Non-secure half. That of others is 0. */
const NON_SECURE_NMI = 0x80;

/** Told whenever QEMU tells a CPU interface of its highest priority pending interrupt (its trace event gicv3_cpuif_update). */
export type PriorityListener = (pe: number, intid: number, group: number, priority: number) => void;

/**
 * Finds the highest priority pending interrupt of each PE, in the steps in which QEMU does it (arm_gicv3.c): a change is first compared
 * with what is known, and only when the best one itself got worse is everything looked at again.
 */
export class Arbiter {
  listener: PriorityListener | undefined;
  private readonly distributor: Distributor;
  private readonly redistributors: readonly QemuRedistributor[];
  private readonly hasNmi: boolean;
  /** PEs whose best interrupt was found in the present pass; no state, it lives for one call. */
  private readonly found: Uint8Array;

  constructor(distributor: Distributor, redistributors: readonly QemuRedistributor[]) {
    this.distributor = distributor;
    this.redistributors = redistributors;
    this.hasNmi = distributor.hasNmi;
    this.found = new Uint8Array(redistributors.length);
  }

  /** Group of an interrupt for a PE. */
  groupOf(pe: QemuRedistributor, intid: number): number {
    if (intid >= PRIVATE_INTIDS) return this.distributor.groupOfSpi(intid);
    const { words } = pe;
    return this.distributor.groupOf((words[PeWord.group] >>> intid) & 1, (words[PeWord.groupModifier] >>> intid) & 1);
  }

  /** SGIs and PPIs that can be signalled to their PE. */
  private signalled(pe: QemuRedistributor): number {
    const { words } = pe;
    const pending = words[PeWord.pending] | (~words[PeWord.edge] & words[PeWord.level]);
    const waiting = pending & words[PeWord.enabled] & ~words[PeWord.active];
    return waiting === 0
      ? 0
      : waiting & this.distributor.enabledGroups(words[PeWord.group], words[PeWord.groupModifier]);
  }

  /** A redistributor's state changed (gicv3_redist_update). */
  redistributorChanged(pe: QemuRedistributor): void {
    this.searchRedistributor(pe);
    this.listener?.(pe.pe, pe.words[BEST_INTID], pe.words[BEST_GROUP], pe.words[BEST_PRIORITY]);
  }

  private searchRedistributor(pe: QemuRedistributor): void {
    const { words } = pe;
    let better = false;
    let pending = this.signalled(pe);
    while (pending !== 0) {
      const intid = 31 - Math.clz32(pending & -pending);
      pending &= pending - 1;
      const nmi = this.hasNmi && ((words[PeWord.nmi] >>> intid) & 1) === 1;
      const priority = nmi ? this.nmiPriority(words[PeWord.group] >>> intid) : pe.priority(intid);
      if (isBetter(words, intid, priority, nmi)) {
        this.remember(pe, intid, priority, nmi);
        better = true;
      }
    }
    if (better) pe.set(BEST_GROUP, this.groupOf(pe, words[BEST_INTID]));
    const lpiPriority = words[LPI_PRIORITY];
    if (lpiPriority !== IDLE && pe.lpisEnabled && (this.distributor.control & Control.enableGroup1) !== 0) {
      if (isBetter(words, words[LPI_INTID], lpiPriority, false)) {
        this.remember(pe, words[LPI_INTID], lpiPriority, false);
        pe.set(BEST_GROUP, words[LPI_GROUP]);
        better = true;
      }
    }
    if (better || words[BEST_PRIORITY] === IDLE) return;
    const best = words[BEST_INTID];
    if (best < PRIVATE_INTIDS || best >= FIRST_LPI) this.searchAll();
  }

  /** The state of SPIs `first` .. `first + count - 1` changed (gicv3_update). */
  spisChanged(first: number, count: number): void {
    this.searchSpis(first, count);
    this.tellAll();
  }

  /** An LPI was deactivated: as {@link spisChanged} for an INTID that the distributor does not have. */
  lpiEnded(intid: number): void {
    for (const { words } of this.redistributors) {
      if (words[BEST_PRIORITY] === IDLE || words[BEST_INTID] !== intid) continue;
      this.searchAll();
      break;
    }
    this.tellAll();
  }

  /** Anything may have changed (gicv3_full_update). */
  everythingChanged(): void {
    this.searchAll();
    this.tellAll();
  }

  private tellAll(): void {
    if (this.listener === undefined) return;
    for (const { pe, words } of this.redistributors) {
      this.listener(pe, words[BEST_INTID], words[BEST_GROUP], words[BEST_PRIORITY]);
    }
  }

  private searchSpis(first: number, count: number): void {
    const { distributor, redistributors, found } = this;
    found.fill(0);
    const end = first + count;
    for (let word = first >>> 5; word * 32 < end; word++) {
      let pending = distributor.signalled(word) & rangeMask(word, first, end);
      while (pending !== 0) {
        const intid = word * 32 + 31 - Math.clz32(pending & -pending);
        pending &= pending - 1;
        const target = distributor.target(intid);
        if (target < 0) continue;
        const pe = redistributors[target];
        const nmi = this.hasNmi && distributor.bit(distributor.nmi, intid) === 1;
        const priority = nmi
          ? this.nmiPriority(distributor.bit(distributor.group, intid))
          : distributor.priority(intid);
        if (isBetter(pe.words, intid, priority, nmi)) {
          this.remember(pe, intid, priority, nmi);
          found[target] = 1;
        }
      }
    }
    for (const pe of redistributors) {
      const best = pe.words[BEST_INTID];
      if (found[pe.pe] === 1) pe.set(BEST_GROUP, this.groupOf(pe, best));
      else if (pe.words[BEST_PRIORITY] !== IDLE && best >= first && best < end) {
        this.searchAll();
        return;
      }
    }
  }

  private remember(pe: QemuRedistributor, intid: number, priority: number, nmi: boolean): void {
    pe.set(BEST_INTID, intid);
    pe.set(BEST_PRIORITY, priority);
    if (this.hasNmi) pe.set(BEST_NMI, nmi ? 1 : 0);
  }

  /** Priority of an NMI, whatever its priority register says (gicv3_get_priority). @param group its bit of IGROUPR at bit 0 */
  private nmiPriority(group: number): number {
    return !this.distributor.oneSecurityState && (group & 1) === 1 ? NON_SECURE_NMI : 0;
  }

  /** From scratch. Nothing below can call back here: the best one of before is gone. */
  private searchAll(): void {
    for (const pe of this.redistributors) {
      pe.set(BEST_PRIORITY, IDLE);
      if (this.hasNmi) pe.set(BEST_NMI, 0);
    }
    this.searchSpis(PRIVATE_INTIDS, this.distributor.intids - PRIVATE_INTIDS);
    for (const pe of this.redistributors) this.searchRedistributor(pe);
  }
}

/** Whether an interrupt goes before a PE's best one, or is that one (arm_gicv3.c irqbetter). */
function isBetter(words: Uint32Array, intid: number, priority: number, nmi: boolean): boolean {
  const known = words[BEST_PRIORITY];
  if (priority !== known) return priority < known;
  return nmi === (words[BEST_NMI] === 1) ? intid <= words[BEST_INTID] : nmi;
}

/** Bits of a word's 32 INTIDs that lie in [first, end). */
function rangeMask(word: number, first: number, end: number): number {
  let mask = ~0;
  if (first > word * 32) mask &= ~0 << (first - word * 32);
  if (end < word * 32 + 32) mask &= ~(~0 << (end - word * 32));
  return mask;
}
