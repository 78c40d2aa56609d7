import type { Range, SemanticTokens, SemanticTokensLegend } from "vscode-languageserver";
import { nodesOf, type ScriptNode } from "../language/index.ts";
import type { Script } from "./script.ts";

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
  name: ["variable", READONLY],
  number: ["number", 0],
  outcome: ["enumMember", 0],
  property: ["property", 0],
  "property-word": ["enumMember", 0],
};

/**
 * Colours of words by what they mean; words that mean nothing have none. Five numbers a word, relative to the word before, as the
 * protocol wants them. Without a range: the whole script.
 */
export function semanticTokens(script: Script, range?: Range): SemanticTokens {
  const { lines } = script.document;
  const from = Math.max(range?.start.line ?? 0, 0);
  const to = Math.min(range === undefined ? lines.length - 1 : range.end.line, lines.length - 1);
  const data: number[] = [];
  let lastLine = 0;
  for (let line = from; line <= to; line++) {
    let lastStart = 0;
    for (const node of nodesOf(lines[line]).sort((a, b) => a.start - b.start)) {
      const [type, modifiers] = styles[node.kind];
      const declares = node.kind === "name" && node.isDefinition ? DECLARATION : 0;
      data.push(
        line - lastLine,
        node.start - lastStart,
        node.length,
        legend.tokenTypes.indexOf(type),
        modifiers | declares,
      );
      lastLine = line;
      lastStart = node.start;
    }
  }
  return { data };
}
