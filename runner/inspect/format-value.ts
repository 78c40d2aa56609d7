import { hex, hexGrouped } from "../../architecture/hex.ts";
import { type Field, fieldArgument, fieldWidth, valueName } from "../../architecture/index.ts";

/** How numbers are printed: as the declarations say, or all in hexadecimal. */
export interface NumberStyle {
  readonly hex?: boolean;
  /** Words of 64 bits without groups of digits: what is copied, or read by other programs. */
  readonly plain?: boolean;
}

/** A value with all its digits: `0x00000001` for 32 bits. */
export function hexWord(value: bigint, width: number): string {
  return `0x${BigInt.asUintN(width, value)
    .toString(16)
    .padStart(Math.ceil(width / 4), "0")}`;
}

/** A word for people: all its digits, those of more than 32 bits in groups: `0x00000001`, `0xb907_0000_4010_0607`. */
export function wordText(value: bigint, width: number, { plain }: NumberStyle = {}): string {
  return plain === true ? hexWord(value, width) : hexGrouped(BigInt.asUintN(width, value), Math.ceil(width / 4));
}

/** A number whose meaning is not known: hexadecimal, and decimal where that is another text. */
export function plainNumber(value: bigint, style: NumberStyle = {}): string {
  if (style.hex) return hex(value);
  return value >= 0n && value <= 9n ? value.toString() : `${hex(value)} (${value})`;
}

/** A count, INTID or PE number. */
export function decimal(value: bigint | number, style: NumberStyle = {}): string {
  return style.hex ? hex(value) : value.toString();
}

/**
 * A field's value. What stands first is what a script writes and compares: the bits moved up by the field's shift. What it means follows
 * in parentheses where that is not the same: `1 (Devices)`, `4 (5 EventID bits)`; an address stands alone.
 */
export function fieldText(field: Field, raw: bigint, style: NumberStyle = {}): string {
  const number = fieldNumber(field, raw, style);
  const named = valueName(field, raw);
  if (named !== undefined) return `${number} (${named})`;
  const plus = BigInt(field.plus ?? 0);
  const { unit } = field;
  const counted = unit !== undefined && !["address", "INTID", "PE number"].includes(unit);
  if (plus === 0n && !counted) return number;
  const meaning = (fieldArgument(field, raw) + plus).toString();
  return counted ? `${number} (${amount(meaning, unit)})` : `${number} (${meaning})`;
}

/** A field's value alone, as a script writes it. */
export function fieldNumber(field: Field, raw: bigint, style: NumberStyle = {}): string {
  const argument = fieldArgument(field, raw);
  const display = field.display ?? (field.shift === undefined ? "decimal" : "hex");
  return style.hex || display === "hex" ? hex(argument) : argument.toString();
}

/** "16 × 4 KiB pages", "1 EventID bit". */
function amount(number: string, unit: string): string {
  const words = number === "1" ? unit.replace(/s$/, "") : unit;
  return /^\d/.test(words) ? `${number} × ${words}` : `${number} ${words}`;
}

/** `[62:49]`, `[63]`. */
export function bitRange(field: Pick<Field, "msb" | "lsb">): string {
  return field.msb === field.lsb ? `[${field.msb}]` : `[${field.msb}:${field.lsb}]`;
}

/** Type of a field for a debugger: its bits and access. */
export function fieldType(field: Field): string {
  const width = fieldWidth(field);
  return `${width} bit${width === 1 ? "" : "s"} ${bitRange(field)}`;
}
