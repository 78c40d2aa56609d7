import { BLANK, COLON, GREATER, HEX_VALUE, STAR, TAB, ZERO } from "./characters.ts";

/** A log prefix longer than this is no longer searched for a dump line. */
const MAX_PREFIX = 200;
const CLOSING = 0x5d; // ]
const LETTER_S = 0x53;
/** Digits of an address that has no colon. */
const LEAST_DIGITS = 6;

/**
 * Where a dump line may begin behind the prefix of a log: time stamps of dmesg, of journals, of serial consoles, names that end in a colon.
 * What stands there looks like the beginning of a line without a colon, a `*` or a record; whether it is one, the scanner says.
 * @returns the position; -1: there is none
 */
export function behindPrefix(text: Uint8Array, start: number, end: number): number {
  const limit = Math.min(end, start + MAX_PREFIX);
  let token = start;
  for (let at = start; at < limit; at++) {
    if (text[at] !== BLANK) continue;
    if (at > token && endsPrefix(text, token, at) && mayBegin(text, at + 1, end)) return at + 1;
    token = at + 1;
  }
  return -1;
}

/** Whether a word may be the last one of a prefix: `its:`, `12.345678]`, `<6>`, a time. */
function endsPrefix(text: Uint8Array, from: number, to: number): boolean {
  const last = text[to - 1];
  if (last === COLON || last === CLOSING || last === GREATER) return true;
  let colons = 0;
  for (let at = from; at < to; at++) {
    const character = text[at];
    if (character === COLON) colons++;
    else if (!isTime(character)) return false;
  }
  return colons > 0;
}

/** Digits and what stands between those of a time: 2026-11-20T15:15:01.123+00:00Z. */
function isTime(character: number): boolean {
  return (character >= ZERO && character <= ZERO + 9) || "+-.,TZ".includes(String.fromCharCode(character));
}

function mayBegin(text: Uint8Array, from: number, end: number): boolean {
  let at = from;
  while (at < end && (text[at] === BLANK || text[at] === TAB)) at++;
  const first = text[at];
  if (at >= end) return false;
  if (first === STAR) return at + 1 === end;
  if (first === COLON || first === LETTER_S) return HEX_VALUE[text[at + 1]] >= 0;
  const digits = at;
  while (at < end && HEX_VALUE[text[at]] >= 0) at++;
  return at - digits >= LEAST_DIGITS && (at >= end || text[at] === BLANK || text[at] === TAB);
}
