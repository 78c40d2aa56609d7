import type { LayoutName } from "../../architecture/layout.ts";
import { layouts } from "../../architecture/layouts/index.ts";
import type { DumpDocument } from "../document.ts";
import type { DumpSection, Hints } from "../hex-text/hints.ts";
import { formNames, listRegisterOrders } from "../list-registers/forms.ts";
import { DumpMemory, type Span } from "../memory.ts";
import { decodeTable } from "./decode-table.ts";
import type { TableOptions, TableResult } from "./table.ts";
import { isTableName, type TableName } from "./table-names.ts";

/** What a reader of a dump asks for; hints in the dump fill what is left out. */
export interface SectionRequest extends TableOptions {
  readonly table?: TableName;
}

/** A table of a dump, with the section it came from (undefined: the whole dump). */
export interface SectionTable {
  readonly section: DumpSection | undefined;
  readonly name: TableName;
  readonly result: TableResult;
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
  if (hints["lr-order"] !== undefined && !listRegisterOrders.some((order) => order === hints["lr-order"]))
    problems.push(`lr-order=${hints["lr-order"]} is neither normal nor reversed`);
  if (hints.form !== undefined && !formNames.some((form) => form === hints.form))
    problems.push(`form=${hints.form} is none of ${formNames.join(", ")}`);
  const options: SectionRequest = {
    table: table !== undefined && isTableName(table) ? table : undefined,
    layout: layout !== undefined && isLayoutName(layout) ? layout : undefined,
    base: number("base"),
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

/** `0x` hexadecimal or decimal, `_` allowed between digits. */
export function parseNumber(text: string): bigint | undefined {
  const digits = text.replace(/_/g, "");
  return /^(0[xX][0-9a-fA-F]{1,16}|\d{1,20})$/.test(digits) ? BigInt(digits) : undefined;
}

export function isLayoutName(text: string): text is LayoutName {
  return Object.hasOwn(layouts, text);
}

/**
 * The tables of a dump: one for each `# gic:` section that is (or may be) the asked table, else the whole dump as the asked table.
 * Empty when nothing says what the dump is.
 */
export function decodeSections(document: DumpDocument, request: SectionRequest = {}): SectionTable[] {
  const found: SectionTable[] = [];
  for (const section of document.sections) {
    const hinted = hintOptions(section.hints).options;
    const name = hinted.table ?? request.table;
    if (name === undefined || (request.table !== undefined && name !== request.table)) continue;
    const memory = sectionMemory(document, section);
    if (memory.spans.length === 0) continue;
    found.push({ section, name, result: decodeTable(memory, name, merge(hinted, request), document.memory) });
  }
  if (found.length > 0) return found;
  // Hints about another table say nothing about the one that is asked for.
  if (request.table === undefined) return [];
  return [{ section: undefined, name: request.table, result: decodeTable(document.memory, request.table, request) }];
}

/** What was asked for counts before what the dump says. */
function merge(hinted: SectionRequest, request: SectionRequest): TableOptions {
  return {
    layout: request.layout ?? hinted.layout,
    base: request.base ?? hinted.base,
    firstId: request.firstId ?? hinted.firstId,
    levels: request.levels ?? hinted.levels,
    pageSize: request.pageSize ?? hinted.pageSize,
    eventBits: request.eventBits ?? hinted.eventBits,
    vtr: request.vtr ?? hinted.vtr,
    listOrder: request.listOrder ?? hinted.listOrder,
    form: request.form ?? hinted.form,
  };
}

/** The memory that the lines of a section give. */
export function sectionMemory(document: DumpDocument, section: DumpSection): DumpMemory {
  const { memory, text } = document;
  if (document.sections.length === 1 || text === undefined) return memory;
  const spans: Span[] = [];
  for (const run of text.lines.runs) {
    const from = Math.max(run.firstLine, section.line);
    const to = Math.min(run.firstLine + run.lineCount - 1, section.lastLine);
    if (from > to) continue;
    const address = run.address + (from - run.firstLine) * run.bytesPerLine;
    const bytes = memory.read(address, (to - from + 1) * run.bytesPerLine);
    if (bytes === undefined) continue;
    const last = spans[spans.length - 1];
    if (last !== undefined && last.address + last.bytes.length === address) {
      spans[spans.length - 1] = {
        address: last.address,
        bytes: memory.read(last.address, last.bytes.length + bytes.length) ?? last.bytes,
      };
    } else spans.push({ address, bytes });
  }
  spans.sort((a, b) => a.address - b.address);
  return new DumpMemory(spans, memory.origin);
}
