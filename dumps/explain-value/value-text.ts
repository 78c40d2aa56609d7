import { extractMeaning, extractRaw, type Field, fieldMask } from "../../architecture/field.ts";
import { hex } from "../../architecture/hex.ts";
import { intidName } from "../../architecture/intids.ts";
import { fieldText } from "../tables/row-fields.ts";
import type { RowField } from "../tables/table.ts";

const U64_LIMIT = 1n << 64n;

/**
 * A number as people paste it: `0x…`, `0b…`, decimal, C suffixes (`0x10UL`) and `_` allowed. Digits with a letter among them and without
 * `0x`, as QEMU's traces and `%llx` print them, are hexadecimal. Undefined for anything else and above 64 bits.
 */
export function parseValue(text: string): bigint | undefined {
  if (text.length > 80) return undefined;
  const digits = text.replace(/(?<=^(?:0[xX][\da-fA-F_]+|\d[\d_]*))[uU]?[lL]{0,2}$/, "").replaceAll("_", "");
  const hexadecimal = /^[\da-f]{1,16}$/i.test(digits) && /[a-f]/i.test(digits) && /\d/.test(digits);
  const usual = /^(0x[\da-f]+|0b[01]+|\d+)$/i.test(digits);
  if (!usual && !hexadecimal) return undefined;
  const value = BigInt(usual ? digits : `0x${digits}`);
  return value < U64_LIMIT ? value : undefined;
}

/** "64 KiB", "1000 bytes" */
export function bytesText(bytes: number | bigint): string {
  const count = BigInt(bytes);
  for (const [unit, shift] of [
    ["GiB", 30n],
    ["MiB", 20n],
    ["KiB", 10n],
  ] as const)
    if (count !== 0n && count % (1n << shift) === 0n) return `${count >> shift} ${unit}`;
  return `${count} ${count === 1n ? "byte" : "bytes"}`;
}

/** "0x80a0000 to 0x80affff" */
export function rangeText(address: bigint, bytes: number | bigint): string {
  return `${hex(address)} to ${hex(address + BigInt(bytes) - 1n)}`;
}

/** Affinity as manuals write it: "0.0.1.3" for 0x103. */
export function affinityText(affinity: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => ((affinity >> shift) & 0xffn).toString()).join(".");
}

/** The fields of a word, INTIDs by their names. `prefix` goes before each field's name. */
export function valueFields(fields: readonly Field[], word: bigint, prefix = ""): RowField[] {
  return fields.map((field) => {
    const raw = extractRaw(word, field);
    const meaning = extractMeaning(word, field);
    const text = field.unit === "INTID" ? intidName(Number(raw)) : fieldText(field, raw, meaning);
    const { name, summary, msb, lsb } = field;
    return { name: `${prefix}${name}`, raw, meaning, text, summary: withoutName(name, summary), msb, lsb };
  });
}

/** A field's summary without the name that it begins with. */
function withoutName(name: string, summary: string): string {
  return summary.startsWith(`${name}: `) ? summary.slice(name.length + 2) : summary;
}

/** Bits of a word of `width` bits that no field covers. */
export function otherBits(fields: readonly Field[], word: bigint): bigint {
  let mask = 0n;
  for (const field of fields) mask |= fieldMask(field);
  return word & ~mask;
}

/** Numbers of the bits that are 1, lowest first. */
export function setBits(word: bigint): number[] {
  const found: number[] = [];
  for (let bit = 0; bit < 64; bit++) if (((word >> BigInt(bit)) & 1n) === 1n) found.push(bit);
  return found;
}
