import { MAX_PES } from "../../../architecture/index.ts";
import { Bank } from "../../journal/bank.ts";
import type { Journal } from "../../journal/journal.ts";
import { Pool } from "../../journal/pool.ts";
import type { KvmDecisions } from "../../models/model.ts";
import { HardwareInterrupts } from "./hardware-interrupts.ts";
import {
  hasHardwareBit,
  IRQ_WORDS,
  IrqFlag,
  IrqWord,
  isPending,
  listOf,
  MAX_INTIDS,
  MAX_SPIS,
  PRIVATE_INTIDS,
  SGIS,
  withActiveSource,
  withPriority,
} from "./interrupt-record.ts";
import { PeSet } from "./pe-set.ts";
import { PendingList } from "./pending-list.ts";

/** LPIs that may live at once. */
const MAX_LPIS = 1 << 24;

/** Words of {@link KvmInterrupts.control}. */
const ControlWord = {
  /** GICD_CTLR.EnableGrp1 (GICv3) or EnableGrp0 (GICv2): pending interrupts are put on a PE's list only then. */
  distributorEnabled: 0,
  /** SPIs in flight (`active_spis`). */
  spisInFlight: 1,
} as const;

/**
 * All interrupts of one VM and the rule by which they come to the PEs' lists (Linux vgic.c `vgic_target_oracle`,
 * `vgic_queue_irq_unlock`, `vgic_prune_ap_list`). All changes of an interrupt's state go through here.
 */
export class KvmInterrupts {
  readonly pool: Pool;
  readonly control: Bank;
  /** Of each SPI, from INTID 32 on: its GICD_IROUTER affinity, or its GICD_ITARGETSR byte. */
  readonly routes: Bank;
  /** List of each PE. */
  readonly lists: PendingList[] = [];
  /** Physical interrupts behind some of these. */
  readonly hardware: HardwareInterrupts;
  /** PEs whose vCPU is to leave its guest and enter it again, because something has come (`kvm_vcpu_kick`). Whoever runs them empties it. */
  readonly kicked = new PeSet(MAX_PES);
  /** All vCPUs leave their guests until the access under way is done. */
  halt: () => void = () => undefined;
  /** Called when an LPI that no ITE names leaves its PE's list. */
  onUnlisted: (record: number) => void = () => undefined;

  private readonly journal: Journal;
  private readonly decisions: KvmDecisions;
  private readonly spis: readonly number[];
  private readonly privates: number[][] = [];

  /** List registers of the host. */
  private readonly room: number;

  constructor(journal: Journal, decisions: KvmDecisions, room: number) {
    this.room = room;
    this.journal = journal;
    this.decisions = decisions;
    this.control = new Bank(journal, new Uint32Array(2));
    this.routes = new Bank(journal, new Uint32Array(MAX_SPIS));
    this.pool = new Pool(journal, IRQ_WORDS, MAX_LPIS);
    this.hardware = new HardwareInterrupts(journal, this, decisions);
    this.spis = Array.from({ length: MAX_SPIS }, (_, index) => this.make(PRIVATE_INTIDS + index, IrqFlag.edge, 0));
  }

  private make(intid: number, flags: number, target: number): number {
    const record = this.pool.alloc();
    const { bank } = this.pool;
    bank.set(record + IrqWord.intid, intid);
    bank.set(record + IrqWord.references, 1);
    bank.set(record + IrqWord.target, target);
    bank.set(record + IrqWord.flags, flags);
    return record;
  }

  /** Makes the SGIs and PPIs of a new PE: SGIs enabled and edge-triggered, PPIs level-sensitive. */
  addPe(pe: number): void {
    this.hardware.addPe(pe);
    this.lists[pe] ??= new PendingList(this.journal, this.pool, pe, this.decisions.listOrder);
    this.privates[pe] = Array.from({ length: PRIVATE_INTIDS }, (_, intid) =>
      this.make(intid, intid < SGIS ? IrqFlag.enabled | IrqFlag.edge : 0, pe + 1),
    );
  }

  /** What initialisation of the GIC gives every interrupt below 1024: group, and PE 0 as the target of the SPIs. */
  initialise(group1: boolean): void {
    const group = group1 ? IrqFlag.group1 : 0;
    for (const record of this.spis) {
      this.pool.bank.set(record + IrqWord.target, 1);
      this.setFlags(record, (this.flags(record) & ~IrqFlag.group1) | group);
    }
    for (const records of this.privates) {
      for (const record of records) this.setFlags(record, (this.flags(record) & ~IrqFlag.group1) | group);
    }
  }

  /** Empties the PEs' lists and gives the SPIs the state that they were made with. */
  startOver(): void {
    for (const list of this.lists) {
      list.forEach((record) => {
        this.unlist(record);
      });
    }
    for (const [index, record] of this.spis.entries()) {
      this.hardware.unmap(record);
      this.hardware.setOwner(record, 0);
      this.pool.bank.set(record + IrqWord.flags, IrqFlag.edge);
      this.pool.bank.set(record + IrqWord.target, 0);
      this.routes.set(index, 0);
    }
  }

  /** Record of an SGI, PPI or SPI, for a PE. @param intid 0..1023 */
  record(pe: number, intid: number): number {
    return intid < PRIVATE_INTIDS ? this.privates[pe][intid] : this.spis[intid - PRIVATE_INTIDS];
  }

  get distributorEnabled(): boolean {
    return this.control.words[ControlWord.distributorEnabled] !== 0;
  }

  set distributorEnabled(enabled: boolean) {
    if (enabled && !this.distributorEnabled) for (let pe = 0; pe < this.lists.length; pe++) this.kicked.add(pe);
    this.control.set(ControlWord.distributorEnabled, enabled ? 1 : 0);
  }

  /**
   * SPIs that KVM of Linux 6.19 and later takes to be in flight: each one that comes to a list counts, and only level-sensitive ones
   * are taken off the count, when they end.
   */
  get spisInFlight(): number {
    return this.control.words[ControlWord.spisInFlight];
  }

  flags(record: number): number {
    return this.pool.bank.words[record + IrqWord.flags];
  }

  intid(record: number): number {
    return this.pool.bank.words[record + IrqWord.intid];
  }

  /** Whether its input is high, as far as KVM knows. */
  isHigh(record: number): boolean {
    return (this.flags(record) & IrqFlag.line) !== 0;
  }

  isActive(record: number): boolean {
    return (this.flags(record) & IrqFlag.active) !== 0;
  }

  /** Target PE, or -1. */
  target(record: number): number {
    return this.pool.bank.words[record + IrqWord.target] - 1;
  }

  /** PE on whose list it stands, or -1. */
  listedOn(record: number): number {
    return listOf(this.pool.bank.words[record + IrqWord.queued]) - 1;
  }

  setFlags(record: number, flags: number): void {
    this.change(record, IrqWord.flags, flags >>> 0);
  }

  /** Sets or clears one flag. */
  setFlag(record: number, flag: number, on: boolean): void {
    const flags = this.flags(record);
    this.setFlags(record, on ? flags | flag : flags & ~flag);
  }

  setPriority(record: number, priority: number): void {
    this.setFlags(record, withPriority(this.flags(record), priority));
  }

  /** GICv2 SGIs: the PE that an active one came from. */
  setActiveSource(record: number, pe: number): void {
    this.setFlags(record, withActiveSource(this.flags(record), pe));
  }

  /** @param pe -1 = none */
  setTarget(record: number, pe: number): void {
    this.change(record, IrqWord.target, pe + 1);
  }

  private change(record: number, word: number, value: number): void {
    const { bank } = this.pool;
    if (bank.words[record + word] === value) return;
    const queued = listOf(bank.words[record + IrqWord.queued]);
    if (queued === 0) bank.set(record + word, value);
    else this.lists[queued - 1].change(record, word, value);
  }

  /** PE + 1 that the interrupt belongs to now; 0 = none (`vgic_target_oracle`). */
  private owner(record: number): number {
    const { words } = this.pool.bank;
    const flags = words[record + IrqWord.flags];
    const target = words[record + IrqWord.target];
    if ((flags & IrqFlag.active) !== 0) return listOf(words[record + IrqWord.queued]) || target;
    if ((flags & IrqFlag.enabled) === 0 || !isPending(flags) || !this.distributorEnabled) return 0;
    return target;
  }

  /** Puts the interrupt on the list of the PE that it belongs to, unless it stands on one already. That PE is kicked in either case. */
  queue(record: number): void {
    const owner = this.owner(record);
    if (owner === 0) return;
    this.kicked.add(owner - 1);
    if (this.pool.bank.words[record + IrqWord.queued] === 0) this.list(record, owner);
  }

  /**
   * A change of an interrupt's input line, or for edge-triggered ones a pulse when it rises (`kvm_vgic_inject_irq`); nothing else is an
   * injection (`vgic_validate_injection`).
   */
  inject(record: number, level: boolean): void {
    const flags = this.flags(record);
    if ((flags & IrqFlag.edge) !== 0) {
      if (!level) return;
      this.setFlag(record, IrqFlag.pending, true);
    } else {
      if (((flags & IrqFlag.line) !== 0) === level) return;
      this.setFlag(record, IrqFlag.line, level);
    }
    this.queue(record);
  }

  private list(record: number, owner: number): void {
    if (this.isSpi(record)) this.control.set(ControlWord.spisInFlight, this.spisInFlight + 1);
    this.lists[owner - 1].add(record, this.room);
  }

  /** Takes the interrupt off its PE's list. */
  unlist(record: number): void {
    const queued = listOf(this.pool.bank.words[record + IrqWord.queued]);
    if (queued === 0) return;
    this.lists[queued - 1].remove(record);
    this.leaveList(record);
  }

  private leaveList(record: number): void {
    const { bank } = this.pool;
    bank.set(record + IrqWord.queued, 0);
    if (bank.words[record + IrqWord.references] === 0) this.onUnlisted(record);
  }

  private isSpi(record: number): boolean {
    const intid = this.intid(record);
    return intid >= PRIVATE_INTIDS && intid < MAX_INTIDS;
  }

  /** A level-sensitive SPI has ended. */
  private endFlight(record: number): void {
    if (this.isSpi(record) && this.spisInFlight > 0) this.control.set(ControlWord.spisInFlight, this.spisInFlight - 1);
  }

  /**
   * The state that a list register brings back (vgic-v3.c `vgic_v3_fold_lr`).
   * @param eoi the list register has no state left and was to give an EOI maintenance interrupt
   */
  fold(record: number, active: boolean, pending: boolean, eoi: boolean): void {
    const before = this.flags(record);
    let flags = active ? before | IrqFlag.active : before & ~IrqFlag.active;
    if ((flags & IrqFlag.edge) !== 0) flags |= pending ? IrqFlag.pending : 0;
    else if (!active && !pending) flags &= ~IrqFlag.pending;
    this.setFlags(record, flags);
    const deactivated = (before & IrqFlag.active) !== 0 && !active;
    if ((flags & IrqFlag.hw) !== 0) this.hardware.resample(record, deactivated, pending);
    if (eoi && deactivated) this.endFlight(record);
  }

  /**
   * Ends an active interrupt that is in no list register, as if one brought it back without its active state. What HW = 1 in that
   * list register would have done, a write of the host's ICC_DIR_EL1 does (vgic-v3.c `vgic_v3_deactivate_phys`).
   */
  deactivateOutside(record: number): void {
    const flags = this.flags(record);
    const edge = (flags & IrqFlag.edge) !== 0;
    const hw = hasHardwareBit(flags);
    const pending = isPending(flags) && ((edge && !hw) || (flags & IrqFlag.active) === 0);
    if (hw) this.hardware.setActive(record, false);
    this.fold(record, false, pending, !edge && !hw && !pending);
  }

  /**
   * Deactivation by a trapped write of ICC_DIR_EL1 or GICC_DIR (vgic-v3.c `vgic_v3_deactivate`): the interrupt may be in no list
   * register, or on another PE's list. One that is on no list has nothing to deactivate.
   */
  deactivate(record: number): void {
    const listed = this.listedOn(record);
    if (listed < 0) return;
    this.deactivateOutside(record);
    this.prune(listed);
    this.hardware.take();
  }

  /**
   * The PE has left the guest: its list loses what is neither active nor deliverable, and what was moved goes to its new PE.
   * An interrupt that another PE now targets reaches it only here.
   */
  prune(pe: number): void {
    const list = this.lists[pe];
    if (list.empty) return;
    const leave = (record: number, owner: number): void => {
      if (owner === 0) {
        this.leaveList(record);
        return;
      }
      this.lists[owner - 1].add(record, this.room);
      this.kicked.add(owner - 1);
    };
    const review = (record: number): void => {
      const owner = this.owner(record);
      if (owner === pe + 1) return;
      list.remove(record);
      leave(record, owner);
    };
    if (!this.distributorEnabled) {
      list.forEach(review);
      return;
    }
    const chosen = Array.from({ length: list.chosenCount }, (_, index) => list.chosen(index));
    for (const record of chosen) review(record);
    list.takeAside((record) => this.owner(record), leave);
  }
}
