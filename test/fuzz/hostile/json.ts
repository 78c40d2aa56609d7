import type { Random } from "../random.ts";

/** Any JSON value. @param depth of arrays and objects in it, at most */
export function anyJson(random: Random, depth = 2): unknown {
  return random.weighted<() => unknown>([
    [2, () => null],
    [2, () => random.chance(50)],
    [3, () => random.pick([0, 1, -1, 0.5, 2 ** 31, 2 ** 53, -(2 ** 53), 1e308, 7])],
    [3, () => random.pick(["", "x", "0", "-1", "\u0000", "__proto__", "[a](command:b)", "😀", "x".repeat(5000)])],
    [depth, () => Array.from({ length: random.below(4) }, () => anyJson(random, depth - 1))],
    [depth, () => ({ [random.pick(["line", "path", "text", "a"])]: anyJson(random, depth - 1) })],
  ])();
}

/** A value with one of its parts replaced by any other, or left out. */
export function damaged(random: Random, value: unknown): unknown {
  if (typeof value !== "object" || value === null || random.chance(20)) return anyJson(random);
  if (Array.isArray(value)) {
    const at = random.below(value.length + 1);
    return value.toSpliced(at, 1, damaged(random, value[at]));
  }
  const keys = Object.keys(value);
  if (keys.length === 0) return anyJson(random);
  const key = random.pick(keys);
  const part = (value as Readonly<Record<string, unknown>>)[key];
  return { ...value, [key]: random.chance(20) ? undefined : damaged(random, part) };
}

/** The value that a text is; undefined for one that is none, as a text that was cut. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
