import type { JsonSchema } from "./arguments.ts";

// The few forms of JSON Schema that answers have. Members that are not named are allowed: answers may grow.

export const aText = { type: "string" } as const;
export const aCount = { type: "integer", minimum: 0 } as const;
export const aNumber = { type: "number" } as const;
export const aFlag = { type: "boolean" } as const;
export const anyObject = { type: "object" } as const;

/** @param description what it says, where its name does not */
export function said(schema: JsonSchema, description: string): JsonSchema {
  return { ...schema, description };
}

export function listOf(items: JsonSchema): JsonSchema {
  return { type: "array", items };
}

/** An object; members whose name ends in `?` may be absent. */
export function objectOf(members: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const names = Object.keys(members);
  return {
    type: "object",
    properties: Object.fromEntries(names.map((name) => [name.replace(/\?$/, ""), members[name]])),
    required: names.filter((name) => !name.endsWith("?")),
  };
}

/** Members of every answer with rows. */
export function pageMembers(row: JsonSchema): Readonly<Record<string, JsonSchema>> {
  return {
    rows: listOf(row),
    firstRow: said(aCount, "Place of the first of these rows among all, from 0."),
    rowCount: said(aCount, "How many rows there are in all."),
    "nextCursor?": said(
      aText,
      "Give it as cursor, with all else unchanged, for the rows that follow; absent: there are none.",
    ),
  };
}
