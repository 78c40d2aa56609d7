import { toNumber } from "../../memory/guest-memory.ts";

/** Page of GITS_BASER<n> of a KVM ITS. How wide entries are says its table ABI (models/table-abi.ts). */
export const KVM_PAGE_BYTES = 65536;

export function baserValid(hi: number): boolean {
  return hi >>> 31 === 1;
}

export function baserIndirect(hi: number): boolean {
  return ((hi >>> 30) & 1) === 1;
}

/** Table size in bytes: (Size + 1) pages. */
export function baserBytes(lo: number): number {
  return ((lo & 0xff) + 1) * KVM_PAGE_BYTES;
}

/** Table address: bits [47:16], and bits [15:12] as PA[51:48] (`GITS_BASER_ADDR_48_to_52`). */
export function baserAddress(lo: number, hi: number): number {
  return ((lo >>> 12) & 0xf) * 2 ** 48 + toNumber(lo & 0xffff0000, hi & 0xffff);
}

/** Attribute fields that KVM never takes as written: shareability at `share`, inner and outer cacheability (vgic-mmio-v3.c `vgic_sanitise_*`). */
export function sanitiseShareability(field: number): number {
  return field === 2 ? 1 : field;
}

export function sanitiseInner(field: number): number {
  return field <= 1 ? 3 : field;
}

export function sanitiseOuter(field: number): number {
  return field <= 1 ? field : 0;
}

/** A word with the 2- or 3-bit field at `shift` replaced by `sanitise` of it. */
export function sanitiseField(word: number, shift: number, mask: number, sanitise: (field: number) => number): number {
  return ((word & ~(mask << shift)) | (sanitise((word >>> shift) & mask) << shift)) >>> 0;
}
