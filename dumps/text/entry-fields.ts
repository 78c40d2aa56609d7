import { type CommandWords, decodeCommand } from "../../architecture/command-codec.ts";
import type { DecodedTable, RowField, TableRow } from "../tables/table.ts";

/** What a field is for, whatever its layout calls it. */
export type FieldRole =
  | "valid"
  | "address"
  | "size"
  | "next"
  | "intid"
  | "collection"
  | "target"
  | "id"
  | "opcode"
  | "other";

/** A field of an entry: bits `lsb` to `msb` of all its bytes as one little-endian number. */
export interface PlacedField {
  readonly field: RowField;
  readonly role: FieldRole;
  readonly lsb: number;
  readonly msb: number;
}

/** Names of fields that mean the same in every layout and command that has them. */
const roles: Readonly<Record<string, FieldRole | undefined>> = {
  V: "valid",
  Enable: "valid",
  ITT_addr: "address",
  VPT_addr: "address",
  Address: "address",
  Size: "size",
  VPT_size: "size",
  next: "next",
  pINTID: "intid",
  vINTID: "intid",
  INTID: "intid",
  vLPI: "intid",
  ICID: "collection",
  RDbase: "target",
  RDbase2: "target",
  DeviceID: "id",
  EventID: "id",
  vPEID: "id",
};

const BITS_OF_WORD = 64;

/** The fields of an entry, at their places. */
export function placedFields(table: DecodedTable, row: TableRow): PlacedField[] {
  if (table.kind !== "command-queue") {
    return row.fields.map((field) => ({ field, role: roleOf(field.name), lsb: field.lsb, msb: field.msb }));
  }
  // Bits of a command's fields count in its doublewords.
  const { values } = decodeCommand(row.words as unknown as CommandWords);
  const opcode: RowField = {
    name: "opcode",
    raw: row.words[0] & 0xffn,
    meaning: row.words[0] & 0xffn,
    text: `0x${(row.words[0] & 0xffn).toString(16)}`,
    summary: "opcode: which command it is.",
    msb: 7,
    lsb: 0,
  };
  return [
    { field: opcode, role: "opcode", lsb: 0, msb: 7 },
    ...values.map(({ field: { name, word } }, place): PlacedField => {
      const field = row.fields[place];
      const offset = word * BITS_OF_WORD;
      return { field, role: roleOf(name), lsb: offset + field.lsb, msb: offset + field.msb };
    }),
  ];
}

/** The field of an entry with a role, the first one. */
export function fieldOfRole(table: DecodedTable, row: TableRow, role: FieldRole): PlacedField | undefined {
  return placedFields(table, row).find((placed) => placed.role === role);
}

/** Fields that have bits among those from `lsb` to `msb`. */
export function fieldsAt(fields: readonly PlacedField[], lsb: number, msb: number): PlacedField[] {
  return fields.filter((field) => field.lsb <= msb && field.msb >= lsb);
}

function roleOf(name: string): FieldRole {
  return Object.hasOwn(roles, name) ? (roles[name] ?? "other") : "other";
}
