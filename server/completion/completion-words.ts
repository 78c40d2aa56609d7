import type { CompletionItem } from "vscode-languageserver";
import { CompletionItemKind } from "vscode-languageserver";
import {
  attributeGroupByName,
  attributesOf,
  type Command,
  type CommandField,
  commandErrors,
  commands,
  defaultModel,
  groupsOf,
  kvmDevices,
  models,
  modelWords,
} from "../../architecture/index.ts";
import {
  errnoNumbers,
  exitOutcome,
  isRepeatedProperty,
  machineProperties,
  outcomeWords,
  sameWord,
  statementKeywords,
} from "../../language/index.ts";
import type { CompletionData } from "./completion-resolve.ts";

/** An item before it has its place in the text. `snippet` is for editors that fill in places. */
export type Draft = Pick<CompletionItem, "label" | "kind"> &
  Partial<Pick<CompletionItem, "detail" | "insertText" | "sortText" | "filterText">> & {
    readonly snippet?: string;
    readonly data?: CompletionData;
  };

/** A command with places for what must be written. */
export function commandDrafts(): Draft[] {
  return commands.map((command) => {
    const required = command.fields.filter(({ defaultRaw }) => defaultRaw === undefined);
    const places = required.map(({ name }, index) => `${name}=${place(index + 1)}`).join(", ");
    return {
      label: command.name,
      kind: CompletionItemKind.Function,
      detail: command.fields.map(({ name }) => name).join(", "),
      filterText: command.formerName === undefined ? command.name : `${command.name} ${command.formerName}`,
      snippet: places === "" ? command.name : `${command.name} ${places}`,
      data: { kind: "command", name: command.name },
    };
  });
}

/** A place of a snippet that the user fills in, in order of `index`. */
export function place(index: number, text = ""): string {
  return text === "" ? `$${index}` : `$\{${index}:${text}}`;
}

function choice(index: number, words: readonly string[]): string {
  return `$\{${index}|${words.join(",")}|}`;
}

const modelChoice = choice(
  1,
  models.map(({ name }) => name),
);

/** What follows a word, so that it need not be typed. */
const statementSnippets: Readonly<Record<string, string>> = {
  machine: `machine {\n  model = ${modelChoice}\n  setup = ${choice(2, ["ready", "reset"])}\n}`,
  let: `let ${place(1, "name")} = ${place(2, "0")}`,
  raw: `raw ${[1, 2, 3, 4].map((index) => place(index, "0")).join(", ")}`,
  msi: `msi DeviceID=${place(1)}, EventID=${place(2)}`,
  fill: `fill ${place(1, "0x40200000")}, ${place(2, "64K")}, ${place(3, "0")}`,
};

export function statementDrafts(): Draft[] {
  return statementKeywords.map(({ word, form }) => ({
    label: word,
    kind: CompletionItemKind.Keyword,
    detail: form,
    snippet:
      statementSnippets[word] ??
      (word.startsWith("mem") ? `${word}[${place(1, "0x40200000")}] = ${place(2, "0")}` : undefined),
    data: { kind: "statement", name: word },
  }));
}

export function argumentDrafts(
  fields: readonly CommandField[],
  used: readonly string[],
  command: Command | undefined,
): Draft[] {
  const given = new Set(used.map((name) => name.toLowerCase()));
  return fields
    .filter(({ name }) => !given.has(name.toLowerCase()))
    .map((field) => ({
      label: field.name,
      kind: CompletionItemKind.Property,
      detail: field.defaultRaw === undefined ? "needed" : `${field.defaultRaw} when left out`,
      insertText: `${field.name}=`,
      data: { kind: "argument", command: command?.name, name: field.name },
    }));
}

/** Statements that the ITS takes as a command, or whose event it translates: they have command errors. */
const translated: ReadonlySet<string> = new Set(["raw", "msi"]);
/** Loads and stores of a guest. */
const accesses: ReadonlySet<string> = new Set(["read", "read32", "read64", "write", "write32", "write64"]);

/** Outcomes that a statement can have: command errors of its own command, errno names of calls of user space, exits of accesses. */
export function outcomeDrafts(command: Command | undefined, word: string): Draft[] {
  const outcome = ({ word: label, summary }: { readonly word: string; readonly summary: string }): Draft => ({
    label,
    kind: CompletionItemKind.EnumMember,
    detail: summary,
    data: { kind: "outcome", name: label },
  });
  const isCommand = command !== undefined || translated.has(word);
  const [done, ...others] = outcomeWords;
  if (accesses.has(word)) return [done, exitOutcome].map(outcome);
  const errnos = Object.entries(errnoNumbers).map(([name, errno]) => ({
    label: name,
    kind: CompletionItemKind.EnumMember,
    detail: `errno ${errno}`,
  }));
  if (!isCommand) return [outcome(done), ...errnos];
  // An MSI meets what INT meets.
  const own = command?.name ?? (word === "msi" ? "INT" : undefined);
  const raised = commandErrors.filter((error) => own === undefined || error.command === own);
  const codes = raised.map(({ name, code }) => ({
    label: name,
    kind: CompletionItemKind.EnumMember,
    detail: `0x${code.toString(16).padStart(6, "0").toUpperCase()}`,
    data: { kind: "outcome" as const, name },
  }));
  // KVM answers some commands and MSIs with an errno, which its log or its caller sees.
  return [outcome(done), ...others.map(outcome), ...codes, ...errnos.filter(({ label }) => commandErrnos.has(label))];
}

const commandErrnos: ReadonlySet<string> = new Set(["EINVAL", "ENOMEM", "EBUSY", "ENODEV"]);

/** What may follow a complete value: what must become of the statement. */
export function afterValueDrafts(word: string): Draft[] {
  const label = "=>";
  const detail = "what must become of it";
  return [{ label, kind: CompletionItemKind.Operator, detail, insertText: "=> ", data: { kind: "arrow", name: word } }];
}

/** Devices of KVM's attribute API, or the groups of one. */
export function deviceDrafts(device: string | undefined): Draft[] {
  const type = kvmDevices.find((entry) => entry.type === device)?.type;
  if (device === undefined)
    return kvmDevices.map(({ type: name }) =>
      member(
        name,
        groupsOf(name)
          .map(({ name: group }) => group)
          .join(", "),
      ),
    );
  return type === undefined ? [] : groupsOf(type).map(({ name, summary }) => member(name, summary));
}

/** Attributes with names that a group has for a device. */
export function namedDrafts(device: string, group: string): Draft[] {
  const type = kvmDevices.find((entry) => entry.type === device)?.type;
  const found = attributeGroupByName(group);
  if (type === undefined || found === undefined) return [];
  return attributesOf(found, type).map(({ name, summary }) => member(name, summary));
}

function member(label: string, detail: string): Draft {
  return { label, kind: CompletionItemKind.EnumMember, detail };
}

/** Some may be given more than once. */
export function propertyDrafts(used: readonly string[]): Draft[] {
  return machineProperties
    .filter(({ word }) => isRepeatedProperty(word) || !used.includes(word))
    .map(({ word, form }) => ({
      label: word,
      kind: CompletionItemKind.Property,
      detail: form,
      insertText: `${word} = `,
      data: { kind: "property", name: word },
    }));
}

/** Models by their names and by those that stand for several, as lines say what they are about. */
export function modelDrafts(): Draft[] {
  const several = modelWords().filter((word) => !models.some(({ name }) => name === word));
  return [
    ...several.map((word) => member(word, `every model that is called ${word}`)),
    ...models.map(({ name, title }) => member(name, title)),
  ];
}

/** What `expect` may ask of the lines above. */
export const sameDraft: Draft = {
  label: "same as",
  kind: CompletionItemKind.Keyword,
  detail: sameWord.form,
  data: { kind: "same", name: sameWord.word },
};

export function propertyValueDrafts(property: string): Draft[] {
  switch (property) {
    case "model":
      return models.map(({ name, title }) => member(name, name === defaultModel ? `${title}, the default` : title));
    case "setup":
      return [
        member("ready", "queue, tables and LPIs set up and enabled"),
        member("reset", "everything as after reset"),
        member("created", "a VM of KVM before INIT"),
      ];
    case "nmi":
      return [member("on", "FEAT_GICv3_NMI"), member("off", "without, the default")];
    default:
      return [];
  }
}
