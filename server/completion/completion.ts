import type { CompletionItem, CompletionList, Position } from "vscode-languageserver";
import { CompletionItemKind, CompletionTriggerKind, InsertTextFormat } from "vscode-languageserver";
import { registerName } from "../../architecture/index.ts";
import { type CompletionContext, completionContext, registerFields, tableFieldNames } from "../../language/index.ts";
import { type Cursor, cursorAt, rangeOf, type Script } from "../scripts/script.ts";
import { boundedItems } from "./bounded-items.ts";
import { all, type Drafts, registerDrafts, valueDrafts } from "./completion-values.ts";
import {
  afterValueDrafts,
  argumentDrafts,
  commandDrafts,
  deviceDrafts,
  modelDrafts,
  namedDrafts,
  outcomeDrafts,
  propertyDrafts,
  propertyValueDrafts,
  sameDraft,
  statementDrafts,
} from "./completion-words.ts";

export interface CompletionOptions {
  /** Whether the editor fills in snippets; otherwise plain text is inserted. */
  readonly snippets: boolean;
  /** How completion was asked for. Absent: by the user. */
  readonly trigger?: CompletionTriggerKind;
  /** The character that asked for it. */
  readonly character?: string;
}

/** What may stand at a position, best first, without documentation: `resolveCompletion` adds it to the one that is looked at. */
export function completion(script: Script, position: Position, options: CompletionOptions): CompletionList | null {
  const cursor = cursorAt(script, position);
  if (cursor === undefined) return null;
  const context = completionContext(cursor.line, cursor.column);
  if (!isWanted(context, options)) return null;
  const { drafts, complete } = draftsFor(script, cursor, context);
  const range = rangeOf(cursor.index, context.replace);
  const items = drafts.map(({ snippet, insertText, ...draft }, index): CompletionItem => {
    const asSnippet = options.snippets && snippet !== undefined;
    return {
      ...draft,
      sortText: String(index).padStart(5, "0"),
      insertTextFormat: asSnippet ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
      textEdit: { range, newText: asSnippet ? snippet : (insertText ?? draft.label) },
    };
  });
  const typed = cursor.line.text.slice(context.replace.start, cursor.column);
  const kept = boundedItems(items, typed);
  return { isIncomplete: !complete || kept.length < items.length, items: kept };
}

/** A typed space asks for names of arguments, registers and outcomes; elsewhere it would open a list at every word. */
function isWanted({ kind }: CompletionContext, { trigger, character }: CompletionOptions): boolean {
  if (kind === "none") return false;
  if (trigger !== CompletionTriggerKind.TriggerCharacter || character !== " ") return true;
  return kind === "argument" || kind === "outcome" || kind === "register" || kind === "after-value";
}

function draftsFor(script: Script, cursor: Cursor, context: CompletionContext): Drafts {
  switch (context.kind) {
    case "none":
      return all([]);
    case "statement":
      return all([...commandDrafts(), ...statementDrafts()]);
    case "argument":
      return all(argumentDrafts(context.fields, context.used, context.command));
    case "value": {
      const values = valueDrafts(script, cursor, context);
      return context.begins === undefined ? values : { ...values, drafts: [sameDraft, ...values.drafts] };
    }
    case "model":
      return all(modelDrafts());
    case "after-value":
      return all(afterValueDrafts(context.word));
    case "register":
      return all(registerDrafts);
    case "field": {
      const used = new Set(context.used.map((name) => name.toLowerCase()));
      const register = registerName(context.member.register, context.member.index);
      const fields = registerFields(context.member.register).filter(({ name }) => !used.has(name.toLowerCase()));
      return all(
        fields.map(({ name, msb, lsb }) => ({
          label: name,
          kind: CompletionItemKind.Field,
          detail: msb === lsb ? `bit ${msb}` : `bits ${msb}:${lsb}`,
          data: { kind: "field", register, name },
        })),
      );
    }
    case "table-field":
      return all(
        tableFieldNames[context.table].map((name) => ({
          label: name,
          kind: CompletionItemKind.Field,
          data: { kind: "table-field", table: context.table, name },
        })),
      );
    case "attribute":
      return attributeDrafts(script, cursor, context);
    case "outcome":
      return all(outcomeDrafts(context.command, context.word));
    case "machine-property":
      return all(propertyDrafts(context.used));
    case "machine-value":
      return all(propertyValueDrafts(context.property));
  }
}

/** Devices, groups of a device, or what a group has. An attr that is a number is an expression as any other. */
function attributeDrafts(
  script: Script,
  cursor: Cursor,
  { device, group }: Extract<CompletionContext, { kind: "attribute" }>,
): Drafts {
  if (group === undefined) return all(deviceDrafts(device));
  const named = namedDrafts(device ?? "", group);
  return named.length > 0 ? all(named) : valueDrafts(script, cursor, {});
}
