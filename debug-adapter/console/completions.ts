import type { DebugProtocol } from "@vscode/debugprotocol";
import { commands, registerName } from "../../architecture/index.ts";
import {
  type CompletionContext,
  completionContext,
  LineState,
  registerFields,
  registerNames,
  ScriptLine,
  stateKeywords,
  statementKeywords,
  tableFieldNames,
} from "../../language/index.ts";
import type { ScriptRun } from "../../runner/index.ts";
import { consoleWords } from "./help.ts";

type Item = Pick<DebugProtocol.CompletionItem, "label" | "type" | "detail" | "text">;

/**
 * What may stand at a column of a line of the Debug Console.
 * @param column from 0
 */
export function consoleCompletions(text: string, column: number, run: ScriptRun): DebugProtocol.CompletionItem[] {
  const context = completionContext(new ScriptLine(text, "", LineState.body), column);
  const { start, length } = context.replace;
  return itemsOf(context, run).map((item) => ({ ...item, start, length }));
}

function itemsOf(context: CompletionContext, run: ScriptRun): Item[] {
  switch (context.kind) {
    case "statement":
      return [...values(run), ...statements(), ...names(consoleWords, "keyword")];
    case "value":
      return values(run);
    case "register":
      return names(registerNames, "variable");
    case "field": {
      const { register, index } = context.member;
      return registerFields(register)
        .filter(({ name }) => !context.used.includes(name))
        .map(({ name }) => ({ label: name, type: "field", detail: registerName(register, index) }));
    }
    case "table-field":
      return names(tableFieldNames[context.table], "field");
    case "argument":
      return context.fields
        .filter(({ name }) => !context.used.includes(name))
        .map(({ name }) => ({ label: name, text: `${name}=`, type: "property" }));
    default:
      return [];
  }
}

function statements(): Item[] {
  const words = statementKeywords.map(({ word }) => word).filter((word) => word !== "machine" && word !== "let");
  return [
    ...names(
      commands.map(({ name }) => name),
      "function",
    ),
    ...names(words, "keyword"),
  ];
}

/** Names of the script, words that read state, registers. */
function values(run: ScriptRun): Item[] {
  return [
    ...[...run.variables.keys()].map((label): Item => ({ label, type: "value", detail: "let" })),
    ...stateKeywords.map(({ word, form }): Item => ({ label: word, type: "keyword", detail: form })),
    ...names(registerNames, "variable"),
  ];
}

function names(list: readonly string[], type: DebugProtocol.CompletionItemType): Item[] {
  return list.map((label) => ({ label, type }));
}
