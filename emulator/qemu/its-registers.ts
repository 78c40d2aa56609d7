import { offsetOf } from "../../architecture/index.ts";
import { BASER_READ_ONLY_HIGH, BASERS, ENABLED, RETRY, STALLED } from "../gicv3/its-fields.ts";
import { ID_BYTES, ID_REGISTERS, IIDR, idRegister, Pidr0 } from "../gicv3/register-frames.ts";
import type { Value64 } from "../value64.ts";
import { ItsWord, MAX_SIZE, type QemuItsState } from "./its-state.ts";
import { ITE_BYTES } from "./table-layout.ts";

const CTLR = offsetOf("GITS_CTLR");
const IIDR_OFFSET = offsetOf("GITS_IIDR");
const TYPER = offsetOf("GITS_TYPER");
const CBASER = offsetOf("GITS_CBASER");
const CWRITER = offsetOf("GITS_CWRITER");
const CREADR = offsetOf("GITS_CREADR");
const BASER0 = offsetOf("GITS_BASER0");
const BASER_BYTES = BASERS * 8;

/** GITS_TYPER: Physical, Virtual, VMOVP, ITT_entry_size, ID_bits, Devbits; CIL and CIDbits in the high word. */
const TYPER_PHYSICAL = 1 << 0;
const TYPER_VIRTUAL = 1 << 1;
const TYPER_LOW = TYPER_PHYSICAL | ((ITE_BYTES - 1) << 4) | (MAX_SIZE << 8) | (15 << 13);
const TYPER_HIGH = 15 | (1 << 4);
const TYPER_VMOVP_HIGH = 1 << 5;

/** The control frame of an ITS (arm_gicv3_its.c its_readl, its_writel, its_readll, its_writell). */
export class QemuItsRegisters {
  private readonly its: QemuItsState;
  private readonly processQueue: () => void;

  /** @param processQueue runs what stands between GITS_CREADR and GITS_CWRITER */
  constructor(its: QemuItsState, processQueue: () => void) {
    this.its = its;
    this.processQueue = processQueue;
  }

  /** @param bytes 4 or 8; `offset` is a multiple of it. What no register takes reads as 0. */
  read(offset: number, bytes: number, into: Value64): void {
    into.lo = 0;
    into.hi = 0;
    if (bytes === 8) {
      if (offset !== TYPER && this.wordOf(offset) < 0) return;
      into.lo = this.read32(offset);
      into.hi = this.read32(offset + 4);
    } else {
      into.lo = this.read32(offset);
    }
  }

  /** Word of a 64-bit register that `offset` is in, or -1. */
  private wordOf(offset: number): number {
    if (offset >= BASER0 && offset < BASER0 + BASER_BYTES) return ItsWord.baser + (offset - BASER0) / 4;
    if (offset >= CBASER && offset < CBASER + 8) return ItsWord.cbaser + (offset - CBASER) / 4;
    if (offset >= CWRITER && offset < CWRITER + 8) return ItsWord.cwriter + (offset - CWRITER) / 4;
    if (offset >= CREADR && offset < CREADR + 8) return ItsWord.creadr + (offset - CREADR) / 4;
    return -1;
  }

  private read32(offset: number): number {
    const { its } = this;
    const word = this.wordOf(offset);
    if (word >= 0) return its.words[word];
    if (offset === CTLR) return its.words[ItsWord.ctlr];
    if (offset === IIDR_OFFSET) return IIDR;
    if (offset === TYPER) return TYPER_LOW | (its.virtual ? TYPER_VIRTUAL : 0);
    if (offset === TYPER + 4) return TYPER_HIGH | (its.virtual ? TYPER_VMOVP_HIGH : 0);
    if (offset >= ID_REGISTERS && offset < ID_REGISTERS + ID_BYTES) {
      return idRegister(offset - ID_REGISTERS, Pidr0.its, its.architecture);
    }
    return 0;
  }

  /** As {@link read}; what no register takes is dropped. */
  write(offset: number, bytes: number, lo: number, hi: number): void {
    if (bytes === 4 && offset === CTLR) this.writeControl(lo);
    else if (offset >= CWRITER && offset < CWRITER + 8) this.writeCwriter(offset, bytes, lo, hi);
    else if (offset >= CREADR && offset < CREADR + 8) this.writeCreadr(offset, bytes, lo, hi);
    else if (offset >= CBASER && offset < CBASER + 8) this.writeCbaser(offset, bytes, lo, hi);
    else if (offset >= BASER0 && offset < BASER0 + BASER_BYTES) this.writeBaser(offset, bytes, lo, hi);
  }

  private set(word: number, bytes: number, lo: number, hi: number): void {
    this.its.registers.set(word, lo);
    if (bytes === 8) this.its.registers.set(word + 1, hi);
  }

  private writeControl(value: number): void {
    const { its } = this;
    const control = its.words[ItsWord.ctlr];
    if ((value & ENABLED) === 0) {
      its.registers.set(ItsWord.ctlr, control & ~ENABLED);
      return;
    }
    its.registers.set(ItsWord.ctlr, control | ENABLED);
    its.latch();
    this.processQueue();
  }

  /** Writes of the high word alone start nothing. */
  private writeCwriter(offset: number, bytes: number, lo: number, hi: number): void {
    if (offset !== CWRITER) {
      this.set(ItsWord.cwriter + 1, 4, lo, 0);
      return;
    }
    this.set(ItsWord.cwriter, bytes, lo & ~RETRY, hi);
    const { words } = this.its;
    const same =
      words[ItsWord.cwriter] === words[ItsWord.creadr] && words[ItsWord.cwriter + 1] === words[ItsWord.creadr + 1];
    if (!same) this.processQueue();
  }

  private writeCreadr(offset: number, bytes: number, lo: number, hi: number): void {
    const { its } = this;
    if (!its.decisions.creadrWritableWithOneSecurityState || !its.distributor.oneSecurityState) return;
    if (offset === CREADR) this.set(ItsWord.creadr, bytes, lo & ~STALLED, hi);
    else this.set(ItsWord.creadr + 1, 4, lo, 0);
    its.journal.endCommands();
  }

  private get locked(): boolean {
    return this.its.decisions.registersLockedWhileEnabled && this.its.enabled;
  }

  private writeCbaser(offset: number, bytes: number, lo: number, hi: number): void {
    if (this.locked) return;
    this.set(ItsWord.cbaser + (offset - CBASER) / 4, bytes, lo, hi);
    this.set(ItsWord.creadr, 8, 0, 0);
    this.its.journal.endCommands();
  }

  private writeBaser(offset: number, bytes: number, lo: number, hi: number): void {
    const { words } = this.its;
    const index = (offset - BASER0) >>> 3;
    const word = ItsWord.baser + index * 2;
    if (this.locked || (words[word] | words[word + 1]) === 0) return;
    const merged = (value: number): number =>
      (words[word + 1] & BASER_READ_ONLY_HIGH) | (value & ~BASER_READ_ONLY_HIGH);
    if (bytes === 8) this.set(word, 8, lo, merged(hi));
    else if (offset & 4) this.set(word + 1, 4, merged(lo), 0);
    else this.set(word, 4, lo, 0);
  }
}
