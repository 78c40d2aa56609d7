import { type ScriptDocument, type ScriptPart, statementSpan } from "../../language/index.ts";
import { type Frame, startPosition } from "./frame.ts";
import { type LineDone, moveBehind } from "./run-history.ts";

/** A line that has led to another one: it called the macro, included the file, or opened the turn of a loop. */
export interface Caller {
  readonly part: ScriptPart;
  /** From 0. */
  readonly line: number;
  /** Its statement as it is written; of a loop with the turn: `for pe in 0..3: pe = 2`. */
  readonly text: string;
}

/** Callers of one line that are told at most: loops and macros stand in each other no deeper than blocks may. */
const MOST_CALLERS = 32;

/** What has led to a line that has run, the nearest first. @param before the line that ran before it @param onlyTest as of its run */
export function callersOf(document: ScriptDocument, before: LineDone | undefined, onlyTest?: string): Caller[] {
  const position = startPosition(document, onlyTest);
  moveBehind(document, position, before);
  const callers: Caller[] = [];
  for (let { frame } = position; frame !== undefined && callers.length < MOST_CALLERS; frame = frame.outer) {
    const caller = callerOf(frame);
    if (caller !== undefined) callers.push(caller);
  }
  return callers;
}

function callerOf({ part, open, turn, call, caller }: Frame): Caller | undefined {
  if (call !== undefined && caller !== undefined) return { part: caller, line: call, text: textOf(caller, call) };
  if (turn === undefined) return undefined;
  const { statement } = part.lines[open];
  const told = statement?.kind === "for" ? `${statement.name} = ${turn.value}` : `turn ${turn.value + 1n}`;
  return { part, line: open, text: `${textOf(part, open).replace(/\s*\{$/, "")}: ${told}` };
}

function textOf({ lines }: ScriptPart, line: number): string {
  const { start, length } = statementSpan(lines[line]);
  return lines[line].text.slice(start, start + length);
}
