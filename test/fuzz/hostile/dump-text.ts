import type { DumpDocument } from "../../../dumps/document.ts";
import { groupsOfLine } from "../../../dumps/hex-text/line-groups.ts";
import { planTables } from "../../../dumps/tables/section-tables.ts";
import type { TableName } from "../../../dumps/tables/table-names.ts";
import { digitRoles } from "../../../dumps/text/digit-roles.ts";
import { entryIndex } from "../../../dumps/text/entry-index.ts";
import { definitionsOf, entryUnder, referencesOf } from "../../../dumps/text/entry-links.ts";
import { dumpFolds } from "../../../dumps/text/folds.ts";
import { lineHint } from "../../../dumps/text/line-entries.ts";
import { lineFacts } from "../../../dumps/text/line-facts.ts";
import { dumpOutline } from "../../../dumps/text/outline.ts";
import { placeOfBytes } from "../../../dumps/text/text-place.ts";
import { textTable } from "../../../dumps/text/text-tables.ts";
import { finish } from "../../../dumps/work.ts";
import { unspoken } from "./kind.ts";

/** Columns of a line that are pointed at. */
const COLUMNS = [0, 9, 12, 20, 40];
/** Characters at the end of a line, at most. */
const MOST_HINT = 500;

/** What an editor shows of the first lines of a dump, as a table of a name or as its sections say. @returns a fault */
export function textFault(document: DumpDocument, table: TableName | undefined, lines: number): string | undefined {
  const plans = finish(planTables(document, { table }));
  for (const { first, last } of finish(dumpFolds(document))) {
    if (!(first >= 1 && last > first)) return `Lines ${first} to ${last} fold.`;
  }
  const outline = finish(dumpOutline(document, plans));
  const bad = unspoken(outline.flatMap(({ entries }) => entries.map(({ detail }) => detail)).join("\n"));
  if (bad !== undefined) return bad;
  const index = finish(entryIndex(document, plans));
  for (const plan of plans) {
    const decoded = finish(textTable(document, plan));
    for (let line = 1; line <= lines; line++) {
      const hint = lineHint(document, decoded.tables, line) ?? "";
      if (hint.length > MOST_HINT) return `The end of line ${line} has ${hint.length} characters.`;
      const silent = unspoken(hint);
      if (silent !== undefined) return silent;
      const groups = groupsOfLine(document, line);
      for (const { start, end } of digitRoles(document, decoded.tables, line)) {
        if (!groups.some((group) => start >= group.start && start < end && end <= groups[groups.length - 1].end))
          return `Columns ${start} to ${end} of line ${line} are no digits.`;
      }
      for (const column of COLUMNS) {
        lineFacts(document, decoded, line, column);
        const at = entryUnder(document, decoded.tables, line, column);
        if (at === undefined) continue;
        for (const { address, bytes } of [
          ...definitionsOf(document, index, at),
          ...referencesOf(document, index, at).slice(0, 20),
        ]) {
          const place = placeOfBytes(document, address, bytes);
          if (place !== undefined && !(place.line >= 1 && place.start < place.end))
            return `A link leads to line ${place.line}, columns ${place.start} to ${place.end}.`;
        }
      }
    }
  }
  return undefined;
}
