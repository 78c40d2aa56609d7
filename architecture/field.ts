/** What software may do with a register or a field of it. `W1C`: write 1 to clear; `W1S`: write 1 to set. */
export type Access = "RW" | "RO" | "WO" | "W1C" | "W1S" | "RES0" | "RES1" | "RAZ/WI";

/** One named value of a field, with its meaning in a few words. */
export interface FieldValue {
  readonly value: number;
  readonly name: string;
  readonly summary?: string;
}

/**
 * A bit field of a 32- or 64-bit word: bits `msb`..`lsb`, both inclusive, bit 0 is the least significant.
 *
 * A field's *raw* value is its bits moved down to bit 0. Its *meaning* is `(raw << shift) + plus`:
 * an address field that holds PA[51:8] in bits [48:5] has `lsb: 5, shift: 8`;
 * a size field that holds "number of bits minus one" has `plus: 1` and a `unit` of "EventID bits".
 */
export interface Field {
  readonly name: string;
  readonly msb: number;
  readonly lsb: number;
  /** Absent: the access of the register it is part of. */
  readonly access?: Access;
  /** Left shift from raw value to meaning (addresses). Absent: 0. */
  readonly shift?: number;
  /** Added after the shift to get the meaning ("minus one" encodings). Absent: 0. */
  readonly plus?: number;
  /** What the meaning counts: "bytes", "EventID bits", "4 KiB pages", "PE number", … */
  readonly unit?: string;
  /** How tools print the value. Absent: hexadecimal when the field has a `shift` (an address), decimal otherwise. */
  readonly display?: "hex" | "decimal";
  readonly summary: string;
  readonly values?: readonly FieldValue[];
}

/** Number of bits of a field, 1..64. */
export function fieldWidth(field: Field): number {
  return field.msb - field.lsb + 1;
}

/** All ones below the field's width, not shifted: the largest raw value. */
export function fieldMax(field: Field): bigint {
  const width = fieldWidth(field);
  return ALL_ONES[width] ?? (1n << BigInt(width)) - 1n;
}

// Fields are taken out of words by the million: the bigints that this takes are made once.
const SMALL: readonly bigint[] = Array.from({ length: 129 }, (_, number) => BigInt(number));
const ALL_ONES: readonly bigint[] = SMALL.map((width) => (1n << width) - 1n);

function small(number: number): bigint {
  return SMALL[number] ?? BigInt(number);
}

/** The field's bits in place. */
export function fieldMask(field: Field): bigint {
  return fieldMax(field) << BigInt(field.lsb);
}

/** Raw value of a field in a word. */
export function extractRaw(word: bigint, field: Field): bigint {
  return (word >> small(field.lsb)) & fieldMax(field);
}

/** Meaning of a field in a word: `(raw << shift) + plus`. */
export function extractMeaning(word: bigint, field: Field): bigint {
  const raw = extractRaw(word, field);
  const shifted = field.shift === undefined ? raw : raw << small(field.shift);
  return field.plus === undefined ? shifted : shifted + small(field.plus);
}

/** The word with a field's raw value replaced. Bits of `raw` beyond the field are dropped, never spilled into a neighbour. */
export function insertRaw(word: bigint, field: Field, raw: bigint): bigint {
  return (word & ~fieldMask(field)) | ((raw & fieldMax(field)) << BigInt(field.lsb));
}

/** Name of a field's value when the declaration gives it one. */
export function valueName(field: Field, raw: bigint): string | undefined {
  return field.values?.find((entry) => BigInt(entry.value) === raw)?.name;
}
