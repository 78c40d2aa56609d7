import type { DumpText } from "../document.ts";
import type { Work } from "../work.ts";
import { lineForm } from "./byte-order.ts";
import { CR, LF } from "./characters.ts";
import type { LineRun } from "./line-runs.ts";
import type { LineScan } from "./line-scan.ts";
import { LineScanner } from "./line-scanner.ts";

/** Start and end (without its line end) of a line that holds data; undefined for any other line. */
export function placeOfLine(text: DumpText, line: number): { start: number; end: number } | undefined {
  const run = text.lines.runOf(line);
  if (run === undefined) return undefined;
  const start = startOfLine(text, run, line);
  let end = text.characters.indexOf(LF, start);
  if (end < 0) end = text.characters.length;
  if (end > start && text.characters[end - 1] === CR) end--;
  return { start, end };
}

/** Every so many lines of a run the start of one is kept: the next line that is asked for is looked for from there. */
const KEPT_EVERY = 512;

const keptStarts = new WeakMap<DumpText, Map<number, number>>();

function startOfLine(text: DumpText, run: LineRun, line: number): number {
  let kept = keptStarts.get(text);
  if (kept === undefined) {
    kept = new Map();
    keptStarts.set(text, kept);
  }
  let at = line - (line % KEPT_EVERY);
  while (at > run.firstLine && !kept.has(at)) at -= KEPT_EVERY;
  let start = at > run.firstLine ? (kept.get(at) ?? 0) : run.textStart;
  for (at = Math.max(at, run.firstLine); at < line; at++) {
    if (at % KEPT_EVERY === 0) kept.set(at, start);
    start = text.characters.indexOf(LF, start) + 1;
  }
  return start;
}

/** Lines between two slices. */
const SLICE_LINES = 16_384;

/** Finds the starts of lines, so that what is asked of a line afterwards costs the same wherever it is. */
export function* findLineStarts(text: DumpText): Work<void> {
  const { runs } = text.lines;
  for (let at = 0; at < runs.count; at++) {
    const run = runs.get(at);
    const last = run.firstLine + run.lineCount - 1;
    for (let line = run.firstLine + SLICE_LINES; line < last; line += SLICE_LINES) {
      startOfLine(text, run, line);
      yield;
    }
    if (run.lineCount > KEPT_EVERY) startOfLine(text, run, last);
    if (at % SLICE_LINES === SLICE_LINES - 1) yield;
  }
}

/**
 * Scans one line again as it was scanned when the dump was read. The text column is learned anew from a full line of the same
 * dump, so that a short last line is cut where it was then.
 * @returns the place of the line's first character; undefined for a line without data
 */
export function scanLineOf(text: DumpText, line: number, scan: LineScan): number | undefined {
  const place = placeOfLine(text, line);
  if (place === undefined) return undefined;
  const scanner = new LineScanner(text.shapes, lineForm(text.style));
  const before = text.lines.runOf(line - 1);
  const earlier = before?.kind === "data" ? placeOfLine(text, before.firstLine) : undefined;
  if (earlier !== undefined) scanner.scan(text.characters, earlier.start, earlier.end, scan);
  scanner.scan(text.characters, place.start, place.end, scan);
  return place.start;
}
