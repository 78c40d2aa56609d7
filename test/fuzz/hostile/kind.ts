import type { Random } from "../random.ts";

/**
 * One kind of hostile input: how it is made and what must hold whatever it says. A case is a list of texts (lines, or messages as JSON),
 * so that it can be made shorter by leaving some out.
 */
export interface Kind {
  readonly name: KindName;
  /** Ending of a file with a case. */
  readonly ending: string;
  generate(random: Random): readonly string[];
  /** Runs a case. @returns what went wrong, as a sentence or an error's stack; undefined when all held */
  check(parts: readonly string[]): Promise<string | undefined>;
}

export const kindNames = [
  "scripts",
  "dumps",
  "dap",
  "lsp",
  "vmm",
  "layouts",
  "traces",
  "states",
  "values",
  "mcp",
] as const;
export type KindName = (typeof kindNames)[number];

/** A case that shows a fault, as short as it could be made. */
export interface Fault {
  readonly kind: KindName;
  readonly seed: number;
  readonly number: number;
  readonly what: string;
  readonly parts: readonly string[];
}

/** What a fault is about, whatever numbers and names are in it: two with the same are taken to be one. */
export function signature(what: string): string {
  const [first = "", ...rest] = what.split("\n");
  const place = rest.find((line) => /^\s+at /.test(line)) ?? "";
  return `${first.replaceAll(/0x[0-9a-f]+|\d+|"[^"]*"/gi, "N").slice(0, 120)} ${place.trim()}`;
}

/** Runs a check, and gives what it throws as a fault. */
export async function faultOf(
  check: () => Promise<string | undefined> | string | undefined,
): Promise<string | undefined> {
  try {
    return await check();
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

/** Words that a sentence for users never has: a value that was not there was put into it. */
export function unspoken(text: string): string | undefined {
  const found = /\b(?:undefined|NaN|null|\[object \w+\]|(?:Type|Range|Syntax|Reference)Error)\b/.exec(text);
  return found === null ? undefined : `A sentence says ${found[0]}: ${text.slice(0, 300)}`;
}
