import type { Diagnostic } from "../diagnostic.ts";
import { errors } from "../errors.ts";
import type { Span } from "./syntax.ts";

/** Largest value of an expression: 2^64 - 1. */
export const MAX_VALUE = (1n << 64n) - 1n;
/** Smallest value of an expression: -2^63. */
export const MIN_VALUE = -(1n << 63n);

// Most numbers of a script are small; one bigint each is enough for all uses of them.
const small: readonly bigint[] = Array.from({ length: 1024 }, (_, value) => BigInt(value));

/** Value of a digit in bases up to 16, 16 and more for anything else. */
function digit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : 99;
}

/** Bits that a suffix moves a number up by: K, M and G. */
function suffixBits(code: number): number {
  return code === 75 ? 10 : code === 77 ? 20 : code === 71 ? 30 : 0;
}

/**
 * Reads the characters `start` to `end` of a line as a number: decimal, 0x, 0b, 0o, `_` between digits, suffix K, M or G (powers of 1024).
 * The result is 0 to 2^64 - 1, or a diagnostic.
 */
export function parseNumber(text: string, start: number, end: number): bigint | Diagnostic {
  let at = start;
  let base = 10;
  if (text.charCodeAt(at) === 48 && end - at > 1) {
    const mark = text.charCodeAt(at + 1) | 32;
    base = mark === 120 ? 16 : mark === 98 ? 2 : mark === 111 ? 8 : 10;
    if (base !== 10) at += 2;
  }
  const first = at;
  const shift = suffixBits(text.charCodeAt(end - 1));
  const last = shift === 0 ? end : end - 1;
  // Exact in a double up to 2^53; longer numbers go through the slow path below.
  let value = 0;
  for (; at < last; at++) {
    const code = text.charCodeAt(at);
    if (code === 95 && at > first && at + 1 < last) continue;
    const next = digit(code);
    if (next >= base) break;
    value = value * base + next;
  }
  const place = (): Span => ({ start, length: end - start });
  if (at < last || first === last)
    return errors.badNumber(place(), text.slice(start, end), advice(text, start, end, base));
  const isExact = value <= Number.MAX_SAFE_INTEGER;
  if (shift === 0 && isExact) return value < small.length ? small[value] : BigInt(value);
  const exact = isExact ? BigInt(value) : longNumber(text, first, last, base);
  const result = exact << BigInt(shift);
  return result > MAX_VALUE ? errors.numberTooLarge(place(), text.slice(start, end)) : result;
}

const prefixes: Readonly<Record<number, string>> = { 2: "0b", 8: "0o", 10: "", 16: "0x" };

/** Digits were checked by the caller. More digits than 64 bits can need give a number that is too large, without being converted. */
function longNumber(text: string, start: number, end: number, base: number): bigint {
  const digits = text
    .slice(start, end)
    .replaceAll("_", "")
    .replace(/^0+(?=.)/, "");
  return digits.length > 64 ? MAX_VALUE + 1n : BigInt(prefixes[base] + digits);
}

function advice(text: string, start: number, end: number, base: number): string {
  const word = text.slice(start, end);
  const upper = `${word.slice(0, -1)}${word.slice(-1).toUpperCase()}`;
  if (/^(?:0x[0-9a-f_]+|[0-9_]+)[kmg]$/i.test(word) && upper !== word) return `Write ${upper}.`;
  if (base === 10 && /^[0-9a-f_]+$/i.test(word)) return `Hexadecimal numbers begin with 0x: 0x${word}.`;
  return "Write 16, 0x10, 0b1_0000, 0o20 or 64K.";
}

/** True for a diagnostic where a value could have been. */
export function isDiagnostic(value: bigint | Diagnostic): value is Diagnostic {
  return typeof value !== "bigint";
}

/** A value as people who read manuals write it: small ones in decimal, others in hexadecimal. */
export function formatValue(value: bigint): string {
  if (value < 0n) return `-${formatValue(-value)}`;
  return value < 10n ? value.toString() : `0x${value.toString(16)}`;
}
