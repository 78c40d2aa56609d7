import {
  baserPhysicalAddress,
  baserTableBytes,
  declaredRegister,
  extractRaw,
  fieldArgument,
  type NamedRegister,
  type RegisterMember,
} from "../../architecture/index.ts";
import { registerFields } from "../../language/index.ts";
import { peekRegister, type Target } from "../target.ts";

/** Memory that a register has given to the GIC. */
export interface TableMemory {
  /** For users. */
  readonly name: string;
  readonly address: number;
  readonly bytes: number;
}

const basers = Array.from({ length: 8 }, (_, index) => declaredRegister(`GITS_BASER${index}`));
const propbaser = declaredRegister("GICR_PROPBASER");
const pendbaser = declaredRegister("GICR_PENDBASER");
/** PEs whose pending tables are looked at. */
const MOST_PES = 16;
/** INTIDs below have no byte in the LPI configuration table. */
const FIRST_LPI = 8192;

/** A field's value as the language writes it, addresses whole; of any form of the register. */
export function fieldOf(declared: RegisterMember, value: bigint, name: string): bigint {
  const field = registerFields(declared.register).find((entry) => entry.name === name);
  return field === undefined ? 0n : fieldArgument(field, extractRaw(value, field));
}

function peek(target: Target, register: NamedRegister, its: number): bigint {
  return peekRegister(target, { ...register, pe: 0, its }) ?? 0n;
}

/** The command queue, the first levels of the tables that GITS_BASER<n> give to an ITS, and the LPI tables. */
export function* tablesMemory(target: Target, its: number): Iterable<TableMemory> {
  const { valid, address, bytes } = target.queue(its);
  if (valid) yield { name: "the command queue", address, bytes };
  for (const baser of basers) {
    const value = peek(target, baser, its);
    if (fieldOf(baser, value, "Valid") === 0n || fieldOf(baser, value, "Type") === 0n) continue;
    yield {
      name: `the table of ${baser.name}`,
      address: Number(baserPhysicalAddress(value)),
      bytes: baserTableBytes(value),
    };
  }
  const properties = propertyTable(target, 0);
  if (properties !== undefined) yield { name: "the LPI configuration table", ...properties };
  for (let pe = 0; pe < Math.min(target.cpus, MOST_PES); pe++) {
    const value = peekRegister(target, { ...pendbaser, pe, its: 0 }) ?? 0n;
    const address = Number(fieldOf(pendbaser, value, "Physical_Address"));
    if (address !== 0 && properties !== undefined)
      yield { name: `the pending table of PE ${pe}`, address, bytes: (properties.bytes + FIRST_LPI) / 8 };
  }
}

/** The LPI configuration table of a PE; undefined where it has none. */
export function propertyTable(
  target: Target,
  pe: number,
): { readonly address: number; readonly bytes: number } | undefined {
  const value = peekRegister(target, { ...propbaser, pe, its: 0 });
  if (value === undefined || value === 0n) return undefined;
  const address = Number(fieldOf(propbaser, value, "Physical_Address"));
  const bytes = 2 ** (Number(fieldOf(propbaser, value, "IDbits")) + 1) - FIRST_LPI;
  return bytes <= 0 ? undefined : { address, bytes };
}
