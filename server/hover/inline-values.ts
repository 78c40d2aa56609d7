import type { InlineValue, Range } from "vscode-languageserver";
import { findRegister } from "../../language/index.ts";
import type { Expression } from "../../language/parse/syntax.ts";
import { rangeOf, type Script, textOf } from "../scripts/script.ts";
import { expressionsOf, partsOf } from "../shared/expressions.ts";

/** Lines above the one where a session stands whose values are shown: further up they are those of another moment. */
const REACH = 40;
/** Values of one answer at most. */
const MOST = 200;

/**
 * What a debug session that stands still shows behind the lines above it: names, registers that reading does not change, and state. The
 * session evaluates them; numbers and arguments mean nothing more than they say.
 */
export function inlineValues(script: Script, range: Range, stopped: Range): InlineValue[] {
  const { lines } = script.document;
  const last = Math.min(range.end.line, stopped.end.line, lines.length - 1);
  const first = Math.max(range.start.line, last - REACH, 0);
  const values: InlineValue[] = [];
  for (let index = first; index <= last; index++) {
    const line = lines[index];
    const seen = new Set<string>();
    const add = (span: { readonly start: number; readonly length: number }) => {
      const expression = textOf(line, span);
      if (seen.has(expression) || values.length >= MOST) return;
      seen.add(expression);
      values.push({ range: rangeOf(index, span), expression });
    };
    // The line that is next has not run: its name has no value yet.
    if (line.syntax.kind === "let" && index < stopped.start.line) add(line.syntax.name);
    for (const expression of expressionsOf(line.syntax)) collect(expression, add);
  }
  return values;
}

function collect(expression: Expression, add: (span: Expression) => void): void {
  switch (expression.kind) {
    case "name":
    case "table":
    case "interrupt":
    case "vcpu":
    case "memory":
      add(expression);
      break;
    case "register":
      // What reading it would do, nobody who looks at a script asked for.
      if (findRegister(expression.name.text)?.register.readEffect === undefined) add(expression);
      break;
    default:
      for (const part of partsOf(expression)) collect(part, add);
  }
}
