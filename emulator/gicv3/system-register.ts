import type { QemuRedistributor } from "./redistributor.ts";

/** Who is trapped to EL3: SCR_EL3.FIQ traps accesses to Group 0 registers, IRQ to Group 1 registers, both to the common ones. */
type Trap = "fiq" | "irq" | "both" | "none";

/** What a system register does; its values are below 2^32 unless it has `readHigh`. */
export interface SystemRegister {
  readonly trap: Trap;
  /** Only where EL3 is. */
  readonly el3?: boolean;
  read?(pe: QemuRedistributor): number;
  /** Bits [63:32]. It has no effects. */
  readHigh?(pe: QemuRedistributor): number;
  write?(pe: QemuRedistributor, lo: number, hi: number): void;
}

export const ALL_BITS = ~0;

/** ICC_AP0R<index>_EL1 or ICC_AP1R<index>_EL1. */
export interface ActivePriorityRegister extends SystemRegister {
  readonly index: number;
  /** {@link Group} that an access reaches. */
  group(pe: QemuRedistributor): number;
  /** Bits [31:0] that a write changes. Bit 63 takes a value with {@link ALL_BITS}, is cleared with other ones, and stays with none. */
  writable(pe: QemuRedistributor): number;
  write(pe: QemuRedistributor, lo: number, hi: number): void;
}
