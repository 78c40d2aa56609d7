import {
  argumentToRaw,
  type CommandField,
  type Field,
  fieldMax,
  fieldWidth,
  formatArgument,
} from "../architecture/index.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { errors } from "./errors.ts";
import { formatValue } from "./parse/number.ts";
import type { Span } from "./parse/syntax.ts";

interface FieldNumbers {
  readonly max: bigint;
  readonly shifted: boolean;
  readonly lsb: bigint;
}

// Bigints of a field's declaration, made once: assembling a command needs them for every argument.
const numbers = new WeakMap<Field, FieldNumbers>();

export function fieldNumbers(field: Field): FieldNumbers {
  let known = numbers.get(field);
  if (known === undefined) {
    known = { max: fieldMax(field), shifted: (field.shift ?? 0) !== 0, lsb: BigInt(field.lsb) };
    numbers.set(field, known);
  }
  return known;
}

/** The raw value of a field for what a script gives it, or what is wrong with the value, at `place`. */
export function rawValue(field: Field | CommandField, value: bigint, place: Span): bigint | Diagnostic {
  const { max, shifted } = fieldNumbers(field);
  if (!shifted && value >= 0n && value <= max) return value;
  const result = argumentToRaw(field, value);
  if (result.ok) return result.raw;
  if (result.reason !== "unaligned")
    return errors.valueTooLarge(place, field.name, formatLike(field, value), fieldRange(field));
  const unit = 1n << BigInt(field.shift ?? 0);
  const below = formatValue(value - (value % unit));
  return errors.lowBits(
    place,
    field.name,
    formatValue(value),
    String((field.shift ?? 0) - 1),
    formatValue(unit),
    below,
  );
}

/** A value in the base in which its field is written. */
export function formatLike(field: Field, value: bigint): string {
  return (field.display ?? (field.shift === undefined ? "decimal" : "hex")) === "hex"
    ? formatValue(value)
    : String(value);
}

/** `0 to 31 (5 bits, DW1[4:0])`; for an address the largest and its step. */
export function fieldRange(field: Field | CommandField): string {
  const word = "word" in field ? `DW${field.word}` : field.msb === field.lsb ? "bit " : "bits ";
  const place = field.msb === field.lsb ? `${word}[${field.lsb}]` : `${word}[${field.msb}:${field.lsb}]`;
  const largest = formatArgument(field, fieldMax(field));
  const step = field.shift === undefined ? "" : ` in steps of ${formatValue(1n << BigInt(field.shift))}`;
  const width = fieldWidth(field);
  return `0 to ${largest}${step} (${width} ${width === 1 ? "bit" : "bits"}, ${place})`;
}

/** The bits of a value that is stored with `width` bits: negative ones in two's complement. What does not fit is refused. */
export function storedValue(what: string, value: bigint, width: number, place: Span): bigint | Diagnostic {
  const bits = BigInt(width);
  if (value >= 1n << bits || value < -(1n << (bits - 1n))) {
    const range = `0 to ${formatValue((1n << bits) - 1n)} (${width} ${width === 1 ? "bit" : "bits"})`;
    return errors.valueTooLarge(place, what, formatValue(value), range);
  }
  return value < 0n ? BigInt.asUintN(width, value) : value;
}
