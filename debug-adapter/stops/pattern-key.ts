import { type Command, type CommandField, commandField } from "../../architecture/index.ts";
import type { Expression } from "../../language/index.ts";

/** A field of a command that a pattern wants to have one value: a command with another one need not be looked at any closer. */
export interface PatternKey {
  readonly field: CommandField;
  /** As scripts write the argument. */
  readonly value: bigint;
}

/** The first comparison of a field with a number, among what a pattern joins by `&&`. */
export function patternKey(command: Command, pattern: Expression): PatternKey | undefined {
  if (pattern.kind !== "binary") return undefined;
  const { operator, left, right } = pattern;
  if (operator === "&&") return patternKey(command, left) ?? patternKey(command, right);
  if (operator !== "==" || left.kind !== "name" || right.kind !== "number") return undefined;
  const field = commandField(command, left.name);
  return field === undefined ? undefined : { field, value: right.value };
}
