import { FIRST_LPI } from "../../architecture/index.ts";
import type { Arbiter } from "./arbiter.ts";
import type { Distributor } from "./distributor.ts";
import type { LpiDelivery } from "./lpi-delivery.ts";
import { bestIsNmi, groupOfNmi, nmiIsActive, setNmiActive } from "./nmi.ts";
import { exceptionLevel, fiqToEl3, irqToEl3, isSecure, sctlrNmi, secureBelowEl3 } from "./pe-context.ts";
import {
  ACTIVE_PRIORITY_WORDS,
  BestWord,
  Group,
  IDLE,
  PeWord,
  PRIVATE_INTIDS,
  type QemuRedistributor,
  SGIS,
} from "./redistributor.ts";

const BEST_INTID = PeWord.best + BestWord.intid;
const BEST_PRIORITY = PeWord.best + BestWord.priority;
const BEST_GROUP = PeWord.best + BestWord.group;

/** Special INTIDs. */
export const SECURE_INTID = 1020;
export const NON_SECURE_INTID = 1021;
/** The best pending interrupt is an NMI: ICC_NMIAR1_EL1 acknowledges it. */
const NMI_INTID = 1022;
export const SPURIOUS = 1023;

/** ICC_CTLR_EL1. */
export const CBPR = 1 << 0;
export const EOI_MODE = 1 << 1;
/** ICC_CTLR_EL3.EOImode_EL3. */
export const EOI_MODE_EL3 = 1 << 2;

/**
 * The CPU interfaces: acknowledge, priority drop, deactivation, preemption, SGIs (arm_gicv3_cpuif.c). The registers over it are in
 * cpu-interface-registers.ts.
 */
export class CpuInterface {
  /** Told of each SGI that a redistributor accepts. */
  sgiListener: ((pe: number, intid: number) => void) | undefined;
  /** Bits of priority and of preemption. */
  readonly priorityBits: number;
  readonly preemptionBits: number;
  readonly hasEl3: boolean;
  private readonly distributor: Distributor;
  private readonly arbiter: Arbiter;
  private readonly delivery: LpiDelivery;
  private readonly redistributors: readonly QemuRedistributor[];

  constructor(
    parts: {
      distributor: Distributor;
      arbiter: Arbiter;
      delivery: LpiDelivery;
      redistributors: readonly QemuRedistributor[];
    },
    options: { priorityBits: number; hasEl3: boolean },
  ) {
    this.distributor = parts.distributor;
    this.arbiter = parts.arbiter;
    this.delivery = parts.delivery;
    this.redistributors = parts.redistributors;
    this.priorityBits = options.priorityBits;
    this.preemptionBits = Math.min(options.priorityBits, 7);
    this.hasEl3 = options.hasEl3;
  }

  /** Least ICC_BPR0_EL1 and Secure ICC_BPR1_EL1; the Non-secure one's least is one more. */
  get minimumBinaryPoint(): number {
    return 7 - this.preemptionBits;
  }

  /** Tells whoever listens; the lines to the PE follow from the state when they are asked for. */
  changed(pe: QemuRedistributor): void {
    this.arbiter.listener?.(pe.pe, pe.words[BEST_INTID], pe.words[BEST_GROUP], pe.words[BEST_PRIORITY]);
  }

  private activePriorityRegisters(): number {
    return 2 ** Math.max(this.preemptionBits - 5, 0);
  }

  private apr(pe: QemuRedistributor, group: number, index: number): number {
    return pe.words[PeWord.iccApr + group * ACTIVE_PRIORITY_WORDS + index];
  }

  /** Priority that runs: of an NMI, else of the lowest active priority bit; 0xFF when none is (icc_highest_active_prio). */
  runningPriority(pe: QemuRedistributor): number {
    const nmi = groupOfNmi(pe);
    if (nmi >= 0) return nmi === Group.group1 && !this.distributor.oneSecurityState ? 0x80 : 0;
    for (let index = 0; index < this.activePriorityRegisters(); index++) {
      const bits = this.apr(pe, 0, index) | this.apr(pe, 1, index) | this.apr(pe, 2, index);
      if (bits !== 0) return (index * 32 + lowestBit(bits)) << (this.minimumBinaryPoint + 1);
    }
    return IDLE;
  }

  /** Ones where a priority of a group has its group priority. */
  private groupPriorityMask(pe: QemuRedistributor, group: number): number {
    const { words } = pe;
    const common =
      (group === Group.secureGroup1 && (words[PeWord.iccCtlr] & CBPR) !== 0) ||
      (group === Group.group1 && (words[PeWord.iccCtlr + 1] & CBPR) !== 0);
    const used = common ? Group.group0 : group;
    const point = words[PeWord.iccBpr + used] & 7;
    return ~0 << (used === Group.group1 ? point : point + 1);
  }

  /** Nothing is pending, or only in a group that the CPU interface does not enable. */
  private nothingEnabled(pe: QemuRedistributor): boolean {
    const { words } = pe;
    return words[BEST_PRIORITY] === IDLE || words[PeWord.iccIgrpen + words[BEST_GROUP]] === 0;
  }

  /** Whether the best pending interrupt passes the mask and preempts what runs. */
  canPreempt(pe: QemuRedistributor): boolean {
    if (this.nothingEnabled(pe)) return false;
    const { words } = pe;
    const priority = words[BEST_PRIORITY];
    const nmi = bestIsNmi(pe);
    if (nmi ? this.masksNmi(pe) : priority >= words[PeWord.iccPmr]) return false;
    const running = this.runningPriority(pe);
    if (running === IDLE) return true;
    const mask = this.groupPriorityMask(pe, words[BEST_GROUP]);
    if ((priority & mask) < (running & mask)) return true;
    return nmi && (priority & mask) === (running & mask) && !nmiIsActive(pe, words[BEST_GROUP]);
  }

  /** Whether ICC_PMR_EL1 keeps the NMI back that is the best pending interrupt: only one of the Non-secure half can be. */
  private masksNmi(pe: QemuRedistributor): boolean {
    if (this.distributor.oneSecurityState || pe.words[BEST_GROUP] !== Group.group1) return false;
    const mask = pe.words[PeWord.iccPmr];
    return mask < 0x80 || (mask === 0x80 && isSecure(pe, this.hasEl3));
  }

  /** Lines to the PE. An NMI that is no FIQ has a line of its own, where there are NMIs. */
  lines(pe: QemuRedistributor): { irq: boolean; fiq: boolean; nmi?: boolean } {
    if (!this.canPreempt(pe)) return { irq: false, fiq: false };
    const secure = isSecure(pe, this.hasEl3);
    const group = pe.words[BEST_GROUP];
    let fiq = true;
    if (group === Group.secureGroup1) fiq = !secure || exceptionLevel(pe) === 3;
    else if (group === Group.group1) fiq = secure;
    if (!fiq && bestIsNmi(pe)) return { irq: false, fiq: false, nmi: true };
    return { irq: !fiq, fiq };
  }

  private bestIsSecure(pe: QemuRedistributor): boolean {
    return !this.distributor.oneSecurityState && pe.words[BEST_GROUP] !== Group.group1;
  }

  /** ICC_HPPIR0_EL1. */
  highestGroup0(pe: QemuRedistributor): number {
    if (this.nothingEnabled(pe)) return SPURIOUS;
    const group0 = pe.words[BEST_GROUP] === Group.group0;
    const secureInterrupt = this.bestIsSecure(pe);
    if (!group0 && exceptionLevel(pe) !== 3) return SPURIOUS;
    if (secureInterrupt && !isSecure(pe, this.hasEl3)) return SPURIOUS;
    if (!group0) return secureInterrupt ? SECURE_INTID : NON_SECURE_INTID;
    return pe.words[BEST_INTID];
  }

  /** ICC_HPPIR1_EL1. */
  highestGroup1(pe: QemuRedistributor): number {
    if (this.nothingEnabled(pe) || pe.words[BEST_GROUP] === Group.group0) return SPURIOUS;
    const secure = isSecure(pe, this.hasEl3);
    if (this.bestIsSecure(pe)) return secure ? pe.words[BEST_INTID] : SPURIOUS;
    return secure && exceptionLevel(pe) !== 3 ? SPURIOUS : pe.words[BEST_INTID];
  }

  /** ICC_IAR<n>_EL1: acknowledges. @returns the INTID, or a special one */
  acknowledge(pe: QemuRedistributor, group0: boolean): number {
    if (!this.canPreempt(pe)) return SPURIOUS;
    const intid = group0 ? this.highestGroup0(pe) : this.highestGroup1(pe);
    if (isSpecial(intid)) return intid;
    if (!group0 && bestIsNmi(pe) && sctlrNmi(pe, exceptionLevel(pe))) return NMI_INTID;
    this.activate(pe, intid);
    return intid;
  }

  /** ICC_NMIAR1_EL1: acknowledges an NMI, and nothing else (icc_nmiar1_read). @returns the INTID, or a special one */
  acknowledgeNmi(pe: QemuRedistributor): number {
    if (!this.canPreempt(pe)) return SPURIOUS;
    const intid = this.highestGroup1(pe);
    if (isSpecial(intid)) return intid;
    if (!bestIsNmi(pe)) return SPURIOUS;
    this.activate(pe, intid);
    return intid;
  }

  /** From pending to active, and its priority becomes the running one. */
  private activate(pe: QemuRedistributor, intid: number): void {
    const { words } = pe;
    const group = words[BEST_GROUP];
    const priority = words[BEST_PRIORITY] & this.groupPriorityMask(pe, group);
    const bit = priority >>> (8 - this.preemptionBits);
    if (bestIsNmi(pe)) setNmiActive(pe, group, bit >>> 5, true);
    else pe.setBit(PeWord.iccApr + group * ACTIVE_PRIORITY_WORDS + (bit >>> 5), bit & 31, true);
    const { distributor } = this;
    if (intid < PRIVATE_INTIDS) {
      pe.setBit(PeWord.active, intid, true);
      pe.setBit(PeWord.pending, intid, false);
      this.arbiter.redistributorChanged(pe);
    } else if (intid < FIRST_LPI) {
      distributor.setBit(distributor.active, intid, true);
      distributor.setBit(distributor.pending, intid, false);
      this.arbiter.spisChanged(intid, 1);
    } else {
      this.delivery.setPending(pe, intid, 0);
    }
  }

  private deactivate(pe: QemuRedistributor, intid: number): void {
    const { distributor } = this;
    if (intid < PRIVATE_INTIDS) {
      pe.setBit(PeWord.active, intid, false);
      this.arbiter.redistributorChanged(pe);
    } else if (intid < distributor.intids) {
      distributor.setBit(distributor.active, intid, false);
      this.arbiter.spisChanged(intid, 1);
    } else {
      // An LPI has no active state. QEMU clears a bit of its own memory beyond its bitmap here and then looks at that INTID again.
      this.arbiter.lpiEnded(intid);
    }
  }

  private splitsDeactivation(pe: QemuRedistributor): boolean {
    const { words } = pe;
    if (exceptionLevel(pe) === 3) return (words[PeWord.iccCtlrEl3] & EOI_MODE_EL3) !== 0;
    const bank = secureBelowEl3(pe, this.hasEl3) ? 0 : 1;
    return (words[PeWord.iccCtlr + bank] & EOI_MODE) !== 0;
  }

  /** Group with the most urgent active priority, or -1. */
  private runningGroup(pe: QemuRedistributor): number {
    const nmi = groupOfNmi(pe);
    if (nmi >= 0) return nmi;
    for (let index = 0; index < ACTIVE_PRIORITY_WORDS; index++) {
      const group0 = lowestBit(this.apr(pe, Group.group0, index));
      const secureGroup1 = lowestBit(this.apr(pe, Group.secureGroup1, index));
      const group1 = lowestBit(this.apr(pe, Group.group1, index));
      if (group1 < group0 && group1 < secureGroup1) return Group.group1;
      if (secureGroup1 < group0) return Group.secureGroup1;
      if (group0 < 32) return Group.group0;
    }
    return -1;
  }

  /** ICC_EOIR<n>_EL1. @param value what is written: INTID in bits [23:0] */
  endOfInterrupt(pe: QemuRedistributor, value: number, group0: boolean): void {
    const intid = value & 0xff_ffff;
    if (intid >= this.distributor.intids && intid < FIRST_LPI) return;
    const group = this.runningGroup(pe);
    const secure = isSecure(pe, this.hasEl3);
    if (group < 0 || (group === Group.group0) !== group0) return;
    if (group === Group.group0 && !this.distributor.oneSecurityState && this.hasEl3 && !secure) return;
    if (group === Group.secureGroup1 && !secure) return;
    if (group === Group.group1 && secure && exceptionLevel(pe) !== 3) return;
    this.dropPriority(pe, group);
    if (!this.splitsDeactivation(pe)) this.deactivate(pe, intid);
  }

  private dropPriority(pe: QemuRedistributor, group: number): void {
    for (let index = 0; index < this.activePriorityRegisters(); index++) {
      const bits = this.apr(pe, group, index);
      const nmi = nmiIsActive(pe, group, index);
      if (bits === 0 && !nmi) continue;
      if (nmi && (index === 0 || bits === 0)) setNmiActive(pe, group, index, false);
      else pe.set(PeWord.iccApr + group * ACTIVE_PRIORITY_WORDS + index, bits & (bits - 1));
      break;
    }
    this.changed(pe);
  }

  /** ICC_DIR_EL1: deactivates what the PE may deactivate. */
  deactivateByRegister(pe: QemuRedistributor, value: number): void {
    const intid = value & 0xff_ffff;
    if (intid >= this.distributor.intids || !this.splitsDeactivation(pe)) return;
    const group = this.arbiter.groupOf(pe, intid);
    const oneState = this.distributor.oneSecurityState;
    const group0 = group === Group.group0;
    const secureInterrupt = !oneState && group !== Group.group1;
    if (exceptionLevel(pe) !== 3) {
      const fiq = fiqToEl3(pe);
      const irq = irqToEl3(pe);
      const allowed = secureBelowEl3(pe, this.hasEl3)
        ? (group0 && !fiq) || (!group0 && (!secureInterrupt || !oneState) && !irq)
        : (oneState && group0 && !fiq) || (!secureInterrupt && !group0 && !irq);
      if (!allowed) return;
    }
    this.deactivate(pe, intid);
  }

  /** ICC_SGI0R_EL1, ICC_SGI1R_EL1, ICC_ASGI1R_EL1. @param group of the SGI for the sender @param lo, hi value of the register */
  sendSgi(sender: QemuRedistributor, group: number, lo: number, hi: number): void {
    const nonSecure = !isSecure(sender, this.hasEl3);
    const sent = group === Group.secureGroup1 && this.distributor.oneSecurityState ? Group.group0 : group;
    const intid = (lo >>> 24) & (SGIS - 1);
    const toAllOthers = ((hi >>> 8) & 1) === 1;
    const cluster = (((hi >>> 16) & 0xff) << 16) | ((hi & 0xff) << 8) | ((lo >>> 16) & 0xff);
    for (const pe of this.redistributors) {
      if (toAllOthers) {
        if (pe === sender) continue;
      } else if (pe.affinity >>> 8 !== cluster || ((lo >>> (pe.affinity & 0xff)) & 1) === 0) continue;
      this.receiveSgi(pe, sent, intid, nonSecure);
    }
  }

  private receiveSgi(pe: QemuRedistributor, sent: number, intid: number, nonSecure: boolean): void {
    const group = this.arbiter.groupOf(pe, intid);
    const wanted = sent === Group.secureGroup1 && group === Group.group0 ? Group.group0 : sent;
    if (wanted !== group) return;
    if (nonSecure && !this.distributor.oneSecurityState) {
      const access = (pe.words[PeWord.nsacr] >>> (intid * 2)) & 3;
      if ((group === Group.group0 && access < 1) || (group === Group.secureGroup1 && access < 2)) return;
    }
    this.sgiListener?.(pe.pe, intid);
    pe.setBit(PeWord.pending, intid, true);
    this.arbiter.redistributorChanged(pe);
  }
}

function isSpecial(intid: number): boolean {
  return intid >= SECURE_INTID && intid <= SPURIOUS;
}

/** Number of the lowest one bit; 32 when there is none. */
function lowestBit(bits: number): number {
  return bits === 0 ? 32 : 31 - Math.clz32(bits & -bits);
}
