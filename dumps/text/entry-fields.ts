import { type CommandWords, decodeCommand } from "../../architecture/command-codec.ts";
import type { EntryRole } from "../../architecture/entry-roles.ts";
import type { TableKind } from "../../architecture/layout.ts";
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

/** What the fields of tables are for, by their layout's roles. */
const byRole: Readonly<Partial<Record<EntryRole, FieldRole>>> = {
  "itt-address": "address",
  "vpt-address": "address",
  "page-address": "address",
  "event-bits": "size",
  "vpt-size": "size",
  next: "next",
  intid: "intid",
  icid: "collection",
  target: "target",
  vpeid: "id",
};

/** Names of fields that mean the same in every command and in the LPI tables. */
const byName: Readonly<Record<string, FieldRole | undefined>> = {
  V: "valid",
  Enable: "valid",
  ITT_addr: "address",
  VPT_addr: "address",
  Size: "size",
  VPT_size: "size",
  pINTID: "intid",
  vINTID: "intid",
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
    const valid = table.layouts?.entries[table.kind as TableKind]?.validField;
    return row.fields.map((field) => ({ field, role: tableRole(field, valid), lsb: field.lsb, msb: field.msb }));
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

function tableRole({ name, role }: RowField, validField: string | undefined): FieldRole {
  if (role !== undefined) return byRole[role] ?? "other";
  return name === validField ? "valid" : roleOf(name);
}

function roleOf(name: string): FieldRole {
  return Object.hasOwn(byName, name) ? (byName[name] ?? "other") : "other";
}
