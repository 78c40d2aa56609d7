import type { Bank } from "../journal/bank.ts";
import type { RegisterValues } from "./saved-state.ts";

/** A register, or another number that a machine holds, by its place in a bank of words. */
export interface BankField {
  readonly name: string;
  /** Index of its word, of a 64-bit one that of the low word. */
  readonly word: number;
  /** A field of 64 bits takes two words. */
  readonly words: 1 | 2;
  /** Whether it can have a value of its width. Default: any. */
  readonly holds?: (value: bigint) => boolean;
}

export const one = (name: string, word: number, holds?: BankField["holds"]): BankField => field(name, word, 1, holds);
export const two = (name: string, word: number, holds?: BankField["holds"]): BankField => field(name, word, 2, holds);

function field(name: string, word: number, words: 1 | 2, holds: BankField["holds"]): BankField {
  return holds === undefined ? { name, word, words } : { name, word, words, holds };
}

/** `count` fields that follow one another. */
export const series = (
  count: number,
  name: (index: number) => string,
  word: number,
  words: 1 | 2 = 1,
): readonly BankField[] =>
  Array.from({ length: count }, (_, index) => ({ name: name(index), word: word + index * words, words }));

/** Values up to a largest one. */
export const upTo =
  (most: number): BankField["holds"] =>
  (value) =>
    value <= BigInt(most);

/** Values that have these bits alone, by the words of a register. */
export const bits = (low: number, high = 0): BankField["holds"] => {
  const others = ~((BigInt(high >>> 0) << 32n) | BigInt(low >>> 0));
  return (value) => (value & others) === 0n;
};

/** @param base index that the fields' words count from */
export function readBank(words: Uint32Array, fields: readonly BankField[], base = 0): RegisterValues {
  return new Map(
    fields.map(({ name, word, words: width }) => {
      const high = width === 2 ? BigInt(words[base + word + 1]) << 32n : 0n;
      return [name, high | BigInt(words[base + word])];
    }),
  );
}

/** Fields and where they are. */
export interface BankPart {
  readonly bank: Bank;
  readonly fields: readonly BankField[];
  /** Index that the fields' words count from; default 0. */
  readonly base?: number;
}

/**
 * Writes values to the fields of their names.
 * @param values one for each field, and no others
 * @returns what is wrong with the first one that is, beginning with its name
 */
export function writeBanks(parts: readonly BankPart[], values: RegisterValues, model: string): string | undefined {
  const known = new Set(parts.flatMap(({ fields }) => fields.map(({ name }) => name)));
  for (const name of values.keys()) if (!known.has(name)) return `${name} is no register that ${model} saves`;
  for (const { bank, fields, base = 0 } of parts) {
    for (const { name, word, words, holds } of fields) {
      const value = values.get(name);
      if (value === undefined) return `${name} is missing`;
      const text = `${name} is 0x${value.toString(16)}`;
      if (value >> (words === 2 ? 64n : 32n) !== 0n) return `${text}, which has more bits than the register`;
      if (holds?.(value) === false) return `${text}, which a machine of ${model} cannot have there`;
      bank.set(base + word, Number(value & 0xffff_ffffn));
      if (words === 2) bank.set(base + word + 1, Number(value >> 32n));
    }
  }
  return undefined;
}
