import type { Position, Range, SelectionRange } from "vscode-languageserver";
import { nodeAt, statementSpan } from "../../language/index.ts";
import type { Expression, Span } from "../../language/parse/syntax.ts";
import { cursorAt, holds, lineRange, rangeOf, type Script } from "../scripts/script.ts";
import { expressionsOf, partsOf } from "../shared/expressions.ts";
import { folding } from "./folding.ts";

/** What is selected when a selection grows: word, expression by expression, argument, statement, line, block, script. */
export function selectionRanges(script: Script, positions: readonly Position[]): SelectionRange[] {
  const folds = folding(script);
  return positions.map((position) => chain(rangesAt(script, position, folds)));
}

function rangesAt(
  script: Script,
  position: Position,
  folds: readonly { startLine: number; endLine: number }[],
): Range[] {
  const cursor = cursorAt(script, position);
  const whole = {
    start: { line: 0, character: 0 },
    end: lineRange(script, Math.max(script.document.lines.length - 1, 0)).end,
  };
  if (cursor === undefined) return [{ start: position, end: position }];
  const { index, column, line } = cursor;
  const spans: Span[] = [];
  const node = nodeAt(line, column);
  if (node !== undefined) spans.push(node);
  const around = expressionsOf(line.syntax).find((expression) => holds(expression, column));
  if (around !== undefined) spans.push(...nested(around, column));
  spans.push(...argumentsAround(line.syntax, column), statementSpan(line));
  const inLine = spans.filter((span) => holds(span, column)).map((span) => rangeOf(index, span));
  const blocks = folds
    .filter(({ startLine, endLine }) => startLine <= index && index <= endLine + 1)
    .map(({ startLine, endLine }) => {
      // The closing brace stands below the fold.
      const last = Math.min(endLine + 1, script.document.lines.length - 1);
      return { start: { line: startLine, character: 0 }, end: lineRange(script, last).end };
    });
  return [{ start: position, end: position }, ...inLine, lineRange(script, index), ...blocks, whole];
}

/** An expression and its parts around a column, the innermost first. */
function nested(expression: Expression, column: number): Span[] {
  const spans: Span[] = [];
  let at: Expression | undefined = expression;
  while (at !== undefined) {
    spans.unshift(at);
    at = partsOf(at).find((part) => holds(part, column));
  }
  return spans;
}

/** `Name=value` around a column. */
function argumentsAround(syntax: Parameters<typeof expressionsOf>[0], column: number): Span[] {
  if (syntax.kind !== "command" && syntax.kind !== "msi") return [];
  return syntax.arguments
    .map(({ name, value }) => ({ start: name.start, length: value.start + value.length - name.start }))
    .filter((span) => holds(span, column));
}

/** Ranges from the smallest on, each holding the one before; those that do not, and equal ones, are left out. */
function chain(ranges: readonly Range[]): SelectionRange {
  const sorted = [...ranges].sort((one, other) => size(one) - size(other));
  const kept: Range[] = [];
  for (const range of sorted) {
    const last = kept.at(-1);
    if (last === undefined || (contains(range, last) && size(range) > size(last))) kept.push(range);
  }
  return kept.reduceRight<SelectionRange | undefined>(
    (parent, range) => ({ range, parent }),
    undefined,
  ) as SelectionRange;
}

/** Lines count more than any column. */
function size({ start, end }: Range): number {
  return (end.line - start.line) * 1e6 + (end.character - start.character);
}

function contains(outer: Range, inner: Range): boolean {
  return !isBefore(inner.start, outer.start) && !isBefore(outer.end, inner.end);
}

function isBefore(one: Position, other: Position): boolean {
  return one.line < other.line || (one.line === other.line && one.character < other.character);
}
