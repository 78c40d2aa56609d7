import { entryField, entryLayout, WordField } from "../../entries/entry-field.ts";

/**
 * Entries of the tables that SAVE_TABLES writes and RESTORE_TABLES reads, as two 32-bit words: both do it for thousands of events in one
 * call. All table ABIs have these in an entry's first 8 bytes.
 */

const dte = entryLayout("kvm-rev0", "device");
const dteValid = new WordField(dte, "V", 1);
const dteNextField = new WordField(dte, "next", 1);
const dteAddress = entryField(dte, "ITT_addr");
/** EventID bits minus one. */
const dteSize = new WordField(dte, "Size", 0);

export function dteIsValid(hi: number): boolean {
  return dteValid.rawOf(hi) === 1;
}

export function dteLow(itt: number, eventBits: number): number {
  return (dteAddress.lowBits(dteAddress.rawFor(itt)) | dteSize.bits(eventBits - 1)) >>> 0;
}

/** @param distance in DeviceIDs to the next entry, cut to what the field holds (`VITS_DTE_MAX_DEVID_OFFSET`); 0 = this is the last */
export function dteHigh(itt: number, distance: number): number {
  const next = dteNextField.bits(Math.min(distance, dteNextField.max));
  return (dteValid.bits(1) | next | dteAddress.highBits(dteAddress.rawFor(itt))) >>> 0;
}

/** Address of the ITT in bytes. */
export function dteItt(lo: number, hi: number): number {
  return dteAddress.meaningOf(lo, hi);
}

export function dteEventBits(lo: number): number {
  return dteSize.rawOf(lo) + 1;
}

export function dteNext(hi: number): number {
  return dteNextField.rawOf(hi);
}

const ite = entryLayout("kvm-rev0", "itt");
const iteNextField = new WordField(ite, "next", 1);
const iteIntidField = entryField(ite, "pINTID");
const iteIcidField = new WordField(ite, "ICID", 0);

export function iteLow(intid: number, icid: number): number {
  return (iteIntidField.lowBits(intid) | iteIcidField.bits(icid)) >>> 0;
}

/** @param distance in EventIDs to the next entry, cut to what the field holds (`VITS_ITE_MAX_EVENTID_OFFSET`); 0 = this is the last */
export function iteHigh(intid: number, distance: number): number {
  return (iteNextField.bits(Math.min(distance, iteNextField.max)) | iteIntidField.highBits(intid)) >>> 0;
}

export function iteIsValid(lo: number, hi: number): boolean {
  return iteIntidField.isSet(lo, hi);
}

export function iteIntid(lo: number, hi: number): number {
  return iteIntidField.rawOf(lo, hi);
}

export function iteIcid(lo: number): number {
  return iteIcidField.rawOf(lo);
}

export function iteNext(hi: number): number {
  return iteNextField.rawOf(hi);
}

const cte = entryLayout("kvm-rev0", "collection");
const cteValid = new WordField(cte, "V", 1);
const cteTargetField = entryField(cte, "RDbase");
const cteIcidField = new WordField(cte, "ICID", 0);

export function cteIsValid(hi: number): boolean {
  return cteValid.rawOf(hi) === 1;
}

/** @param target 32 bits */
export function cteLow(target: number, icid: number): number {
  return (cteTargetField.lowBits(target) | cteIcidField.bits(icid)) >>> 0;
}

export function cteHigh(target: number): number {
  return (cteValid.bits(1) | cteTargetField.highBits(target)) >>> 0;
}

/** Of the 36 bits of the field KVM keeps 32 (vgic-its.c `vgic_its_restore_cte`: u32 target_addr). */
export function cteTarget(lo: number, hi: number): number {
  return cteTargetField.rawOf(lo, hi) % 2 ** 32;
}

export function cteIcid(lo: number): number {
  return cteIcidField.rawOf(lo);
}

const level1 = entryLayout("kvm-rev0", "level1");
export const LEVEL1_ENTRY_BYTES = level1.bytes;
const level1Valid = new WordField(level1, "V", 1);
const level1Address = entryField(level1, "Address");

export function level1IsValid(hi: number): boolean {
  return level1Valid.rawOf(hi) === 1;
}

/** Address of the level-2 page in bytes. */
export function level1Page(lo: number, hi: number): number {
  return level1Address.meaningOf(lo, hi);
}
