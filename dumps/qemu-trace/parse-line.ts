import type { TraceEvent } from "./event.ts";
import { type EventField, type EventSpec, eventSpecs } from "./event-table.ts";

const NAME_START = "gicv3_";
const ZERO = 0x30;

/** What a line is that is no event: something else, or an event that is not known or not whole. */
export type NoEvent = "other" | "unreadable";

/**
 * Reads one line. The event may stand behind a prefix: none, `thread@seconds.microseconds:` (QEMU up to 10.0), an ISO 8601 stamp
 * (10.1 and later), what a journal puts there, or a guest error that QEMU printed without ending its line.
 * @param line number of the line, from 1
 */
export function parseTraceLine(text: string, line: number): TraceEvent | NoEvent {
  let answer: NoEvent = "other";
  for (let at = text.indexOf(NAME_START); at >= 0; at = text.indexOf(NAME_START, at + NAME_START.length)) {
    const end = text.indexOf(" ", at);
    // QEMU's guest errors begin with a function's name, such as gicv3_dist_read, and a colon.
    if (end < 0 || text.charCodeAt(end - 1) === 0x3a) continue;
    answer = "unreadable";
    const spec = eventSpecs.get(text.slice(at, end));
    const values = spec === undefined ? undefined : fieldValues(spec, text, end + 1);
    if (spec !== undefined && values !== undefined) return { line, spec, values };
  }
  return answer;
}

/** Values of an event's fields, or undefined when the text from `at` on is not its line. */
function fieldValues({ literals, fields }: EventSpec, text: string, at: number): (number | bigint)[] | undefined {
  const values: (number | bigint)[] = [];
  let position = at;
  for (let i = 0; i < literals.length; i++) {
    if (!text.startsWith(literals[i], position)) return undefined;
    position += literals[i].length;
    const field = fields[i];
    if (field === undefined) break;
    const end = endOfNumber(text, position, field);
    const value = numberOf(text, position, end, field);
    if (value === undefined) return undefined;
    values.push(value);
    position = end;
  }
  return text.slice(position).trimEnd() === "" ? values : undefined;
}

function endOfNumber(text: string, start: number, { radix }: EventField): number {
  let at = start;
  if (radix === 16) at += 2;
  else if (text.charCodeAt(at) === 0x2d) at++;
  while (digitOf(text.charCodeAt(at)) < radix) at++;
  return at;
}

/** Value of a digit; 99 for anything else. */
function digitOf(code: number): number {
  if (code >= ZERO && code <= 0x39) return code - ZERO;
  return code >= 0x61 && code <= 0x66 ? code - 0x57 : 99;
}

function numberOf(text: string, start: number, end: number, field: EventField): number | bigint | undefined {
  const { radix, wide } = field;
  if (radix === 16 && !text.startsWith("0x", start)) return undefined;
  const digits = end - start - (radix === 16 ? 2 : 0);
  if (digits < 1 || digits > 16) return undefined;
  if (wide && digits > 13) return BigInt(text.slice(start, end));
  const number = Number(text.slice(start, end));
  if (!Number.isSafeInteger(number)) return undefined;
  return wide ? BigInt(number) : number;
}
