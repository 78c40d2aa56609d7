import { registerName } from "../../architecture/index.ts";
import type { ScriptDocument } from "../document.ts";
import type { ScriptLine } from "../parse/line.ts";
import { nodesOf } from "../parse/nodes.ts";
import { isInMachineBlock } from "../parse/parse-line.ts";
import type { MachineStatement, Statement } from "../parse/syntax.ts";
import { type LineToken, Token, tokenize } from "../parse/token.ts";

/** Spaces before a property inside a block. */
const INDENT = "  ";
/** A comment behind a statement stands at least this far from it. */
const COMMENT_GAP = 2;
/** Comments of neighbouring lines are put in one column unless that column would be beyond this. */
const COMMENT_COLUMN = 80;

/**
 * The text of a document in its canonical form: one space where one belongs, commands and their arguments in the manual's spelling,
 * comments of neighbouring statements in one column. Lines that cannot be read stay as they are. Formatting twice changes nothing,
 * and the script means the same.
 */
export function formatDocument(document: ScriptDocument): string {
  if (document.refusal !== undefined) return document.text;
  const parts: string[] = [];
  for (const [index, text] of formatLines(document.lines).entries()) parts.push(text, document.lines[index].ending);
  return parts.join("");
}

/** {@link formatDocument} line by line, without line endings. */
export function formatLines(lines: readonly ScriptLine[]): string[] {
  const formatted = lines.map(formatLine);
  const result: string[] = [];
  let from = 0;
  while (from < formatted.length) {
    let to = from + 1;
    if (hasTrailingComment(formatted[from])) while (to < formatted.length && hasTrailingComment(formatted[to])) to++;
    const column =
      Math.max(...formatted.slice(from, Math.min(to, from + 1000)).map(({ code }) => code.length)) + COMMENT_GAP;
    for (const { code, comment } of formatted.slice(from, to)) {
      if (code === "" || comment === "") result.push(code + comment);
      else
        result.push(
          code.padEnd(
            column > COMMENT_COLUMN ? code.length + COMMENT_GAP : Math.max(column, code.length + COMMENT_GAP),
          ) + comment,
        );
    }
    from = to;
  }
  return result;
}

interface FormattedLine {
  readonly code: string;
  /** With its `#`; empty when there is none. */
  readonly comment: string;
}

function hasTrailingComment({ code, comment }: FormattedLine): boolean {
  return code !== "" && comment !== "";
}

function formatLine(line: ScriptLine): FormattedLine {
  const { text, syntaxProblem } = line;
  if (syntaxProblem !== undefined) return { code: text, comment: "" };
  const { syntax } = line;
  const tokens = tokenize(text);
  const last = tokens[tokens.length - 1];
  const comment = last?.kind === Token.comment ? text.slice(last.start).trimEnd() : "";
  if (syntax.kind === "blank") return { code: "", comment: comment && indentOf(line) + comment };
  if (syntax.kind === "machine") return { code: formatMachine(line, syntax), comment };
  return { code: formatTokens(line, syntax, comment === "" ? tokens : tokens.slice(0, -1)), comment };
}

function isInBlock(line: ScriptLine): boolean {
  return isInMachineBlock(line.stateBefore);
}

function indentOf(line: ScriptLine): string {
  return isInBlock(line) ? INDENT : "";
}

function formatMachine(line: ScriptLine, { word, properties, closes }: MachineStatement): string {
  const tokens = tokenize(line.text);
  const list = properties.map(({ name, word: value }, index) => {
    if (value !== undefined) return `${name.text} = ${value.text}`;
    const end = properties[index + 1]?.name.start ?? line.text.length;
    const inside = tokens.filter(({ kind, start }) => start > name.start && start < end && !ends.has(kind));
    return `${name.text} = ${joinTokens(line.text, inside.slice(1), new Map(), "value")}`;
  });
  const inner = list.join("  ");
  if (word === undefined) {
    if (inner === "") return closes ? "}" : "";
    return `${INDENT}${inner}${closes ? " }" : ""}`;
  }
  return `machine {${inner === "" ? "" : ` ${inner}`}${closes ? " }" : ""}`;
}

const ends: ReadonlySet<number> = new Set([Token.closeBrace, Token.comment]);

function formatTokens(line: ScriptLine, syntax: Statement, tokens: readonly LineToken[]): string {
  const { text } = line;
  if (syntax.kind === "action")
    return syntax.action + (syntax.outcome === undefined ? "" : ` => ${syntax.outcome.text}`);
  if (syntax.kind === "host" || syntax.kind === "attribute" || syntax.kind === "wire") {
    const rest = tokens.filter(({ start }) => start >= syntax.word.start + syntax.word.length);
    return `${syntax.verb} ${joinTokens(text, rest, canonicalWords(line), "value")}`;
  }
  return joinTokens(text, tokens, canonicalWords(line), syntax.kind);
}

/** Canonical spelling of the words of a statement, by their place: the manual's of commands, arguments, registers and fields, wherever they stand. */
function canonicalWords(line: ScriptLine): Map<number, string> {
  const words = new Map<number, string>();
  for (const node of nodesOf(line)) {
    switch (node.kind) {
      case "command":
        words.set(node.start, node.command.name);
        break;
      case "argument":
      case "field":
        words.set(node.start, node.field.name);
        break;
      case "register":
        words.set(node.start, registerName(node.member.register, node.member.index));
        break;
      case "table-field":
        words.set(node.start, node.name);
        break;
      default:
        break;
    }
  }
  return words;
}

/** Writes tokens with the space that belongs between each two. */
function joinTokens(text: string, tokens: readonly LineToken[], words: Map<number, string>, kind: string): string {
  const inArguments = kind === "command" || kind === "msi";
  // Index of the token behind the statement's word, where an operand begins.
  const operand = kind === "value" ? -1 : 1;
  let result = "";
  let braces = 0;
  let before: LineToken | undefined;
  let beforeIsPrefix = false;
  for (const [index, token] of tokens.entries()) {
    const isPrefix = isPrefixOperator(token, before, index === operand);
    const tight = token.kind === Token.assign ? inArguments || braces > 0 : false;
    const beforeTight = before?.kind === Token.assign && (inArguments || braces > 0);
    if (before !== undefined && !beforeIsPrefix && !tight && !beforeTight && isSpaced(before, token, index === operand))
      result += " ";
    if (token.kind === Token.openBrace) braces++;
    if (token.kind === Token.closeBrace) braces--;
    result += words.get(token.start) ?? text.slice(token.start, token.start + token.length);
    before = token;
    beforeIsPrefix = isPrefix;
  }
  return result;
}

const closing: ReadonlySet<number> = new Set([
  Token.identifier,
  Token.number,
  Token.string,
  Token.closeParenthesis,
  Token.closeBracket,
]);

/** `-`, `~` or `!` that belongs to the operand behind it. The first token of a statement is a word, so none stands there. */
function isPrefixOperator(token: LineToken, before: LineToken | undefined, isFirst: boolean): boolean {
  if (token.kind === Token.complement || token.kind === Token.not) return true;
  // Behind the statement's word a minus begins its operand: `expect -x == y`.
  return token.kind === Token.minus && (before === undefined || isFirst || !closing.has(before.kind));
}

const noSpaceBefore: ReadonlySet<number> = new Set([
  Token.comma,
  Token.closeParenthesis,
  Token.closeBracket,
  Token.dot,
  Token.colon,
  Token.at,
]);
const noSpaceAfter: ReadonlySet<number> = new Set([
  Token.openParenthesis,
  Token.openBracket,
  Token.dot,
  Token.colon,
  Token.at,
]);

function isSpaced(before: LineToken, token: LineToken, isFirst: boolean): boolean {
  if (noSpaceBefore.has(token.kind) || noSpaceAfter.has(before.kind)) return false;
  // A bracket belongs to what stands before it, except behind a statement's word such as read.
  if (token.kind === Token.openBracket) return false;
  if (token.kind === Token.openParenthesis) return isFirst || !closing.has(before.kind);
  return true;
}
