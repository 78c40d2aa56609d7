/** What the options of a fuzzer's command line are. */
export interface ArgumentTable {
  /** Options with a number: least and most. */
  readonly numbers: Readonly<Record<string, readonly [least: number, most: number]>>;
  readonly texts: readonly string[];
  readonly flags: readonly string[];
}

/** Options that were given, by their name. */
export interface Arguments {
  readonly numbers: ReadonlyMap<string, number>;
  readonly texts: ReadonlyMap<string, string>;
  readonly flags: ReadonlySet<string>;
}

/** Reads the command line. @returns a sentence when it is wrong */
export function readArguments(table: ArgumentTable, args: readonly string[]): Arguments | string {
  const numbers = new Map<string, number>();
  const texts = new Map<string, string>();
  const flags = new Set<string>();
  for (let at = 0; at < args.length; at++) {
    const option = args[at];
    if (table.flags.includes(option)) {
      flags.add(option);
      continue;
    }
    const isNumber = Object.hasOwn(table.numbers, option);
    if (!isNumber && !table.texts.includes(option)) return `unknown option ${option}`;
    const value = args[++at];
    if (value === undefined || value === "") return `${option} needs a value`;
    if (!isNumber) {
      texts.set(option, value);
      continue;
    }
    const [least, most] = table.numbers[option];
    const number = /^(?:0x[0-9a-f]+|\d+)$/i.test(value) ? Number(value) : Number.NaN;
    if (!(number >= least && number <= most)) return `${option} takes a number from ${least} to ${most}, not ${value}`;
    numbers.set(option, number);
  }
  return { numbers, texts, flags };
}
