import { entryField, entryLayout, WordField } from "../entries/entry-field.ts";

/**
 * The entries of QEMU's ITS tables as 32-bit words: the commands read and write several entries each, millions of times a second, and
 * keep the words in variables. An entry that is written has its fields cut to their widths.
 */

const device = entryLayout("qemu", "device");
export const DTE_BYTES = device.bytes;
export const DTE_VALID = new WordField(device, "V", 0).bits(1);
const dteSize = new WordField(device, "Size", 0);
const dteAddress = entryField(device, "ITT_addr");

/** Size field of a DTE: EventID bits minus one. */
export function dteSizeOf(lo: number): number {
  return dteSize.rawOf(lo);
}

/** ITT address of a DTE in bytes. */
export function dteIttAddress(lo: number, hi: number): number {
  return dteAddress.meaningOf(lo, hi);
}

/** Word 0 of a valid DTE. @param rawAddress the ITT's address in units of 256 bytes */
export function dteLow(size: number, rawAddress: number): number {
  return (DTE_VALID | dteSize.bits(size) | dteAddress.lowBits(rawAddress)) >>> 0;
}

/** Word 1 of a valid DTE. */
export function dteHigh(rawAddress: number): number {
  return dteAddress.highBits(rawAddress);
}

const itt = entryLayout("qemu", "itt");
export const ITE_BYTES = itt.bytes;
export const ITE_VALID = new WordField(itt, "V", 0).bits(1);
export const ITE_PHYSICAL = new WordField(itt, "type", 0).bits(1);
const iteIntid = new WordField(itt, "INTID", 0);
const iteIcid = new WordField(itt, "ICID", 1);
const iteVpe = new WordField(itt, "vPEID", 1);
const iteDoorbell = new WordField(itt, "doorbell", 2);

export function iteIntidOf(lo: number): number {
  return iteIntid.rawOf(lo);
}

export function iteIcidOf(hi: number): number {
  return iteIcid.rawOf(hi);
}

export function iteVpeOf(hi: number): number {
  return iteVpe.rawOf(hi);
}

export function iteDoorbellOf(top: number): number {
  return iteDoorbell.rawOf(top);
}

/** Word 0 of a valid ITE. @param type {@link ITE_PHYSICAL} or 0 */
export function iteLow(type: number, intid: number): number {
  return (ITE_VALID | type | iteIntid.bits(intid)) >>> 0;
}

/** Word 1 of a valid ITE. */
export function iteHigh(icid: number, vpe: number): number {
  return (iteIcid.bits(icid) | iteVpe.bits(vpe)) >>> 0;
}

/** Word 2 of a valid ITE. */
export function iteTop(doorbell: number): number {
  return iteDoorbell.bits(doorbell) >>> 0;
}

const collection = entryLayout("qemu", "collection");
export const CTE_BYTES = collection.bytes;
export const CTE_VALID = new WordField(collection, "V", 0).bits(1);
const cteTarget = new WordField(collection, "RDbase", 0);

export function cteTargetOf(lo: number): number {
  return cteTarget.rawOf(lo);
}

/** Word 0 of a valid CTE; word 1 is 0. */
export function cteLow(target: number): number {
  return (CTE_VALID | cteTarget.bits(target)) >>> 0;
}

/** The RDbase of MAPC keeps as many bits as the CTE has. */
export const CTE_TARGET_MASK = cteTarget.max;

const vpe = entryLayout("qemu", "vpe");
export const VTE_BYTES = vpe.bytes;
export const VTE_VALID = new WordField(vpe, "V", 0).bits(1);
const vteSize = new WordField(vpe, "VPT_size", 0);
const vteAddress = entryField(vpe, "VPT_addr");
const vteTarget = new WordField(vpe, "RDbase", 1);

/** VPT_size field of a VTE: vINTID bits minus one. */
export function vteSizeOf(lo: number): number {
  return vteSize.rawOf(lo);
}

/** Address of the virtual pending table in bytes. */
export function vteTableAddress(lo: number, hi: number): number {
  return vteAddress.meaningOf(lo, hi);
}

export function vteTargetOf(hi: number): number {
  return vteTarget.rawOf(hi);
}

/** Word 0 of a valid VTE. @param rawAddress the table's address in units of 64 KiB */
export function vteLow(size: number, rawAddress: number): number {
  return (VTE_VALID | vteSize.bits(size) | vteAddress.lowBits(rawAddress)) >>> 0;
}

/** Word 1 of a valid VTE. */
export function vteHigh(rawAddress: number, target: number): number {
  return (vteAddress.highBits(rawAddress) | vteTarget.bits(target)) >>> 0;
}

const level1 = entryLayout("qemu", "level1");
export const LEVEL1_BYTES = level1.bytes;
const level1Valid = new WordField(level1, "V", 1);
const level1Page = entryField(level1, "Address");

/** Whether a level-1 entry points to a page. */
export function level1IsValid(hi: number): boolean {
  return level1Valid.rawOf(hi) === 1;
}

/** Address of a level-2 page in bytes. */
export function level1Address(lo: number, hi: number): number {
  return level1Page.meaningOf(lo, hi);
}
