import type { TableKind } from "../../architecture/layout.ts";

/** Tables by the name that users write (`--as`, `# gic: table=`). */
export const TABLE_NAMES = {
  "device-table": "device",
  "device-table-l1": "level1",
  itt: "itt",
  "collection-table": "collection",
  "vpe-table": "vpe",
  "lpi-config": "lpi-config",
  "lpi-pending": "lpi-pending",
  "command-queue": "command-queue",
  "list-registers": "list-registers",
} as const satisfies Readonly<Record<string, TableKind | "command-queue" | "list-registers">>;

export type TableName = keyof typeof TABLE_NAMES;

/** The names, in the order they are shown. */
export const tableNames = Object.keys(TABLE_NAMES) as readonly TableName[];

export function isTableName(text: string): text is TableName {
  return Object.hasOwn(TABLE_NAMES, text);
}
