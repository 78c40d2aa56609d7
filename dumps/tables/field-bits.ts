import { extractRaw, type Field } from "../../architecture/field.ts";
import { readEntryAt } from "./segments.ts";

/** Reads a field of the entry that begins at a byte of a view: its raw value. */
export type ReadBits = (view: DataView, at: number) => number;

/** Numbers are exact up to so many bits. */
const EXACT_BITS = 53;

/**
 * How bits `lsb` to `msb` of little-endian entries are read without a bigint; planned once for all entries of a table.
 * @param entryBytes length of an entry: no byte behind it is read
 * @returns undefined of more bits than a number holds exactly
 */
export function bitsReader(entryBytes: number, lsb: number, msb: number): ReadBits | undefined {
  const width = msb - lsb + 1;
  if (width > EXACT_BITS) return undefined;
  const word = (lsb >> 5) * 4;
  const within = lsb % 32;
  const size = 2 ** width;
  if (within + width <= 32 && word + 4 <= entryBytes) {
    if (width === 32) return (view, at) => view.getUint32(at + word, true);
    const mask = size - 1;
    return (view, at) => (view.getUint32(at + word, true) >>> within) & mask;
  }
  if (within + width <= 64 && word + 8 <= entryBytes) {
    const highs = 2 ** (within + width - 32);
    const scale = 2 ** (32 - within);
    return (view, at) =>
      (view.getUint32(at + word, true) >>> within) + (view.getUint32(at + word + 4, true) % highs) * scale;
  }
  const first = lsb >> 3;
  const last = msb >> 3;
  const scale = 2 ** (lsb % 8);
  return (view, at) => {
    // Byte by byte from the highest one, whose bits above the field go first: no sum is longer than the field and 7 bits.
    let value = view.getUint8(at + last) % 2 ** ((msb % 8) + 1);
    for (let byte = last - 1; byte > first; byte--) value = value * 256 + view.getUint8(at + byte);
    const low = first === last ? value : view.getUint8(at + first);
    const lowPart = Math.floor(low / scale);
    return first === last ? lowPart : value * (256 / scale) + lowPart;
  };
}

/** How a field of entries is read as a number; one that is wider than a number is exact to 53 bits. */
export function rawReader(entryBytes: number, field: Field): ReadBits {
  const exact = bitsReader(entryBytes, field.lsb, field.msb);
  return exact ?? ((view, at) => Number(extractRaw(readEntryAt(view, at, entryBytes), field)));
}
