import type { Steps } from "../../emulator/index.ts";
import { type LineDone, lastChange, type NumberStyle, type ScriptRun } from "../../runner/index.ts";
import { AdapterError, errors } from "../errors.ts";
import { evaluateExpression, valueReader } from "../evaluate.ts";

const BACK = /^\s*back\s+(\S.*?)\s*$/;

/** The expression of `back EXPRESSION`, by which the console goes back to the line that changed something last. */
export function backExpression(text: string): string | undefined {
  return BACK.exec(text)?.[1];
}

/**
 * Where in the history the line is that changed a value last.
 * @throws AdapterError when no line has, or the past is out of reach
 */
export function* lastWriter(expression: string, run: ScriptRun): Steps<number> {
  const defined = definition(expression, run);
  if (defined !== undefined) return defined.place;
  const change = yield* lastChange(run, valueReader(expression, run));
  if (change === undefined) throw errors.pastOutOfReach(expression);
  if (change.place === undefined) throw errors.neverChanged(expression);
  return change.place;
}

/** The run of the line that has defined a name; undefined for other expressions. */
function definition(expression: string, { history, variables }: ScriptRun): LineDone | undefined {
  const name = expression.trim();
  return variables.has(name) ? history.findLast(({ result }) => result.defined?.name === name) : undefined;
}

const WHO = /^\s*who\s+(\S.*?)\s*$/;

/** The expression of `who EXPRESSION`, the console's question for the line that changed something last; undefined for other texts. */
export function whoExpression(text: string): string | undefined {
  return WHO.exec(text)?.[1];
}

/**
 * Answers `who EXPRESSION` in a sentence, in steps as {@link lastChange} has them.
 * @param lineText a line of the script, from 0
 * @throws AdapterError when the expression cannot be read, or the past is out of reach
 */
export function* answerWho(
  expression: string,
  run: ScriptRun,
  style: NumberStyle,
  lineText: (line: number) => string,
): Steps<string> {
  const now = evaluateExpression(expression, run, style).value;
  const defined = definition(expression, run);
  if (defined !== undefined)
    return `${expression} is ${now} since line ${defined.line + 1}: ${lineText(defined.line).trim()}`;
  const change = yield* lastChange(run, valueReader(expression, run), () => valueText(expression, run, style));
  if (change === undefined) throw errors.pastOutOfReach(expression);
  const { line, before } = change;
  if (line === undefined) return `${expression} is ${now}; no line of the script has changed it.`;
  return `${expression} is ${now} since line ${line + 1}: ${lineText(line).trim()}\nBefore: ${before}`;
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
