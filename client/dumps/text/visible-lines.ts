import type { Range, TextDocument } from "vscode";
import type { TextTable } from "../../../dumps/text/text-tables.ts";
import type { Work } from "../../../dumps/work.ts";
import type { ReadDump } from "../dump-store.ts";

/** Lines of one request: VS Code asks for what shows, other extensions for anything. */
const MAX_LINES = 4096;
/** Longer lines are read by no person, and what stands at their ends is seen by none. */
const MAX_COLUMNS = 1000;
/** Lines between two slices. */
const SLICE = 32;

/**
 * Does something for each line of a range that a decoded table has, in slices.
 * @param answer for a line, from 0
 */
export async function overLines<T>(
  { run, planAt, table, dump }: ReadDump,
  document: TextDocument,
  range: Range,
  isWanted: () => boolean,
  answer: (line: number, table: TextTable) => T | undefined,
): Promise<T[]> {
  const first = range.start.line;
  const last = Math.min(range.end.line, first + MAX_LINES - 1, document.lineCount - 1);
  const found: T[] = [];
  for (let line = first; line <= last && isWanted(); ) {
    const plan = planAt(line + 1);
    // Lines of one table after another: what lies between has no table.
    let end = line;
    while (end < last && planAt(end + 2) === plan) end++;
    if (plan !== undefined) {
      const decoded = await table(plan);
      if (decoded.tables.length > 0) await run(linesOf(line, end, decoded));
    }
    line = end + 1;
  }
  return found;

  function* linesOf(from: number, to: number, decoded: TextTable): Work<void> {
    for (let line = from; line <= to; line++) {
      if (line % SLICE === 0) {
        yield;
        if (!isWanted()) return;
      }
      if (dump.text?.lines.runOf(line + 1) === undefined) continue;
      if (document.lineAt(line).text.length > MAX_COLUMNS) continue;
      const made = answer(line, decoded);
      if (made !== undefined) found.push(made);
    }
  }
}
