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
  const number = isHexadecimal(field) ? `0x${meaning.toString(16)}` : meaning.toString();
  if (named !== undefined) return `${named} (${raw > 9n ? `0x${raw.toString(16)}` : raw})`;
  return field.unit === undefined || UNITS_UNSAID.includes(field.unit)
    ? number
    : `${number} ${meaning === 1n ? field.unit.replace(/s$/, "") : field.unit}`;
}

/** Units that go without saying. */
const UNITS_UNSAID: readonly string[] = ["address", "INTID", "PE number"];

function isHexadecimal({ display, shift }: Field): boolean {
  return display === undefined ? (shift ?? 0) > 0 : display === "hex";
}

/** How the meaning of a field is written when {@link fieldText} is the number alone, whatever it is; undefined of others. */
export function plainNumber(field: Field): "hex" | "decimal" | undefined {
  const isPlain = field.values === undefined && (field.unit === undefined || UNITS_UNSAID.includes(field.unit));
  return !isPlain ? undefined : isHexadecimal(field) ? "hex" : "decimal";
}

/** Bits of an entry that no field covers. */
export function undeclaredBits(layout: EntryLayout, entry: bigint): bigint {
  return entry & undeclaredMask(layout);
}

/** The bits that no field covers, without end above the highest. */
export function undeclaredMask(layout: EntryLayout): bigint {
  let mask = outsideMasks.get(layout);
  if (mask === undefined) {
    mask = ~layout.fields.reduce((sum, field) => sum | fieldMask(field), 0n);
    outsideMasks.set(layout, mask);
  }
  return mask;
}

/** The masks, which are asked for with every entry of a table. */
const outsideMasks = new WeakMap<EntryLayout, bigint>();

/** The bytes of an entry, little-endian. */
export function entryView(entry: bigint, bytes: number): DataView {
  const view = new DataView(new ArrayBuffer(bytes));
  for (let at = 0; at < bytes; at++) view.setUint8(at, Number((entry >> BigInt(8 * at)) & 0xffn));
  return view;
}

/** An entry as words of at most 8 bytes. */
export function entryWords(entry: bigint, bytes: number): bigint[] {
  const words: bigint[] = [];
  for (let at = 0; at < bytes; at += 8) words.push((entry >> BigInt(at * 8)) & 0xffff_ffff_ffff_ffffn);
  return words;
}
