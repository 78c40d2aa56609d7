import { offsetOf } from "../../architecture/index.ts";
import {
  BASER_READ_ONLY_HIGH,
  BASERS,
  ENABLED,
  INDIRECT,
  QUEUE_OFFSET,
  QUIESCENT,
  RETRY,
} from "../gicv3/its-fields.ts";
import { ID_BYTES, ID_REGISTERS, IIDR, idRegister, Pidr0 } from "../gicv3/register-frames.ts";
import type { Value64 } from "../value64.ts";
import { MAX_SIZE } from "./features.ts";
import { type ArchItsState, ItsWord } from "./its-state.ts";

const CTLR = offsetOf("GITS_CTLR");
const IIDR_OFFSET = offsetOf("GITS_IIDR");
const TYPER = offsetOf("GITS_TYPER");
const STATUSR = offsetOf("GITS_STATUSR");
const UMSIR = offsetOf("GITS_UMSIR");
const CBASER = offsetOf("GITS_CBASER");
const CWRITER = offsetOf("GITS_CWRITER");
const CREADR = offsetOf("GITS_CREADR");
const BASER0 = offsetOf("GITS_BASER0");
const BASER_BYTES = BASERS * 8;

/** GITS_CTLR. ImDe and ITS_Number are RES0 in GICv3. */
export const IMDE = 1 << 1;
const ITS_NUMBER_SHIFT = 4;
/** GITS_STATUSR.UMSI, Overflow; Syndrome above them. */
const UMSI = 1 << 4;
const OVERFLOW = 1 << 5;
const SYNDROME_SHIFT = 6;
export const STATUS_BITS = UMSI | OVERFLOW | (0xf << SYNDROME_SHIFT);
/** GITS_CBASER and GITS_BASER<n> bits that are RES0: CBASER [62], [58:56], [52], [9:8]. */
export const CBASER_LOW = 0xffff_fcff;
export const CBASER_HIGH = 0xb8ef_ffff;

/** GITS_TYPER: Physical, ID_bits, Devbits; CIDbits, CIL, UMSI, INV in the high word. */
const TYPER_LOW = (1 << 0) | (MAX_SIZE << 8) | (15 << 13);
const TYPER_HIGH = 15 | (1 << 4) | (1 << 12) | (1 << 14);
const Typer = { virtual: 1 << 1, systemErrors: 1 << 18, vmovp: 1 << 5, vsgi: 1 << 7, vmapp: 1 << 8, svpet: 1 << 9 };

/**
 * The control frame of an ITS. 32-bit registers take 32-bit accesses, 64-bit ones both widths; everything else is RAZ/WI.
 * Readings chosen: with GITS_CTLR.Enabled = 1, Quiescent reads 0 in every version (UNKNOWN before GICv4.1).
 */
export class ArchItsRegisters {
  private readonly its: ArchItsState;
  private readonly processQueue: () => void;

  /** @param processQueue runs what stands between GITS_CREADR and GITS_CWRITER */
  constructor(its: ArchItsState, processQueue: () => void) {
    this.its = its;
    this.processQueue = processQueue;
  }

  /** @param bytes 1, 2, 4 or 8; `offset` is a multiple of it */
  read(offset: number, bytes: number, into: Value64): void {
    into.lo = 0;
    into.hi = 0;
    if (bytes === 8) {
      if (!isWide(offset)) return;
      into.lo = this.read32(offset) >>> 0;
      into.hi = this.read32(offset + 4) >>> 0;
    } else if (bytes === 4) into.lo = this.read32(offset) >>> 0;
  }

  private read32(offset: number): number {
    const { words, shared, number } = this.its;
    const { features } = shared;
    if (offset >= BASER0 && offset < BASER0 + BASER_BYTES) return words[ItsWord.baser + (offset - BASER0) / 4];
    switch (offset) {
      case CTLR: {
        const control = words[ItsWord.ctlr];
        const its = features.virtual ? number << ITS_NUMBER_SHIFT : 0;
        return (control & ENABLED ? control : control | QUIESCENT) | its;
      }
      case IIDR_OFFSET:
        return IIDR;
      case TYPER:
        return (
          TYPER_LOW |
          ((this.its.tables.capacity.eventBytes - 1) << 4) |
          (features.virtual ? Typer.virtual : 0) |
          (features.systemErrors ? Typer.systemErrors : 0)
        );
      case TYPER + 4:
        return (
          TYPER_HIGH |
          (features.virtual && features.singleVmovp ? Typer.vmovp : 0) |
          (features.virtual41 ? Typer.vsgi | Typer.vmapp | Typer.svpet : 0)
        );
      case STATUSR:
        return words[ItsWord.statusr];
      case UMSIR:
      case UMSIR + 4:
        return words[ItsWord.umsir + (offset - UMSIR) / 4];
      case CBASER:
      case CBASER + 4:
        return words[ItsWord.cbaser + (offset - CBASER) / 4];
      case CWRITER:
        return words[ItsWord.cwriter];
      case CREADR:
        return words[ItsWord.creadr] | words[ItsWord.stalled];
    }
    if (offset < ID_REGISTERS || offset >= ID_REGISTERS + ID_BYTES) return 0;
    return idRegister(offset - ID_REGISTERS, Pidr0.its, features.virtual ? 4 : 3);
  }

  /** As {@link read}. */
  write(offset: number, bytes: number, lo: number, hi: number): void {
    if (bytes === 8) {
      if (!isWide(offset)) return;
      if (offset === CWRITER) this.writeCwriter(lo);
      else if (offset === CBASER) this.writeCbaser(0, lo, hi, 8);
      else if (offset >= BASER0) this.writeBaser(offset, lo, hi, 8);
    } else if (bytes === 4) this.write32(offset, lo);
  }

  private write32(offset: number, value: number): void {
    if (offset === CTLR) this.writeControl(value);
    else if (offset === STATUSR) this.writeStatus(value);
    else if (offset === CWRITER) this.writeCwriter(value);
    else if (offset === CBASER || offset === CBASER + 4) this.writeCbaser(offset - CBASER, value, value, 4);
    else if (offset >= BASER0 && offset < BASER0 + BASER_BYTES) this.writeBaser(offset, value, value, 4);
  }

  private writeControl(value: number): void {
    const { its } = this;
    its.registers.set(ItsWord.ctlr, value & (its.shared.features.virtual ? ENABLED | IMDE : ENABLED));
    this.processQueue();
  }

  /** W1C; what is reported goes with UMSI. */
  private writeStatus(value: number): void {
    const { registers, words } = this.its;
    if (value & UMSI) registers.set(ItsWord.statusr, 0);
    else registers.set(ItsWord.statusr, words[ItsWord.statusr] & ~(value & OVERFLOW));
  }

  /** An MSI lacks a mapping (GITS_TYPER.UMSI = 1). @param syndrome of GITS_STATUSR */
  reportUnmapped(deviceId: number, eventId: number, syndrome: number): void {
    const { registers, words } = this.its;
    if (words[ItsWord.statusr] & UMSI) {
      registers.set(ItsWord.statusr, words[ItsWord.statusr] | OVERFLOW);
      return;
    }
    registers.set(ItsWord.statusr, UMSI | (syndrome << SYNDROME_SHIFT));
    registers.set(ItsWord.umsir, eventId);
    registers.set(ItsWord.umsir + 1, deviceId);
  }

  private writeCwriter(value: number): void {
    const { its } = this;
    const { registers, words, shared } = its;
    const offset = value & QUEUE_OFFSET;
    if (its.queueValid && offset >= its.queueBytes) {
      shared.remarks.ofIts(its.number, "cwriter-out-of-range");
      if (shared.decisions.cwriterOutOfRange === "keep the old value") return;
    }
    registers.set(ItsWord.cwriter, offset);
    if (value & RETRY && words[ItsWord.stalled] !== 0) registers.set(ItsWord.stalled, 0);
    this.processQueue();
  }

  /** Whether a table's or the queue's register takes no write now. */
  private locked(): boolean {
    const { its } = this;
    if (!its.enabled) return false;
    its.shared.remarks.ofIts(its.number, "register-while-enabled");
    return true;
  }

  private writeCbaser(part: number, lo: number, hi: number, bytes: number): void {
    if (this.locked()) return;
    const { registers } = this.its;
    if (part === 0) registers.set(ItsWord.cbaser, lo & CBASER_LOW);
    if (part === 4 || bytes === 8) registers.set(ItsWord.cbaser + 1, hi & CBASER_HIGH);
    registers.set(ItsWord.creadr, 0);
    registers.set(ItsWord.stalled, 0);
    this.its.shared.journal.endCommands();
  }

  private writeBaser(offset: number, lo: number, hi: number, bytes: number): void {
    const { its } = this;
    const { registers, words } = its;
    const index = (offset - BASER0) >>> 3;
    const word = ItsWord.baser + index * 2;
    const readOnly = words[word + 1] & BASER_READ_ONLY_HIGH;
    if (readOnly === 0 || this.locked()) return;
    const fixed = BASER_READ_ONLY_HIGH | (its.mayBeIndirect(index) ? 0 : INDIRECT);
    if ((offset & 4) === 0) {
      registers.set(word, lo);
      if (((lo >>> 8) & 3) === 3) its.shared.remarks.ofIts(its.number, "reserved-page-size");
    }
    if (offset & 4 || bytes === 8) registers.set(word + 1, readOnly | (hi & ~fixed));
    its.describeTables();
  }
}

/** Whether a 64-bit register begins there. */
function isWide(offset: number): boolean {
  if (offset >= BASER0 && offset < BASER0 + BASER_BYTES) return (offset & 7) === 0;
  return offset === TYPER || offset === UMSIR || offset === CBASER || offset === CWRITER || offset === CREADR;
}
