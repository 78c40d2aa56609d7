import type { DumpDocument } from "../document.ts";
import type { Work } from "../work.ts";

/** Lines that fold together, from 1, both inclusive. */
export interface Fold {
  readonly first: number;
  readonly last: number;
  readonly kind: "section" | "empty";
}

/** Shorter stretches of zeros are no trouble to read. */
const LEAST_LINES = 3;
/** Folds that are made; VS Code takes 5,000 of a document. */
const MAX_FOLDS = 5000;
/** Lines between two slices. */
const SLICE = 4096;

/** Sections, and lines one after another whose bytes are all zero, `*` among them. In the order of their first lines. */
export function* dumpFolds(document: DumpDocument): Work<Fold[]> {
  const { text, sections } = document;
  if (text === undefined) return [];
  const folds: Fold[] = [];
  const { runs } = text.lines;
  for (const { line, lastLine } of sections) {
    // Empty lines and comments behind the last line with data belong to what follows.
    const run = runs.indexNotAfter(lastLine);
    const last = run < 0 ? line : Math.min(lastLine, runs.lineAfter(run) - 1);
    if (last > line) folds.push({ first: line, last, kind: "section" });
  }
  let first = -1;
  let last = -1;
  let steps = 0;
  const end = (): void => {
    if (first > 0 && last - first + 1 >= LEAST_LINES) folds.push({ first, last, kind: "empty" });
    first = -1;
  };
  for (let at = 0; at < runs.count && folds.length < MAX_FOLDS; at++) {
    const { firstLine, lineCount, address, bytesPerLine, kind } = runs.get(at);
    if (firstLine !== last + 1) end();
    for (let line = firstLine; line < firstLine + lineCount; line++) {
      if (++steps % SLICE === 0) yield;
      const isEmpty =
        kind === "repeat"
          ? first > 0
          : isZero(document.memory.read(address + (line - firstLine) * bytesPerLine, bytesPerLine));
      if (!isEmpty) end();
      else if (first < 0) first = line;
      last = line;
      if (!isEmpty) first = -1;
    }
  }
  end();
  return folds.slice(0, MAX_FOLDS).sort((a, b) => a.first - b.first || b.last - a.last);
}

function isZero(bytes: Uint8Array | undefined): boolean {
  if (bytes === undefined) return false;
  for (const byte of bytes) if (byte !== 0) return false;
  return true;
}
