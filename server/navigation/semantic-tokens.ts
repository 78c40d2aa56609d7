import type { Range, SemanticTokens, SemanticTokensLegend } from "vscode-languageserver";
import { nodesOf, type ScriptLine, type ScriptNode, Token } from "../../language/index.ts";
import { TokenBuffer } from "../../language/parse/token.ts";
import type { Script } from "../scripts/script.ts";

/** Kinds of words, in standard names that every colour theme knows. */
export const legend: SemanticTokensLegend = {
  tokenTypes: ["keyword", "function", "parameter", "variable", "class", "property", "enumMember", "number"],
  tokenModifiers: ["declaration", "readonly", "defaultLibrary"],
};

const DECLARATION = 1;
const READONLY = 2;
const LIBRARY = 4;

/** Type and modifiers of each kind of word. */
const styles: Readonly<Record<ScriptNode["kind"], readonly [type: string, modifiers: number]>> = {
  keyword: ["keyword", 0],
  same: ["keyword", 0],
  command: ["function", LIBRARY],
  argument: ["parameter", 0],
  register: ["class", LIBRARY],
  field: ["property", 0],
  state: ["function", 0],
  "table-field": ["property", 0],
  attribute: ["enumMember", LIBRARY],
  name: ["variable", READONLY],
  macro: ["function", 0],
  parameter: ["parameter", 0],
  number: ["number", 0],
  outcome: ["enumMember", 0],
  property: ["property", 0],
  "property-word": ["enumMember", 0],
};

/**
 * Kinds of words that a client's own grammar of the language colours as the standard names here are coloured where a theme says nothing
 * of them: `keyword.control`, `support.function`, `variable.parameter`, `constant.numeric`.
 */
export const grammarTells: ReadonlySet<ScriptNode["kind"]> = new Set([
  "keyword",
  "same",
  "command",
  "argument",
  "parameter",
  "number",
]);

/** Which words are told: all, or those whose meaning a grammar cannot tell, for clients that colour words by themselves as well. */
export type TokenChoice = "all" | "beyond grammar";

/** Numbers a word as the protocol has them: lines and columns from the word before, length, type, modifiers. */
const FIVE = 5;

const typeOf: Readonly<Record<string, number>> = Object.fromEntries(
  legend.tokenTypes.map((type, index) => [type, index]),
);

/** Entries that the buffer of words keeps between two questions. */
const KEPT = 2 ** 16;
/** Up to here an array that is made with its length holds numbers as densely as one that has grown, and takes no copies to get there. */
const MOST_AT_ONCE = 2 ** 24;

/** Five numbers a word, put together in a buffer that is used again: a long script has millions of them. */
class Words {
  private numbers = new Int32Array(KEPT);
  private count = 0;

  get length(): number {
    return this.count / FIVE;
  }

  begin(): void {
    this.count = 0;
    if (this.numbers.length > KEPT) this.numbers = new Int32Array(KEPT);
  }

  push(lines: number, distance: number, length: number, type: number, modifiers: number): void {
    if (this.count + FIVE > this.numbers.length) {
      const more = new Int32Array(2 * this.numbers.length);
      more.set(this.numbers);
      this.numbers = more;
    }
    const { numbers, count } = this;
    numbers[count] = lines;
    numbers[count + 1] = distance;
    numbers[count + 2] = length;
    numbers[count + 3] = type;
    numbers[count + 4] = modifiers;
    this.count = count + FIVE;
  }

  /** The numbers as JSON has them; nothing is left. */
  take(): number[] {
    const { numbers, count } = this;
    const list: number[] = count < MOST_AT_ONCE ? new Array(count) : [];
    for (let at = 0; at < count; at++) list[at] = numbers[at];
    this.begin();
    return list;
  }
}

const words = new Words();

/** Four numbers a word, relative to the word before it in the line: distance, length, type, modifiers. */
export function tokensOf(line: ScriptLine): readonly number[] {
  words.begin();
  addWords(words, line, 0, "all");
  return words.take().filter((_, index) => index % FIVE !== 0);
}

/** How many words of a line are told. */
export function wordCount(line: ScriptLine, choice: TokenChoice): number {
  words.begin();
  addWords(words, line, 0, choice);
  return words.length;
}

/** Adds five numbers for each word of a line. @param down lines from the word before to this one @returns whether there was a word */
function addWords(data: Words, line: ScriptLine, down: number, choice: TokenChoice): boolean {
  if (line.kind === "blank") return false;
  const { length } = data;
  if (!addPlainCommand(data, line, down, choice)) addNodes(data, line, down, choice);
  return data.length > length;
}

function addNodes(data: Words, line: ScriptLine, down: number, choice: TokenChoice): void {
  let lines = down;
  let lastStart = 0;
  for (const node of nodesOf(line).sort((a, b) => a.start - b.start)) {
    if (choice === "beyond grammar" && grammarTells.has(node.kind)) continue;
    const [type, modifiers] = styles[node.kind];
    const declares = "isDefinition" in node && node.isDefinition ? DECLARATION : 0;
    data.push(lines, node.start - lastStart, node.length, typeOf[type], modifiers | declares);
    lastStart = node.start;
    lines = 0;
  }
}

// Asked for each word: in the package a constant of another file is a call away.
const { arrow, assign, identifier, number } = Token;
// One for all lines: it is as long as the longest.
const buffer = new TokenBuffer();
const plain = {
  command: [typeOf[styles.command[0]], styles.command[1]],
  argument: [typeOf[styles.argument[0]], styles.argument[1]],
  number: [typeOf[styles.number[0]], styles.number[1]],
  name: [typeOf[styles.name[0]], styles.name[1]],
  outcome: [typeOf[styles.outcome[0]], styles.outcome[1]],
} as const;

/**
 * The words of a command whose packet is known: of these a long script consists. Nothing in it depends on state, so its words are the
 * command, names of arguments, numbers, names and an outcome, and need not be read as expressions. @returns false for other lines
 */
function addPlainCommand(data: Words, line: ScriptLine, down: number, choice: TokenChoice): boolean {
  if (line.kind !== "command") return false;
  const { statement } = line;
  if (statement?.kind !== "command" || statement.words === undefined) return false;
  const isAll = choice === "all";
  if (!isAll && line.binding.uses.length === 0 && statement.expected === undefined) return true;
  buffer.read(line.text);
  const { kinds, starts, ends, count } = buffer;
  let lines = down;
  let lastStart = 0;
  let isOutcome = false;
  for (let at = 0; at < count; at++) {
    const kind = kinds[at];
    if (kind === arrow) isOutcome = true;
    if (kind !== identifier && kind !== number) continue;
    let style: readonly number[] = plain.name;
    if (isOutcome) style = plain.outcome;
    else {
      const byGrammar =
        at === 0
          ? plain.command
          : kind === number
            ? plain.number
            : kinds[at + 1] === assign
              ? plain.argument
              : undefined;
      if (byGrammar !== undefined && !isAll) continue;
      style = byGrammar ?? plain.name;
    }
    const start = starts[at];
    data.push(lines, start - lastStart, ends[at] - start, style[0], style[1]);
    lastStart = start;
    lines = 0;
  }
  return true;
}

/**
 * Colours of words by what they mean; words that mean nothing have none. Five numbers a word, relative to the word before, as the
 * protocol wants them. Without a range: the whole script.
 */
export function semanticTokens(script: Script, choice: TokenChoice, range?: Range): SemanticTokens {
  const { lines } = script.document;
  const from = Math.max(range?.start.line ?? 0, 0);
  const to = Math.min(range === undefined ? lines.length - 1 : range.end.line, lines.length - 1);
  return { data: numbersOf(lines, from, to + 1, { before: 0, choice }) };
}

/** Tokens of the lines `from` to `to` (exclusive), five numbers a word. @param before the line of the word before the first one */
export function numbersOf(
  lines: readonly ScriptLine[],
  from: number,
  to: number,
  { before, choice }: { readonly before: number; readonly choice: TokenChoice },
): number[] {
  words.begin();
  let lastLine = before;
  for (let line = from; line < to; line++) if (addWords(words, lines[line], line - lastLine, choice)) lastLine = line;
  return words.take();
}
