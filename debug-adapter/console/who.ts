import { lastChange, type NumberStyle, type ScriptRun } from "../../runner/index.ts";
import { AdapterError, errors } from "../errors.ts";
import { evaluateExpression } from "../evaluate.ts";

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
  const change = lastChange(run, () => valueText(expression, run, style));
  if (change === undefined) throw errors.pastOutOfReach(expression);
  if (change.line === undefined) return `${expression} is ${now}; no line of the script has changed it.`;
  return `${expression} is ${now} since line ${change.line + 1}: ${lineText(change.line).trim()}\nBefore: ${change.before}`;
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
