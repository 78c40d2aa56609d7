import { lastChange, type NumberStyle, type ScriptRun } from "../../runner/index.ts";
import { AdapterError, errors } from "../errors.ts";
import { evaluateExpression, valueReader } from "../evaluate.ts";

const BACK = /^\s*back\s+(\S.*?)\s*$/;

/** The expression of `back EXPRESSION`, by which the console goes back to the line that changed something last. */
export function backExpression(text: string): string | undefined {
  return BACK.exec(text)?.[1];
}

/**
 * The line that changed a value last, from 0.
 * @throws AdapterError when no line has, or the past is out of reach
 */
export function lastWriter(expression: string, run: ScriptRun): number {
  const change = lastChange(run, valueReader(expression, run));
  if (change === undefined) throw errors.pastOutOfReach(expression);
  if (change.line === undefined) throw errors.neverChanged(expression);
  return change.line;
}

const WHO = /^\s*who\s+(\S.*?)\s*$/;

/** The expression of `who EXPRESSION`, the console's question for the line that changed something last; undefined for other texts. */
export function whoExpression(text: string): string | undefined {
  return WHO.exec(text)?.[1];
}

/**
 * Answers `who EXPRESSION` in a sentence.
 * @param lineText a line of the script, from 0
 * @throws AdapterError when the expression cannot be read, or the past is out of reach
 */
export function answerWho(
  expression: string,
  run: ScriptRun,
  style: NumberStyle,
  lineText: (line: number) => string,
): string {
  const now = evaluateExpression(expression, run, style).value;
  const change = lastChange(run, valueReader(expression, run));
  if (change === undefined) throw errors.pastOutOfReach(expression);
  const { line } = change;
  if (line === undefined) return `${expression} is ${now}; no line of the script has changed it.`;
  return `${expression} is ${now} since line ${line + 1}: ${lineText(line).trim()}\nBefore: ${valueBefore(line, expression, run, style)}`;
}

/** The value before a line that has run. Nothing has changed afterwards. */
function valueBefore(line: number, expression: string, run: ScriptRun, style: NumberStyle): string {
  const entry = run.history.findLast((one) => one.line === line);
  let before = "";
  run.target.time?.lookBack(entry === undefined ? [] : [entry.mark], () => {
    before = valueText(expression, run, style);
    return false;
  });
  return before;
}

/** The value, or the sentence why there was none at that moment. */
function valueText(expression: string, run: ScriptRun, style: NumberStyle): string {
  try {
    return evaluateExpression(expression, run, style).value;
  } catch (error) {
    if (error instanceof AdapterError) return error.message;
    throw error;
  }
}
