import type { CompletionItem } from "vscode-languageserver";
import { commandByName, registerByName } from "../../architecture/index.ts";
import {
  findArgument,
  findRegisterField,
  isProblem,
  machineProperties,
  msiArguments,
  resolveOutcome,
  sameWord,
  stateKeywords,
  statementKeywords,
  tableFields,
} from "../../language/index.ts";
import type { TableName } from "../../language/parse/syntax.ts";
import { describeOutcome, describeWord } from "../hover/hover-words.ts";
import { commandTable, fieldTable, placeOf, valueTable, withoutName } from "../hover/values-text.ts";
import { bits, paragraphs, plain } from "../markdown.ts";

/** What an item stands for; travels with it to the editor and back. */
export type CompletionData =
  | { readonly kind: "command"; readonly name: string }
  | { readonly kind: "statement"; readonly name: string }
  | { readonly kind: "argument"; readonly command: string | undefined; readonly name: string }
  | { readonly kind: "register"; readonly name: string }
  | { readonly kind: "field"; readonly register: string; readonly name: string }
  | { readonly kind: "table-field"; readonly table: TableName; readonly name: string }
  | { readonly kind: "state"; readonly name: string }
  /** `same as` behind `expect`. */
  | { readonly kind: "same"; readonly name: string }
  | { readonly kind: "outcome"; readonly name: string }
  | { readonly kind: "property"; readonly name: string }
  /** `=>` behind a statement that begins with `name`. */
  | { readonly kind: "arrow"; readonly name: string };

/** Adds the documentation of an item that completion made. Items of others come back as they are. */
export function resolveCompletion(item: CompletionItem): CompletionItem {
  const value = isData(item.data) ? documentationOf(item.data) : undefined;
  return value === undefined || value === "" ? item : { ...item, documentation: { kind: "markdown", value } };
}

function isData(data: unknown): data is CompletionData {
  return typeof data === "object" && data !== null && "kind" in data && "name" in data;
}

function documentationOf(data: CompletionData): string | undefined {
  const word = (list: readonly { readonly word: string; form: string; summary: string; example: string }[]) => {
    const found = list.find((entry) => entry.word === data.name);
    return found && describeWord(found);
  };
  switch (data.kind) {
    case "command": {
      const command = commandByName(data.name);
      return command && paragraphs(plain(command.summary), commandTable(command, undefined));
    }
    case "statement":
      return word(statementKeywords);
    case "same":
      return word([sameWord]);
    case "state":
      return word(stateKeywords);
    case "property":
      return word(machineProperties);
    case "arrow":
      return `Behind \`=>\` stands what must become of \`${data.name}\`; anything else fails the run there.`;
    case "argument": {
      const owner = data.command === undefined ? msiArguments : commandByName(data.command);
      const field = owner && findArgument(owner, data.name);
      return field && paragraphs(`${placeOf(field)}: ${plain(withoutName(field))}`, valueTable(field, undefined));
    }
    case "register": {
      const register = registerByName(data.name)?.register;
      return register && paragraphs(plain(register.summary), fieldTable(register.fields, undefined, undefined));
    }
    case "field": {
      const register = registerByName(data.register)?.register;
      const field = register && findRegisterField(register, data.name);
      return field && paragraphs(`${bits(field)}: ${plain(withoutName(field))}`, valueTable(field, undefined));
    }
    case "table-field":
      return tableFields(data.table, data.name)
        .map(({ layout, field }) => `- ${plain(layout)}: ${bits(field)} ${plain(withoutName(field))}`)
        .join("\n");
    case "outcome": {
      const outcome = resolveOutcome({ text: data.name, start: 0, length: data.name.length });
      return isProblem(outcome) ? undefined : describeOutcome(outcome);
    }
  }
}
