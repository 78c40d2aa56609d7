import type { KvmDecisions } from "../../models/model.ts";
import { Errno } from "../errno.ts";
import {
  type KvmGicState,
  MAX_REGIONS,
  REDISTRIBUTOR_BYTES,
  type RedistributorRegion,
} from "../interrupts/gic-state.ts";
import { checkFrame } from "./place.ts";

export { REDISTRIBUTOR_BYTES };
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
      this.undo(pe);
      return failed;
    }
    return Errno.OK;
  }

  /** Registration of a region failed at a PE. The frames of those before it leave the bus, and nothing brings them back. */
  private undo(failing: number): void {
    const { gic, decisions } = this;
    const own = gic.regionCount - 1;
    for (let pe = 0; pe < failing; pe++) {
      if (decisions.failedRegionTakes === "all frames" || gic.regionOf(pe) === own) gic.takeOffBus(pe);
    }
    if (!decisions.failedRegionStays) gic.dropLastRegion(this.pes());
  }

  private check(index: number, base: bigint, count: number, ipaBits: number): number {
    const { gic } = this;
    const older = this.decisions.frameCheck === "start";
    // Before Linux 5.13 the single region counted as one without bytes here.
    const bytes = (count || (older ? 0 : this.pes())) * REDISTRIBUTOR_BYTES;
    if (base + BigInt(bytes) >= 1n << 64n) return Errno.EINVAL;
    if (gic.regionCount === 0) {
      if (index !== 0) return Errno.EINVAL;
    } else {
      const single = gic.region(gic.regionCount - 1).count === 0;
      if (count === 0) return single && !older ? Errno.EEXIST : Errno.EINVAL;
      if (index !== gic.regionCount || index >= MAX_REGIONS) return Errno.EINVAL;
      if (single && older) return Errno.EINVAL;
    }
    const dist = gic.distributorBase;
    if (count === 0 && dist !== undefined && overlaps(Number(base), bytes, dist, DISTRIBUTOR_BYTES))
      return Errno.EINVAL;
    if (this.overlapsAny(Number(base), bytes)) return Errno.EINVAL;
    return checkFrame(this.decisions, undefined, base, { alignment: FRAME_ALIGNMENT, bytes, ipaBits });
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
      const frame = { alignment: FRAME_ALIGNMENT, bytes: this.bytesOf(region), ipaBits };
      const errno = checkFrame(this.decisions, undefined, BigInt(region.base), frame);
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
    for (let pe = 0; pe < this.pes(); pe++) {
      const base = this.gic.frameOf(pe);
      if (base !== undefined && address >= base && address < base + REDISTRIBUTOR_BYTES) {
        return { pe, offset: address - base };
      }
    }
    return undefined;
  }
}

function overlaps(base: number, bytes: number, otherBase: number, otherBytes: number): boolean {
  return base + bytes > otherBase && base < otherBase + otherBytes;
}
