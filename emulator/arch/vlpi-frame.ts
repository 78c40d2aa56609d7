import { GICR_VLPI_FRAME, type LayoutName, offsetOf } from "../../architecture/index.ts";
import { type GuestMemory, toNumber } from "../memory/guest-memory.ts";
import type { Remarks } from "../remarks.ts";
import { extractBytes, updateBytes, type Value64 } from "../value64.ts";
import { type LayoutTables, MAX_IDS, vpeTablePlace } from "./layout-tables.ts";
import { Found, newVpe } from "./table-home.ts";
import { pageBytesOf, type TablePlace } from "./table-place.ts";
import type { VirtualDelivery } from "./virtual-delivery.ts";
import { RESIDENT, type VirtualInterface, VirtualWord } from "./virtual-interface.ts";

const VPROPBASER = offsetOf("GICR_VPROPBASER");
const VPENDBASER = offsetOf("GICR_VPENDBASER");
const VSGIR = offsetOf("GICR_VSGIR");
const VSGIPENDR = offsetOf("GICR_VSGIPENDR");

/** GICR_VPENDBASER, high word: IDAI (v4.0) or Doorbell (v4.1), PendingLast; Dirty reads as 0. */
const DOORBELL = 1 << 30;
const PENDING_LAST = 1 << 29;
/** Writable bits of GICR_VPENDBASER. */
export const VPEND40 = { high: 0xe70f_ffff, low: 0xffff_0f80 } as const;
export const VPEND41 = { high: 0xec00_0000, low: 0x0000_ffff } as const;
/** GICR_VPROPBASER in GICv4.1, high word: Valid, Entry_Size [61:59] (read-only), Indirect, Page_Size [54:53], Z (reads as 0). */
const VPROP_VALID = 0x8000_0000;
const VPROP_ENTRY_SIZE_SHIFT = 27;
const VPROP_INDIRECT = 1 << 23;
const VPROP_PAGE_SIZE_SHIFT = 21;
export const VPROP41 = { high: 0x87ef_ffff, low: 0xffff_ffff } as const;
/** In GICv4.0: OuterCache and address; address, Shareability, InnerCache, IDbits. */
export const VPROP40 = { high: 0x070f_ffff, low: 0xffff_ff9f } as const;

/**
 * VLPI_base, the third frame of a GICv4 redistributor. Writes take effect at once, so that Dirty and Busy always read as 0.
 * GICv4.1 finds a vPE by its vPEID in the table of GICR_VPROPBASER, which GITS_TYPER.SVPET says to be the ITSs' table.
 */
export class VlpiFrame {
  private readonly delivery: VirtualDelivery;
  private readonly tables: LayoutTables;
  private readonly place: TablePlace;
  private readonly remarks: Remarks;
  private readonly version41: boolean;
  private readonly vpe = newVpe();
  private readonly scratch: Value64 = { lo: 0, hi: 0 };

  constructor(
    parts: { delivery: VirtualDelivery; tables: LayoutTables; memory: GuestMemory; remarks: Remarks },
    options: { version41: boolean; layout: LayoutName },
  ) {
    this.delivery = parts.delivery;
    this.tables = parts.tables;
    this.remarks = parts.remarks;
    this.version41 = options.version41;
    this.place = vpeTablePlace(parts.memory, options.layout);
  }

  /** @param offset from RD_base, in this frame and a multiple of `bytes` @param bytes 1, 2, 4 or 8 */
  read(at: VirtualInterface, offset: number, bytes: number, into: Value64): void {
    into.lo = 0;
    into.hi = 0;
    const { words } = at;
    const register = offset - (offset & 7);
    if (bytes < 4) return;
    if (register === VPROPBASER) {
      const size = this.version41 ? (this.tables.capacity.vpeBytes / 8 - 1) << VPROP_ENTRY_SIZE_SHIFT : 0;
      extractBytes(words[VirtualWord.vpropbaser], words[VirtualWord.vpropbaser + 1] | size, offset & 7, bytes, into);
    } else if (register === VPENDBASER) {
      extractBytes(words[VirtualWord.vpendbaser], words[VirtualWord.vpendbaser + 1], offset & 7, bytes, into);
    } else if (offset === VSGIPENDR && bytes === 4 && this.version41 && words[VirtualWord.asked] !== 0) {
      into.lo = this.delivery.vpes.sgiPending(words[VirtualWord.asked] - 1);
    }
  }

  write(at: VirtualInterface, offset: number, bytes: number, lo: number, hi: number): void {
    if (bytes < 4) return;
    const register = offset - (offset & 7);
    const { words, bank } = at;
    if (register === VPROPBASER) {
      this.merge(words, VirtualWord.vpropbaser, offset, bytes, lo, hi);
      const writable = this.version41 ? VPROP41 : VPROP40;
      bank.set(VirtualWord.vpropbaser, this.scratch.lo & writable.low);
      bank.set(VirtualWord.vpropbaser + 1, this.scratch.hi & writable.high);
      if (this.version41 && ((this.scratch.hi >>> VPROP_PAGE_SIZE_SHIFT) & 3) === 3) {
        this.remarks.ofPe(at.pe, "reserved-page-size");
      }
    } else if (register === VPENDBASER) {
      this.merge(words, VirtualWord.vpendbaser, offset, bytes, lo, hi);
      this.writeVpendbaser(at, this.scratch.lo >>> 0, this.scratch.hi >>> 0);
    } else if (offset === VSGIR && bytes === 4 && this.version41) {
      const vpeId = lo & 0xffff;
      const mapped = this.delivery.vpes.mappedOn(vpeId) !== 0;
      if (!mapped) this.remarks.ofPe(at.pe, "vpe-not-mapped");
      bank.set(VirtualWord.asked, mapped ? vpeId + 1 : 0);
    }
  }

  private merge(words: Uint32Array, word: number, offset: number, bytes: number, lo: number, hi: number): void {
    this.scratch.lo = words[word];
    this.scratch.hi = words[word + 1];
    updateBytes(this.scratch, offset & 7, bytes, lo, hi);
  }

  private writeVpendbaser(at: VirtualInterface, lo: number, hi: number): void {
    const { words, bank } = at;
    const writable = this.version41 ? VPEND41 : VPEND40;
    const newLow = (lo & writable.low) >>> 0;
    let newHigh = (hi & writable.high) >>> 0;
    const valid = newHigh >= RESIDENT;
    if (at.resident && valid) {
      const same = newLow === words[VirtualWord.vpendbaser] && newHigh === words[VirtualWord.vpendbaser + 1];
      if (!same) this.remarks.ofPe(at.pe, "vpendbaser-while-valid");
      return;
    }
    if (at.resident) newHigh = this.leave(at, newHigh);
    else if (valid) {
      if (!this.enter(at, newLow, newHigh)) {
        this.remarks.ofPe(at.pe, "vpe-not-schedulable");
        newHigh &= ~RESIDENT;
      } else if (this.residentElsewhere(at)) this.remarks.ofPe(at.pe, "vpe-resident-twice");
    }
    bank.set(VirtualWord.vpendbaser, newLow);
    bank.set(VirtualWord.vpendbaser + 1, newHigh);
  }

  /**
   * Valid 1 to 0. PendingLast tells whether an enabled interrupt is pending, of either group, unless GICv4.1 software writes it as 1:
   * it knows that the vPE comes back. Only when it reads 0 can Doorbell = 1 ask for the default doorbell.
   * @returns the register's new high word
   */
  private leave(at: VirtualInterface, high: number): number {
    const { delivery } = this;
    const told = this.version41 && (high & PENDING_LAST) !== 0;
    const last = told || delivery.hasPending(at);
    if (this.version41) delivery.vpes.arm(at.vpeId, !last && (high & DOORBELL) !== 0);
    at.release();
    return (last ? high | PENDING_LAST : high & ~PENDING_LAST) >>> 0;
  }

  /** Valid 0 to 1. @returns false when there is no such vPE */
  private enter(at: VirtualInterface, lo: number, hi: number): boolean {
    const { words } = at;
    const propLow = words[VirtualWord.vpropbaser];
    const propHigh = words[VirtualWord.vpropbaser + 1];
    if (!this.version41) {
      const config = toNumber(propLow & ~0xfff, propHigh & 0xf_ffff);
      at.latch(toNumber(lo & ~0xffff, hi & 0xf_ffff), config, Math.min((propLow & 0x1f) + 1, 16), 0);
      return true;
    }
    if (!this.findVpe(at, lo)) return false;
    const { vpes } = this.delivery;
    vpes.arm(lo, false);
    at.latch(this.vpe.pendingTable, vpes.configTable(lo), Math.min(this.vpe.intidBits, 16), lo);
    return true;
  }

  /** Reads a mapped vPE's entry in the table of GICR_VPROPBASER. @returns false when there is none */
  private findVpe({ words }: VirtualInterface, vpeId: number): boolean {
    const lo = words[VirtualWord.vpropbaser];
    const hi = words[VirtualWord.vpropbaser + 1];
    if (hi < VPROP_VALID || this.delivery.vpes.mappedOn(vpeId) === 0) return false;
    const pageBytes = pageBytesOf((hi >>> VPROP_PAGE_SIZE_SHIFT) & 3);
    const base = toNumber(lo & ~0xfff, hi & 0xf_ffff);
    this.place.describe(base, pageBytes, (lo & 0x7f) + 1, (hi & VPROP_INDIRECT) !== 0, MAX_IDS);
    return this.tables.readVpeAt(this.place, vpeId, this.vpe) === Found.mapped;
  }

  /** GICR_INVLPIR and GICR_INVALLR with V = 1 (GICv4.1). @param intid the vLPI, or undefined for all */
  invalidate(at: VirtualInterface, vpeId: number, intid: number | undefined): void {
    if (this.findVpe(at, vpeId)) this.delivery.invalidate(vpeId, this.vpe, intid);
  }

  private residentElsewhere(at: VirtualInterface): boolean {
    return this.delivery.interfaces.some(
      (other) =>
        other !== at &&
        other.resident &&
        (this.version41 ? other.vpeId === at.vpeId : other.pendingTable === at.pendingTable),
    );
  }

  /** Whether an offset from RD_base is in this frame. */
  static has(offset: number): boolean {
    return offset >= GICR_VLPI_FRAME && offset < GICR_VLPI_FRAME + 0x10000;
  }
}
