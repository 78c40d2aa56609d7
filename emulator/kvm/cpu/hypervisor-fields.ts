/** Fields of ICH_* registers as KVM and the virtual CPU interface handle them (Arm IHI0069 chapter 12; GICH_* of GICv2 agree in VMCR and HCR). */

/** ICH_HCR_EL2. */
export const Hcr = {
  en: 1 << 0,
  uie: 1 << 1,
  lrenpie: 1 << 2,
  npie: 1 << 3,
  vgrp0eie: 1 << 4,
  vgrp0die: 1 << 5,
  vgrp1eie: 1 << 6,
  vgrp1die: 1 << 7,
  vsgiEoiCount: 1 << 8,
  tdir: 1 << 14,
  eoiCountShift: 27,
} as const;

/** ICH_VMCR_EL2. */
export const Vmcr = {
  veng0: 1 << 0,
  veng1: 1 << 1,
  vackctl: 1 << 2,
  vfiqen: 1 << 3,
  vcbpr: 1 << 4,
  veoim: 1 << 9,
  bpr1Shift: 18,
  bpr0Shift: 21,
  bprMask: 7,
  pmrShift: 24,
} as const;

/** High word of ICH_LR<n>_EL2. */
export const LrHigh = {
  pending: 1 << 30,
  active: 1 << 31,
  state: (3 << 30) >>> 0,
  hw: 1 << 29,
  group1: 1 << 28,
  priorityShift: 16,
  /** EOI: maintenance interrupt when it is deactivated (pINTID bit 9, with HW = 0). */
  eoi: 1 << 9,
  /** pINTID (with HW = 1): ten bits, as many as the SPIs of a host need (KVM's `ICH_LR_PHYS_ID_MASK`). */
  physicalMask: 0x3ff,
} as const;

/** Whether a list register asks for a maintenance interrupt at its end: with HW = 1 the bit belongs to pINTID. */
export function asksForEoi(high: number): boolean {
  return (high & (LrHigh.hw | LrHigh.eoi)) === LrHigh.eoi;
}

/** Low word: of a GICv2 guest, the vINTID and the source PE of an SGI (GICH_LR.PhysicalID), as KVM lays them out. */
export const LrLow = { v2IntidMask: 0x3ff, sourceShift: 10 } as const;

/** ICH_MISR_EL2. */
export const Misr = { eoi: 1, u: 2, lrenp: 4, np: 8, vgrp0e: 16, vgrp0d: 32, vgrp1e: 64, vgrp1d: 128 } as const;

export function lrPriority(high: number): number {
  return (high >>> LrHigh.priorityShift) & 0xff;
}

/** 1 for Group 1. */
export function lrGroup(high: number): 0 | 1 {
  return (high & LrHigh.group1) !== 0 ? 1 : 0;
}

/** A list register in the format of GICv2 (GICH_LR<n>): five bits of priority, PhysicalID or source PE and EOI in [19:10]. */
export function gichListRegister(low: number, high: number): number {
  const state = (high >>> 30) & 3;
  const eoi = (high & LrHigh.eoi) !== 0 ? 1 << 19 : 0;
  const physical =
    (high & LrHigh.hw) !== 0 ? (high & LrHigh.physicalMask) << 10 : (low & (7 << LrLow.sourceShift)) | eoi;
  const fixed = (low & LrLow.v2IntidMask) | physical | ((lrPriority(high) >>> 3) << 23) | (state << 28);
  return (fixed | (lrGroup(high) << 30) | ((high & LrHigh.hw) !== 0 ? 1 << 31 : 0)) >>> 0;
}
