import { CR, LF } from "./characters.ts";
import { MAX_LINE } from "./scan-line.ts";

const FIRST_LINES = 256;
const SPREAD_LINES = 512;

/** Calls back for the first lines and for lines spread evenly over the rest, so that a sparse table's few words are seen too. */
export function eachSampledLine(text: Uint8Array, visit: (start: number, end: number, line: number) => void): void {
  let at = 0;
  let line = 0;
  for (; line < FIRST_LINES && at < text.length; line++) {
    const end = lineEnd(text, at);
    visit(at, Math.min(withoutReturn(text, at, end), at + MAX_LINE + 1), line);
    at = end + 1;
  }
  const stride = Math.floor((text.length - at) / SPREAD_LINES);
  if (stride < 1) return;
  // A line that is longer than a stride is looked through once.
  let start = at;
  let end = -1;
  for (let i = 0; i < SPREAD_LINES; i++) {
    const from = at + i * stride;
    if (from >= start || i === 0) {
      start = (from <= end && end >= 0 ? end : lineEnd(text, from)) + 1;
      if (start >= text.length) return;
      end = lineEnd(text, start);
    }
    line += 2;
    visit(start, Math.min(withoutReturn(text, start, end), start + MAX_LINE + 1), line);
  }
}

function withoutReturn(text: Uint8Array, start: number, end: number): number {
  return end > start && text[end - 1] === CR ? end - 1 : end;
}

function lineEnd(text: Uint8Array, from: number): number {
  const at = text.indexOf(LF, from);
  return at < 0 ? text.length : at;
}
