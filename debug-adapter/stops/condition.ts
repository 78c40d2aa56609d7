import {
  bindExpression,
  compute,
  type Expression,
  isProblem,
  type NameTable,
  parseExpressionText,
  type Scope,
} from "../../language/index.ts";
import type { ScriptRun } from "../../runner/index.ts";

/** A condition or watched expression that was read once, or why it means nothing. */
export type ReadExpression =
  | { readonly expression: Expression; readonly wrong?: undefined }
  | { readonly wrong: string; readonly expression?: undefined };

/** Reads an expression of the script language. @param names what it may name */
export function readExpression(text: string, names: NameTable): ReadExpression {
  const { expression, problem } = parseExpressionText(text);
  if (problem !== undefined) return { wrong: problem.message };
  const bound = bindExpression(expression, names);
  return isProblem(bound) ? { wrong: bound.message } : { expression };
}

/** The names that a scope gives at one moment, and what it knows of the machine. */
export function scopeOf(run: ScriptRun): Scope {
  return { lookup: run.lookup, state: run.state };
}

/** The value of an expression at this moment, or why it has none. */
export function valueNow(expression: Expression, scope: Scope): bigint | string {
  const value = compute(expression, scope);
  return isProblem(value) ? value.message : value;
}

const hitForm = /^\s*(==|=|>=|>|<=|<|%)?\s*(\d{1,9})\s*$/;

/** Why a hit count is none. */
export function hitProblem(hitCondition: string | undefined): string | undefined {
  if (hitCondition === undefined || hitForm.test(hitCondition)) return undefined;
  return `"${hitCondition}" is no hit count. Write a number, or ==, >=, >, <=, <, % and a number.`;
}

/** @param count how often it was come to, this time included */
export function hitHolds(hitCondition: string | undefined, count: number): boolean {
  if (hitCondition === undefined) return true;
  const [, operator = "==", digits = ""] = hitForm.exec(hitCondition) ?? [];
  const number = Number(digits);
  switch (operator) {
    case ">=":
      return count >= number;
    case ">":
      return count > number;
    case "<=":
      return count <= number;
    case "<":
      return count < number;
    case "%":
      return number > 0 && count % number === 0;
    default:
      return count === number;
  }
}
