import { type Field, layouts, type TableKind } from "../../architecture/index.ts";
import type { TableName } from "../parse/syntax.ts";
import type { IdKind } from "./ids.ts";

/** What the architecture calls the tables. */
export const tableKinds = { dte: "device", ite: "itt", cte: "collection", vte: "vpe" } as const satisfies Record<
  TableName,
  TableKind
>;

export function isTableName(word: string): word is TableName {
  return Object.hasOwn(tableKinds, word);
}

/** What stands between the brackets behind a table's name. */
export const tableIds: Readonly<Record<TableName, readonly IdKind[]>> = {
  dte: ["DeviceID"],
  ite: ["DeviceID", "EventID"],
  cte: ["ICID"],
  vte: ["vPEID"],
};

/** The field that every table has: 1 when the entry is mapped, else 0. */
export const VALID_FIELD = "valid";

function fieldNames(kind: TableKind): readonly string[] {
  const all = Object.values(layouts).flatMap((layout) => layout.entries[kind]?.fields ?? []);
  return [VALID_FIELD, ...new Set(all.map(({ name }) => name))];
}

/** Field names of a table's entries in all layouts. Which of them a machine has depends on its model. */
export const tableFieldNames: Readonly<Record<TableName, readonly string[]>> = {
  dte: fieldNames(tableKinds.dte),
  ite: fieldNames(tableKinds.ite),
  cte: fieldNames(tableKinds.cte),
  vte: fieldNames(tableKinds.vte),
};

/** The layouts' spelling of a field that a script names in any letter case. */
export function tableFieldName(table: TableName, name: string): string | undefined {
  const names = tableFieldNames[table];
  if (names.includes(name)) return name;
  const wanted = name.toLowerCase();
  return names.find((entry) => entry.toLowerCase() === wanted);
}

/** Declarations of a table's field by the layout that has it, for hovers: the same name may mean different bits. */
export function tableFields(table: TableName, name: string): { readonly layout: string; readonly field: Field }[] {
  return Object.values(layouts).flatMap((layout) =>
    (layout.entries[tableKinds[table]]?.fields ?? [])
      .filter((field) => field.name === name)
      .map((field) => ({ layout: layout.title, field })),
  );
}
