import type { Field } from "./field.ts";

/** A field of an ITS command packet: a {@link Field} of one of its four little-endian doublewords DW0..DW3. */
export interface CommandField extends Field {
  readonly word: 0 | 1 | 2 | 3;
  /** Versions that have the field. Absent: all that have the command. */
  readonly since?: GicVersion;
  /** The value that an absent argument means in a script. Absent: the argument must be written (raw 0 otherwise). */
  readonly defaultRaw?: bigint;
  /** The ITS does not look at this field when another field of the command has that raw value (MAPD ignores Size when V = 0). */
  readonly unusedIf?: { readonly field: string; readonly raw: bigint };
}

export type GicVersion = "v3" | "v4.0" | "v4.1";

/** One ITS command: 32 bytes in the command queue, opcode in DW0[7:0], every bit not named is RES0. */
export interface Command {
  readonly name: string;
  /** Name in documents before IHI0069B (MAPVI for MAPTI). */
  readonly formerName?: string;
  readonly opcode: number;
  readonly since: GicVersion;
  readonly fields: readonly CommandField[];
  readonly summary: string;
  /**
   * The barrier that software issues after it to know that it took effect: SYNC to the redistributor of the collection, or VSYNC
   * of the vPE. Source: the `its_build_*_cmd` functions of Linux drivers/irqchip/irq-gic-v3-its.c. Absent: none is issued.
   */
  readonly barrier?: "SYNC" | "VSYNC";
  readonly source: string;
}
