import type { DumpDocument } from "../document.ts";
import { groupsOfLine, type LineGroup } from "../hex-text/line-groups.ts";

/** A part of a line: lines from 1, columns from 0, `end` not included. */
export interface TextPlace {
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Where bytes stand in the text: on the line of the first of them, from its digits to those of the last byte that the line has.
 * @returns undefined where the dump does not hold the first byte; the `*` that stands for it
 */
export function placeOfBytes(document: DumpDocument, address: number, length: number): TextPlace | undefined {
  const line = document.text?.lines.lineOf(address);
  if (line === undefined) return undefined;
  if (document.text?.lines.bytesOf(line)?.kind === "repeat") return { line, start: 0, end: 1 };
  let start: number | undefined;
  let end = 0;
  for (const group of groupsOfLine(document, line)) {
    const from = Math.max(address, group.address);
    const to = Math.min(address + Math.max(length, 1), group.address + group.byteCount);
    if (from >= to) continue;
    const columns = columnsOf(group, from, to);
    start = Math.min(start ?? columns.start, columns.start);
    end = Math.max(end, columns.end);
  }
  return start === undefined ? undefined : { line, start, end };
}

/** Columns of some bytes of a group; all of it where its digits are not hexadecimal. */
export function columnsOf(
  group: LineGroup,
  from: number,
  to: number,
): { readonly start: number; readonly end: number } {
  const { address, start, end, order, isHex } = group;
  if (!isHex) return { start, end };
  return order === "little"
    ? { start: end - 2 * (to - address), end: end - 2 * (from - address) }
    : { start: start + 2 * (from - address), end: start + 2 * (to - address) };
}
