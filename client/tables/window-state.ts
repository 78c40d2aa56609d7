import type { StyleOptions } from "../../dumps/hex-text/byte-order.ts";
import { parseNumber } from "../../dumps/hex-text/hints.ts";
import { isTableName, type TableName } from "../../dumps/tables/table-names.ts";
import type { DecodedState, ReadingChoice } from "../protocol.ts";
import { TableList } from "./table-list.ts";

/** What the whole dump is taken for. */
export function wantedTable({ table }: DecodedState): TableName | undefined {
  return table !== undefined && isTableName(table) ? table : undefined;
}

/** How the dump is read as a state says. */
export function styleOptions(state: DecodedState): StyleOptions {
  const { order, start } = state.reading;
  const base = start === "" ? undefined : parseNumber(start);
  const table = wantedTable(state);
  return {
    ...(order === "little" || order === "bytes" ? { order } : {}),
    ...(base === undefined ? {} : { base }),
    ...(table === undefined ? {} : { table }),
  };
}

/** The first number of a choice that is none; undefined: all are. */
export function wrongNumber({ base, start }: ReadingChoice): string | undefined {
  return [base, start].find((text) => text !== "" && parseNumber(text) === undefined);
}

/** Whether the bytes have to be read anew for another choice. */
export function isReadAnew(before: ReadingChoice, after: ReadingChoice): boolean {
  return before.order !== after.order || before.start !== after.start;
}

/**
 * The state after a node of the tree was chosen: what was chosen for one table says nothing about another, its base, its layout, its columns.
 * Its node is empty where the whole dump is taken for another kind of table.
 */
export function withNode(state: DecodedState, id: string): DecodedState {
  const reading = { ...state.reading, base: "", layout: "" };
  const view = { ...state.view, sort: -1, descending: false, text: "" };
  const table = TableList.kindOf(id);
  return table === undefined ? { ...state, node: id, reading, view } : { ...state, table, node: "", reading, view };
}
