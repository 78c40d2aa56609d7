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
  return run.scope;
}

/** The value of an expression at this moment, or why it has none. */
export function valueNow(expression: Expression, scope: Scope): bigint | string {
  const value = compute(expression, scope);
  return isProblem(value) ? value.message : value;
}

const hitForm = /^\s*(==|=|>=|>|<=|<|%)?\s*(\d{1,9})\s*$/;

/** Whether a count is one to stop at. @param count how often it was come to, this time included */
export type HitTest = (count: number) => boolean;

const always: HitTest = () => true;

/** Reads a hit count: a number, or an operator and a number; without one every count holds. Undefined: it is none. */
export function hitTest(hitCondition: string | undefined): HitTest | undefined {
  if (hitCondition === undefined) return always;
  const [, operator = "==", digits] = hitForm.exec(hitCondition) ?? [];
  if (digits === undefined) return undefined;
  const number = Number(digits);
  switch (operator) {
    case ">=":
      return (count) => count >= number;
    case ">":
      return (count) => count > number;
    case "<=":
      return (count) => count <= number;
    case "<":
      return (count) => count < number;
    case "%":
      return (count) => number > 0 && count % number === 0;
    default:
      return (count) => count === number;
  }
}

/** Why a hit count is none. */
export function hitProblem(hitCondition: string): string {
  return `"${hitCondition}" is no hit count. Write a number, or ==, >=, >, <=, <, % and a number.`;
}
