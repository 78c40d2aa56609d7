import type { CodeAction, Range } from "vscode-languageserver";
import { CodeActionKind } from "vscode-languageserver";
import { nodesOf, type ScriptLine, type ScriptNode, statementSpan } from "../../language/index.ts";
import type { Expression } from "../../language/parse/syntax.ts";
import { endingOf, holds, rangeOf, type Script, textOf } from "../scripts/script.ts";
import { expressionsOf, partsOf } from "../shared/expressions.ts";
import { recordedOutcome } from "./outcome-fix.ts";
import { unroll } from "./unroll.ts";

/** What can be done with a place that nothing is wrong with. */
export function refactorings(script: Script, range: Range): CodeAction[] {
  const line = script.document.lines[range.start.line];
  if (line === undefined || line.problem !== undefined) return [];
  const index = range.start.line;
  const found = [extractConstant(script, line, range), expectWhatHappened(script, line, index), unroll(script, index)];
  return found.filter((action) => action !== undefined);
}

/** Names for extracted values by the argument that they are given to. */
const names: Readonly<Record<string, string>> = {
  DeviceID: "device",
  EventID: "event",
  pINTID: "lpi",
  ICID: "collection",
  RDbase: "pe",
  ITT_addr: "itt",
  Size: "size",
};

/** A value that depends on nothing becomes a `let` above its line. */
function extractConstant(script: Script, line: ScriptLine, { start, end }: Range): CodeAction | undefined {
  if (line.kind === "machine" || line.kind === "let" || start.line !== end.line) return undefined;
  const expression = selected(line, start.character, end.character);
  if (expression === undefined) return undefined;
  const argument = nodesOf(line).find(
    (node): node is Extract<ScriptNode, { kind: "argument" }> =>
      node.kind === "argument" && node.value.start === expression.start,
  );
  const name = freeName(script, names[argument?.field.name ?? ""] ?? "value");
  const indent = /^\s*/.exec(line.text)?.[0] ?? "";
  const place = { line: start.line, character: 0 };
  return {
    title: `Extract to let ${name}`,
    kind: CodeActionKind.RefactorExtract,
    edit: {
      changes: {
        [script.uri]: [
          {
            range: { start: place, end: place },
            newText: `${indent}let ${name} = ${textOf(line, expression)}${endingOf(script)}`,
          },
          { range: rangeOf(start.line, expression), newText: name },
        ],
      },
    },
  };
}

/** The largest expression of constants in a selection, or the number under the cursor. */
function selected(line: ScriptLine, from: number, to: number): Expression | undefined {
  let list = expressionsOf(line.syntax);
  while (list.length > 0) {
    const inside = list.find(({ start, length }) => start >= from && start + length <= to && length > 0);
    if (inside !== undefined && from < to) return isConstant(inside) ? inside : undefined;
    const around = list.find((expression) => holds(expression, from) && holds(expression, to));
    if (around === undefined) return undefined;
    if (around.kind === "number") return around;
    list = partsOf(around);
  }
  return undefined;
}

function isConstant(expression: Expression): boolean {
  if (expression.kind === "number") return true;
  if (expression.kind !== "binary" && expression.kind !== "unary" && expression.kind !== "slice") return false;
  return partsOf(expression).every(isConstant);
}

function freeName({ document }: Script, wanted: string): string {
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : `${wanted}${number}`;
    if (document.definition(name) === undefined) return name;
  }
}

/** Makes what the run of a line did an expectation: the outcome of a command, the value of a read, the pending LPI of an MSI. */
function expectWhatHappened(script: Script, line: ScriptLine, index: number): CodeAction | undefined {
  const result = script.simulation?.resultOf(index);
  if (result === undefined) return undefined;
  const whole = statementSpan(line);
  const behind = rangeOf(index, { start: whole.start + whole.length, length: 0 });
  const action = (text: string, range = behind): CodeAction => ({
    title: "Expect what happened",
    kind: CodeActionKind.RefactorRewrite,
    edit: { changes: { [script.uri]: [{ range, newText: text }] } },
  });
  const below = (statement: string) => {
    const indent = /^\s*/.exec(line.text)?.[0] ?? "";
    const end = { line: index, character: line.text.length };
    return action(`${endingOf(script)}${indent}${statement}`, { start: end, end });
  };
  const { syntax } = line;
  switch (syntax.kind) {
    case "command":
    case "raw": {
      if (syntax.outcome !== undefined) return undefined;
      const word = recordedOutcome(script, index);
      return word === undefined ? undefined : action(` => ${word}`);
    }
    case "read": {
      const { shown } = result;
      // A value that reading changes cannot be read again.
      if (shown === undefined || shown.text !== undefined || line.statement?.kind === "read-address") return undefined;
      if (line.statement?.kind === "read-register" && line.statement.member.register.readEffect !== undefined)
        return undefined;
      const value = shown.value < 10n ? shown.value.toString() : `0x${shown.value.toString(16)}`;
      return below(`expect ${textOf(line, syntax.target)} == ${value}`);
    }
    case "msi": {
      const route = script.simulation?.mappingsKnown(index + 1)?.routeAt(index);
      return route === undefined || route.pe === undefined
        ? undefined
        : below(`expect pending[${route.intid}, ${route.pe}] == 1`);
    }
    default:
      return undefined;
  }
}
