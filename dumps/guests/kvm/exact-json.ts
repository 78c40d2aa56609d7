export type Json = Readonly<Record<string, unknown>>;

/** JSON whose integers are exact up to 64 bits, large ones as texts of digits; undefined when it is none. */
export function parseExact(text: string): unknown {
  try {
    return JSON.parse(text, exact);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

/** An engine that does not give a number's text leaves it inexact, and {@link numberOf} refuses it. */
function exact(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === "number" && !Number.isSafeInteger(value) ? (context?.source ?? value) : value;
}

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An unsigned number of at most 64 bits. */
export function numberOf(value: unknown): bigint | undefined {
  if (typeof value === "number") return Number.isSafeInteger(value) && value >= 0 ? BigInt(value) : undefined;
  if (typeof value !== "string" || !/^\d{1,20}$/.test(value)) return undefined;
  const number = BigInt(value);
  return number >> 64n === 0n ? number : undefined;
}

/** An unsigned number of at most 32 bits. */
export function wordOf(value: unknown): bigint | undefined {
  const number = numberOf(value);
  return number !== undefined && number >> 32n === 0n ? number : undefined;
}

/** A list of words; undefined when it is none, or has something else in it. */
export function wordsOf(value: unknown, most: number): readonly bigint[] | undefined {
  if (!Array.isArray(value) || value.length > most) return undefined;
  const words: bigint[] = [];
  for (const entry of value) {
    const word = wordOf(entry);
    if (word === undefined) return undefined;
    words.push(word);
  }
  return words;
}
