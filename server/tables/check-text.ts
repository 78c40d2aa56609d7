import { type Capture, openCaptureWork } from "../../dumps/captures/index.ts";
import { holdTables, readTablesOf, ruleIds } from "../../dumps/checks/index.ts";
import { layoutsOf, type NamedLayoutFile, withLayoutFiles } from "../../dumps/layout-files/index.ts";
import { readDumpWork } from "../../dumps/read-dump.ts";
import type { TextPlace } from "../../dumps/text/text-place.ts";
import type { Work } from "../../dumps/work.ts";
import {
  judgeTablesWork,
  kernelModels,
  type PlacedProblem,
  placedProblems,
  tablesLines,
  verdictLines,
} from "../../runner/verdict/index.ts";
import type { DumpCheckAnswer, DumpCheckParams, DumpPlace, DumpProblem } from "../dump-check-protocol.ts";

const severities: readonly PlacedProblem["severity"][] = ["error", "warning", "note"];
const ids: readonly string[] = ruleIds;

/**
 * What `gicwb check` says of a dump, in slices. The longest slice is the restore into one kernel, which is bounded by the entries that it
 * meets.
 * @param params as they came: anything may be in them
 */
export function* dumpCheckWork(params: Partial<DumpCheckParams> | null | undefined): Work<DumpCheckAnswer> {
  const { text, name, layoutFiles, models, maxProblems } = params ?? {};
  if (typeof text !== "string") return { refusal: "There is no text of a dump." };
  const file = typeof name === "string" ? name : "dump";
  const asked = kernelModels.filter((model) => !Array.isArray(models) || models.includes(model));
  const named = Array.isArray(layoutFiles) ? layoutFiles.filter(isNamedFile) : [];
  const document = withLayoutFiles(yield* readDumpWork(text), layoutsOf(named));
  const captures: readonly Capture[] = [yield* openCaptureWork([{ name: file, content: { text, dump: document } }])];
  if (!holdTables(captures)) return { notChecked: true };
  yield;
  const tables = yield* readTablesOf(captures);
  const verdict = yield* judgeTablesWork(tables.itss, asked);
  const all = placedProblems(document, verdict, tables, captures);
  yield;
  const most = typeof maxProblems === "number" && maxProblems >= 1 ? maxProblems : all.length;
  // What is left out is what matters least.
  const kept = all.toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity)).slice(0, most);
  return {
    problems: kept.sort((a, b) => a.place.line - b.place.line || a.place.start - b.place.start).map(problem),
    more: all.length - kept.length,
    lines: [...tablesLines(file, tables, captures), "", ...verdictLines(verdict)],
  };
}

function isNamedFile(given: unknown): given is NamedLayoutFile {
  if (typeof given !== "object" || given === null || !("word" in given) || typeof given.word !== "string") return false;
  return "text" in given ? typeof given.text === "string" : "problem" in given && typeof given.problem === "string";
}

function problem({ code, severity, message, place, related }: PlacedProblem): DumpProblem {
  return {
    code,
    isRule: ids.includes(code),
    severity,
    message,
    place: placeOf(place),
    related: related.map((other) => ({ message: other.message, place: placeOf(other.place) })),
  };
}

function placeOf({ line, start, end }: TextPlace): DumpPlace {
  return { line: line - 1, start, end };
}
