import { ACTIVE_PRIORITY_WORDS, Group, PeWord, type QemuRedistributor } from "./redistributor.ts";

/*
 * The part of FEAT_GICv3_NMI that is in the CPU interface: bit 63 of the active priorities. QEMU keeps it for each of them, and an NMI that
 * becomes active sets that of its group, ICC_AP0R0_EL1 among them; but only those of Group 1 make it run (arm_gicv3_cpuif.c). Nothing sets
 * a bit where there is no such feature.
 */

function bitOf(group: number, index: number): number {
  return 1 << (group * ACTIVE_PRIORITY_WORDS + index);
}

/** Bit 63 of ICC_AP<group>R<index>_EL1. */
export function nmiIsActive(pe: QemuRedistributor, group: number, index = 0): boolean {
  return (pe.words[PeWord.iccAprNmi] & bitOf(group, index)) !== 0;
}

export function setNmiActive(pe: QemuRedistributor, group: number, index: number, active: boolean): void {
  const bits = pe.words[PeWord.iccAprNmi];
  pe.set(PeWord.iccAprNmi, active ? bits | bitOf(group, index) : bits & ~bitOf(group, index));
}

/** Group 1 of the NMI that runs, or -1 (icc_highest_active_group). */
export function groupOfNmi(pe: QemuRedistributor): number {
  if (nmiIsActive(pe, Group.secureGroup1)) return Group.secureGroup1;
  return nmiIsActive(pe, Group.group1) ? Group.group1 : -1;
}

/** Whether the best pending interrupt is an NMI. */
export function bestIsNmi(pe: QemuRedistributor): boolean {
  return pe.words[PeWord.bestNmi] === 1;
}
