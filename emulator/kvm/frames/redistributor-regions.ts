import type { KvmDecisions } from "../../models/model.ts";
import { Errno } from "../errno.ts";
import { type KvmGicState, MAX_REGIONS, type RedistributorRegion } from "../interrupts/gic-state.ts";
import { checkFrame } from "./place.ts";

/** Bytes of a redistributor: RD_base and SGI_base. */
export const REDISTRIBUTOR_BYTES = 0x20000;
export const DISTRIBUTOR_BYTES = 0x10000;
const FRAME_ALIGNMENT = 0x10000;

/**
 * Where the redistributors of a VM are: one region of the older attribute ADDR/REDIST, sized by the number of vCPUs, or several of
 * ADDR/REDIST_REGION (Linux vgic-mmio-v3.c `vgic_v3_alloc_redist_region`, `vgic_v3_set_redist_base`).
 */
export class RedistributorRegions {
  private readonly gic: KvmGicState;
  private readonly decisions: KvmDecisions;
  private readonly pes: () => number;

  /** @param pes number of vCPUs */
  constructor(gic: KvmGicState, decisions: KvmDecisions, pes: () => number) {
    this.gic = gic;
    this.decisions = decisions;
    this.pes = pes;
  }

  /** @param count redistributors; 0 = the older single region @returns errno */
  set(index: number, base: bigint, count: number, ipaBits: number): number {
    const errno = this.check(index, base, count, ipaBits);
    if (errno !== Errno.OK) return errno;
    this.gic.addRegion(Number(base), count);
    for (let pe = 0; pe < this.pes(); pe++) {
      const failed = this.place(pe, ipaBits);
      if (failed === Errno.OK) continue;
      if (!this.decisions.failedRegionStays) this.gic.dropLastRegion(this.pes());
      return failed;
    }
    return Errno.OK;
  }

  private check(index: number, base: bigint, count: number, ipaBits: number): number {
    const { gic } = this;
    const bytes = (count || this.pes()) * REDISTRIBUTOR_BYTES;
    if (base + BigInt(bytes) >= 1n << 64n) return Errno.EINVAL;
    if (gic.regionCount === 0) {
      if (index !== 0) return Errno.EINVAL;
    } else {
      if (count === 0) return gic.region(gic.regionCount - 1).count !== 0 ? Errno.EINVAL : Errno.EEXIST;
      if (index !== gic.regionCount || index >= MAX_REGIONS) return Errno.EINVAL;
    }
    const dist = gic.distributorBase;
    if (count === 0 && dist !== undefined && overlaps(Number(base), bytes, dist, DISTRIBUTOR_BYTES))
      return Errno.EINVAL;
    if (this.overlapsAny(Number(base), bytes)) return Errno.EINVAL;
    return checkFrame(undefined, base, FRAME_ALIGNMENT, bytes, ipaBits);
  }

  /** Gives a PE's redistributor a place, if a region has room. @returns errno */
  place(pe: number, ipaBits: number): number {
    const { gic } = this;
    if (gic.regionOf(pe) >= 0) return Errno.OK;
    for (let index = 0; index < gic.regionCount; index++) {
      const region = gic.region(index);
      if (region.count !== 0 && region.placed >= region.count) continue;
      if (!this.fits(ipaBits)) return Errno.EINVAL;
      gic.place(pe, index);
      return Errno.OK;
    }
    return Errno.OK;
  }

  /** Whether all frames that are set lie in the address space and apart from one another (`vgic_v3_check_base`). */
  fits(ipaBits: number): boolean {
    const { gic } = this;
    for (let index = 0; index < gic.regionCount; index++) {
      const region = gic.region(index);
      const errno = checkFrame(undefined, BigInt(region.base), FRAME_ALIGNMENT, this.bytesOf(region), ipaBits);
      if (errno !== Errno.OK) return false;
    }
    return gic.distributorBase === undefined || !this.overlapsAny(gic.distributorBase, DISTRIBUTOR_BYTES);
  }

  private bytesOf(region: RedistributorRegion): number {
    return (region.count || this.pes()) * REDISTRIBUTOR_BYTES;
  }

  private overlapsAny(base: number, bytes: number): boolean {
    for (let index = 0; index < this.gic.regionCount; index++) {
      const region = this.gic.region(index);
      if (overlaps(base, bytes, region.base, this.bytesOf(region))) return true;
    }
    return false;
  }

  /** GICR_TYPER.Last of a PE, as the guest sees it. */
  isLast(pe: number): boolean {
    const { gic } = this;
    const index = gic.regionOf(pe);
    if (index < 0) return false;
    const region = gic.region(index);
    const place = gic.placeOf(pe);
    if (place < region.placed - 1) return false;
    if (!this.decisions.typerLastForUser || region.count === 0 || place !== region.count - 1) return true;
    const end = region.base + region.count * REDISTRIBUTOR_BYTES;
    for (let other = 0; other < gic.regionCount; other++) {
      const next = gic.region(other);
      if (next.base === end && next.placed > 0) return false;
    }
    return true;
  }

  /** The PE whose redistributor is at an address, and the offset in its frames; undefined when none is there. */
  at(address: number): { pe: number; offset: number } | undefined {
    const { gic } = this;
    for (let index = 0; index < gic.regionCount; index++) {
      const region = gic.region(index);
      const distance = address - region.base;
      if (distance < 0 || distance >= region.placed * REDISTRIBUTOR_BYTES) continue;
      const place = Math.floor(distance / REDISTRIBUTOR_BYTES);
      const pe = this.peAt(index, place);
      if (pe >= 0) return { pe, offset: distance - place * REDISTRIBUTOR_BYTES };
    }
    return undefined;
  }

  private peAt(region: number, place: number): number {
    const { gic } = this;
    // With one region, PE and place are the same number.
    if (place < this.pes() && gic.regionOf(place) === region && gic.placeOf(place) === place) return place;
    for (let pe = 0; pe < this.pes(); pe++) {
      if (gic.regionOf(pe) === region && gic.placeOf(pe) === place) return pe;
    }
    return -1;
  }
}

function overlaps(base: number, bytes: number, otherBase: number, otherBytes: number): boolean {
  return base + bytes > otherBase && base < otherBase + otherBytes;
}
