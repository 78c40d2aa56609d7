import type { TableLayouts } from "../../architecture/layout.ts";
import { layoutNamed, layouts } from "../../architecture/layouts/index.ts";
import type { DumpDocument } from "../document.ts";
import { digitNames } from "../hex-text/group-form.ts";
import { type DumpSection, type Hints, parseNumber } from "../hex-text/hints.ts";
import { isLayoutFile, type LayoutFiles, NOT_READ } from "../layout-files/layout-file.ts";
import { formNames, listRegisterOrders } from "../list-registers/forms.ts";
import type { TableOptions, TableResult } from "./table.ts";
import { isTableName, type TableName } from "./table-names.ts";

/** What a reader of a dump asks for; hints in the dump fill what is left out. */
export interface SectionRequest extends TableOptions {
  readonly table?: TableName;
  /** Which of several tables that begin at the same address, from 1. Absent: all of them. */
  readonly part?: number;
  /** Why nothing can be decoded as it is asked for, a sentence: the layout that a hint names cannot be had. */
  readonly refused?: string;
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

/** Why a hint's value is no good, or the options it stands for. @param files what was read of the layout files that hints name */
export function hintOptions(hints: Hints, files?: LayoutFiles): { options: SectionRequest; problems: string[] } {
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
  const { chosen, refused } = layoutOfHint(layout, files);
  if (layout !== undefined && chosen === undefined)
    problems.push(refused?.replace(/\.$/, "") ?? `layout=${layout} is no layout name`);
  if (levels !== undefined && levels !== 1 && levels !== 2) problems.push(`levels=${levels} is neither 1 nor 2`);
  if (hints.digits !== undefined && !digitNames.some((name) => name === hints.digits))
    problems.push(`digits=${hints.digits} is none of ${digitNames.join(", ")}`);
  if (hints["lr-order"] !== undefined && !listRegisterOrders.some((order) => order === hints["lr-order"]))
    problems.push(`lr-order=${hints["lr-order"]} is neither normal nor reversed`);
  if (hints.form !== undefined && !formNames.some((form) => form === hints.form))
    problems.push(`form=${hints.form} is none of ${formNames.join(", ")}`);
  const options: SectionRequest = {
    table: table !== undefined && isTableName(table) ? table : undefined,
    layout: chosen,
    ...(refused === undefined ? {} : { refused }),
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

/** The layout that a hint names, by its name or by the file that describes it. */
function layoutOfHint(
  given: string | undefined,
  files: LayoutFiles | undefined,
): { chosen?: TableLayouts | undefined; refused?: string } {
  if (given === undefined || !isLayoutFile(given)) return { chosen: layoutNamed(given) };
  const file = files?.get(given) ?? { problems: [NOT_READ] };
  if ("layouts" in file) return { chosen: file.layouts };
  const more = file.problems.length > 1 ? ` (and ${file.problems.length - 1} more problems)` : "";
  return { refused: `layout=${given}: ${file.problems[0]}${more}` };
}

/** The layouts that tables of a dump can have: the known ones, and those of the files that its lines name. */
export function knownLayouts(document: Pick<DumpDocument, "layoutFiles"> | undefined): TableLayouts[] {
  const own = [...(document?.layoutFiles?.values() ?? [])].flatMap((file) => ("layouts" in file ? [file.layouts] : []));
  return [...Object.values(layouts), ...own];
}

/** One of {@link knownLayouts}, by its name. */
export function layoutCalled(
  document: Pick<DumpDocument, "layoutFiles">,
  name: string | undefined,
): TableLayouts | undefined {
  return knownLayouts(document).find((layout) => layout.name === name);
}

/** The lines that a table is in; undefined: the whole dump. */
export function linesOf({
  section,
  part,
}: Pick<SectionTable, "section" | "part">): { readonly line: number; readonly lastLine: number } | undefined {
  return part ?? section;
}
