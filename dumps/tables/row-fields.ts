import { extractMeaning, extractRaw, type Field, fieldMask, valueName } from "../../architecture/field.ts";
import type { EntryLayout } from "../../architecture/layout.ts";
import type { RowField } from "./table.ts";

/** All declared fields of an entry, in the order of the declaration. */
export function rowFields(layout: EntryLayout, entry: bigint): RowField[] {
  return layout.fields.map((field) => {
    const { name, role, summary, msb, lsb } = field;
    const raw = extractRaw(entry, field);
    const meaning = extractMeaning(entry, field);
    return { name, ...(role && { role }), raw, meaning, text: fieldText(field, raw, meaning), summary, msb, lsb };
  });
}

/** A field's value for people: its name where the declaration has one, an address or id in hexadecimal, else a number with its unit. */
export function fieldText(field: Field, raw: bigint, meaning: bigint): string {
  const named = valueName(field, raw);
  const hexadecimal = field.display === undefined ? (field.shift ?? 0) > 0 : field.display === "hex";
  const number = hexadecimal ? `0x${meaning.toString(16)}` : meaning.toString();
  if (named !== undefined) return `${named} (${raw > 9n ? `0x${raw.toString(16)}` : raw})`;
  return field.unit === undefined || field.unit === "address" || field.unit === "INTID" || field.unit === "PE number"
    ? number
    : `${number} ${meaning === 1n ? field.unit.replace(/s$/, "") : field.unit}`;
}

/** Bits of an entry that no field covers. */
export function undeclaredBits(layout: EntryLayout, entry: bigint): bigint {
  let mask = 0n;
  for (const field of layout.fields) mask |= fieldMask(field);
  return entry & ~mask;
}

/** An entry as words of at most 8 bytes. */
export function entryWords(entry: bigint, bytes: number): bigint[] {
  const words: bigint[] = [];
  for (let at = 0; at < bytes; at += 8) words.push((entry >> BigInt(at * 8)) & 0xffff_ffff_ffff_ffffn);
  return words;
}
