import type { DumpText } from "../document.ts";
import { lineForm } from "./byte-order.ts";
import { CR, LF } from "./characters.ts";
import type { LineScan } from "./line-scan.ts";
import { LineScanner } from "./line-scanner.ts";

/** Start and end (without its line end) of a line that holds data; undefined for any other line. */
export function placeOfLine(text: DumpText, line: number): { start: number; end: number } | undefined {
  const run = text.lines.runOf(line);
  if (run === undefined) return undefined;
  let start = run.textStart;
  for (let at = run.firstLine; at < line; at++) start = text.characters.indexOf(LF, start) + 1;
  let end = text.characters.indexOf(LF, start);
  if (end < 0) end = text.characters.length;
  if (end > start && text.characters[end - 1] === CR) end--;
  return { start, end };
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
