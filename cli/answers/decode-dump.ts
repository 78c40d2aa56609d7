import type { TableLayouts } from "../../architecture/layout.ts";
import type { ByteStore } from "../../dumps/byte-store.ts";
import type { DumpDocument } from "../../dumps/document.ts";
import { DIGIT_NAMES, digitNames } from "../../dumps/hex-text/group-form.ts";
import { formNames } from "../../dumps/list-registers/forms.ts";
import { planTables, type TablePlan } from "../../dumps/tables/section-tables.ts";
import type { SectionRequest } from "../../dumps/tables/sections.ts";
import { isTableName, tableNames } from "../../dumps/tables/table-names.ts";
import { finish } from "../../dumps/work.ts";
import { readDumpFile } from "../dump-input.ts";
import { errors } from "../errors.ts";
import type { OptionValues } from "../options.ts";

/** What can be said of a table's dump beside its layout: what each is called, what it takes and what it means. */
export const dumpOptions = {
  as: { type: "choice", value: "TABLE", choices: tableNames, summary: `which table: ${tableNames.join(", ")}` },
  base: {
    type: "number",
    value: "ADDRESS",
    summary: "address of the table (default: the first address of the dump)",
  },
  size: {
    type: "number",
    value: "BYTES",
    summary: "bytes of the table (default: as far as the dump goes; of a core 65536)",
  },
  part: {
    type: "number",
    value: "N",
    summary: "of tables that all begin at the same address, the Nth in the order of their lines (default: all)",
  },
  "first-id": { type: "number", value: "N", summary: "id of the entry at the base (default: 0)" },
  levels: {
    type: "choice",
    value: "1|2",
    choices: ["1", "2"],
    summary: "flat or two-level table (guessed when not given)",
  },
  "page-size": {
    type: "choice",
    value: "BYTES",
    choices: ["4096", "16384", "65536"],
    summary: "page of a two-level table (default: 65536)",
  },
  "event-bits": { type: "number", value: "N", summary: "EventID bits of the device whose ITT it is" },
  order: {
    type: "choice",
    value: "ORDER",
    choices: ["little", "bytes", "normal", "reversed"],
    summary:
      "little, bytes: digits of a group are one little-endian number, or bytes in memory order; normal, reversed: list register n is at index n, or at 15 - n (guessed when not given)",
  },
  digits: {
    type: "choice",
    value: "FORM",
    choices: digitNames,
    summary: `what groups are written in: ${digitNames.join(", ")} (guessed when not given)`,
  },
  vtr: { type: "number", value: "VALUE", summary: "list registers: ICH_VTR_EL2 of the host, says which exist" },
  form: {
    type: "choice",
    value: "FORM",
    choices: formNames,
    summary: `list registers: shape of struct vgic_v3_cpu_if: ${formNames.join(", ")} (guessed when not given)`,
  },
} as const;

export type DumpOptionValues = OptionValues<typeof dumpOptions>;

/**
 * Reads a dump as it is described.
 * @throws CliError when it holds no line of a dump, raw bytes whose address is not given, or a core
 */
export function describedDump(name: string, input: ByteStore, options: DumpOptionValues): DumpDocument {
  const { order, digits, as: table, base } = options;
  const document = readDumpFile(name, input, {
    order: order === "little" || order === "bytes" ? order : undefined,
    digits: digits === undefined ? undefined : DIGIT_NAMES[digits],
    table,
    base,
  });
  if (document.core !== undefined && base === undefined) throw errors.coreBase(name);
  return document;
}

/** What is asked of a dump. @param layout whose tables; guessed when not given */
export function dumpRequest(layout: TableLayouts | undefined, options: DumpOptionValues): SectionRequest {
  const number = (value: bigint | undefined): number | undefined => (value === undefined ? undefined : Number(value));
  return {
    table: options.as !== undefined && isTableName(options.as) ? options.as : undefined,
    layout,
    base: options.base,
    size: number(options.size),
    firstId: number(options["first-id"]),
    levels: options.levels === undefined ? undefined : options.levels === "2" ? 2 : 1,
    pageSize: options["page-size"] === undefined ? undefined : Number(options["page-size"]),
    eventBits: number(options["event-bits"]),
    vtr: options.vtr,
    listOrder: options.order === "normal" || options.order === "reversed" ? options.order : undefined,
    form: options.form,
    part: number(options.part),
  };
}

/**
 * The tables of a dump. @param isState whether it is that of a saved machine: what its dump does not call a table, an option does not make one
 * @throws CliError when nothing says which table it is, or the saved machine has none
 */
export function dumpTables(
  name: string,
  document: DumpDocument,
  request: SectionRequest,
  isState: boolean,
): TablePlan[] {
  const found = finish(planTables(document, request));
  const tables = isState ? found.filter(({ section }) => section?.hints.table !== undefined) : found;
  if (tables.length > 0) return tables;
  if (isState)
    throw errors.noTable(name, `the saved machine's registers name no ${request.table ?? "table"} in its RAM.`);
  throw errors.whichTable(name, tableNames);
}
