import type { Range, SemanticTokens, SemanticTokensLegend } from "vscode-languageserver";
import { nodesOf, type ScriptLine, type ScriptNode } from "../../language/index.ts";
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
  command: ["function", LIBRARY],
  argument: ["parameter", 0],
  register: ["class", LIBRARY],
  field: ["property", 0],
  state: ["function", 0],
  "table-field": ["property", 0],
  attribute: ["enumMember", LIBRARY],
  name: ["variable", READONLY],
  number: ["number", 0],
  outcome: ["enumMember", 0],
  property: ["property", 0],
  "property-word": ["enumMember", 0],
};

/** Numbers a word in a line's tokens: distance from the start of the word before, length, type, modifiers. */
export const NUMBERS = 4;

// Words of a line never change, and editors ask for the whole script after every pause in typing.
const known = new WeakMap<ScriptLine, readonly number[]>();

/** Four numbers a word, relative to the word before it in the line: distance, length, type, modifiers. */
export function tokensOf(line: ScriptLine): readonly number[] {
  const found = known.get(line);
  if (found !== undefined) return found;
  const numbers: number[] = [];
  let lastStart = 0;
  for (const node of nodesOf(line).sort((a, b) => a.start - b.start)) {
    const [type, modifiers] = styles[node.kind];
    const declares = node.kind === "name" && node.isDefinition ? DECLARATION : 0;
    numbers.push(node.start - lastStart, node.length, legend.tokenTypes.indexOf(type), modifiers | declares);
    lastStart = node.start;
  }
  known.set(line, numbers);
  return numbers;
}

/**
 * Colours of words by what they mean; words that mean nothing have none. Five numbers a word, relative to the word before, as the
 * protocol wants them. Without a range: the whole script.
 */
export function semanticTokens(script: Script, range?: Range): SemanticTokens {
  const { lines } = script.document;
  const from = Math.max(range?.start.line ?? 0, 0);
  const to = Math.min(range === undefined ? lines.length - 1 : range.end.line, lines.length - 1);
  return { data: numbersOf(lines, from, to + 1, 0) };
}

/** Tokens of the lines `from` to `to` (exclusive), five numbers a word. @param before the line of the word before the first one */
export function numbersOf(lines: readonly ScriptLine[], from: number, to: number, before: number): number[] {
  const data: number[] = [];
  let lastLine = before;
  for (let line = from; line < to; line++) {
    const tokens = tokensOf(lines[line]);
    for (let index = 0; index < tokens.length; index += NUMBERS) {
      data.push(line - lastLine, tokens[index], tokens[index + 1], tokens[index + 2], tokens[index + 3]);
      lastLine = line;
    }
  }
  return data;
}
