import {
  type EntryLayout,
  type Field,
  fieldWidth,
  layoutField,
  layouts,
  type TableKind,
} from "../../architecture/index.ts";

/**
 * The entries of QEMU's ITS tables as shifts and masks of 32-bit words, derived once from the declared layout: the commands read and
 * write several entries each, millions of times a second.
 */

function entry(kind: TableKind): EntryLayout {
  const found = layouts.qemu.entries[kind];
  if (found === undefined) throw new Error(`the qemu layout has no ${kind} entry`);
  return found;
}

function field(owner: EntryLayout, name: string): Field {
  const found = layoutField(owner, name);
  if (found === undefined) throw new Error(`${owner.entryName} has no field ${name}`);
  return found;
}

/** A field within one 32-bit word. */
class WordField {
  readonly shift: number;
  /** Ones of the field's width, not shifted. */
  readonly mask: number;

  constructor(owner: EntryLayout, name: string, word: number) {
    const { lsb, msb } = field(owner, name);
    if (lsb >>> 5 !== word || msb >>> 5 !== word) throw new Error(`${owner.entryName}.${name} is not in word ${word}`);
    this.shift = lsb & 31;
    this.mask = 2 ** (msb - lsb + 1) - 1;
  }
}

/** An address field that spans words 0 and 1. */
class AddressField {
  readonly lowShift: number;
  /** Values of the part in word 0. */
  readonly lowCount: number;
  readonly highMask: number;
  /** Bytes that 1 in the raw value stands for. */
  readonly unit: number;

  constructor(owner: EntryLayout, name: string) {
    const found = field(owner, name);
    const lowBits = 32 - found.lsb;
    this.lowShift = found.lsb;
    this.lowCount = 2 ** lowBits;
    this.highMask = 2 ** (fieldWidth(found) - lowBits) - 1;
    this.unit = 2 ** (found.shift ?? 0);
  }
}

const device = entry("device");
export const DTE_BYTES = device.bytes;
export const DTE_VALID = 1 << field(device, "V").lsb;
const dteSize = new WordField(device, "Size", 0);
const dteAddress = new AddressField(device, "ITT_addr");

/** Size field of a DTE: EventID bits minus one. */
export function dteSizeOf(lo: number): number {
  return (lo >>> dteSize.shift) & dteSize.mask;
}

/** ITT address of a DTE in bytes. */
export function dteIttAddress(lo: number, hi: number): number {
  return ((hi & dteAddress.highMask) * dteAddress.lowCount + (lo >>> dteAddress.lowShift)) * dteAddress.unit;
}

/** Word 0 of a valid DTE. @param addressLow low word of ITT address / 256 as in the entry */
export function dteLow(size: number, rawAddress: number): number {
  return (DTE_VALID | (size << dteSize.shift) | ((rawAddress % dteAddress.lowCount) << dteAddress.lowShift)) >>> 0;
}

/** Word 1 of a valid DTE. @param rawAddress the ITT's address in units of 256 bytes */
export function dteHigh(rawAddress: number): number {
  return Math.floor(rawAddress / dteAddress.lowCount) & dteAddress.highMask;
}

const itt = entry("itt");
export const ITE_BYTES = itt.bytes;
export const ITE_VALID = 1 << field(itt, "V").lsb;
export const ITE_PHYSICAL = 1 << field(itt, "type").lsb;
const iteIntid = new WordField(itt, "INTID", 0);
const iteIcid = new WordField(itt, "ICID", 1);
const iteVpe = new WordField(itt, "vPEID", 1);
const iteDoorbell = new WordField(itt, "doorbell", 2);

export function iteIntidOf(lo: number): number {
  return (lo >>> iteIntid.shift) & iteIntid.mask;
}

export function iteIcidOf(hi: number): number {
  return (hi >>> iteIcid.shift) & iteIcid.mask;
}

export function iteVpeOf(hi: number): number {
  return (hi >>> iteVpe.shift) & iteVpe.mask;
}

export function iteDoorbellOf(top: number): number {
  return (top >>> iteDoorbell.shift) & iteDoorbell.mask;
}

/** Word 0 of a valid ITE. @param type {@link ITE_PHYSICAL} or 0 */
export function iteLow(type: number, intid: number): number {
  return (ITE_VALID | type | ((intid & iteIntid.mask) << iteIntid.shift)) >>> 0;
}

/** Word 1 of a valid ITE. */
export function iteHigh(icid: number, vpe: number): number {
  return (((icid & iteIcid.mask) << iteIcid.shift) | ((vpe & iteVpe.mask) << iteVpe.shift)) >>> 0;
}

/** Word 2 of a valid ITE. */
export function iteTop(doorbell: number): number {
  return ((doorbell & iteDoorbell.mask) << iteDoorbell.shift) >>> 0;
}

const collection = entry("collection");
export const CTE_BYTES = collection.bytes;
export const CTE_VALID = 1 << field(collection, "V").lsb;
const cteTarget = new WordField(collection, "RDbase", 0);

export function cteTargetOf(lo: number): number {
  return (lo >>> cteTarget.shift) & cteTarget.mask;
}

/** Word 0 of a valid CTE; word 1 is 0. */
export function cteLow(target: number): number {
  return (CTE_VALID | ((target & cteTarget.mask) << cteTarget.shift)) >>> 0;
}

/** The RDbase of MAPC keeps as many bits as the CTE has. */
export const CTE_TARGET_MASK = cteTarget.mask;

const vpe = entry("vpe");
export const VTE_BYTES = vpe.bytes;
export const VTE_VALID = 1 << field(vpe, "V").lsb;
const vteSize = new WordField(vpe, "VPT_size", 0);
const vteAddress = new AddressField(vpe, "VPT_addr");
const vteTarget = new WordField(vpe, "RDbase", 1);

/** VPT_size field of a VTE: vINTID bits minus one. */
export function vteSizeOf(lo: number): number {
  return (lo >>> vteSize.shift) & vteSize.mask;
}

/** Address of the virtual pending table in bytes. */
export function vteTableAddress(lo: number, hi: number): number {
  return ((hi & vteAddress.highMask) * vteAddress.lowCount + (lo >>> vteAddress.lowShift)) * vteAddress.unit;
}

export function vteTargetOf(hi: number): number {
  return (hi >>> vteTarget.shift) & vteTarget.mask;
}

/** Word 0 of a valid VTE. @param rawAddress the table's address in units of 64 KiB */
export function vteLow(size: number, rawAddress: number): number {
  const low = (rawAddress % vteAddress.lowCount) << vteAddress.lowShift;
  return (VTE_VALID | ((size & vteSize.mask) << vteSize.shift) | low) >>> 0;
}

/** Word 1 of a valid VTE. */
export function vteHigh(rawAddress: number, target: number): number {
  const high = Math.floor(rawAddress / vteAddress.lowCount) & vteAddress.highMask;
  return (high | ((target & vteTarget.mask) << vteTarget.shift)) >>> 0;
}

const level1 = entry("level1");
export const LEVEL1_BYTES = level1.bytes;
/** Of word 1. */
export const LEVEL1_VALID = 2 ** (field(level1, "V").lsb - 32);
const level1HighMask = 2 ** (field(level1, "Address").msb - 31) - 1;

/** Address of a level-2 page in bytes. */
export function level1Address(lo: number, hi: number): number {
  return (hi & level1HighMask) * 2 ** 32 + lo;
}
