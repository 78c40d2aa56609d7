import type { ProblemList } from "../problem.ts";

/** Keys of a `# gic:` line. */
export const HINT_KEYS = [
  "table",
  "layout",
  "base",
  "size",
  "first-id",
  "levels",
  "page-size",
  "event-bits",
  "device-id",
  "vtr",
  "lr-order",
  "form",
  "order",
  "digits",
] as const;
export type HintKey = (typeof HINT_KEYS)[number];
export type Hints = Readonly<Partial<Record<HintKey, string>>>;

/** Lines of a dump from a `# gic:` line up to the next one, and what it said. */
export interface DumpSection {
  /** Line of the `# gic:` comment, from 1. */
  readonly line: number;
  /** Last line of the section. */
  lastLine: number;
  readonly hints: Hints;
}

const HINT_LINE = /^#\s*gic:\s*(.*)$/i;

/**
 * Reads a comment line such as `# gic: table=device-table layout=kvm-rev0 base=0x40100000`. Words that are no `key=value` with a known
 * key are reported and left out.
 * @returns undefined for any other comment
 */
export function parseHints(comment: string, line: number, problems: ProblemList): Hints | undefined {
  const match = HINT_LINE.exec(comment.trim());
  if (match === null) return undefined;
  const hints: Partial<Record<HintKey, string>> = {};
  for (const word of match[1].split(/\s+/).filter((part) => part !== "")) {
    const equals = word.indexOf("=");
    const key = HINT_KEYS.find((candidate) => candidate === word.slice(0, equals).toLowerCase());
    const column = comment.indexOf(word);
    if (equals > 0 && key !== undefined && equals < word.length - 1) hints[key] = word.slice(equals + 1);
    else
      problems.add(
        "GIC-DUMP-HINT",
        line,
        column,
        `"${word}" is no hint; known are ${HINT_KEYS.join(", ")} (key=value).`,
      );
  }
  return hints;
}

/** `0x` hexadecimal or decimal, `_` allowed between digits. */
export function parseNumber(text: string): bigint | undefined {
  const digits = text.replace(/_/g, "");
  return /^(0[xX][0-9a-fA-F]{1,16}|\d{1,20})$/.test(digits) ? BigInt(digits) : undefined;
}
