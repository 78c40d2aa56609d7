import { createHash } from "node:crypto";
import { limits } from "./limits.ts";
import { toolErrors } from "./tool-errors.ts";

/** Arguments of every tool whose answer has rows. */
export const pageArguments = {
  rows: {
    type: "count",
    least: 1,
    most: limits.mostRows,
    default: limits.rows,
    summary: "rows of one answer; there are fewer where they are long",
  },
  cursor: { type: "text", value: "CURSOR", summary: "nextCursor of the answer before, for the rows that follow" },
} as const;

export interface PageRequest {
  readonly rows: number;
  readonly cursor: string | undefined;
}

/** Some of the rows of an answer. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly firstRow: number;
  readonly rowCount: number;
  readonly nextCursor?: string;
}

/** Digits of the hash in a cursor. */
const HASH_DIGITS = 16;

/** What a cursor belongs to: the arguments and contents that an answer was made of. */
export function originOf(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest("hex").slice(0, HASH_DIGITS);
}

/**
 * The rows that a request asks for, as many as an answer may have.
 * @param count of all rows @param row makes one, from 0; only those that are answered are made
 * @throws ToolError for a cursor of something else
 */
export function pageOf<Row>(
  origin: string,
  { rows: most, cursor }: PageRequest,
  count: number,
  row: (at: number) => Row,
): Page<Row> {
  const first = cursor === undefined ? 0 : placeOf(cursor, origin);
  if (first > count) throw toolErrors.cursor();
  const rows: Row[] = [];
  let characters = 0;
  for (let at = first; at < count && rows.length < most; at++) {
    const made = row(at);
    characters += JSON.stringify(made)?.length ?? 0;
    if (characters > limits.rowCharacters && rows.length > 0) break;
    rows.push(made);
  }
  const next = first + rows.length;
  return { rows, firstRow: first, rowCount: count, ...(next < count ? { nextCursor: `${origin}-${next}` } : {}) };
}

function placeOf(cursor: string, origin: string): number {
  const [, of, place] = /^([0-9a-f]+)-(\d{1,15})$/.exec(cursor) ?? [];
  if (of !== origin) throw toolErrors.cursor();
  return Number(place);
}

/** A sentence that says which rows these are; undefined when they are all. */
export function pageSentence({ rows, firstRow, rowCount, nextCursor }: Page<unknown>): string | undefined {
  if (nextCursor === undefined && firstRow === 0) return undefined;
  const more = nextCursor === undefined ? "" : `; cursor ${nextCursor} has those that follow`;
  return `Rows ${firstRow + 1} to ${firstRow + rows.length} of ${rowCount}${more}.`;
}
