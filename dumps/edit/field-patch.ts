import { decodeCommand } from "../../architecture/command-codec.ts";
import { type Field, fieldMax, insertRaw } from "../../architecture/field.ts";
import { architectureLevel1, layouts } from "../../architecture/layouts/index.ts";
import { parseNumber } from "../hex-text/hints.ts";
import { type DumpMemory, littleEndian } from "../memory.ts";
import type { DecodedTable, TableRow } from "../tables/table.ts";
import { type EditResult, refuse } from "./result.ts";

/** Bytes of a dump that get other values, all in one stretch. */
export interface BytePatch {
  /** Address of the first byte, the memory's origin not included. */
  readonly address: number;
  readonly before: Uint8Array;
  /** As many as {@link before}. */
  readonly after: Uint8Array;
}

/** A field that gets another value. */
export interface FieldPatch extends BytePatch {
  readonly name: string;
  readonly meaning: bigint;
}

/** A field as it is declared, and the bit of its row's bytes that its word begins at. */
interface PlacedField {
  readonly field: Field;
  readonly firstBit: number;
}

/** Most entries of a range of equal ones (LPI configuration) that one edit changes: each is a byte of the file. */
const MAX_RANGE = 4096;

/** Whether the fields of a table's rows can be given values: they stand in bytes of their own. */
export function hasEditableFields(row: TableRow): boolean {
  return row.fields.length > 0 && row.words.length > 0;
}

/**
 * What a row's bytes are when one of its fields has another value. A row that stands for a range of equal entries changes as a whole.
 * @param place of the field among the row's
 * @param text the value as people write it: a name of the declaration, decimal or `0x…`; addresses whole, sizes with their one added
 */
export function fieldPatch(
  memory: DumpMemory,
  table: DecodedTable,
  row: TableRow,
  place: number,
  text: string,
): EditResult<FieldPatch> {
  const found = row.fields[place];
  const placed = found && placedField(table, row, place);
  if (placed === undefined) return refuse("GIC-EDIT-FIELD", "This row has no such field that could be changed.");
  const { field, firstBit } = placed;
  const value = rawOf(field, text);
  if (!value.ok) return value;
  const count = row.lastIndex - row.index + 1;
  if (count > MAX_RANGE) {
    const message = `This row stands for ${count} entries, more than the ${MAX_RANGE} that one edit changes. Change the dump's text instead.`;
    return refuse("GIC-EDIT-FIELD", message);
  }
  const held = memory.read(row.address, row.byteCount);
  if (held === undefined) return refuse("GIC-EDIT-FORMAT", "The dump does not hold all bytes of this entry.");
  // Copies: what is read are the document's own bytes, and the slice of a Buffer of Node is no copy.
  const before = Uint8Array.from(held);
  const after = Uint8Array.from(held);
  const entryBytes = row.byteCount / count;
  for (let at = 0; at < after.length; at += entryBytes) {
    const shifted = { ...field, lsb: field.lsb + firstBit, msb: field.msb + firstBit };
    writeLittleEndian(after.subarray(at, at + entryBytes), (entry) => insertRaw(entry, shifted, value.value.raw));
  }
  const { meaning } = value.value;
  return { ok: true, value: { address: row.address, before, after, name: found.name, meaning } };
}

/** The declaration of a row's field. */
function placedField(table: DecodedTable, row: TableRow, place: number): PlacedField | undefined {
  const found = row.fields[place];
  if (table.kind === "command-queue") {
    const [a = 0n, b = 0n, c = 0n, d = 0n] = row.words;
    const field = decodeCommand([a, b, c, d]).values[place]?.field;
    return field && { field, firstBit: field.word * 64 };
  }
  if (table.kind === "list-registers") {
    // The rows are registers, whose fields mean what they say: none of them is shifted.
    const { name, msb, lsb, summary, raw, meaning } = found;
    return raw === meaning && row.words.length === 1 ? { field: { name, msb, lsb, summary }, firstBit: 0 } : undefined;
  }
  const { entries } = table.layouts ?? layouts["kvm-rev0"];
  const entry = entries[table.kind] ?? (table.kind === "level1" ? architectureLevel1 : undefined);
  const field = entry?.fields[place];
  return field?.name === found.name ? { field, firstBit: 0 } : undefined;
}

/** The raw value that a text means for a field. */
function rawOf(field: Field, text: string): EditResult<{ raw: bigint; meaning: bigint }> {
  const { name, shift = 0, plus = 0 } = field;
  const named = field.values?.find((entry) => entry.name.toLowerCase() === text.trim().toLowerCase());
  if (named !== undefined) {
    const raw = BigInt(named.value);
    return { ok: true, value: { raw, meaning: (raw << BigInt(shift)) + BigInt(plus) } };
  }
  const meaning = parseNumber(text.trim());
  if (meaning === undefined) {
    const names = field.values?.map((entry) => entry.name) ?? [];
    const also = names.length === 0 ? "" : `, or one of ${names.join(", ")}`;
    return refuse("GIC-EDIT-VALUE", `${name} takes a number, decimal or 0x…${also}.`);
  }
  const moved = meaning - BigInt(plus);
  const least = BigInt(plus);
  const most = (fieldMax(field) << BigInt(shift)) + least;
  if (moved < 0n || meaning > most) {
    return refuse("GIC-EDIT-VALUE", `${name} holds ${shown(field, least)} to ${shown(field, most)}.`);
  }
  if (moved % (1n << BigInt(shift)) !== 0n) {
    return refuse("GIC-EDIT-VALUE", `${name} holds multiples of ${shown(field, 1n << BigInt(shift))} only.`);
  }
  return { ok: true, value: { raw: moved >> BigInt(shift), meaning } };
}

function shown(field: Field, value: bigint): string {
  return (field.shift ?? 0) > 0 || field.display === "hex" ? `0x${value.toString(16)}` : value.toString();
}

function writeLittleEndian(bytes: Uint8Array, change: (value: bigint) => bigint): void {
  let value = change(littleEndian(bytes));
  for (let at = 0; at < bytes.length; at++, value >>= 8n) bytes[at] = Number(value & 0xffn);
}

/** The bit of a row's bytes at which the word of one of its fields begins: 64 for a field of a command's second word. */
export function fieldFirstBit(table: DecodedTable, row: TableRow, place: number): number {
  return placedField(table, row, place)?.firstBit ?? 0;
}
