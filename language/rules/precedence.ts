import type { Diagnostic } from "../diagnostic.ts";
import type { BinaryExpression, Expression, Statement } from "../parse/syntax.ts";
import { rules } from "./rules.ts";

const comparisons: ReadonlySet<string> = new Set(["==", "!=", "<", "<=", ">", ">="]);
const bitwise: ReadonlySet<string> = new Set(["&", "|", "^"]);

/** Expressions of a statement whose operators may mislead. */
function expressionsOf(statement: Statement): readonly (Expression | undefined)[] {
  switch (statement.kind) {
    case "expect":
      return [statement.condition];
    case "let":
      return [statement.value];
    case "command":
    case "msi":
      return statement.arguments.map(({ value }) => value);
    case "write":
      return [statement.value, ...(statement.fields ?? []).map(({ value }) => value)];
    case "store":
    case "host":
    case "attribute":
    case "wire":
      return [statement.value];
    case "read":
      return [statement.target];
    case "raw":
    case "fill":
      return statement.values;
    default:
      return [];
  }
}

/** Comparisons that are operands of `&`, `|` or `^` without parentheses: C reads `x & 1 == 1` as `x & (1 == 1)`. */
export function precedenceRemarks(statement: Statement, text: string): readonly Diagnostic[] | undefined {
  // Most lines have no such operator.
  if (!/[&|^]/.test(text) || !/[<>=!]=|[<>]/.test(text)) return undefined;
  const found: Diagnostic[] = [];
  for (const expression of expressionsOf(statement)) if (expression !== undefined) look(expression, text, found);
  return found.length === 0 ? undefined : found;
}

function look(expression: Expression, text: string, found: Diagnostic[]): void {
  switch (expression.kind) {
    case "binary": {
      const misread = bitwise.has(expression.operator) ? misreadIn(expression) : undefined;
      if (misread !== undefined) found.push(remark(expression, misread, text));
      look(expression.left, text, found);
      look(expression.right, text, found);
      break;
    }
    case "unary":
    case "slice":
      look(expression.operand, text, found);
      break;
    default:
      break;
  }
}

/** A comparison that stands without parentheses beside `&`, `|` or `^`; two of them, as in `a == b & c == d`, mean what they say. */
function misreadIn({ left, right, start, length }: BinaryExpression): Misread | undefined {
  if (isComparison(left) === isComparison(right)) return undefined;
  // An operation's span goes from token to token, so parentheses around an operand are part of it and not of the operand.
  if (isComparison(left)) return left.start === start ? { comparison: left, onLeft: true } : undefined;
  const isBare = isComparison(right) && right.start + right.length === start + length;
  return isBare ? { comparison: right, onLeft: false } : undefined;
}

interface Misread {
  readonly comparison: BinaryExpression;
  readonly onLeft: boolean;
}

function isComparison(expression: Expression): expression is BinaryExpression {
  return expression.kind === "binary" && comparisons.has(expression.operator);
}

/** `x == a & mask` is read as `(x == a) & mask`, meant is `x == (a & mask)`; `x & 1 == 1` the other way round. */
function remark(whole: BinaryExpression, { comparison, onLeft }: Misread, text: string): Diagnostic {
  const { start, length, operator } = whole;
  const end = start + length;
  const piece = (from: number, to: number): string => text.slice(from, to).trim();
  const inner = piece(comparison.start, comparison.start + comparison.length);
  const at = operatorAt(whole, text);
  const compared = operatorAt(comparison, text);
  const behind = compared + comparison.operator.length;
  const [read, meant] = onLeft
    ? [`(${inner}) ${piece(at, end)}`, `${piece(start, behind)} (${piece(behind, end)})`]
    : [`${piece(start, at + operator.length)} (${inner})`, `(${piece(start, compared)}) ${piece(compared, end)}`];
  return rules.comparedFirst(whole, comparison.operator, operator, read, meant);
}

/** Where the operator of an operation stands: behind its left operand and the parentheses that close around that. */
function operatorAt({ left }: BinaryExpression, text: string): number {
  let at = left.start + left.length;
  while (/[\s)]/.test(text[at] ?? "")) at++;
  return at;
}
