import { extractMeaning, extractRaw, type Field } from "../../architecture/field.ts";
import { hex } from "../../architecture/hex.ts";
import { type EntryLayout, layoutField } from "../../architecture/layout.ts";
import { isCount } from "./column-text.ts";
import { bitsReader } from "./field-bits.ts";
import { fieldText, plainNumber } from "./row-fields.ts";
import { readEntryAt } from "./segments.ts";

/** Texts of a column's field of the entry that begins at a byte of a view. */
export type CellText = (view: DataView, at: number) => string;

/** Bits of whole numbers that are exact. */
const EXACT_BITS = 53;

/** How the texts of columns are made of an entry's bytes; planned once for a table of millions. */
export function cellTexts(layout: EntryLayout, columns: readonly string[]): CellText[] {
  return columns.map((name) => {
    const field = layoutField(layout, name);
    return field === undefined ? () => "" : (plainText(layout, field) ?? anyText(layout, field));
  });
}

/** Of a field whose text is a number alone. */
function plainText(layout: EntryLayout, field: Field): CellText | undefined {
  const { msb, lsb, shift = 0, plus = 0, name } = field;
  const form = isCount(name) ? "decimal" : plainNumber(field);
  const read = bitsReader(layout.bytes, lsb, msb);
  if (form === undefined || read === undefined || msb - lsb + 1 + shift >= EXACT_BITS) return undefined;
  const scale = 2 ** shift;
  if (form === "decimal") return (view, at) => (read(view, at) * scale + plus).toString();
  return (view, at) => hex(read(view, at) * scale + plus);
}

/** Of any field. Neighbours often have the same value, which is written once. */
function anyText(layout: EntryLayout, field: Field): CellText {
  let last: bigint | undefined;
  let text = "";
  return (view, at) => {
    const entry = readEntryAt(view, at, layout.bytes);
    const raw = extractRaw(entry, field);
    if (raw === last) return text;
    last = raw;
    const meaning = extractMeaning(entry, field);
    text = isCount(field.name) ? meaning.toString() : fieldText(field, raw, meaning);
    return text;
  };
}
