import type { DumpDocument } from "../../dumps/document.ts";
import { placeOfAddress } from "../../dumps/hex-text/line-groups.ts";
import type { TableRow } from "../../dumps/tables/table.ts";

/**
 * Where the digits of an entry stand in the text: first line and column, last line and column, from 0, the last column not included.
 * The whole line of a `*` that stands for it; undefined when no line does.
 */
export function linesOfEntry(
  dump: DumpDocument,
  { address, byteCount }: TableRow,
): [number, number, number, number] | undefined {
  const first = placeOfAddress(dump, address);
  const last = placeOfAddress(dump, address + Math.max(byteCount, 1) - 1);
  if (first === undefined || last === undefined) {
    const line = dump.text?.lines.lineOf(address);
    return line === undefined ? undefined : [line - 1, 0, line, 0];
  }
  // Digits of a little-endian number run from its last byte to its first.
  const [start, end] = [first, last].sort((a, b) => a.line - b.line || a.start - b.start);
  return [start.line - 1, start.start, end.line - 1, end.end];
}
