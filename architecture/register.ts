import type { Access, Field } from "./field.ts";

/** The register blocks of the GIC. GICR_* and ICC_*, ICH_* exist once per PE, GITS_* once per ITS. */
export type Block = "GITS" | "GICR" | "GICD" | "GICC" | "GICH" | "ICC" | "ICH";

/** Whose reset value or identification value it is. */
export type Implementation = "arch" | "kvm" | "qemu" | "gem5" | "xen";

/** Encoding of an AArch64 system register. */
export interface SystemRegisterEncoding {
  readonly op0: number;
  readonly op1: number;
  readonly CRn: number;
  readonly CRm: number;
  readonly op2: number;
}

/**
 * One register as the architecture names it. An array (`GITS_BASER<n>`) is declared once with `count` and `stride`;
 * its members are named by replacing `<n>`.
 */
export interface Register {
  /** The manual's spelling; `<n>` stands for the index of an array. */
  readonly name: string;
  readonly block: Block;
  /** Byte offset in the block's frames (GITS: 0 = control frame, 0x10000 = translation frame; GICR: 0 = RD_base, 0x10000 = SGI_base, 0x20000 = VLPI_base). Absent for system registers. */
  readonly offset?: number;
  readonly encoding?: SystemRegisterEncoding;
  /** Width in bits. */
  readonly width: 32 | 64;
  readonly access: Access;
  /** Number of members of an array and distance in bytes between them. */
  readonly count?: number;
  readonly stride?: number;
  /** For arrays: first index (GICD_IROUTER<n> begins at 32). Absent: 0. */
  readonly firstIndex?: number;
  readonly fields: readonly Field[];
  /** Value after reset, per implementation; `arch` where the architecture fixes it. */
  readonly reset?: Readonly<Partial<Record<Implementation, bigint>>>;
  readonly summary: string;
  /** What a read changes, for registers where reading acts (GICC_IAR, ICC_IAR1_EL1). Tools must not read these unasked. */
  readonly readEffect?: string;
  /** Where the fact comes from. */
  readonly source: string;
}
