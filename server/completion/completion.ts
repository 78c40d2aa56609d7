import type { CompletionItem, CompletionList, Position } from "vscode-languageserver";
import { CompletionItemKind, CompletionTriggerKind, InsertTextFormat } from "vscode-languageserver";
import { type CommandField, type Field, registerByName, registerName } from "../../architecture/index.ts";
import {
  type CompletionContext,
  completionContext,
  findRegister,
  findRegisterField,
  formatValue,
  registerFields,
  registerNames,
  stateKeywords,
  tableFieldNames,
} from "../../language/index.ts";
import { knownIds } from "../navigation/known-ids.ts";
import { argumentValue } from "../navigation/mentions.ts";
import { type Cursor, cursorAt, rangeOf, type Script } from "../scripts/script.ts";
import {
  argumentDrafts,
  commandDrafts,
  type Draft,
  deviceDrafts,
  namedDrafts,
  outcomeDrafts,
  place,
  propertyDrafts,
  propertyValueDrafts,
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
  return { isIncomplete: !complete, items };
}

/** A typed space asks for names of arguments, registers and outcomes; elsewhere it would open a list at every word. */
function isWanted({ kind }: CompletionContext, { trigger, character }: CompletionOptions): boolean {
  if (kind === "none") return false;
  if (trigger !== CompletionTriggerKind.TriggerCharacter || character !== " ") return true;
  return kind === "argument" || kind === "outcome" || kind === "register";
}

interface Drafts {
  readonly drafts: readonly Draft[];
  readonly complete: boolean;
}

const all = (drafts: readonly Draft[]): Drafts => ({ drafts, complete: true });

function draftsFor(script: Script, cursor: Cursor, context: CompletionContext): Drafts {
  switch (context.kind) {
    case "none":
      return all([]);
    case "statement":
      return all([...commandDrafts(), ...statementDrafts()]);
    case "argument":
      return all(argumentDrafts(context.fields, context.used, context.command));
    case "value":
      return valueDrafts(script, cursor, context.field);
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
      return all(outcomeDrafts(context.command));
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
  return named.length > 0 ? all(named) : valueDrafts(script, cursor, undefined);
}

/** Ids that are mapped above, named values of the field, names, and what reads state. */
function valueDrafts(script: Script, cursor: Cursor, field: CommandField | undefined): Drafts {
  const named = ((field ?? writtenField(cursor))?.values ?? []).map(({ value, name }) => ({
    label: String(value),
    kind: CompletionItemKind.EnumMember,
    detail: name,
  }));
  const device = field?.name === "EventID" ? argumentValue(cursor.line, "DeviceID") : undefined;
  const known = knownIds(script, field?.name ?? "", cursor.index, device === undefined ? undefined : Number(device));
  const ids = known.list.map(({ id, detail }) => ({
    label: field?.display === "hex" ? `0x${id.toString(16)}` : id.toString(),
    kind: CompletionItemKind.Value,
    detail,
  }));
  return { drafts: [...named, ...ids, ...nameDrafts(script, cursor), ...stateDrafts()], complete: known.complete };
}

/** The register field whose value is written at the cursor: `write R.F = ` or `write R = { F=`. */
function writtenField({ line, column }: Cursor): Field | undefined {
  const before = line.text.slice(0, column);
  const target = /^\s*write\s+(\w+)(?:\[[^\]]*\])?(?:\.(\w+))?\s*=/.exec(before);
  const member = target === null ? undefined : findRegister(target[1]);
  if (target === null || member === undefined) return undefined;
  const name = target[2] ?? /[{,]\s*(\w+)\s*=\s*\w*$/.exec(before)?.[1];
  return name === undefined ? undefined : findRegisterField(member.register, name);
}

/** Names offered at most. */
const NAMES = 1000;

function nameDrafts(script: Script, cursor: Cursor): Draft[] {
  return script.document
    .namesAt(cursor.index)
    .slice(-NAMES)
    .reverse()
    .map(({ name, constant }) => ({
      label: name,
      kind: CompletionItemKind.Variable,
      detail: constant === undefined ? "computed while the script runs" : formatValue(constant),
    }));
}

function stateDrafts(): Draft[] {
  const words = stateKeywords.map(({ word, form }) => ({
    label: word,
    kind: CompletionItemKind.Function,
    detail: form,
    snippet: `${word}[${place(1)}]`,
    data: { kind: "state" as const, name: word },
  }));
  return [...words, ...registerDrafts];
}

/** In the order of their declaration, GITS registers first. */
const registerDrafts: readonly Draft[] = registerNames.map((name) => {
  const register = registerByName(name)?.register;
  return {
    label: name,
    kind: CompletionItemKind.Variable,
    detail: register === undefined ? "" : `${register.width} bits, ${register.access}`,
    data: { kind: "register" as const, name },
  };
});
