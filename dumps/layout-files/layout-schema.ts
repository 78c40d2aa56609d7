import { type EntryRole, entryRoles, roleFacts } from "../../architecture/entry-roles.ts";
import type { TableName } from "../tables/table-names.ts";

/** A table that a layout file may describe. The two LPI tables, the command queue and saved registers are the architecture's. */
export interface DescribedEntry {
  readonly table: TableName;
  readonly kind: "device" | "itt" | "collection" | "vpe" | "level1";
  readonly entryName: string;
  readonly index: string;
  /** Bytes of an entry, least and most. */
  readonly bytes: readonly [least: number, most: number];
  /** Why there are no more. */
  readonly bytesReason: string;
  /** Roles that an entry must have: without them nothing leads on. */
  readonly needs: readonly EntryRole[];
}

const BASER_BYTES = "GITS_BASER<n>.Entry_Size says 1 to 32";

/** The tables that a layout file may describe, by the names that `# gic: table=` has for them. */
export const describedEntries: readonly DescribedEntry[] = [
  {
    table: "device-table",
    kind: "device",
    entryName: "DTE",
    index: "DeviceID",
    bytes: [1, 32],
    bytesReason: BASER_BYTES,
    needs: ["itt-address", "event-bits"],
  },
  {
    table: "itt",
    kind: "itt",
    entryName: "ITE",
    index: "EventID",
    bytes: [1, 16],
    bytesReason: "GITS_TYPER.ITT_entry_size says 1 to 16",
    needs: ["intid", "icid"],
  },
  {
    table: "collection-table",
    kind: "collection",
    entryName: "CTE",
    index: "ICID",
    bytes: [1, 32],
    bytesReason: BASER_BYTES,
    needs: ["target"],
  },
  {
    table: "vpe-table",
    kind: "vpe",
    entryName: "VTE",
    index: "vPEID",
    bytes: [1, 32],
    bytesReason: BASER_BYTES,
    needs: [],
  },
  {
    table: "device-table-l1",
    kind: "level1",
    entryName: "L1 entry",
    index: "level-2 page",
    bytes: [8, 8],
    bytesReason: "the architecture has 64-bit entries there, valid by bit 63",
    needs: ["page-address"],
  },
];

/** The roles that fields of a table may have. */
export function rolesOf(kind: DescribedEntry["kind"]): EntryRole[] {
  return (Object.keys(entryRoles) as EntryRole[]).filter((role) => roleFacts(role).tables.includes(kind));
}

/** A property of an object of a layout file: what it is, and its shape for editors. */
interface Property {
  readonly summary: string;
  readonly shape: object;
  readonly required?: true;
}

const NUMBER = { type: ["integer", "string"], minimum: 0, pattern: "^(0x[0-9a-fA-F]{1,16}|[0-9]{1,20})$" };

/** What the file as a whole says, beside its tables. */
export const fileProperties = {
  $schema: { summary: "The schema of such files, for editors.", shape: { type: "string" } },
  name: {
    summary: "Name of the layout, which output shows; none of the built-in ones.",
    shape: { type: "string", pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$" },
    required: true,
  },
  title: { summary: "Whose tables, in words.", shape: { type: "string", minLength: 1, maxLength: 100 } },
} as const satisfies Readonly<Record<string, Property>>;

/** What a table's object says. */
export const entryProperties = {
  bytes: {
    summary: "Bytes of an entry, which is one little-endian number.",
    shape: { type: "integer" },
    required: true,
  },
  valid: {
    summary:
      "Which entries are valid: the field that tells it, alone (any bit of it is set), or with the values that make an entry invalid (`not`) or valid (`is`, of a field of 8 bits at most).",
    shape: {
      oneOf: [
        { type: "string" },
        {
          type: "object",
          additionalProperties: false,
          required: ["field"],
          properties: {
            field: { type: "string" },
            not: { type: "array", minItems: 1, maxItems: 256, items: NUMBER },
            is: { type: "array", minItems: 1, maxItems: 256, items: NUMBER },
          },
        },
      ],
    },
    required: true,
  },
  list: {
    summary:
      "Collection table: entries stand one after another in no order, up to the first that is invalid, and have a field with the role `icid`.",
    shape: { type: "boolean" },
  },
  maxEventBits: {
    summary: "Device table: most EventID bits that the hardware takes; an entry with more is remarked on.",
    shape: { type: "integer", minimum: 1, maximum: 32 },
  },
  fields: { summary: "The fields, in any order; bits that none has are reserved.", shape: {}, required: true },
} as const satisfies Readonly<Record<string, Property>>;

/** What a field's object says. */
export const fieldProperties = {
  name: {
    summary: "Name of the field, which output shows.",
    shape: { type: "string", pattern: "^[A-Za-z][A-Za-z0-9_]{0,31}$" },
    required: true,
  },
  bits: {
    summary: 'Its bits, as "high:low" or "bit", counted from 0 over all bytes of the entry.',
    shape: { type: ["string", "integer"], pattern: "^[0-9]{1,3}(:[0-9]{1,3})?$", minimum: 0 },
    required: true,
  },
  role: { summary: "What the field is for, so that tables are followed.", shape: {} },
  shift: {
    summary: "Left shift from the bits to what they mean: 8 when an address has its bits [51:8].",
    shape: { type: "integer", minimum: 0, maximum: 52 },
  },
  plus: {
    summary: "What is added to get the meaning: 1 of a number that is kept minus one.",
    shape: { type: "integer", minimum: 0, maximum: 255 },
  },
  unit: {
    summary: "What it counts; the role has one of its own.",
    shape: { type: "string", minLength: 1, maxLength: 40 },
  },
  display: { summary: "How its value is printed.", shape: { enum: ["hex", "decimal"] } },
  summary: { summary: "What it is, in words.", shape: { type: "string", minLength: 1, maxLength: 400 } },
  values: {
    summary:
      'Names of values (of the bits as they stand), as in {"0": "Virtual"}. A target that is called Unmapped is no PE.',
    shape: { type: "object", additionalProperties: { type: "string", minLength: 1, maxLength: 40 } },
  },
} as const satisfies Readonly<Record<string, Property>>;

/** JSON schema of `NAME.giclayout.json`, which editors complete and check it by. */
export function layoutSchema(): object {
  const tables = describedEntries.map((described) => [described.table, entrySchema(described)]);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Layout of the tables of an ITS",
    type: "object",
    additionalProperties: false,
    required: requiredOf(fileProperties),
    properties: { ...shapesOf(fileProperties), ...Object.fromEntries(tables) },
  };
}

function entrySchema({ kind, entryName, bytes: [least, most], bytesReason, table }: DescribedEntry): object {
  const roles = rolesOf(kind);
  const role = {
    description: `${fieldProperties.role.summary} ${roles.map((name) => `${name}: ${roleFacts(name).summary}`).join("; ")}.`,
    enum: roles,
  };
  const field = {
    type: "object",
    additionalProperties: false,
    required: requiredOf(fieldProperties),
    properties: { ...shapesOf(fieldProperties), role },
  };
  const { list, maxEventBits, ...common } = shapesOf(entryProperties);
  return {
    type: "object",
    description: `Entries (${entryName}) of the ${table}, ${least === most ? most : `${least} to ${most}`} bytes each; ${bytesReason}.`,
    additionalProperties: false,
    required: requiredOf(entryProperties),
    properties: {
      ...common,
      bytes: { description: entryProperties.bytes.summary, type: "integer", minimum: least, maximum: most },
      ...(kind === "collection" ? { list } : {}),
      ...(kind === "device" ? { maxEventBits } : {}),
      fields: { description: entryProperties.fields.summary, type: "array", minItems: 1, maxItems: 256, items: field },
    },
  };
}

function shapesOf<Name extends string>(properties: Readonly<Record<Name, Property>>): Record<Name, object> {
  const shapes = Object.entries<Property>(properties).map(([name, { summary, shape }]) => [
    name,
    { description: summary, ...shape },
  ]);
  return Object.fromEntries(shapes) as Record<Name, object>;
}

function requiredOf(properties: Readonly<Record<string, Property>>): string[] {
  return Object.entries(properties).flatMap(([name, { required }]) => (required === true ? [name] : []));
}
