import type { Register } from "../../architecture/index.ts";
import type { IdKind } from "../bind/ids.ts";
import type { InterruptProperty, MemoryWidth, TableName, VcpuProperty } from "../parse/syntax.ts";

/** Why a piece of state has no value, as a sentence for the user: "DeviceID 0x10 is not mapped." */
export interface StateFailure {
  readonly failure: string;
}

/** A value, or why there is none. Values are unsigned, of at most 64 bits. */
export type StateValue = bigint | StateFailure;

/** One register of the machine: which, and of which PE or ITS. */
export interface RegisterLocation {
  /** The manual's spelling, with an array's index: GITS_BASER0. */
  readonly name: string;
  readonly register: Register;
  /** Index in an array of registers, 0 for one that is none. */
  readonly index: number;
  /** PE number, 0 for registers that are not per PE. */
  readonly pe: number;
  /** ITS number, 0 for the first. */
  readonly its: number;
}

/**
 * What expressions may ask of a machine. Reading changes nothing: a reader looks, it does not do MMIO.
 * A reader never throws for an address, a PE or an id that does not exist; it says so. Ids and PE numbers come through `idNumber` and
 * `peNumber` (ids.ts), so they are whole numbers that some machine could have.
 */
export interface StateReader {
  /** The whole register. Fields are taken out of it by the language. */
  register(location: RegisterLocation): StateValue;
  /** Guest memory, little-endian. `address` is 0 to 2^52 - 1. */
  memory(address: bigint, width: MemoryWidth): StateValue;
  /**
   * The whole entry as the model's layout encodes it, 0 when it is not mapped. `field` undefined.
   * With `field`: the field's value moved up by its shift (addresses are whole), a failure when the entry is not mapped;
   * the name is one of the layout's or `valid`, which is 0 or 1 and always has a value.
   * `its` is the number of the ITS. `ids` are DeviceID; DeviceID and EventID; or ICID.
   */
  table(table: TableName, ids: readonly number[], field: string | undefined, its: number): StateValue;
  /** `pe` undefined: the PE that the interrupt targets. */
  interrupt(property: InterruptProperty, intid: number, pe: number | undefined): StateValue;
  /** Whether a vCPU is in its guest, or in a store to GITS_CWRITER: 0 or 1. */
  vcpu(property: VcpuProperty, pe: number): StateValue;
  /** The largest id of a kind that this machine has, by its GITS_TYPER or GICD_TYPER; undefined without an ITS or where nothing tells. */
  largestId(kind: IdKind): number | undefined;
}

export function isFailure(value: StateValue): value is StateFailure {
  return typeof value !== "bigint";
}
