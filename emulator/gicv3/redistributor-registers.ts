import { offsetOf } from "../../architecture/index.ts";
import type { Value64 } from "../value64.ts";
import type { Arbiter } from "./arbiter.ts";
import type { Distributor } from "./distributor.ts";
import type { LpiDelivery } from "./lpi-delivery.ts";
import { BestWord, ENABLE_LPIS, IDLE, PeWord, type QemuRedistributor } from "./redistributor.ts";
import { gather, ID_BYTES, ID_REGISTERS, IIDR, idRegister, Pidr0, spread } from "./register-frames.ts";

const CTLR = offsetOf("GICR_CTLR");
const IIDR_OFFSET = offsetOf("GICR_IIDR");
const TYPER = offsetOf("GICR_TYPER");
const WAKER = offsetOf("GICR_WAKER");
const IGROUPR = offsetOf("GICR_IGROUPR0");
const ISENABLER = offsetOf("GICR_ISENABLER0");
const ICENABLER = offsetOf("GICR_ICENABLER0");
const ISPENDR = offsetOf("GICR_ISPENDR0");
const ICPENDR = offsetOf("GICR_ICPENDR0");
const ISACTIVER = offsetOf("GICR_ISACTIVER0");
const ICACTIVER = offsetOf("GICR_ICACTIVER0");
const IPRIORITYR = offsetOf("GICR_IPRIORITYR0");
const ICFGR0 = offsetOf("GICR_ICFGR0");
const ICFGR1 = offsetOf("GICR_ICFGR1");
const IGRPMODR = offsetOf("GICR_IGRPMODR0");
const NSACR = offsetOf("GICR_NSACR");
const INMIR = offsetOf("GICR_INMIR0");

/** 64-bit registers that hold what is written: offset and word. GICR_VPENDBASER is not one of them. */
const PLAIN: readonly (readonly [offset: number, word: number])[] = [
  [offsetOf("GICR_PROPBASER"), PeWord.propbaser],
  [offsetOf("GICR_PENDBASER"), PeWord.pendbaser],
  [offsetOf("GICR_VPROPBASER"), PeWord.vpropbaser],
];
const VPENDBASER = offsetOf("GICR_VPENDBASER");

/** Bitmap registers: offset, word, and what a write of ones does. */
const BITMAPS: readonly (readonly [offset: number, word: number, sets: boolean])[] = [
  [ISENABLER, PeWord.enabled, true],
  [ICENABLER, PeWord.enabled, false],
  [ISPENDR, PeWord.pending, true],
  [ICPENDR, PeWord.pending, false],
  [ISACTIVER, PeWord.active, true],
  [ICACTIVER, PeWord.active, false],
];

/** GICR_TYPER: PLPIS, VLPIS, Last, CommonLPIAff = Aff3. */
const TYPER_PLPIS = 1 << 0;
const TYPER_VLPIS = 1 << 1;
const TYPER_LAST = 1 << 4;
const TYPER_COMMON_LPI = 1 << 24;
const PROCESSOR_SLEEP = 1 << 1;
const CHILDREN_ASLEEP = 1 << 2;
/** GICR_VPENDBASER, high word: Valid, IDAI, PendingLast; OuterCache and address. Dirty reads as 0. */
const VALID = 0x8000_0000;
const PENDING_LAST = 1 << 29;
const VPENDBASER_HIGH = 0xe70f_ffff;
/** Low word: address, Shareability, InnerCache. */
const VPENDBASER_LOW = 0xffff_0f80;

/** The register frames of the redistributors: RD_base, SGI_base and, with GICv4, VLPI_base (arm_gicv3_redist.c gicr_readl and others). */
export class RedistributorRegisters {
  private readonly distributor: Distributor;
  private readonly arbiter: Arbiter;
  private readonly delivery: LpiDelivery;
  private readonly architecture: 3 | 4;
  /** Whether a PE is the last of its run of frames. */
  private readonly isLast: (pe: number) => boolean;

  constructor(
    parts: { distributor: Distributor; arbiter: Arbiter; delivery: LpiDelivery },
    architecture: 3 | 4,
    isLast: (pe: number) => boolean,
  ) {
    this.distributor = parts.distributor;
    this.arbiter = parts.arbiter;
    this.delivery = parts.delivery;
    this.architecture = architecture;
    this.isLast = isLast;
  }

  /** Interrupts that an access may see: Non-secure ones see those of Non-secure Group 1. */
  private visible(pe: QemuRedistributor, secure: boolean): number {
    return this.hidden(secure) ? pe.words[PeWord.group] : ~0;
  }

  /** Whether an access is Non-secure where there are two Security states. */
  private hidden(secure: boolean): boolean {
    return !secure && !this.distributor.oneSecurityState;
  }

  /** @param bytes 1, 2, 4 or 8; `offset` is a multiple of it. What no register takes reads as 0. */
  read(pe: QemuRedistributor, offset: number, bytes: number, secure: boolean, into: Value64): void {
    into.lo = 0;
    into.hi = 0;
    if (bytes === 4) into.lo = this.read32(pe, offset, secure) >>> 0;
    else if (bytes === 8) this.read64(pe, offset, into);
    else if (bytes === 1 && isPriority(offset)) into.lo = this.readPriority(pe, offset - IPRIORITYR, secure);
  }

  private read64(pe: QemuRedistributor, offset: number, into: Value64): void {
    if (offset === TYPER) {
      into.lo = this.typer(pe);
      into.hi = pe.affinity;
      return;
    }
    const word = offset === VPENDBASER ? PeWord.vpendbaser : PLAIN.find(([at]) => at === offset)?.[1];
    if (word === undefined) return;
    into.lo = pe.words[word];
    into.hi = pe.words[word + 1];
  }

  private typer(pe: QemuRedistributor): number {
    const virtual = this.architecture === 4 ? TYPER_VLPIS : 0;
    return TYPER_COMMON_LPI | (pe.pe << 8) | TYPER_PLPIS | virtual | (this.isLast(pe.pe) ? TYPER_LAST : 0);
  }

  private read32(pe: QemuRedistributor, offset: number, secure: boolean): number {
    const { words } = pe;
    if (isPriority(offset)) {
      let value = 0;
      for (let byte = 3; byte >= 0; byte--) {
        value = (value << 8) | this.readPriority(pe, offset - IPRIORITYR + byte, secure);
      }
      return value;
    }
    if (offset >= ID_REGISTERS && offset < ID_REGISTERS + ID_BYTES) {
      return idRegister(offset - ID_REGISTERS, Pidr0.redistributor, this.architecture);
    }
    const secureOnly = this.distributor.oneSecurityState || !secure;
    switch (offset) {
      case CTLR:
        return words[PeWord.ctlr];
      case IIDR_OFFSET:
        return IIDR;
      case TYPER:
        return this.typer(pe);
      case TYPER + 4:
        return pe.affinity;
      case WAKER:
        return words[PeWord.waker];
      case VPENDBASER:
      case VPENDBASER + 4:
        return words[PeWord.vpendbaser + (offset - VPENDBASER) / 4];
      case IGROUPR:
        return this.hidden(secure) ? 0 : words[PeWord.group];
      case ISPENDR:
      case ICPENDR:
        return (words[PeWord.pending] | (~words[PeWord.edge] & words[PeWord.level])) & this.visible(pe, secure);
      case ICFGR0:
        return spread(words[PeWord.edge] & this.visible(pe, secure)) << 1;
      case ICFGR1:
        return spread((words[PeWord.edge] & this.visible(pe, secure)) >>> 16) << 1;
      case IGRPMODR:
        return secureOnly ? 0 : words[PeWord.groupModifier];
      case NSACR:
        return secureOnly ? 0 : words[PeWord.nsacr];
      case INMIR:
        return words[PeWord.nmi] & this.visible(pe, secure);
    }
    for (const [at, word] of BITMAPS) if (offset === at) return words[word] & this.visible(pe, secure);
    for (const [at, word] of PLAIN) {
      if (offset === at) return words[word];
      if (offset === at + 4) return words[word + 1];
    }
    return 0;
  }

  private readPriority(pe: QemuRedistributor, intid: number, secure: boolean): number {
    const priority = pe.priority(intid);
    if (!this.hidden(secure)) return priority;
    return (pe.words[PeWord.group] >>> intid) & 1 ? (priority << 1) & 0xff : 0;
  }

  /** As {@link read}; what no register takes is dropped. */
  write(pe: QemuRedistributor, offset: number, bytes: number, secure: boolean, lo: number, hi: number): void {
    if (bytes === 4) this.write32(pe, offset, secure, lo >>> 0);
    else if (bytes === 8) this.write64(pe, offset, lo >>> 0, hi >>> 0);
    else if (bytes === 1 && isPriority(offset)) {
      this.writePriority(pe, offset - IPRIORITYR, secure, lo & 0xff);
      this.arbiter.redistributorChanged(pe);
    }
  }

  private write64(pe: QemuRedistributor, offset: number, lo: number, hi: number): void {
    if (offset === VPENDBASER) this.writeVpendbaser(pe, lo, hi);
    for (const [at, word] of PLAIN) {
      if (offset !== at) continue;
      pe.set(word, lo);
      pe.set(word + 1, hi);
      pe.refresh();
    }
  }

  private write32(pe: QemuRedistributor, offset: number, secure: boolean, value: number): void {
    const { words } = pe;
    if (isPriority(offset)) {
      for (let byte = 0; byte < 4; byte++) {
        this.writePriority(pe, offset - IPRIORITYR + byte, secure, (value >>> (byte * 8)) & 0xff);
      }
      this.arbiter.redistributorChanged(pe);
      return;
    }
    const secureOnly = this.distributor.oneSecurityState || !secure;
    switch (offset) {
      case CTLR:
        this.writeControl(pe, value);
        return;
      case WAKER:
        pe.set(PeWord.waker, value & PROCESSOR_SLEEP ? PROCESSOR_SLEEP | CHILDREN_ASLEEP : 0);
        return;
      case VPENDBASER:
        this.writeVpendbaser(pe, value, words[PeWord.vpendbaser + 1]);
        return;
      case VPENDBASER + 4:
        this.writeVpendbaser(pe, words[PeWord.vpendbaser], value);
        return;
      case IGROUPR:
        if (!this.hidden(secure)) this.change(pe, PeWord.group, value);
        return;
      case ICFGR1: {
        const mask = this.visible(pe, secure) & 0xffff_0000;
        const edge = gather(value >>> 1) << 16;
        this.change(pe, PeWord.edge, (words[PeWord.edge] & ~mask) | (edge & mask));
        return;
      }
      case IGRPMODR:
        if (!secureOnly) this.change(pe, PeWord.groupModifier, value);
        return;
      case NSACR:
        if (!secureOnly) pe.set(PeWord.nsacr, value);
        return;
      case INMIR:
        // What an access may not see, it clears (gicr_write_bitmap_reg).
        if (this.distributor.hasNmi) this.change(pe, PeWord.nmi, value & this.visible(pe, secure));
        return;
    }
    for (const [at, word, sets] of BITMAPS) {
      if (offset !== at) continue;
      const bits = value & this.visible(pe, secure);
      this.change(pe, word, sets ? words[word] | bits : words[word] & ~bits);
    }
    for (const [at, word] of PLAIN) {
      if (offset !== at && offset !== at + 4) continue;
      pe.set(word + (offset - at) / 4, value);
      pe.refresh();
    }
  }

  private change(pe: QemuRedistributor, word: number, value: number): void {
    pe.set(word, value);
    this.arbiter.redistributorChanged(pe);
  }

  private writePriority(pe: QemuRedistributor, intid: number, secure: boolean, value: number): void {
    if (!this.hidden(secure)) pe.setPriority(intid, value);
    else if ((pe.words[PeWord.group] >>> intid) & 1) pe.setPriority(intid, 0x80 | (value >>> 1));
  }

  /** GICR_CTLR: only EnableLPIs can be written; setting it reads the pending table even when it is set already. */
  private writeControl(pe: QemuRedistributor, value: number): void {
    const enable = (value & ENABLE_LPIS) !== 0;
    const { words } = pe;
    pe.set(PeWord.ctlr, enable ? words[PeWord.ctlr] | ENABLE_LPIS : words[PeWord.ctlr] & ~ENABLE_LPIS);
    pe.refresh();
    if (enable) {
      this.delivery.update(pe);
    } else {
      this.arbiter.redistributorChanged(pe);
    }
  }

  /** GICR_VPENDBASER: Valid makes a vPE resident or ends it; while it stays set, writes are ignored. */
  private writeVpendbaser(pe: QemuRedistributor, lo: number, hi: number): void {
    const newLow = lo & VPENDBASER_LOW;
    let newHigh = (hi & VPENDBASER_HIGH) >>> 0;
    const wasValid = pe.resident;
    const isValid = newHigh >= VALID;
    if (wasValid && isValid) return;
    if (wasValid !== isValid) {
      const last = isValid || pe.words[PeWord.bestVirtualLpi + BestWord.priority] !== IDLE;
      newHigh = last ? newHigh | PENDING_LAST : newHigh & ~PENDING_LAST;
    }
    pe.set(PeWord.vpendbaser, newLow);
    pe.set(PeWord.vpendbaser + 1, newHigh);
    pe.refresh();
    if (wasValid !== isValid) this.delivery.updateVirtual(pe);
  }
}

function isPriority(offset: number): boolean {
  return offset >= IPRIORITYR && offset < IPRIORITYR + 32;
}
