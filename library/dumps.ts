/**
 * `gicwb/dumps`: hex dumps of any tool to bytes with addresses, tables to entries, values to words. It is what the editor and
 * `gicwb decode` and `gicwb explain` use. Pure code: no file, no network, no Node API.
 */
export type { LayoutName, TableLayouts } from "../architecture/layout.ts";
export { layoutNames, layouts } from "../architecture/layouts/index.ts";
export type { DumpDocument } from "../dumps/document.ts";
export { explainText } from "../dumps/explain-value/explain.ts";
export type { Explanation, Reading } from "../dumps/explain-value/reading.ts";
export type { StyleOptions } from "../dumps/hex-text/byte-order.ts";
export { DumpMemory } from "../dumps/memory.ts";
export type { DumpProblem } from "../dumps/problem.ts";
export { readDump, readDumpWork } from "../dumps/read-dump.ts";
export { isDoubtful, readingSentence } from "../dumps/reading.ts";
export { decodeTable } from "../dumps/tables/decode-table.ts";
export type { TablePlan } from "../dumps/tables/section-tables.ts";
export { decodeSections, planTables } from "../dumps/tables/section-tables.ts";
export type { SectionRequest, SectionTable } from "../dumps/tables/sections.ts";
export type { DecodedTable, RowField, TableOptions, TableResult, TableRow } from "../dumps/tables/table.ts";
export type { TableName } from "../dumps/tables/table-names.ts";
export { tableNames } from "../dumps/tables/table-names.ts";
export type { Work } from "../dumps/work.ts";
export { finish } from "../dumps/work.ts";
