import { type Value64, Width } from "../value64.ts";
import { Errno } from "./errno.ts";

/** A register or a run of registers that behave alike (`struct vgic_register_region`). */
export interface RegisterRegion {
  /** First byte in the frame, and how many. */
  readonly offset: number;
  readonly bytes: number;
  /** Access widths that it takes: sum of {@link Width}. */
  readonly widths: number;
  /** Bits an INTID, for arrays by INTID: what belongs to an INTID that the VM does not have is no register. */
  readonly bitsPerIntid?: number;
  /** INTID of the first bits. */
  readonly firstIntid?: number;
  /** @param offset in the frame @param into receives the value, zero before the call */
  read(pe: number, offset: number, bytes: number, into: Value64): void;
  write(pe: number, offset: number, bytes: number, lo: number, hi: number): void;
  /** What user space reads, and writes (with an errno), through device attributes where that differs. */
  readonly userRead?: (pe: number, offset: number, into: Value64) => void;
  readonly userWrite?: (pe: number, offset: number, value: number) => number;
}

/** Reads as zero, ignores writes. */
export const readsZero = (): void => undefined;
export const ignores = (): void => undefined;
export const userIgnores = (): number => Errno.OK;

/** Value of a register that never changes. */
export function constant(lo: number): RegisterRegion["read"] {
  return (_pe, _offset, _bytes, into) => {
    into.lo = lo >>> 0;
  };
}

/**
 * The registers of one frame. What matches no register, in place, width or alignment, reads as zero and drops writes, for the guest
 * and for user space alike; only KVM_HAS_DEVICE_ATTR tells (`vgic_get_mmio_region`).
 */
export class RegisterTable {
  private readonly regions: readonly RegisterRegion[];
  private readonly intids: () => number;

  /** @param intids number of INTIDs that the VM has, SGIs and PPIs included */
  constructor(regions: readonly RegisterRegion[], intids: () => number) {
    this.regions = [...regions].sort((left, right) => left.offset - right.offset);
    this.intids = intids;
  }

  /** @param offset any number @param bytes any number */
  find(offset: number, bytes: number): RegisterRegion | undefined {
    const { regions } = this;
    let low = 0;
    let high = regions.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (regions[middle].offset <= offset) low = middle + 1;
      else high = middle;
    }
    const region = regions[low - 1];
    if (region === undefined || offset >= region.offset + region.bytes) return undefined;
    if (bytes !== Width.bits8 && bytes !== Width.bits32 && bytes !== Width.bits64) return undefined;
    if ((region.widths & bytes) === 0 || offset % bytes !== 0) return undefined;
    if (region.bitsPerIntid !== undefined && intidAt(region, offset) >= this.intids()) return undefined;
    return region;
  }

  /** A load of the guest. */
  read(pe: number, offset: number, bytes: number, into: Value64): void {
    into.lo = 0;
    into.hi = 0;
    this.find(offset, bytes)?.read(pe, offset, bytes, into);
  }

  /** A store of the guest. */
  write(pe: number, offset: number, bytes: number, lo: number, hi: number): void {
    this.find(offset, bytes)?.write(pe, offset, bytes, lo, hi);
  }

  /** KVM_HAS_DEVICE_ATTR. @returns errno */
  hasAttribute(offset: number): number {
    return this.find(offset, Width.bits32) === undefined ? Errno.ENXIO : Errno.OK;
  }

  /** KVM_GET_DEVICE_ATTR: 32 bits; an offset without a register is 0. */
  userRead(pe: number, offset: number, into: Value64): void {
    into.lo = 0;
    into.hi = 0;
    const region = this.find(offset, Width.bits32);
    if (region?.userRead) region.userRead(pe, offset, into);
    else region?.read(pe, offset, Width.bits32, into);
  }

  /** KVM_SET_DEVICE_ATTR: 32 bits; an offset without a register takes anything. @returns errno */
  userWrite(pe: number, offset: number, value: number): number {
    const region = this.find(offset, Width.bits32);
    if (region?.userWrite) return region.userWrite(pe, offset, value);
    region?.write(pe, offset, Width.bits32, value, 0);
    return Errno.OK;
  }
}

/** The INTID that the lowest bits at an offset of a register array belong to. */
function intidAt(region: RegisterRegion, offset: number): number {
  return (region.firstIntid ?? 0) + Math.floor(((offset - region.offset) * 8) / (region.bitsPerIntid ?? 8));
}
