import type { TableLayouts } from "../../architecture/layout.ts";
import { type Capture, type CaptureReport, memoryOf, walkCapture } from "../captures/index.ts";
import type { Work } from "../work.ts";
import { type CheckedTables, checkedTables } from "./checked-tables.ts";

/** The tables of some captures, ready for checks, verdicts and comparisons. */
export interface ReadTables {
  /** One an ITS, in the order of the captures. */
  readonly itss: readonly CheckedTables[];
  /** Another layout explains them about as well. */
  readonly close: boolean;
  readonly reports: readonly CaptureReport[];
}

/** Whether captures say where any table is that a check is about. */
export function holdTables(captures: readonly Capture[]): boolean {
  return captures.some(({ facts }) => facts.tables.has("device") || facts.tables.has("collection"));
}

/**
 * Walks captures and reads their tables.
 * @param layout whose; undefined: what each capture says, else the one by which most makes sense
 */
export function* readTablesOf(captures: readonly Capture[], layout?: TableLayouts): Work<ReadTables> {
  const reports: CaptureReport[] = [];
  for (const capture of captures) reports.push(yield* walkCapture(capture, layout ?? capture.layout));
  const itss: CheckedTables[] = [];
  for (const [index, capture] of captures.entries()) {
    itss.push(checkedTables(capture.facts, memoryOf(capture, reports[index].layout), reports[index]));
    yield;
  }
  return { itss, close: reports.some(({ close }) => close), reports };
}
