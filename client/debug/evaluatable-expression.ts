import { type Disposable, EvaluatableExpression, languages, Range } from "vscode";
import { expressionAt } from "./expression-at.ts";

/** Makes a hover during a session evaluate `GITS_BASER0.Type` or `dte[0x10]` as a whole. */
export function registerEvaluatableExpressions(): Disposable {
  return languages.registerEvaluatableExpressionProvider("itscmd", {
    provideEvaluatableExpression(document, { line, character }) {
      const found = expressionAt(document.lineAt(line).text, character);
      return found && new EvaluatableExpression(new Range(line, found.start, line, found.end), found.text);
    },
  });
}
