import { PeWord, type QemuRedistributor } from "./redistributor.ts";

/** What a PE runs, as far as its GIC CPU interface asks. */
export interface PeContext {
  /** 1..3. */
  readonly exceptionLevel: number;
  /** SCR_EL3.NS. */
  readonly nonSecure: boolean;
  /** SCR_EL3.FIQ and IRQ: taken to EL3. */
  readonly fiqToEl3: boolean;
  readonly irqToEl3: boolean;
}

const LEVEL = 3;
const NON_SECURE = 1 << 2;
const FIQ = 1 << 3;
const IRQ = 1 << 4;
/** SCTLR_EL1.NMI, and above it that of EL2 and EL3. */
const SCTLR_NMI = 1 << 5;
const SCTLR_NMIS = 7 * SCTLR_NMI;

/** Non-secure EL1, nothing taken to EL3: where a kernel runs. */
export const KERNEL_CONTEXT = 1 | NON_SECURE;

export function setContext(pe: QemuRedistributor, context: PeContext): void {
  pe.set(
    PeWord.context,
    (pe.words[PeWord.context] & SCTLR_NMIS) |
      (context.exceptionLevel & LEVEL) |
      (context.nonSecure ? NON_SECURE : 0) |
      (context.fiqToEl3 ? FIQ : 0) |
      (context.irqToEl3 ? IRQ : 0),
  );
}

/** SCTLR_EL<n>.NMI of an exception level, 1..3. */
export function sctlrNmi(pe: QemuRedistributor, level: number): boolean {
  return (pe.words[PeWord.context] & (SCTLR_NMI << (level - 1))) !== 0;
}

export function setSctlrNmi(pe: QemuRedistributor, level: number, nmi: boolean): void {
  const bit = SCTLR_NMI << (level - 1);
  const context = pe.words[PeWord.context];
  pe.set(PeWord.context, nmi ? context | bit : context & ~bit);
}

export function exceptionLevel(pe: QemuRedistributor): number {
  return pe.words[PeWord.context] & LEVEL;
}

/** SCR_EL3.NS = 0 below EL3; a machine without EL3 has no Secure state. */
export function secureBelowEl3(pe: QemuRedistributor, hasEl3: boolean): boolean {
  return hasEl3 && (pe.words[PeWord.context] & NON_SECURE) === 0;
}

/** Whether the PE is Secure now: at EL3, or below it in Secure state. */
export function isSecure(pe: QemuRedistributor, hasEl3: boolean): boolean {
  return hasEl3 && (exceptionLevel(pe) === 3 || secureBelowEl3(pe, hasEl3));
}

export function fiqToEl3(pe: QemuRedistributor): boolean {
  return (pe.words[PeWord.context] & FIQ) !== 0;
}

export function irqToEl3(pe: QemuRedistributor): boolean {
  return (pe.words[PeWord.context] & IRQ) !== 0;
}
