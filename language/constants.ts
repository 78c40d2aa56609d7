import { bindExpression, type NameTable } from "./bind/bind-expression.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { errors } from "./errors.ts";
import { parseExpressionText } from "./parse/parse-line.ts";

/** Values that take the place of those that `let` lines of a script give, by name. */
export type Constants = ReadonlyMap<string, bigint>;

export const noConstants: Constants = new Map();

const noNames: NameTable = { find: () => undefined, names: () => [] };

/** The value of an expression of numbers alone, as scripts write it: `0x10`, `1 << 4`. */
export function constantOf(text: string): bigint | Diagnostic {
  const { expression, problem } = parseExpressionText(text);
  if (problem !== undefined) return problem;
  const { start, length } = expression;
  return bindExpression(expression, noNames) ?? errors.noState({ start, length }, text.trim());
}
