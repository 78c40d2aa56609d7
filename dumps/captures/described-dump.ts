import type { DumpDocument } from "../document.ts";
import type { Hints } from "../hex-text/hints.ts";

/** Kinds of tables that a dump as a whole can be said to be: what follows from one of them is found from there. */
export const describedTables = [
  "device-table",
  "device-table-l1",
  "collection-table",
  "lpi-config",
  "lpi-pending",
] as const;
export type DescribedTable = (typeof describedTables)[number];

/** A dump without `# gic:` lines, as if one above all its lines said which table it is. */
export function describedDump(
  document: DumpDocument,
  table: DescribedTable,
  { base, size, levels }: { readonly base?: bigint; readonly size?: bigint; readonly levels?: "1" | "2" },
): DumpDocument {
  const hints: Hints = {
    table,
    ...(base === undefined ? {} : { base: `0x${base.toString(16)}` }),
    ...(size === undefined ? {} : { size: `${size}` }),
    ...(levels === undefined ? {} : { levels }),
  };
  return { ...document, sections: [{ line: 1, lastLine: document.text?.lineCount ?? 1, hints }] };
}
