import { FIRST_LPI } from "../../../architecture/index.ts";
import type { HostDecisions } from "../../models/host.ts";
import type { VirtualInterfaceFeatures } from "../virtual-host.ts";
import { Hcr, LrHigh, LrLow, lrGroup, lrPriority, Vmcr } from "./hypervisor-fields.ts";
import { ACTIVE_PRIORITY_REGISTERS, type InterfaceRegisters, InterfaceWord, type VirtualCpu } from "./virtual-cpu.ts";

/** INTIDs that stand for no interrupt: 1022 = a Group 1 interrupt that this access may not have, 1023 = none. */
export const OTHER_GROUP = 1022;
export const SPURIOUS = 1023;
const FIRST_SPECIAL = 1020;
/** Priority of nothing. */
export const IDLE_PRIORITY = 0xff;

export type Group = 0 | 1;

/**
 * The virtual CPU interface of a GIC: what a guest's accesses do to list registers, VMCR and active priorities (Arm IHI0069
 * chapter 4.8 and 12.4; QEMU hw/intc/arm_gicv3_cpuif.c `icv_*`, which was the hardware of the recordings). It knows registers only;
 * where their contents come from is the hypervisor's matter.
 */
export class CpuInterface {
  /** GIC version of the host, whose interface this is. */
  readonly version: 2 | 3;
  readonly features: VirtualInterfaceFeatures;
  private readonly cpus: readonly VirtualCpu[];
  private readonly deactivatePhysical: (pe: number, physical: number) => void;

  /** What the host's interface decides. */
  readonly host: HostDecisions;

  /** @param deactivatePhysical what a deactivation with HW = 1 does to the physical interrupt @param physical its INTID, 0..1023 */
  constructor(
    version: 2 | 3,
    host: HostDecisions,
    features: VirtualInterfaceFeatures,
    cpus: readonly VirtualCpu[],
    deactivatePhysical: (pe: number, physical: number) => void,
  ) {
    this.host = host;
    this.deactivatePhysical = deactivatePhysical;
    this.version = version;
    this.features = features;
    this.cpus = cpus;
  }

  private registers(pe: number): InterfaceRegisters {
    return this.cpus[pe].hardware;
  }

  /** Number of AP0R and of AP1R registers: one for each 32 preemption levels. */
  get activePriorityRegisters(): number {
    return 1 << Math.max(0, this.features.preemptionBits - 5);
  }

  /** Smallest binary point of Group 0. */
  private get leastBinaryPoint(): number {
    return 7 - this.features.preemptionBits;
  }

  /** VMCR as the register takes it: binary points not below their least, and without GICv2 compatibility FIQEn 1 and AckCtl 0. */
  legalVmcr(vmcr: number): number {
    const bpr0 = Math.max((vmcr >>> Vmcr.bpr0Shift) & Vmcr.bprMask, this.leastBinaryPoint);
    const bpr1 = Math.max((vmcr >>> Vmcr.bpr1Shift) & Vmcr.bprMask, this.leastBinaryPoint + 1);
    const kept = vmcr & ~((Vmcr.bprMask << Vmcr.bpr0Shift) | (Vmcr.bprMask << Vmcr.bpr1Shift));
    const legal = kept | (bpr0 << Vmcr.bpr0Shift) | (bpr1 << Vmcr.bpr1Shift);
    return (this.version === 2 ? legal : (legal | Vmcr.vfiqen) & ~Vmcr.vackctl) >>> 0;
  }

  /** HCR as the register takes it: vSGIEOICount is GICv4.1's. */
  legalHcr(hcr: number): number {
    return (hcr & ~Hcr.vsgiEoiCount) >>> 0;
  }

  vmcr(pe: number): number {
    return this.registers(pe).get(InterfaceWord.vmcr);
  }

  setVmcr(pe: number, clear: number, set: number): void {
    this.registers(pe).set(InterfaceWord.vmcr, this.legalVmcr((this.vmcr(pe) & ~clear) | set));
  }

  /** Priority mask: interrupts with this value or a higher one are not signalled. */
  priorityMask(pe: number): number {
    return this.vmcr(pe) >>> Vmcr.pmrShift;
  }

  setPriorityMask(pe: number, mask: number): void {
    const kept = mask & 0xff & (0xff << (8 - this.features.priorityBits));
    this.setVmcr(pe, 0xff << Vmcr.pmrShift, kept << Vmcr.pmrShift);
  }

  /** Binary point as the guest reads it: with CBPR, Group 1 shows that of Group 0 plus one, 7 at most. */
  binaryPoint(pe: number, group: Group): number {
    const vmcr = this.vmcr(pe);
    const bpr0 = (vmcr >>> Vmcr.bpr0Shift) & Vmcr.bprMask;
    if (group === 0) return bpr0;
    return (vmcr & Vmcr.vcbpr) !== 0 ? Math.min(bpr0 + 1, 7) : (vmcr >>> Vmcr.bpr1Shift) & Vmcr.bprMask;
  }

  setBinaryPoint(pe: number, group: Group, value: number): void {
    if (group === 1 && (this.vmcr(pe) & Vmcr.vcbpr) !== 0) return;
    const shift = group === 0 ? Vmcr.bpr0Shift : Vmcr.bpr1Shift;
    this.setVmcr(pe, Vmcr.bprMask << shift, (value & Vmcr.bprMask) << shift);
  }

  /** Bits of a priority that decide about preemption. */
  private groupPriorityMask(pe: number, group: Group): number {
    const vmcr = this.vmcr(pe);
    const common = group === 0 || (vmcr & Vmcr.vcbpr) !== 0;
    const bpr = common ? (vmcr >>> Vmcr.bpr0Shift) & Vmcr.bprMask : ((vmcr >>> Vmcr.bpr1Shift) & Vmcr.bprMask) - 1;
    return 0xff & (0xff << (bpr + 1));
  }

  /** List register of the most urgent pending interrupt of an enabled group, or -1. */
  private highestPending(pe: number): number {
    const registers = this.registers(pe);
    if ((registers.get(InterfaceWord.hcr) & Hcr.en) === 0) return -1;
    const enabled = this.vmcr(pe) & (Vmcr.veng0 | Vmcr.veng1);
    let best = -1;
    let priority = IDLE_PRIORITY;
    for (let index = 0; index < this.features.listRegisters; index++) {
      const high = registers.lrHigh(index);
      if (high >>> 30 !== 1 || ((enabled >>> lrGroup(high)) & 1) === 0 || lrPriority(high) >= priority) continue;
      priority = lrPriority(high);
      best = index;
    }
    return best;
  }

  /** The most urgent pending interrupt, without taking it. @returns its INTID (GICv2 SGIs with their source) and group, or undefined */
  pending(pe: number): { intid: number; group: Group } | undefined {
    const index = this.highestPending(pe);
    if (index < 0) return undefined;
    const registers = this.registers(pe);
    const intid = registers.lrLow(index) & (this.version === 2 ? 0x1fff : 0xff_ffff);
    return { intid, group: lrGroup(registers.lrHigh(index)) };
  }

  /** Whether the most urgent pending interrupt passes the priority mask, whatever runs. */
  passesMask(pe: number): boolean {
    const index = this.highestPending(pe);
    return index >= 0 && lrPriority(this.registers(pe).lrHigh(index)) < this.priorityMask(pe);
  }

  /** Whether the most urgent pending interrupt passes the priority mask and preempts what runs. */
  signals(pe: number): boolean {
    const index = this.highestPending(pe);
    return index >= 0 && this.canPreempt(pe, this.registers(pe).lrHigh(index));
  }

  private canPreempt(pe: number, high: number): boolean {
    const priority = lrPriority(high);
    if (priority >= this.priorityMask(pe)) return false;
    const running = this.runningPriority(pe);
    const mask = this.groupPriorityMask(pe, lrGroup(high));
    return running === IDLE_PRIORITY || (priority & mask) < (running & mask);
  }

  /** Acknowledges the most urgent pending interrupt of a group, if it is signalled. @returns its INTID, or 1023 */
  acknowledge(pe: number, group: Group): number {
    const index = this.highestPending(pe);
    const registers = this.registers(pe);
    if (index < 0 || lrGroup(registers.lrHigh(index)) !== group) return SPURIOUS;
    const low = registers.lrLow(index);
    const high = registers.lrHigh(index);
    if (!this.canPreempt(pe, high)) return SPURIOUS;
    const intid = low & (this.version === 2 ? 0x1fff : 0xff_ffff);
    const number = this.intidOf(intid);
    if (number >= FIRST_SPECIAL && number < 1024) {
      registers.setLr(index, low, high & ~LrHigh.pending);
      return intid;
    }
    const level = (lrPriority(high) & this.groupPriorityMask(pe, group)) >>> (8 - this.features.preemptionBits);
    const word = this.activeWord(group) + (level >>> 5);
    registers.set(word, registers.get(word) | (1 << (level & 31)));
    registers.setLr(index, low, (high & ~LrHigh.pending) | LrHigh.active);
    return intid;
  }

  private intidOf(value: number): number {
    return this.version === 2 ? value & LrLow.v2IntidMask : value & 0xff_ffff;
  }

  /** First word of a group's active priorities; a GICv2 has one set for both. */
  private activeWord(group: Group): number {
    return group === 1 && this.version === 3 ? InterfaceWord.ap1r : InterfaceWord.ap0r;
  }

  /** Lowest bit of the active priorities, and its word; undefined when nothing is active. */
  private highestActive(pe: number): { word: number; level: number } | undefined {
    const registers = this.registers(pe);
    for (let index = 0; index < ACTIVE_PRIORITY_REGISTERS; index++) {
      const group0 = registers.get(InterfaceWord.ap0r + index);
      const group1 = registers.get(InterfaceWord.ap1r + index);
      if ((group0 | group1) === 0) continue;
      const first0 = lowestBit(group0);
      const first1 = lowestBit(group1);
      return first0 <= first1
        ? { word: InterfaceWord.ap0r + index, level: index * 32 + first0 }
        : { word: InterfaceWord.ap1r + index, level: index * 32 + first1 };
    }
    return undefined;
  }

  runningPriority(pe: number): number {
    const active = this.highestActive(pe);
    return active === undefined ? IDLE_PRIORITY : (active.level << (this.leastBinaryPoint + 1)) & 0xff;
  }

  /** End of interrupt: drops the priority, and deactivates unless EOImode is 1. LPIs are always deactivated. */
  end(pe: number, group: Group, value: number): void {
    const intid = this.intidOf(value);
    if (intid >= FIRST_SPECIAL && intid < 1024) return;
    const registers = this.registers(pe);
    const active = this.highestActive(pe);
    if (active === undefined) return;
    registers.set(active.word, registers.get(active.word) & ~(1 << (active.level & 31)));
    const index = this.findActive(pe, intid);
    const split = (this.vmcr(pe) & Vmcr.veoim) !== 0 && intid < FIRST_LPI;
    if (index < 0) {
      if (intid < FIRST_LPI && (!split || this.host.priorityDropCounts)) this.countEoi(pe);
      return;
    }
    const high = registers.lrHigh(index);
    const dropped = (active.level << (this.leastBinaryPoint + 1)) & 0xff;
    const expected = lrPriority(high) & this.groupPriorityMask(pe, lrGroup(high));
    const groupMatches = this.version === 2 || lrGroup(high) === group;
    if (groupMatches && expected === dropped && !split) this.deactivateLr(pe, index);
  }

  /** Deactivates an interrupt with EOImode 1 (ICC_DIR_EL1, GICC_DIR). */
  deactivate(pe: number, value: number): void {
    const intid = this.intidOf(value);
    if ((intid >= FIRST_SPECIAL && intid < 1024) || (this.vmcr(pe) & Vmcr.veoim) === 0) return;
    const index = this.findActive(pe, intid);
    if (index >= 0) this.deactivateLr(pe, index);
    else this.countEoi(pe);
  }

  private findActive(pe: number, intid: number): number {
    const registers = this.registers(pe);
    for (let index = 0; index < this.features.listRegisters; index++) {
      const active = (registers.lrHigh(index) & LrHigh.active) !== 0;
      if (active && this.intidOf(registers.lrLow(index)) === intid) return index;
    }
    return -1;
  }

  private deactivateLr(pe: number, index: number): void {
    const registers = this.registers(pe);
    const high = registers.lrHigh(index);
    registers.setLr(index, registers.lrLow(index), high & ~LrHigh.active);
    if ((high & LrHigh.hw) !== 0) this.deactivatePhysical(pe, high & LrHigh.physicalMask);
  }

  /** ICH_HCR_EL2.EOIcount: ends of interrupts that no list register holds. */
  private countEoi(pe: number): void {
    const registers = this.registers(pe);
    registers.set(InterfaceWord.hcr, registers.get(InterfaceWord.hcr) + (1 << Hcr.eoiCountShift));
  }
}

/** Number of the lowest 1 bit; 32 for 0. */
function lowestBit(word: number): number {
  return word === 0 ? 32 : 31 - Math.clz32(word & -word);
}
