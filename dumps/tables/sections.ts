import type { LayoutName } from "../../architecture/layout.ts";
import { layouts } from "../../architecture/layouts/index.ts";
import { digitNames } from "../hex-text/group-form.ts";
import { type DumpSection, type Hints, parseNumber } from "../hex-text/hints.ts";
import { formNames, listRegisterOrders } from "../list-registers/forms.ts";
import type { TableOptions, TableResult } from "./table.ts";
import { isTableName, type TableName } from "./table-names.ts";

/** What a reader of a dump asks for; hints in the dump fill what is left out. */
export interface SectionRequest extends TableOptions {
  readonly table?: TableName;
  /** Which of several tables that begin at the same address, from 1. Absent: all of them. */
  readonly part?: number;
}

/** One of several tables of a section (or dump) that begin at the same address, in the order of their lines. */
export interface TablePart {
  /** From 1. */
  readonly number: number;
  readonly count: number;
  readonly line: number;
  readonly lastLine: number;
}

/** A table of a dump, with the section it came from (undefined: the whole dump). */
export interface SectionTable {
  readonly section: DumpSection | undefined;
  readonly part: TablePart | undefined;
  readonly name: TableName;
  readonly result: TableResult;
  /** What is to be said about the table because of the dump that it is in, a sentence each. */
  readonly notes: readonly string[];
  /** Other readings of its words that make as much sense or more, a sentence each. */
  readonly doubts: readonly string[];
}

/** Why a hint's value is no good, or the options it stands for. */
export function hintOptions(hints: Hints): { options: SectionRequest; problems: string[] } {
  const problems: string[] = [];
  const number = (key: keyof Hints): bigint | undefined => {
    const text = hints[key];
    if (text === undefined) return undefined;
    const value = parseNumber(text);
    if (value === undefined) problems.push(`${key}=${text} is no number`);
    return value;
  };
  const small = (key: keyof Hints): number | undefined => {
    const value = number(key);
    return value === undefined ? undefined : Number(value);
  };
  const levels = small("levels");
  const { table, layout } = hints;
  if (table !== undefined && !isTableName(table)) problems.push(`table=${table} is no table name`);
  if (layout !== undefined && !isLayoutName(layout)) problems.push(`layout=${layout} is no layout name`);
  if (levels !== undefined && levels !== 1 && levels !== 2) problems.push(`levels=${levels} is neither 1 nor 2`);
  if (hints.digits !== undefined && !digitNames.some((name) => name === hints.digits))
    problems.push(`digits=${hints.digits} is none of ${digitNames.join(", ")}`);
  if (hints["lr-order"] !== undefined && !listRegisterOrders.some((order) => order === hints["lr-order"]))
    problems.push(`lr-order=${hints["lr-order"]} is neither normal nor reversed`);
  if (hints.form !== undefined && !formNames.some((form) => form === hints.form))
    problems.push(`form=${hints.form} is none of ${formNames.join(", ")}`);
  const options: SectionRequest = {
    table: table !== undefined && isTableName(table) ? table : undefined,
    layout: layout !== undefined && isLayoutName(layout) ? layout : undefined,
    base: number("base"),
    size: small("size"),
    firstId: small("first-id"),
    levels: levels === 1 || levels === 2 ? levels : undefined,
    pageSize: small("page-size"),
    eventBits: small("event-bits"),
    vtr: number("vtr"),
    listOrder: listRegisterOrders.find((order) => order === hints["lr-order"]),
    form: formNames.find((form) => form === hints.form),
  };
  return { options, problems };
}

export function isLayoutName(text: string): text is LayoutName {
  return Object.hasOwn(layouts, text);
}

/** The lines that a table is in; undefined: the whole dump. */
export function linesOf({
  section,
  part,
}: Pick<SectionTable, "section" | "part">): { readonly line: number; readonly lastLine: number } | undefined {
  return part ?? section;
}
