import type { Diagnostic } from "../diagnostic.ts";
import { errors } from "../errors.ts";
import { limits } from "../limits.ts";
import { LineParser } from "./line-parser.ts";
import { parseEnd } from "./parse-block.ts";
import { parseExpression } from "./parse-expression.ts";
import { parseMachineLine } from "./parse-machine.ts";
import { beginsStatement, parseStatement } from "./parse-statement.ts";
import type { Expression, Statement } from "./syntax.ts";
import { Token } from "./token.ts";

/** All that a line must know of the lines above it to be parsed. */
export const LineState = {
  /** No statement yet: a machine block describes the machine that the script begins on. */
  start: 0,
  /** Past the first statement, in no block. */
  body: 1,
  /** Inside the machine block at the start of the script. */
  machine: 2,
  /** Inside a machine block further down, which begins a new machine. */
  laterMachine: 3,
} as const;

export type LineState = (typeof LineState)[keyof typeof LineState];

/** Whether a state is that inside a machine block. */
export function isInMachineBlock(state: LineState): boolean {
  return state === LineState.machine || state === LineState.laterMachine;
}

export interface ParsedLine {
  readonly statement: Statement;
  /** State of the line below. */
  readonly stateAfter: LineState;
  /** The one diagnostic of a line that cannot be read. */
  readonly problem?: Diagnostic;
}

const blank: Statement = Object.freeze({ kind: "blank" });
const blankLines: readonly ParsedLine[] = [0, 1, 2, 3].map((state) =>
  Object.freeze({ statement: blank, stateAfter: state as LineState, problem: undefined }),
);

// One cursor for all lines: a line is parsed to its end before the next begins.
const parser = new LineParser();

/** Parses one line without its line ending. Never throws; time and memory are linear in the length, which is bounded. */
export function parseLine(text: string, state: LineState): ParsedLine {
  if (text.length > limits.lineLength) {
    const problem = errors.lineTooLong(
      { start: limits.lineLength, length: text.length - limits.lineLength },
      text.length,
    );
    const stateAfter = state === LineState.start ? LineState.body : state;
    return { statement: { kind: "broken" }, stateAfter, problem };
  }
  parser.begin(text);
  if (parser.atEnd) return blankLines[state];
  if (isInMachineBlock(state)) return parseInBlock(text, state);
  if (parser.kind === Token.closeBrace) {
    return { statement: parseEnd(parser), stateAfter: LineState.body, problem: parser.problem };
  }
  const statement = parseStatement(parser);
  return finish(statement, state);
}

function finish(statement: Statement, state: LineState): ParsedLine {
  let stateAfter: LineState = LineState.body;
  if (statement.kind === "machine" && !statement.closes) {
    stateAfter = state === LineState.start ? LineState.machine : LineState.laterMachine;
  }
  return { statement, stateAfter, problem: parser.problem };
}

/** A line inside a block. A statement at column 0 ends a block that was never closed, so that one slip does not swallow the script. */
function parseInBlock(text: string, state: LineState): ParsedLine {
  if (parser.start === 0 && parser.kind === Token.identifier && parser.nextKind !== Token.assign) {
    const word = text.slice(0, parser.end);
    if (beginsStatement(word)) {
      parser.report(errors.closedByStatement({ start: 0, length: word.length }, word));
      return finish(parseStatement(parser), LineState.body);
    }
  }
  const statement = parseMachineLine(parser);
  parser.reportRest("A statement stands on a line of its own, after the }.");
  return { statement, stateAfter: statement.closes ? LineState.body : state, problem: parser.problem };
}

/** Parses an expression by itself, as a debugger's watch is. `problem` when it cannot be read. */
export function parseExpressionText(text: string): { readonly expression: Expression; readonly problem?: Diagnostic } {
  if (text.length > limits.lineLength) {
    const place = { start: 0, length: text.length };
    return { expression: { kind: "missing", ...place }, problem: errors.lineTooLong(place, text.length) };
  }
  parser.begin(text);
  const expression = parseExpression(parser);
  parser.reportRest("An expression ends here.");
  return { expression, problem: parser.problem };
}
