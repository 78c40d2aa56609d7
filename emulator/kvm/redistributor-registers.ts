import { registerByName } from "../../architecture/index.ts";
import { sanitiseField, sanitiseInner, sanitiseOuter, sanitiseShareability } from "./baser.ts";
import type { KvmGuest } from "./guest.ts";
import { SharedWord } from "./lpis.ts";
import { extractBytes, updateBytes, type Value64, Width } from "./mmio.ts";
import { type KvmRedistributor, RedistributorWord } from "./redistributor.ts";

const offsetOf = (name: string): number => {
  const found = registerByName(name);
  if (found?.register.offset === undefined) throw new Error(`${name} is not declared`);
  return found.register.offset;
};

const CTLR = offsetOf("GICR_CTLR");
const IIDR = offsetOf("GICR_IIDR");
const TYPER = offsetOf("GICR_TYPER");
const PROPBASER = offsetOf("GICR_PROPBASER");
const PENDBASER = offsetOf("GICR_PENDBASER");
const INVLPIR = offsetOf("GICR_INVLPIR");
const INVALLR = offsetOf("GICR_INVALLR");
const PIDR2 = offsetOf("GICR_PIDR2");

const ENABLE_LPIS = 1;
/** CES and IR: EnableLPIs may be cleared, GICR_INVLPIR and GICR_INVALLR exist. */
const CES_IR = 0x6;
const IIDR_VALUE = 0x4b00_043b;
const TYPER_PLPIS = 1;
const TYPER_LAST = 1 << 4;
const PTZ_HIGH = 1 << 30;
/** Bits that read as zero (vgic-mmio-v3.c `PROPBASER_RES0_MASK`, `PENDBASER_RES0_MASK`). */
const PROPBASER_KEEP = { lo: 0xffff_ff9f, hi: 0x070f_ffff };
const PENDBASER_KEEP = { lo: 0xffff_0f80, hi: 0x470f_ffff };

/**
 * The LPI registers of a redistributor's RD_base frame under KVM (Linux vgic-mmio-v3.c `vgic_v3_rd_registers`).
 * Offsets that no register takes read as zero and drop writes.
 */
export class KvmRedistributorRegisters {
  private readonly guest: KvmGuest;
  private readonly scratch: Value64 = { lo: 0, hi: 0 };

  constructor(guest: KvmGuest) {
    this.guest = guest;
  }

  /** @param offset in the RD_base frame @returns false when no register is there or it does not take this access */
  read(redistributor: KvmRedistributor, offset: number, bytes: number, into: Value64): boolean {
    const { guest } = this;
    const { words } = redistributor.registers;
    into.lo = 0;
    into.hi = 0;
    const at = this.locate(offset, bytes);
    switch (at) {
      case CTLR: {
        into.lo = words[RedistributorWord.ctlr] | (guest.decisions.implementationRevision >= 3 ? CES_IR : 0);
        return true;
      }
      case IIDR:
        into.lo = IIDR_VALUE;
        return true;
      case TYPER:
        extractBytes(this.typerLow(redistributor), affinity(redistributor.pe), offset & 7, bytes, into);
        return true;
      case PROPBASER: {
        const { words: shared } = guest.lpis.shared;
        extractBytes(shared[SharedWord.propbaser], shared[SharedWord.propbaser + 1], offset & 7, bytes, into);
        return true;
      }
      case PENDBASER:
        extractBytes(
          words[RedistributorWord.pendbaser],
          words[RedistributorWord.pendbaser + 1] & ~PTZ_HIGH,
          offset & 7,
          bytes,
          into,
        );
        return true;
      case PIDR2:
        into.lo = 0x3b;
        return true;
      default:
        return false;
    }
  }

  write(redistributor: KvmRedistributor, offset: number, bytes: number, lo: number, hi: number): void {
    switch (this.locate(offset, bytes)) {
      case CTLR:
        this.writeCtlr(redistributor, (lo & ENABLE_LPIS) !== 0);
        break;
      case PROPBASER:
        if (redistributor.lpisEnabled) return;
        this.update(this.guest.lpis.shared, SharedWord.propbaser, offset, bytes, lo, hi, PROPBASER_KEEP);
        break;
      case PENDBASER:
        if (redistributor.lpisEnabled) return;
        this.update(redistributor.registers, RedistributorWord.pendbaser, offset, bytes, lo, hi, PENDBASER_KEEP);
        break;
      case INVLPIR:
        if (offset === INVLPIR && redistributor.lpisEnabled) this.guest.lpis.reloadByIntid(lo);
        break;
      case INVALLR:
        if (offset === INVALLR && redistributor.lpisEnabled) this.guest.lpis.reloadProperties(redistributor.pe);
        break;
      default:
        break;
    }
  }

  /** Offset of the register that an access falls in, or -1 when its width or alignment is not taken. */
  private locate(offset: number, bytes: number): number {
    if (offset % bytes !== 0) return -1;
    const wide = offset & ~7;
    if (wide === TYPER || wide === PROPBASER || wide === PENDBASER || wide === INVLPIR || wide === INVALLR) {
      return bytes === Width.bits64 || bytes === Width.bits32 ? wide : -1;
    }
    return bytes === Width.bits32 ? offset : -1;
  }

  private typerLow(redistributor: KvmRedistributor): number {
    const { guest } = this;
    return (
      ((redistributor.pe & 0xffff) << 8) |
      (guest.hasIts ? TYPER_PLPIS : 0) |
      (redistributor.pe === guest.redistributors.length - 1 ? TYPER_LAST : 0)
    );
  }

  private writeCtlr(redistributor: KvmRedistributor, enable: boolean): void {
    const { guest } = this;
    if (!guest.hasIts || enable === redistributor.lpisEnabled) return;
    redistributor.registers.set(RedistributorWord.ctlr, enable ? ENABLE_LPIS : 0);
    if (!enable) {
      guest.lpis.flush(redistributor.pe);
      for (const its of guest.itss) its.state.cache.clear();
    } else if ((redistributor.registers.words[RedistributorWord.pendbaser + 1] & PTZ_HIGH) === 0) {
      guest.lpis.loadPendingTable(redistributor.pe);
    }
  }

  private update(
    bank: { readonly words: Uint32Array; set(index: number, value: number): void },
    word: number,
    offset: number,
    bytes: number,
    lo: number,
    hi: number,
    keep: Value64,
  ): void {
    const { scratch } = this;
    scratch.lo = bank.words[word];
    scratch.hi = bank.words[word + 1];
    updateBytes(scratch, offset & 7, bytes, lo, hi);
    const shared = sanitiseField(scratch.lo, 10, 3, sanitiseShareability);
    const inner = sanitiseField(shared, 7, 7, sanitiseInner);
    bank.set(word, inner & keep.lo);
    bank.set(word + 1, sanitiseField(scratch.hi >>> 0, 24, 7, sanitiseOuter) & keep.hi);
  }
}

/** Affinity of a vCPU: 16 PEs an Aff1 (arch/arm64/kvm/reset.c gives Aff0 four bits). */
export function affinity(pe: number): number {
  return (pe & 0xf) | (((pe >>> 4) & 0xff) << 8) | (((pe >>> 12) & 0xff) << 16);
}
