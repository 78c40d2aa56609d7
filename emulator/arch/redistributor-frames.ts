import { FIRST_LPI, offsetOf } from "../../architecture/index.ts";
import type { LpiDelivery } from "../gicv3/lpi-delivery.ts";
import { PeWord, type QemuRedistributor } from "../gicv3/redistributor.ts";
import type { RedistributorRegisters } from "../gicv3/redistributor-registers.ts";
import type { GuestMemory } from "../memory/guest-memory.ts";
import type { Remarks } from "../remarks.ts";
import { extractBytes, type Value64 } from "../value64.ts";
import type { ArchFeatures } from "./features.ts";
import { anyPending } from "./pending-bits.ts";
import type { VirtualInterface } from "./virtual-interface.ts";
import { VlpiFrame } from "./vlpi-frame.ts";

const CTLR = offsetOf("GICR_CTLR");
const TYPER = offsetOf("GICR_TYPER");
const SETLPIR = offsetOf("GICR_SETLPIR");
const CLRLPIR = offsetOf("GICR_CLRLPIR");
const PROPBASER = offsetOf("GICR_PROPBASER");
const PENDBASER = offsetOf("GICR_PENDBASER");
const INVLPIR = offsetOf("GICR_INVLPIR");
const INVALLR = offsetOf("GICR_INVALLR");
const SYNCR = offsetOf("GICR_SYNCR");

/** GICR_CTLR.EnableLPIs and IR. RWP and UWP read as 0: every write is complete when it returns. */
const ENABLE_LPIS = 1;
const IR = 1 << 2;
/** GICR_TYPER, low word: DirectLPI; Dirty, RVPEID, VSGI with GICv4 and GICv4.1. */
const Typer = { dirty: 1 << 2, directLpi: 1 << 3, rvpeid: 1 << 7, vsgi: 1 << 26 } as const;
/** GICR_PENDBASER.PTZ, in its high word: write-only. */
const PTZ = 1 << 30;
/** GICR_INVLPIR.V and GICR_INVALLR.V, in their high words: the vPE's interrupts are meant (GICv4.1). */
const OF_VPE = 0x8000_0000;

/**
 * The frames of a redistributor. RD_base and SGI_base are those of the QEMU parts; this adds what they lack or leave open: direct LPIs
 * and invalidation by register, PTZ, the protection of LPI tables in use, and the GICv4 frame.
 */
export class RedistributorFrames {
  private readonly common: RedistributorRegisters;
  private readonly delivery: LpiDelivery;
  private readonly memory: GuestMemory;
  private readonly remarks: Remarks;
  private readonly features: ArchFeatures;
  private readonly vlpi: VlpiFrame | undefined;
  private readonly interfaces: readonly VirtualInterface[];

  constructor(parts: {
    common: RedistributorRegisters;
    delivery: LpiDelivery;
    memory: GuestMemory;
    remarks: Remarks;
    features: ArchFeatures;
    vlpi: VlpiFrame | undefined;
    interfaces: readonly VirtualInterface[];
  }) {
    this.common = parts.common;
    this.delivery = parts.delivery;
    this.memory = parts.memory;
    this.remarks = parts.remarks;
    this.features = parts.features;
    this.vlpi = parts.vlpi;
    this.interfaces = parts.interfaces;
  }

  /** @param offset from RD_base, a multiple of `bytes` @param bytes 1, 2, 4 or 8 */
  read(pe: QemuRedistributor, offset: number, bytes: number, secure: boolean, into: Value64): void {
    if (VlpiFrame.has(offset)) {
      into.lo = 0;
      into.hi = 0;
      this.vlpi?.read(this.interfaces[pe.pe], offset, bytes, into);
      return;
    }
    this.common.read(pe, offset, bytes, secure, into);
    if (offset === CTLR && bytes === 4) into.lo |= IR;
    else if (offset === TYPER && bytes >= 4) into.lo = (into.lo | this.typer()) >>> 0;
    else if (offset >= PENDBASER && offset < PENDBASER + 8 && bytes >= 4) {
      const { words } = pe;
      extractBytes(words[PeWord.pendbaser], words[PeWord.pendbaser + 1] & ~PTZ, offset & 7, bytes, into);
    }
  }

  private typer(): number {
    const { virtual, virtual41 } = this.features;
    return Typer.directLpi | (virtual ? Typer.dirty : 0) | (virtual41 ? Typer.rvpeid | Typer.vsgi : 0);
  }

  write(pe: QemuRedistributor, offset: number, bytes: number, secure: boolean, lo: number, hi: number): void {
    if (VlpiFrame.has(offset)) {
      this.vlpi?.write(this.interfaces[pe.pe], offset, bytes, lo, hi);
      return;
    }
    if (bytes >= 4 && offset >= PROPBASER && offset < PENDBASER + 8 && pe.lpisEnabled) {
      this.remarks.ofPe(pe.pe, "lpi-table-while-enabled");
      return;
    }
    if (offset === CTLR && bytes === 4 && (lo & ENABLE_LPIS) !== 0 && !pe.lpisEnabled) this.startFromZero(pe);
    if (bytes >= 4 && this.writeDirect(pe, offset, lo, bytes === 8 ? hi : 0)) return;
    this.common.write(pe, offset, bytes, secure, lo, hi);
  }

  /** PTZ = 1: software says that nothing is pending. */
  private startFromZero(pe: QemuRedistributor): void {
    if ((pe.words[PeWord.pendbaser + 1] & PTZ) === 0) return;
    const { memory } = this;
    if (!anyPending(memory, pe.pendingTable, pe.lpiLimit)) return;
    this.remarks.ofPe(pe.pe, "pending-table-not-zero");
    for (let offset = FIRST_LPI / 8; offset < pe.lpiLimit / 8; offset += 4) memory.write32(pe.pendingTable + offset, 0);
  }

  /** The write-only registers that act on LPIs. Without EnableLPIs they do nothing. @returns whether the offset is one of them */
  private writeDirect(pe: QemuRedistributor, offset: number, lo: number, hi: number): boolean {
    switch (offset) {
      case SETLPIR:
        this.delivery.process(pe, lo, 1);
        return true;
      case CLRLPIR:
        this.delivery.process(pe, lo, 0);
        return true;
      case INVLPIR:
      case INVALLR:
        if (this.features.virtual41 && hi >= OF_VPE) {
          this.vlpi?.invalidate(this.interfaces[pe.pe], hi & 0xffff, offset === INVLPIR ? lo : undefined);
        } else if (pe.lpisEnabled) this.delivery.update(pe);
        return true;
      case SYNCR:
        return true;
    }
    return false;
  }
}
