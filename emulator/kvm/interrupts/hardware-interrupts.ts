import { MAX_PES } from "../../../architecture/index.ts";
import { Bank } from "../../journal/bank.ts";
import type { Journal } from "../../journal/journal.ts";
import type { KvmDecisions } from "../../models/model.ts";
import { hasHardwareBit, IrqFlag, isMappedLevel, MAX_INTIDS, PRIVATE_INTIDS } from "./interrupt-record.ts";
import { PhysicalInterrupts } from "./physical-interrupts.ts";

/** Slots: SPIs by their INTID, then 32 for each PE. A slot has two words. */
const SLOTS = MAX_INTIDS + MAX_PES * PRIVATE_INTIDS;
const SLOT_WORDS = 2;
/** Words of a slot. */
const Slot = {
  /** [9:0] physical INTID, [30:10] place in the list of mapped slots. */
  physical: 0,
  /** Who alone may drive the input; 0 = user space. */
  owner: 1,
} as const;
const PLACE_SHIFT = 10;
const PHYSICAL_MASK = (1 << PLACE_SHIFT) - 1;

/** What this asks of the virtual interrupts: their records, by which it names them. */
export interface VirtualInterrupts {
  intid(record: number): number;
  /** Target PE, or -1. */
  target(record: number): number;
  flags(record: number): number;
  setFlags(record: number, flags: number): void;
  setFlag(record: number, flag: number, on: boolean): void;
  inject(record: number, level: boolean): void;
}

/**
 * Virtual interrupts that stand for physical ones (`irq->hw`, Linux vgic.c `kvm_vgic_map_phys_irq`). The physical interrupt stays
 * active on the host from when the host took it until the guest deactivates the virtual one: the list register with HW = 1 does that
 * without an exit. KVM itself sees rising edges of the line only, and asks for the level when it has to know.
 * Errnos are those that the callers in the kernel get.
 */
export class HardwareInterrupts {
  readonly physical: PhysicalInterrupts;
  private readonly interrupts: VirtualInterrupts;
  private readonly decisions: KvmDecisions;
  private readonly slots: Bank;
  /** Word 0: how many slots are mapped; behind it the records that they belong to, in any order. */
  private readonly mapped: Bank;

  constructor(journal: Journal, interrupts: VirtualInterrupts, decisions: KvmDecisions) {
    this.physical = new PhysicalInterrupts(journal);
    this.interrupts = interrupts;
    this.decisions = decisions;
    this.slots = new Bank(journal, new Uint32Array(MAX_INTIDS * SLOT_WORDS), SLOTS * SLOT_WORDS);
    this.mapped = new Bank(journal, new Uint32Array(16), SLOTS + 1);
  }

  addPe(pe: number): void {
    this.physical.addPe(pe);
    this.slots.ensure((MAX_INTIDS + (pe + 1) * PRIVATE_INTIDS) * SLOT_WORDS);
  }

  private get count(): number {
    return this.mapped.words[0];
  }

  /** First word of an interrupt's slot. A PPI's target is always the PE that it belongs to. */
  private slot(record: number): number {
    const intid = this.interrupts.intid(record);
    const index = intid < PRIVATE_INTIDS ? MAX_INTIDS + this.interrupts.target(record) * PRIVATE_INTIDS + intid : intid;
    return index * SLOT_WORDS;
  }

  /** Physical INTID of a mapped interrupt. */
  physicalOf(record: number): number {
    return this.slots.words[this.slot(record) + Slot.physical] & PHYSICAL_MASK;
  }

  /** The host's PE whose physical interrupt it is; a physical SPI is the same for all. */
  private peOf(record: number): number {
    return this.interrupts.intid(record) < PRIVATE_INTIDS ? this.interrupts.target(record) : 0;
  }

  isMapped(record: number): boolean {
    return (this.interrupts.flags(record) & IrqFlag.hw) !== 0;
  }

  ownerOf(record: number): number {
    return this.slots.words[this.slot(record) + Slot.owner];
  }

  /** Gives an interrupt to a device of the kernel: nobody else can drive its input then (`kvm_vgic_set_owner`). */
  setOwner(record: number, owner: number): void {
    this.slots.set(this.slot(record) + Slot.owner, owner);
  }

  /**
   * `kvm_vgic_map_phys_irq`. What the interrupt was mapped to before is forgotten.
   * @param software the host cannot deactivate by list registers, so that KVM does it (`VGIC_IRQ_SW_RESAMPLE`)
   */
  map(record: number, physical: number, software: boolean): void {
    const { interrupts, mapped, slots } = this;
    const flags = interrupts.flags(record);
    const at = this.slot(record) + Slot.physical;
    let place = slots.words[at] >>> PLACE_SHIFT;
    if ((flags & IrqFlag.hw) === 0) {
      place = this.count + 1;
      mapped.ensure(place + 1);
      mapped.set(place, record);
      mapped.set(0, place);
    }
    slots.set(at, physical | (place << PLACE_SHIFT));
    const resampled = software && this.decisions.softwareDeactivation ? IrqFlag.softwareDeactivation : 0;
    interrupts.setFlags(record, (flags & ~IrqFlag.softwareDeactivation) | IrqFlag.hw | resampled);
  }

  /** `kvm_vgic_unmap_phys_irq`. The physical interrupt keeps its state, the virtual one its owner. */
  unmap(record: number): void {
    const { interrupts, mapped, slots } = this;
    const flags = interrupts.flags(record);
    if ((flags & IrqFlag.hw) === 0) return;
    const at = this.slot(record) + Slot.physical;
    const place = slots.words[at] >>> PLACE_SHIFT;
    const last = mapped.words[this.count];
    mapped.set(place, last);
    const moved = this.slot(last) + Slot.physical;
    slots.set(moved, (slots.words[moved] & PHYSICAL_MASK) | (place << PLACE_SHIFT));
    mapped.set(this.count, 0);
    mapped.set(0, this.count - 1);
    slots.set(at, 0);
    interrupts.setFlags(record, flags & ~(IrqFlag.hw | IrqFlag.softwareDeactivation));
  }

  /** `kvm_vgic_reset_mapped_irq`, for a device that is reset. The physical interrupt is the device's own matter. */
  reset(record: number): void {
    const flags = this.interrupts.flags(record);
    if ((flags & IrqFlag.hw) === 0) return;
    this.interrupts.setFlags(record, flags & ~(IrqFlag.active | IrqFlag.pending | IrqFlag.line));
  }

  /** Level of the physical line (`vgic_get_phys_line_level`). */
  level(record: number): boolean {
    return this.physical.pending(this.peOf(record), this.physicalOf(record));
  }

  /** `vgic_irq_set_phys_active`. */
  setActive(record: number, active: boolean): void {
    this.physical.setActive(this.peOf(record), this.physicalOf(record), active);
  }

  /** A guest's write to ISPENDR: the deactivation that follows in the guest must meet an active physical interrupt. */
  pend(record: number): void {
    this.setActive(record, true);
  }

  /** A guest's write to ICPENDR (`vgic_hw_irq_cpending`): it must not leave the physical interrupt masked by its active state. */
  unpend(record: number): void {
    this.physical.setPending(this.peOf(record), this.physicalOf(record), false);
    if ((this.interrupts.flags(record) & IrqFlag.active) === 0) this.setActive(record, false);
  }

  /**
   * A guest's write to ISENABLER, before the interrupt is enabled: the device may have lowered its line meanwhile, of which KVM was not
   * told (vgic-mmio.c `vgic_mmio_write_senable`).
   */
  sampleForEnable(record: number): void {
    const flags = this.interrupts.flags(record);
    if (!isMappedLevel(flags)) return;
    const high = this.level(record);
    this.interrupts.setFlag(record, IrqFlag.line, high);
    if ((flags & (IrqFlag.active | IrqFlag.line)) === IrqFlag.line && !high) this.setActive(record, false);
  }

  /**
   * A list register brought back a level-sensitive mapped interrupt (`vgic_irq_handle_resampling`): its line was lowered when it went
   * there, so its level is asked for now if the interrupt is still to be taken. Where it is low, or where list registers deactivate
   * nothing, the physical interrupt is made inactive: the host would never be told of it again.
   * @param deactivated the virtual interrupt was active and is not any more @param pending the list register's state is pending
   */
  resample(record: number, deactivated: boolean, pending: boolean): void {
    const flags = this.interrupts.flags(record);
    if (!isMappedLevel(flags)) return;
    if (!hasHardwareBit(flags)) {
      if ((flags & (IrqFlag.active | IrqFlag.pending)) === 0) this.setActive(record, false);
      return;
    }
    const stale = this.decisions.resamplesOnDeactivation && deactivated && (flags & IrqFlag.line) !== 0;
    if (!pending && !stale) return;
    const high = this.level(record);
    this.interrupts.setFlag(record, IrqFlag.line, high);
    if (!high) this.setActive(record, false);
  }

  /** Whether a physical interrupt of a mapped one interrupts the host. */
  get signals(): boolean {
    // Asked at every access of a guest.
    if (!this.physical.anySignals) return false;
    for (let place = this.count; place > 0; place--) {
      if (this.signalsHost(this.mapped.words[place])) return true;
    }
    return false;
  }

  private signalsHost(record: number): boolean {
    return this.physical.signals(this.peOf(record), this.physicalOf(record));
  }

  /**
   * The host takes the physical interrupts that interrupt it: it acknowledges them, drops their priority, leaves them active, and their
   * handlers raise the virtual ones (`irq_set_vcpu_affinity`, arch_timer.c `kvm_arch_timer_handler`). Which comes first is the host's
   * matter; here it is the lowest physical INTID.
   */
  take(): void {
    // Asked at every exit of a guest: without the list, which is seldom wanted.
    while (this.signals) {
      const signalling = this.signalling();
      const physical = Math.min(...signalling.map((record) => this.physicalOf(record)));
      const taken = signalling.filter((record) => this.physicalOf(record) === physical);
      for (const record of taken) this.physical.acknowledge(this.peOf(record), physical);
      for (const record of taken) this.interrupts.inject(record, true);
    }
  }

  private signalling(): number[] {
    const records: number[] = [];
    for (let place = 1; place <= this.count; place++) {
      const record = this.mapped.words[place];
      if (this.signalsHost(record)) records.push(record);
    }
    return records;
  }
}
