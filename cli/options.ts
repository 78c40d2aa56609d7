import { parseArgs } from "node:util";
import { parseNumber } from "../dumps/hex-text/hints.ts";
import { errors } from "./errors.ts";

/** An option of a command. `number` takes decimal or 0x; `choice` takes one of `choices`; `short` is a letter that means the same. */
export type Option =
  | { readonly type: "flag"; readonly summary: string }
  | { readonly type: "text"; readonly value: string; readonly short?: string; readonly summary: string }
  | { readonly type: "number"; readonly value: string; readonly summary: string }
  | { readonly type: "choice"; readonly value: string; readonly choices: readonly string[]; readonly summary: string };

export type OptionTable = Readonly<Record<string, Option>>;

type ValueOf<O extends Option> = O extends { type: "flag" }
  ? boolean
  : O extends { type: "number" }
    ? bigint | undefined
    : O extends { type: "choice"; choices: readonly (infer Choice)[] }
      ? Choice | undefined
      : string | undefined;

/** Values by option name; a flag that was not given is false. */
export type OptionValues<Options extends OptionTable> = { readonly [Name in keyof Options]: ValueOf<Options[Name]> };

export interface ParsedArguments {
  readonly args: readonly string[];
  readonly values: OptionValues<OptionTable>;
  readonly help: boolean;
}

/**
 * Parses the arguments after a command's name.
 * @throws CliError (exit code 2) in one sentence for an unknown option, a missing or a wrong value
 */
export function parseOptions(command: string, table: OptionTable, argv: readonly string[]): ParsedArguments {
  const { tokens } = parseArgs({
    args: [...argv],
    options: { ...nodeOptions(table), help: { type: "boolean", short: "h" } },
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const args: string[] = [];
  const values: Record<string, boolean | bigint | string | undefined> = {};
  for (const [name, option] of Object.entries(table)) values[name] = option.type === "flag" ? false : undefined;
  let help = false;
  for (const token of tokens) {
    if (token.kind === "positional") args.push(token.value);
    if (token.kind !== "option") continue;
    if (token.name === "help") help = true;
    else values[token.name] = optionValue(command, table, token.name, token.rawName, token.value);
  }
  return { args, values, help };
}

function optionValue(command: string, table: OptionTable, name: string, written: string, value: string | undefined) {
  const option = Object.hasOwn(table, name) ? table[name] : undefined;
  if (option === undefined)
    throw errors.usage(`gicwb ${command} has no option ${written}.${nearest(table, name)}`, command);
  if (option.type === "flag") {
    if (value !== undefined) throw errors.usage(`${written} takes no value.`, command);
    return true;
  }
  if (value === undefined || value === "") throw errors.usage(`${written} needs a value: ${option.value}.`, command);
  if (option.type === "number") {
    const number = parseNumber(value);
    if (number === undefined)
      throw errors.usage(`${written} needs a number (decimal or 0x…), not "${value}".`, command);
    return number;
  }
  if (option.type === "choice" && !option.choices.includes(value)) {
    throw errors.usage(`${written} is one of ${option.choices.join(", ")}, not "${value}".`, command);
  }
  return value;
}

function nodeOptions(table: OptionTable): Record<string, { type: "boolean" | "string"; short?: string }> {
  const entries = Object.entries(table).map(([name, option]) => {
    const short = option.type === "text" && option.short !== undefined ? { short: option.short } : {};
    return [name, { type: option.type === "flag" ? "boolean" : "string", ...short }] as const;
  });
  return Object.fromEntries(entries);
}

/** " Did you mean --layout?" for a slip of one or two letters, else nothing. */
export function nearest(names: OptionTable | readonly string[], written: string, prefix = "--"): string {
  const list = Array.isArray(names) ? names : Object.keys(names);
  const found = list.find((name) => distance(name, written) <= Math.min(2, Math.floor(name.length / 2)));
  return found === undefined ? "" : ` Did you mean ${prefix}${found}?`;
}

/** Edit distance, in which two letters in each other's place are one mistake; the words are short. */
function distance(a: string, b: string): number {
  let before: readonly number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwapped) next[j] = Math.min(next[j], before[j - 2] + 1);
    }
    before = row;
    row = next;
  }
  return row[b.length];
}
