import { allCaptureNotes } from "../../dumps/captures/index.ts";
import { counted } from "../../dumps/checks/index.ts";
import {
  compareGuests,
  type Differences,
  type DifferenceTable,
  differ,
  differenceTables,
  notComparedText,
  wordTables,
} from "../../dumps/compare/index.ts";
import type { Work } from "../../dumps/work.ts";
import { differencesJson } from "../../runner/inputs/differences-json.ts";
import { type InputTables, registersOf } from "../../runner/inputs/tables-input.ts";
import {
  type CompareParams,
  MAX_REPORT_JSON,
  type Report,
  type ReportCell,
  type ReportTable,
} from "../tables-protocol.ts";
import { cell, entryLink, reportTable } from "./links.ts";
import { type FileAccess, readTables } from "./read-input.ts";

/** Two inputs beside each other. */
export interface Comparison {
  readonly ours: InputTables;
  readonly theirs: InputTables;
  readonly differences: Differences;
}

/** How two inputs differ. @throws InputProblem */
export function* compareTables({ a, b }: CompareParams, access: FileAccess | undefined): Work<Comparison> {
  const ours = yield* readTables(a, access);
  const theirs = yield* readTables(b, access);
  const differences = compareGuests(
    { itss: ours.itss, registers: registersOf(ours) },
    { itss: theirs.itss, registers: registersOf(theirs) },
  );
  yield;
  return { ours, theirs, differences };
}

/** As {@link compareTables}, as a report. @throws InputProblem */
export function* compareInputs(params: CompareParams, access: FileAccess | undefined): Work<Report> {
  const { a, b } = params;
  const { ours, theirs, differences } = yield* compareTables(params, access);
  const json = JSON.stringify(differencesJson(ours, theirs, differences));
  const table = (tone: ReportTable["tone"]) => (found: DifferenceTable) => tableOf(found, ours, theirs, tone);
  return {
    inputs: [
      { label: "A", name: a.name, detail: inputDetail(ours) },
      { label: "B", name: b.name, detail: inputDetail(theirs) },
    ],
    result: comparisonResult(differences),
    tables: [...differenceTables(differences).map(table(undefined)), ...wordTables(differences).map(table("quiet"))],
    notes: [
      ...problemNotes(ours, theirs),
      ...differences.notCompared.map((part) => `Not compared: ${notComparedText(part)}.`),
    ],
    ...(json.length > MAX_REPORT_JSON ? {} : { json }),
  };
}

/** What an input holds, in one line. */
export function inputDetail({ itss, close, reports }: InputTables): string {
  const [first] = itss;
  const devices = itss.reduce((sum, { report }) => sum + report.devices.length, 0);
  const events = itss.reduce(
    (sum, { report }) => sum + report.devices.reduce((count, device) => count + device.events.length, 0),
    0,
  );
  const second = close ? reports.find(({ close: isClose }) => isClose)?.scores[1] : undefined;
  const doubt = second === undefined ? "" : `; layout ${second.layout} explains it about as well`;
  const several = itss.length === 1 ? "" : `${itss.length} ITSs, `;
  return `${several}layout ${first.layout.name} (${first.layout.title})${doubt}; ${counted(devices, "device")}, ${counted(events, "event")}`;
}

/** What in the files cannot be read, and where they contradict each other. */
export function problemNotes(...inputs: readonly InputTables[]): string[] {
  return inputs.flatMap(({ captures, reports }) => [
    ...captures.flatMap(({ problems }) => problems.map(({ file, message }) => `${file}: ${message}.`)),
    ...reports.flatMap((report) => allCaptureNotes(report).map((note) => `${note}.`)),
  ]);
}

/** What came of a comparison, in a sentence without a full stop. */
export function comparisonResult(differences: Differences): ReportCell {
  const { devices, events, collections, lpis, registers, places, words, notCompared } = differences;
  if (differ(differences)) {
    const parts = [
      [devices.length, "device"],
      [events.length, "event"],
      [collections.length, "collection"],
      [lpis.length, "range of LPIs", "ranges of LPIs"],
      [registers.length, "register"],
      [places.length, "table that is elsewhere", "tables that are elsewhere"],
    ] as const;
    const text = parts.filter(([count]) => count > 0).map(([count, one, many]) => counted(count, one, many));
    return cell(`A and B differ: ${text.length === 0 ? "in their number of ITSs" : text.join(", ")}`);
  }
  const isPartial = notCompared.some(({ what }) => what !== "register");
  const same = isPartial
    ? "What both have is the same; not everything could be compared"
    : "What is mapped is the same";
  const but =
    words.length === 0 ? "" : `; ${counted(words.length, "entry", "entries")} that mean the same are different words`;
  return cell(`${same}${but}`, undefined, isPartial ? "warning" : "good");
}

function tableOf(
  { title, columns, rows, places }: DifferenceTable,
  ours: InputTables,
  theirs: InputTables,
  tone: ReportTable["tone"],
): ReportTable {
  const head = { title, columns, about: [], ...(tone === undefined ? {} : { tone }) };
  return reportTable(head, rows.length, (at) => {
    const place = places[at];
    const texts = rows[at];
    return texts.map((text, column) => {
      const side = column - (texts.length - 2);
      if (place === undefined || side < 0) return cell(text);
      const [tables, address] = side === 0 ? [ours, place.a] : [theirs, place.b];
      return cell(text, entryLink(tables, side, place.its, place.kind, address));
    });
  });
}
