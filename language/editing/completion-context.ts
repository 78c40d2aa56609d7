import { type Command, type CommandField, models, type RegisterMember } from "../../architecture/index.ts";
import { findRegister } from "../bind/registers.ts";
import { isTableName } from "../bind/tables.ts";
import { type ArgumentOwner, findArgument, findCommand, msiArguments } from "../operation/assemble.ts";
import type { ScriptLine } from "../parse/line.ts";
import { isInMachineBlock } from "../parse/parse-line.ts";
import type { Span, TableName } from "../parse/syntax.ts";
import { type LineToken, Token, tokenize } from "../parse/token.ts";
import { looksLikeRegister } from "./keywords.ts";

/** What may stand at the cursor. `replace` is the word that a completion replaces, empty between two words. */
export type CompletionContext = { readonly replace: Span } & (
  | { readonly kind: "statement" }
  | { readonly kind: "machine-property"; readonly used: readonly string[] }
  | { readonly kind: "machine-value"; readonly property: string }
  /** Name of an argument. `command` is absent in `msi`. `used` are the names that the line has already. */
  | {
      readonly kind: "argument";
      readonly command?: Command;
      readonly fields: readonly CommandField[];
      readonly used: readonly string[];
    }
  /** An expression: names, registers, state words; `field` is what the value is for, `inside` the brackets that it stands in. */
  | {
      readonly kind: "value";
      readonly field?: CommandField;
      readonly inside?: InsideBrackets | undefined;
      readonly begins?: "expect";
    }
  /** A register, after `write`. */
  | { readonly kind: "register" }
  /** A field of a register. `used` are those that a list in braces has already. */
  | { readonly kind: "field"; readonly member: RegisterMember; readonly used: readonly string[] }
  | { readonly kind: "table-field"; readonly table: TableName }
  /** A device of KVM's attribute API, then one of its groups, then an attribute. */
  | { readonly kind: "attribute"; readonly device?: string; readonly group?: string }
  /** What stands after `=>`. `word` begins the statement. */
  | { readonly kind: "outcome"; readonly command?: Command; readonly word: string }
  /** Behind a complete value that more may follow: another argument, an outcome. */
  | { readonly kind: "after-value"; readonly command?: Command; readonly word: string }
  /** A model that a line is about, or compares with. */
  | { readonly kind: "model" }
  /** A new name, a number, the inside of a comment or of a string: nothing to offer. */
  | { readonly kind: "none" }
);

/** The brackets that a value stands in: `ite@1[0x10, ` has the word `ite`, unit `1`, place 1 and the first value `0x10`. */
export interface InsideBrackets {
  readonly word: string;
  /** Text of the number or name behind `@`; absent where there is none. */
  readonly unit?: string;
  /** Which of the values between commas, from 0. */
  readonly place: number;
  /** Text of the first value, when another one is written. */
  readonly first: string;
}

/** Tells what is expected at a column of a line. It looks at what stands before the column, and at the rest of the word there. */
export function completionContext(line: ScriptLine, column: number): CompletionContext {
  const all = tokenize(line.text);
  const model = modelAt(line.text, column);
  if (model !== undefined) {
    const context = contextOf(line, all, model);
    if (context.kind === "model" || (context.kind === "machine-value" && context.property === "model")) return context;
  }
  const inside = all.find(({ start, length }) => start < column && column <= start + length);
  if (inside !== undefined && isClosedTo(inside, column))
    return { kind: "none", replace: { start: column, length: 0 } };
  const word = inside?.kind === Token.identifier ? inside : undefined;
  return contextOf(line, all, word === undefined ? { start: column, length: 0 } : word);
}

const beginsModel = new RegExp(
  `(?<![\\w-])(?:${[...new Set(models.map(({ family }) => family))].join("|")})-[\\w.-]*$`,
  "i",
);

/** The name of a model around a column, which is several tokens to the language: `kvm-6.1`. */
function modelAt(text: string, column: number): Span | undefined {
  const begun = beginsModel.exec(text.slice(0, column));
  if (begun === null) return undefined;
  const rest = /^[\w.-]*/.exec(text.slice(column))?.[0] ?? "";
  return { start: begun.index, length: begun[0].length + rest.length };
}

function contextOf(line: ScriptLine, all: readonly LineToken[], { start, length }: Span): CompletionContext {
  const replace = { start, length };
  const before = all.filter((token) => token.start < replace.start && token.start + token.length <= replace.start);
  if (before[before.length - 1]?.kind === Token.comment) return { kind: "none", replace };
  const words = new Words(line.text, before);
  if (isInBlock(line) || words.text(0) === "machine") return machineContext(words, replace);
  // save-pending and such: the hyphen continues the first word.
  if (before.length === 0) return { kind: "statement", replace };
  if (before.length === 2 && before[1].kind === Token.minus && before[0].start + before[0].length === before[1].start)
    return {
      kind: "statement",
      replace: { start: before[0].start, length: replace.start + replace.length - before[0].start },
    };
  const context = statementContext(words, replace);
  return context.kind === "value" ? { ...context, inside: words.inside } : context;
}

function isInBlock({ stateBefore }: ScriptLine): boolean {
  return isInMachineBlock(stateBefore);
}

/** Inside a comment, a string or a number there is nothing to offer. Directly behind a complete string there may be. */
function isClosedTo({ kind, start, length }: LineToken, column: number): boolean {
  if (kind === Token.string) return column < start + length;
  return kind === Token.comment || kind === Token.openString || kind === Token.number;
}

/** The tokens before the cursor, seen from its end. */
class Words {
  private readonly source: string;
  readonly tokens: readonly LineToken[];

  constructor(text: string, tokens: readonly LineToken[]) {
    this.source = text;
    this.tokens = tokens;
  }

  /** Text of a token; negative numbers count from the end. Empty when there is none. */
  text(index: number): string {
    const token = this.tokens.at(index);
    return token === undefined ? "" : this.source.slice(token.start, token.start + token.length);
  }

  /** The first word with what a hyphen joins to it: user-write. */
  get statementWord(): string {
    const [first, hyphen, second] = this.tokens;
    if (second === undefined || hyphen.kind !== Token.minus || second.kind !== Token.identifier) return this.text(0);
    const end = second.start + second.length;
    return end - first.start === first.length + 1 + second.length ? this.source.slice(first.start, end) : this.text(0);
  }

  kind(index: number): number {
    return this.tokens.at(index)?.kind ?? Token.end;
  }

  /** Names with `=` behind them, from the token `first` on. */
  names(first = 0): string[] {
    return this.tokens.flatMap((token, index) =>
      index >= first && token.kind === Token.identifier && this.tokens[index + 1]?.kind === Token.assign
        ? [this.text(index)]
        : [],
    );
  }

  /** Index of the bracket that the token at `index` closes. */
  opening(index: number): number {
    let depth = 0;
    for (let at = index; at >= 0; at--) {
      if (this.tokens[at].kind === Token.closeBracket) depth++;
      else if (this.tokens[at].kind === Token.openBracket && --depth === 0) return at;
    }
    return -1;
  }

  /** Index of the word that ends with a token, which may be the number or the name behind its `@`. */
  wordAt(index: number): number {
    return index >= 2 && this.kind(index - 1) === Token.at ? index - 2 : index;
  }

  /** The brackets that are open at the end, behind a word. */
  get inside(): InsideBrackets | undefined {
    let depth = 0;
    let place = 0;
    let firstComma = -1;
    for (let at = this.tokens.length - 1; at > 0; at--) {
      const { kind } = this.tokens[at];
      if (kind === Token.closeBracket || kind === Token.closeParenthesis) depth++;
      else if (kind === Token.openParenthesis) depth--;
      else if (kind === Token.openBracket && --depth < 0) {
        const word = this.wordAt(at - 1);
        if (this.kind(word) !== Token.identifier) return undefined;
        const { start } = this.tokens[at];
        const first = firstComma < 0 ? "" : this.source.slice(start + 1, this.tokens[firstComma].start);
        return { word: this.text(word), ...(word < at - 1 && { unit: this.text(at - 1) }), place, first };
      } else if (kind === Token.comma && depth === 0) {
        place++;
        firstComma = at;
      }
    }
    return undefined;
  }

  /** True when a complete operand stands at the end, with white space or nothing behind it. */
  get endsValue(): boolean {
    return operandEnds.has(this.kind(-1));
  }

  /** True when a bracket or parenthesis is open at the end. */
  get isNested(): boolean {
    let depth = 0;
    for (const { kind } of this.tokens) {
      if (kind === Token.openBracket || kind === Token.openParenthesis) depth++;
      else if (kind === Token.closeBracket || kind === Token.closeParenthesis) depth--;
    }
    return depth > 0;
  }
}

const operandEnds: ReadonlySet<number> = new Set([
  Token.identifier,
  Token.number,
  Token.closeBracket,
  Token.closeParenthesis,
  Token.closeBrace,
]);

function machineContext(words: Words, replace: Span): CompletionContext {
  if (words.tokens.some(({ kind }) => kind === Token.closeBrace)) return { kind: "none", replace };
  if (words.text(0) === "machine" && words.tokens.length === 1) return { kind: "none", replace };
  if (words.kind(-1) === Token.assign) return { kind: "machine-value", property: words.text(-2), replace };
  return { kind: "machine-property", used: words.names(), replace };
}

function statementContext(words: Words, replace: Span): CompletionContext {
  if (words.kind(-1) === Token.dot) return fieldContext(words, replace);
  const first = words.statementWord;
  if (first === "expect") return expectContext(words, replace);
  const command = findCommand(first);
  if (words.kind(-1) === Token.arrow) return { kind: "outcome", command, word: first, replace };
  if (namesModel(words)) return { kind: "model", replace };
  if (words.tokens.some(({ kind }) => kind === Token.arrow)) return { kind: "none", replace };
  if (command !== undefined || first === "msi")
    return argumentContext(command, command ?? msiArguments, words, replace);
  switch (first) {
    case "let":
      return words.tokens.length < 3 ? { kind: "none", replace } : { kind: "value", replace };
    case "write":
      if (words.tokens.length === 1) return { kind: "register", replace };
      return bracesContext(words, replace) ?? { kind: "value", replace };
    case "write32":
    case "write64":
      return bracesContext(words, replace) ?? { kind: "value", replace };
    case "user-write":
    case "user-read":
      return { kind: words.tokens.length === 3 ? "register" : "value", replace };
    case "set-attr":
    case "get-attr":
    case "has-attr":
      return attributeContext(words, replace);
    case "begin":
      return { kind: words.kind(-1) === Token.comma ? "register" : "value", replace };
    case "save":
    case "restore":
    case "save-pending":
    case "reset":
      return { kind: "after-value", word: first, replace };
    default:
      return { kind: "value", replace };
  }
}

/** Behind `expect`: a condition or `same as`, and models behind `as` and `on`. */
function expectContext(words: Words, replace: Span): CompletionContext {
  const { tokens } = words;
  if (tokens.length === 1) return { kind: "value", begins: "expect", replace };
  const list = tokens.findLastIndex((_, at) => at > 1 && isModelsWord(words, at));
  if (list < 0) return { kind: "value", replace };
  return { kind: namesModel(words) ? "model" : "none", replace };
}

/** Whether a model is named next: behind `migrate`, `same as`, `on` or a `|` behind these. */
function namesModel(words: Words): boolean {
  const { tokens } = words;
  if (words.text(0) === "migrate") return tokens.length === 1;
  if (words.text(0) !== "expect" && !tokens.some(({ kind }) => kind === Token.arrow)) return false;
  const list = tokens.findLastIndex((_, at) => at > 1 && isModelsWord(words, at));
  const kinds = tokens.slice(list + 1).map(({ kind }) => kind);
  return list >= 0 && !kinds.includes(Token.comma) && (kinds.length === 0 || kinds.at(-1) === Token.or);
}

/** Whether models follow behind a token: `same as`, or `on` behind a complete value. */
function isModelsWord(words: Words, at: number): boolean {
  if (words.text(at) === "as") return at === 2 && words.text(1) === "same";
  return words.text(at) === "on" && operandEnds.has(words.kind(at - 1));
}

/** Whether a value ends here and its statement may go on with `=>`. */
function endsStatement(words: Words): boolean {
  return words.endsValue && !words.isNested && words.tokens.some(({ kind }) => kind === Token.assign);
}

/** Words before the device: the verb is three tokens, `set`, `-` and `attr`. */
const VERB_TOKENS = 3;

/** `set-attr DEVICE, GROUP, ATTR = VALUE`: which of the words comes next. */
function attributeContext(words: Words, replace: Span): CompletionContext {
  if (words.tokens.length === VERB_TOKENS) return { kind: "attribute", replace };
  if (words.kind(-1) !== Token.comma || words.isNested) return { kind: "value", replace };
  const device = words.text(VERB_TOKENS);
  if (words.tokens.length === VERB_TOKENS + 2) return { kind: "attribute", device, replace };
  return { kind: "attribute", device, group: words.text(VERB_TOKENS + 2), replace };
}

/** Behind a dot: the fields of the register or of the table entry before it. */
function fieldContext(words: Words, replace: Span): CompletionContext {
  let index = words.tokens.length - 2;
  if (index >= 0 && words.tokens[index].kind === Token.closeBracket) index = words.opening(index) - 1;
  if (index < 0) return { kind: "none", replace };
  const name = words.text(words.wordAt(index));
  if (isTableName(name)) return { kind: "table-field", table: name, replace };
  const member = looksLikeRegister(name) ? findRegister(name) : undefined;
  return member === undefined ? { kind: "none", replace } : { kind: "field", member, used: [], replace };
}

function argumentContext(
  command: Command | undefined,
  owner: ArgumentOwner,
  words: Words,
  replace: Span,
): CompletionContext {
  const atName = words.tokens.length === 1 || (words.kind(-1) === Token.comma && !words.isNested);
  const used = words.names();
  if (atName) return { kind: "argument", command, fields: owner.fields, used, replace };
  if (endsStatement(words))
    return { kind: "after-value", command, word: command === undefined ? "msi" : command.name, replace };
  const current = used[used.length - 1];
  return { kind: "value", field: current === undefined ? undefined : findArgument(owner, current), replace };
}

/** Inside `{ … }` of a register write. */
function bracesContext(words: Words, replace: Span): CompletionContext | undefined {
  const brace = words.tokens.findIndex(({ kind }) => kind === Token.openBrace);
  if (brace < 0) return undefined;
  const last = words.kind(-1);
  if (last !== Token.openBrace && (last !== Token.comma || words.isNested)) return { kind: "value", replace };
  const member = findRegister(words.text(1));
  return member === undefined
    ? { kind: "none", replace }
    : { kind: "field", member, used: words.names(brace), replace };
}
