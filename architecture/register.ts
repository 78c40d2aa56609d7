import type { Access, Field } from "./field.ts";

/** The register blocks of the GIC. GICR_* and ICC_*, ICH_* exist once per PE, GITS_* once per ITS. */
/** Frames of registers and kinds of system registers; CNT are the timers of a PE, whose outputs are PPIs. */
export type Block = "GITS" | "GICR" | "GICD" | "GICC" | "GICH" | "ICC" | "ICH" | "CNT";

/** Whose reset value or identification value it is. */
export type Implementation = "arch" | "kvm" | "qemu" | "gem5" | "xen";

/** 2: GICv2; 3: GICv3 and GICv4. */
export type Generation = 2 | 3;

/** Encoding of an AArch64 system register. */
export interface SystemRegisterEncoding {
  readonly op0: number;
  readonly op1: number;
  readonly CRn: number;
  readonly CRm: number;
  readonly op2: number;
}

/** Another layout of a register's bits, in another architecture version, security state or by the value of one of its own fields. */
export interface RegisterForm {
  /** When it applies, in words: "GICv4.0", "Non-secure access", "HW = 1". */
  readonly when: string;
  /** The field of the main form whose raw value selects this form. Absent: nothing in the register tells. */
  readonly condition?: { readonly field: string; readonly raw: bigint };
  readonly fields: readonly Field[];
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
  /** Of system registers. Members of an array follow one another in op2 and carry into CRm (ICH_LR8_EL2 is CRm 13, op2 0). */
  readonly encoding?: SystemRegisterEncoding;
  /** Width in bits. */
  readonly width: 32 | 64;
  readonly access: Access;
  /** Number of members of an array and distance in bytes between them. */
  readonly count?: number;
  readonly stride?: number;
  /** For arrays: the index of the member at `offset` (GICD_IROUTER<n> begins at 32). Absent: 0. */
  readonly firstIndex?: number;
  /** Fields of the main form: the newest version, and what software sees with one security state (GICD_CTLR.DS = 1). */
  readonly fields: readonly Field[];
  readonly forms?: readonly RegisterForm[];
  /** Value after reset, per implementation; `arch` where the architecture fixes it. */
  readonly reset?: Readonly<Partial<Record<Implementation, bigint>>>;
  /** For arrays whose members differ: reset values from the first member on; members beyond the list reset to 0. */
  readonly memberResets?: Readonly<Partial<Record<Implementation, readonly bigint[]>>>;
  /** Arrays with some bits an INTID: how many, and the INTID of the lowest bits of the first member. Members are packed. */
  readonly perIntid?: { readonly bits: number; readonly firstIntid: number };
  /** GIC architecture that alone has the register: 2, or 3 and above. Absent: both. */
  readonly generation?: Generation;
  /**
   * The field that makes implementations ignore writes of this register while it is 1: the architecture leaves open what a write does
   * then (IHI 0069H, GITS_CBASER, GICR_PROPBASER); Linux vgic-its.c and QEMU arm_gicv3_its.c take it as read-only.
   */
  readonly lockedBy?: { readonly register: string; readonly field: string };
  readonly summary: string;
  /** What a read changes, for registers where reading acts (GICC_IAR, ICC_IAR1_EL1). Tools must not read these unasked. */
  readonly readEffect?: string;
  /** Where the fact comes from. */
  readonly source: string;
}
