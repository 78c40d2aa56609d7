import type { DumpDocument } from "../document.ts";
import { groupOrder } from "./byte-order.ts";
import type { GroupOrder } from "./group-form.ts";
import { LineScan } from "./line-scan.ts";
import { scanLineOf } from "./scan-line-of.ts";

/** A group of digits on a line: the bytes at `address`, columns `start` up to but not including `end`, both from 0. */
export interface LineGroup {
  readonly address: number;
  readonly byteCount: number;
  readonly start: number;
  readonly end: number;
  /** `little`: the digits are one number; `bytes`: bytes in memory order. Equal for one byte. */
  readonly order: GroupOrder;
  /** Whether each two columns are a byte; else all columns are all bytes. */
  readonly isHex: boolean;
}

/** The groups of a line, in order; empty for a line without data (and for a `*`). Lines count from 1. */
export function groupsOfLine(document: DumpDocument, line: number): LineGroup[] {
  const text = document.text;
  const held = text?.lines.bytesOf(line);
  if (text === undefined || held === undefined || held.kind === "repeat") return [];
  const scan = new LineScan();
  if (scanLineOf(text, line, scan) === undefined) return [];
  const order = groupOrder(scan, text.style);
  const groups: LineGroup[] = [];
  let address = held.address;
  const end = held.address + held.byteCount;
  for (let group = 0; group < scan.groupCount && address < end; group++) {
    const start = scan.groupStart[group];
    const digits = scan.groupDigits[group];
    // The last word of `od` may hold fewer bytes than it has digits for.
    const byteCount = Math.min(scan.bytesOf(group), end - address);
    groups.push({ address, byteCount, start, end: start + digits, order, isHex: scan.groupBytes === 0 });
    address += byteCount;
  }
  return groups;
}

/** The byte and the group under a column. */
export interface DumpPlace {
  readonly line: number;
  readonly group: LineGroup;
  /** Address of the byte whose digits are under the column; of a group that is not hexadecimal, its first byte. */
  readonly address: number;
}

/** What stands at a position of a text dump; undefined outside the data. Lines count from 1, columns from 0. */
export function placeAt(document: DumpDocument, line: number, column: number): DumpPlace | undefined {
  const group = groupsOfLine(document, line).find((candidate) => column >= candidate.start && column < candidate.end);
  if (group === undefined) return undefined;
  if (!group.isHex) return { line, group, address: group.address };
  const pair = (column - group.start) >> 1;
  const pairs = (group.end - group.start) >> 1;
  const byte = group.order === "little" ? pairs - 1 - pair : pair;
  return { line, group, address: group.address + Math.min(byte, group.byteCount - 1) };
}

/** Where an address stands in the text: its line, and the columns of its byte. Undefined inside a `*` and outside the dump. */
export function placeOfAddress(
  document: DumpDocument,
  address: number,
): { line: number; start: number; end: number } | undefined {
  const line = document.text?.lines.lineOf(address);
  if (line === undefined) return undefined;
  for (const group of groupsOfLine(document, line)) {
    if (address < group.address || address >= group.address + group.byteCount) continue;
    if (!group.isHex) return { line, start: group.start, end: group.end };
    const byte = address - group.address;
    const start = group.order === "little" ? group.end - 2 * (byte + 1) : group.start + 2 * byte;
    return { line, start, end: start + 2 };
  }
  return undefined;
}
