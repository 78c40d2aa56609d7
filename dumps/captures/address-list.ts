import type { CaptureFacts } from "./facts.ts";
import { type ListProperty, listProperties, SCHEMA_KEY } from "./list-properties.ts";

/** Entries of a list or an object of addresses that are looked at. */
const MAX_ENTRIES = 100_000;
/** Problems of one list that are told. */
const MAX_PROBLEMS = 50;

/** What a list of addresses says beside facts: where files of bytes are. */
export interface AddressList {
  /** Address of the first byte of a file, by its name. */
  readonly files: ReadonlyMap<string, number>;
  /** Name of the layout, when the list gives one. */
  readonly layout: string | undefined;
  /** What of the list is not understood, a sentence each. */
  readonly problems: readonly string[];
}

/**
 * Reads `NAME.giccap.json`, which says what no other file of a capture says, and lists of addresses as capture scripts leave them, as
 * {@link listProperties} declares them. Addresses are numbers or texts like 0x42590000.
 * @returns undefined when the text is JSON, but no object
 */
export function readAddressList(text: string, file: string, facts: CaptureFacts): AddressList | undefined {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { files: new Map(), layout: undefined, problems: [`is no JSON: ${error.message}`] };
  }
  if (!isObject(content)) return undefined;
  const problems: string[] = [];
  const files = new Map<string, number>();
  let layout: string | undefined;
  const tell = (problem: string): void => {
    if (problems.length < MAX_PROBLEMS) problems.push(problem);
  };
  const target = { facts, source: { file, line: 0 } };
  for (const property of listProperties) {
    const value = content[property.name];
    if (value === undefined) continue;
    if (property.kind === "layout") layout = String(value);
    else if (property.kind === "address") {
      const address = addressOf(value);
      if (address === undefined) tell(`${property.name} is no address`);
      else property.take(address, target);
    } else {
      for (const [key, address] of entriesOf(property, value, tell)) {
        if (property.kind === "by-name") files.set(key, address);
        else property.take(Number(key), address, target);
      }
    }
  }
  // Lists that scripts leave say other things, too; this one is written for nothing else.
  if (file.endsWith(".giccap.json")) {
    const known = new Set([SCHEMA_KEY, ...listProperties.map(({ name }) => name)]);
    for (const name of Object.keys(content)) if (!known.has(name)) tell(`"${name}" is not known`);
  }
  return { files, layout, problems };
}

/** Addresses by key of a property that has several. */
function entriesOf(
  { name, kind }: Pick<ListProperty, "name" | "kind">,
  value: unknown,
  tell: (problem: string) => void,
): [string, number][] {
  const isList = kind === "addresses" || kind === "itts" || kind === "ranges";
  if (isList ? !Array.isArray(value) : !isObject(value)) {
    tell(`${name} is no ${isList ? "list" : "object"} of addresses`);
    return [];
  }
  const entries = Object.entries(value as Readonly<Record<string, unknown>>).slice(0, MAX_ENTRIES);
  return entries.flatMap(([key, entry]): [string, number][] => {
    const [first, second] = kind === "itts" ? ["device", "address"] : kind === "ranges" ? ["base", "bytes"] : [];
    if (first !== undefined && second !== undefined) {
      const [one, other] = isObject(entry) ? [addressOf(entry[first]), addressOf(entry[second])] : [];
      if (one !== undefined && other !== undefined) return [[String(one), other]];
      tell(`${name}[${key}] has no ${first} and ${second}`);
      return [];
    }
    const address = addressOf(entry);
    if (kind === "by-number" && addressOf(key) === undefined) tell(`${name} has "${key}", which is no number`);
    else if (address === undefined) tell(`${name}[${key}] is no address`);
    else return [[kind === "by-number" ? String(addressOf(key)) : key, address]];
    return [];
  });
}

/** A number from 0 to 2^52, or a text of one, hexadecimal with 0x. */
function addressOf(value: unknown): number | undefined {
  if (typeof value === "string" && !/^(0x[0-9a-f]{1,13}|\d{1,16})$/i.test(value)) return undefined;
  const number = typeof value === "string" || typeof value === "number" ? Number(value) : Number.NaN;
  return Number.isInteger(number) && number >= 0 && number < 2 ** 52 ? number : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
