/**
 * One interrupt as KVM holds it (`struct vgic_irq`): a record of words in one pool, whether SGI, PPI, SPI or LPI.
 */
export const IrqWord = {
  intid: 0,
  /** LPIs: ITEs (of all ITSs) that name it. */
  references: 1,
  /** Target PE + 1; 0 = none (an affinity that no PE has, an LPI of an unmapped collection). */
  target: 2,
  flags: 3,
  /** [15:0] PE + 1 on whose list of pending and active interrupts it stands; 0 = none. [31:16] see `PendingList`. */
  queued: 4,
  /** Neighbours in a bucket of that list. */
  next: 5,
  previous: 6,
  /** Where it stands in its PE's list, against others: see `PendingList`. */
  order: 7,
} as const;

/** Two records a line of the host's cache: commands walk through thousands of them. */
export const IRQ_WORDS = 8;

/** Bits of {@link IrqWord.flags}. */
export const IrqFlag = {
  enabled: 1 << 0,
  /** Latched pending state (`pending_latch`). */
  pending: 1 << 1,
  active: 1 << 2,
  /** Level of the input line. */
  line: 1 << 3,
  edge: 1 << 4,
  group1: 1 << 5,
  /** It stands in the part of its PE's list that goes to list registers. */
  chosen: 1 << 6,
  /** It stands for a physical interrupt (`hw`). */
  hw: 1 << 7,
  /** Of such a one: list registers of this host do not deactivate the physical interrupt (`VGIC_IRQ_SW_RESAMPLE`). */
  softwareDeactivation: 1 << 27,
} as const;

export const PRIORITY_SHIFT = 8;
/** GICv2 SGIs: PEs that it is pending from, one bit each. */
export const SOURCE_SHIFT = 16;
/** GICv2 SGIs: PE that the active one came from. */
export const ACTIVE_SOURCE_SHIFT = 24;

export const SGIS = 16;
export const PRIVATE_INTIDS = 32;
/** INTIDs below this are SGIs, PPIs and SPIs. */
export const MAX_INTIDS = 1024;
export const MAX_SPIS = MAX_INTIDS - PRIVATE_INTIDS;

/** Pending: latched, or held by the line of a level-sensitive interrupt (`irq_is_pending`). */
export function isPending(flags: number): boolean {
  return (flags & IrqFlag.pending) !== 0 || (flags & (IrqFlag.edge | IrqFlag.line)) === IrqFlag.line;
}

/** A physical interrupt stands behind it, level-sensitive for the guest (`vgic_irq_is_mapped_level`). */
export function isMappedLevel(flags: number): boolean {
  return (flags & (IrqFlag.hw | IrqFlag.edge)) === IrqFlag.hw;
}

/** Its list register has HW = 1 (`irq->hw` without `vgic_irq_needs_resampling`). */
export function hasHardwareBit(flags: number): boolean {
  return (flags & (IrqFlag.hw | IrqFlag.softwareDeactivation)) === IrqFlag.hw;
}

export function priorityOf(flags: number): number {
  return (flags >>> PRIORITY_SHIFT) & 0xff;
}

export function withPriority(flags: number, priority: number): number {
  return (flags & ~(0xff << PRIORITY_SHIFT)) | (priority << PRIORITY_SHIFT);
}

export function sourcesOf(flags: number): number {
  return (flags >>> SOURCE_SHIFT) & 0xff;
}

export function withSources(flags: number, sources: number): number {
  return (flags & ~(0xff << SOURCE_SHIFT)) | ((sources & 0xff) << SOURCE_SHIFT);
}

export function activeSourceOf(flags: number): number {
  return (flags >>> ACTIVE_SOURCE_SHIFT) & 7;
}

export function withActiveSource(flags: number, pe: number): number {
  return (flags & ~(7 << ACTIVE_SOURCE_SHIFT)) | ((pe & 7) << ACTIVE_SOURCE_SHIFT);
}

/** PE + 1 on whose list it stands, from {@link IrqWord.queued}; 0 = none. */
export function listOf(queued: number): number {
  return queued & 0xffff;
}

/** Number of 1 bits of a byte. */
export function bitCount(byte: number): number {
  let count = 0;
  for (let rest = byte; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** List registers that an interrupt asks for: a GICv2 SGI one for each source (`vgic_irq_get_lr_count`). */
export function listRegistersWanted(intid: number, flags: number): number {
  const active = (flags & IrqFlag.active) !== 0 ? 1 : 0;
  const sources = sourcesOf(flags);
  if (intid < SGIS && sources !== 0) return bitCount(sources) + active;
  return isPending(flags) || active === 1 ? 1 : 0;
}
