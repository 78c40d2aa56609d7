import type { InlineValue, Range } from "vscode-languageserver";
import { findRegister } from "../../language/index.ts";
import type { Expression } from "../../language/parse/syntax.ts";
import { itsAt, unitFor } from "../navigation/its-of-line.ts";
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
    const add = (span: { readonly start: number; readonly length: number }, whole?: Expression) => {
      const expression =
        whole === undefined ? textOf(line, span) : textSeenFrom(script, stopped.start.line, index, whole);
      if (expression === undefined || seen.has(expression) || values.length >= MOST) return;
      seen.add(expression);
      values.push({ range: rangeOf(index, span), expression });
    };
    // The line that is next has not run: its name has no value yet.
    if (line.syntax.kind === "let" && index < stopped.start.line) add(line.syntax.name);
    for (const expression of expressionsOf(line.syntax)) collect(expression, (found) => add(found, found));
  }
  return values;
}

/**
 * An expression of a line as a session evaluates it that stands at another one: where it says no ITS, that of its line is added.
 * @returns undefined where it is not known which ITS that is
 */
function textSeenFrom(script: Script, stopped: number, index: number, expression: Expression): string | undefined {
  const { document } = script;
  const places = [...endsOfItsWords(expression)].sort((one, other) => one - other);
  const its = places.length === 0 ? 0 : itsAt(document, index);
  if (its === undefined) return undefined;
  const unit = places.length === 0 ? "" : unitFor(document, stopped, its);
  const { text } = document.lines[index];
  let seen = "";
  let from = expression.start;
  for (const place of places) {
    seen += `${text.slice(from, place)}${unit}`;
    from = place;
  }
  return `${seen}${text.slice(from, expression.start + expression.length)}`;
}

/** Columns behind the words of an expression that would name their ITS, and do not. */
function* endsOfItsWords(expression: Expression): Generator<number> {
  if (expression.kind === "table" && expression.unit === undefined) yield expression.start + expression.table.length;
  if (expression.kind === "register" && expression.unit === undefined) {
    const { name } = expression;
    if (findRegister(name.text)?.register.block === "GITS") yield name.start + name.length;
  }
  for (const part of partsOf(expression)) yield* endsOfItsWords(part);
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
