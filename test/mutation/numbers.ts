import type { Edit } from "./messages.ts";

/** A number in a source, and what takes its place. */
export interface ChangedNumber extends Edit {
  /** From 1. */
  readonly line: number;
  readonly before: string;
}

/** Comments, strings, and numbers that are no part of a name. What stands in a template's `${}` is passed over with it. */
const TOKENS =
  /\/\/.*|\/\*[\s\S]*?\*\/|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`|(?<![\w$.])(0x[\da-f_]+|\d[\d_]*)(n?)(?![\w.])/gi;

/** Every whole number of a source that has no types any more, one more in its place: Stryker changes no numbers, and declarations consist of them. */
export function changedNumbers(file: string, source: string): ChangedNumber[] {
  const found: ChangedNumber[] = [];
  for (const { 0: before, 1: digits, 2: suffix, index } of source.matchAll(TOKENS)) {
    if (digits === undefined) continue;
    const more = BigInt(digits.replaceAll("_", "")) + 1n;
    const after = `${digits.toLowerCase().startsWith("0x") ? `0x${more.toString(16)}` : more}${suffix}`;
    const line = source.slice(0, index).split("\n").length;
    found.push({ file, line, start: index, end: index + before.length, before, after });
  }
  return found;
}
