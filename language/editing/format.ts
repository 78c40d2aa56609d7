import { registerName } from "../../architecture/index.ts";
import { Blocks } from "../blocks.ts";
import type { ScriptDocument } from "../document.ts";
import type { ScriptLine } from "../parse/line.ts";
import { nodesOf, type ScriptNode } from "../parse/nodes.ts";
import { isInMachineBlock } from "../parse/parse-line.ts";
import type { MachineStatement, OutcomeClause, Statement } from "../parse/syntax.ts";
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
  const blocks = Blocks.of(lines);
  return joinComments(lines.map((line, index) => formatLine(line, INDENT.repeat(depthOf(line, index, blocks)))));
}

/** {@link formatLines} of the lines `first` to `last` alone. Comments of neighbouring lines share a column, so those are read too. */
export function formatRange(lines: readonly ScriptLine[], first: number, last: number): string[] {
  const blocks = Blocks.of(lines);
  const format = (index: number) => formatLine(lines[index], INDENT.repeat(depthOf(lines[index], index, blocks)));
  const formatted = lines.slice(first, last + 1).map((_, at) => format(first + at));
  if (formatted.length === 0) return [];
  const above: FormattedLine[] = [];
  for (let line = first - 1; line >= 0 && hasTrailingComment(formatted[0]); line--) {
    const next = format(line);
    if (!hasTrailingComment(next)) break;
    above.unshift(next);
  }
  const below: FormattedLine[] = [];
  for (let line = last + 1; line < lines.length && hasTrailingComment(formatted[formatted.length - 1]); line++) {
    const next = format(line);
    if (!hasTrailingComment(next)) break;
    below.push(next);
  }
  return joinComments([...above, ...formatted, ...below]).slice(above.length, above.length + formatted.length);
}

function joinComments(formatted: readonly FormattedLine[]): string[] {
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

/** How many blocks a line stands in; the one that it closes is none of them. */
function depthOf(line: ScriptLine, index: number, blocks: Blocks): number {
  let depth = 0;
  const closed = line.kind === "end" ? blocks.closedAt(index) : undefined;
  for (let block = closed === undefined ? blocks.around(index) : closed.parent; block; block = block.parent) depth++;
  return depth;
}

interface FormattedLine {
  readonly code: string;
  /** With its `#`; empty when there is none. */
  readonly comment: string;
}

function hasTrailingComment({ code, comment }: FormattedLine): boolean {
  return code !== "" && comment !== "";
}

function formatLine(line: ScriptLine, indent: string): FormattedLine {
  const { text, syntaxProblem } = line;
  if (syntaxProblem !== undefined) return { code: text, comment: "" };
  const { syntax } = line;
  const tokens = tokenize(text);
  const last = tokens[tokens.length - 1];
  const comment = last?.kind === Token.comment ? text.slice(last.start).trimEnd() : "";
  if (syntax.kind === "blank") return { code: "", comment: comment && indent + indentOf(line) + comment };
  if (syntax.kind === "machine") {
    const machine = formatMachine(line, syntax);
    return { code: machine && indent + machine, comment };
  }
  return { code: indent + formatTokens(line, syntax, comment === "" ? tokens : tokens.slice(0, -1)), comment };
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
  if (syntax.kind === "let" && syntax.source !== undefined) {
    const { source } = syntax;
    const begins = source.word.start;
    const head = tokens.filter(({ start }) => start < begins);
    const answer = formatTokens(line, source, tokens.slice(head.length));
    return `${joinTokens(text, head, new Map(), "let")} ${answer}`;
  }
  const words = canonicalWords(line);
  if (syntax.kind === "vm") {
    const { verb, name, outcome } = syntax;
    const clause = outcome && outcomeTokens(text, outcome, tokens, words);
    return [verb, name?.text, clause].filter((part) => part !== undefined).join(" ");
  }
  if (hasVerb(syntax)) {
    const rest = tokens.filter(({ start }) => start >= syntax.word.start + syntax.word.length);
    const verb = syntax.kind === "action" ? syntax.action : syntax.verb;
    const space = rest.length === 0 || rest[0].kind === Token.at ? "" : " ";
    return `${verb}${space}${joinTokens(text, rest, words, "value", modelsStart(syntax))}`;
  }
  return joinTokens(text, tokens, words, syntax.kind, modelsStart(syntax));
}

/** `=> OUTCOME` with what belongs to it. */
function outcomeTokens(
  text: string,
  { start }: OutcomeClause,
  tokens: readonly LineToken[],
  words: Map<number, string>,
): string {
  const first = tokens.findLastIndex((token) => token.kind === Token.arrow && token.start < start);
  return joinTokens(text, tokens.slice(first), words, "value", start);
}

/** Where the names of models begin that a statement is about, which are written without spaces: `kvm-6.1`. */
function modelsStart(syntax: Statement): number {
  if (syntax.kind === "same") return syntax.others[0]?.start ?? Number.POSITIVE_INFINITY;
  if (syntax.kind === "expect") return syntax.models[0]?.start ?? Number.POSITIVE_INFINITY;
  return "outcome" in syntax && syntax.outcome !== undefined ? syntax.outcome.start : Number.POSITIVE_INFINITY;
}

/** Statements whose word may be several tokens, as `save-pending` is. */
function hasVerb(
  syntax: Statement,
): syntax is Extract<Statement, { kind: "action" | "host" | "attribute" | "wire" | "lpi" }> {
  return ["action", "host", "attribute", "wire", "lpi"].includes(syntax.kind);
}

/** The manual's spelling of the words of a line, by their place. A name of the script and a keyword are what they are. */
function canonicalWords(line: ScriptLine): Map<number, string> {
  const words = new Map<number, string>();
  for (const node of nodesOf(line)) {
    const word = canonicalWord(node, line.text);
    if (word !== undefined) words.set(node.start, word);
  }
  return words;
}

function canonicalWord(node: ScriptNode, text: string): string | undefined {
  switch (node.kind) {
    case "command":
      return node.command.name;
    case "argument":
    case "field":
      return node.field.name;
    case "register":
      return registerName(node.member.register, node.member.index);
    case "table-field":
      return node.name;
    case "attribute":
      return (node.named ?? node.group)?.name ?? node.device;
    case "outcome":
      // A command error that is given by its number stays a number.
      if (/\d/.test(text.charAt(node.start))) return undefined;
      return "name" in node.outcome ? node.outcome.name : node.outcome.kind;
    default:
      return undefined;
  }
}

/**
 * Writes tokens with the space that belongs between each two.
 * @param models where the names of models begin, whose parts stay together as they are
 */
function joinTokens(
  text: string,
  tokens: readonly LineToken[],
  words: Map<number, string>,
  kind: string,
  models = Number.POSITIVE_INFINITY,
): string {
  const inArguments = kind === "command" || kind === "msi" || kind === "call" || kind === "macro";
  // Index of the token behind the statement's word, where an operand begins.
  const operand = kind === "value" ? -1 : 1;
  let result = "";
  let braces = 0;
  let before: LineToken | undefined;
  let beforeIsPrefix = false;
  for (const [index, token] of tokens.entries()) {
    // Behind a word such as `in` an operand begins, as behind the statement's own.
    const begins = index === operand || (before !== undefined && leading.has(wordOf(text, before)));
    const isPrefix = isPrefixOperator(token, before, begins);
    const tight = token.kind === Token.assign ? inArguments || braces > 0 : false;
    const beforeTight = before?.kind === Token.assign && (inArguments || braces > 0);
    const isInName =
      token.start >= models &&
      before !== undefined &&
      token.start === before.start + before.length &&
      (token.kind === Token.minus || before.kind === Token.minus);
    if (
      before !== undefined &&
      !isInName &&
      !beforeIsPrefix &&
      !tight &&
      !beforeTight &&
      isSpaced(before, token, begins)
    )
      result += " ";
    if (token.kind === Token.openBrace) braces++;
    if (token.kind === Token.closeBrace) braces--;
    result += words.get(token.start) ?? text.slice(token.start, token.start + token.length);
    before = token;
    beforeIsPrefix = isPrefix;
  }
  return result;
}

/** Words in the middle of a statement that stand before an operand. */
const leading: ReadonlySet<string> = new Set(["in", "step", "if", "read", "read8", "read16", "read32", "read64"]);

function wordOf(text: string, { kind, start, length }: LineToken): string {
  return kind === Token.identifier ? text.slice(start, start + length) : "";
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
  Token.range,
]);
const noSpaceAfter: ReadonlySet<number> = new Set([
  Token.openParenthesis,
  Token.openBracket,
  Token.dot,
  Token.colon,
  Token.at,
  Token.range,
]);

function isSpaced(before: LineToken, token: LineToken, isFirst: boolean): boolean {
  if (noSpaceBefore.has(token.kind) || noSpaceAfter.has(before.kind)) return false;
  // A bracket belongs to what stands before it, except behind a statement's word such as read.
  if (token.kind === Token.openBracket) return false;
  if (token.kind === Token.openParenthesis) return isFirst || !closing.has(before.kind);
  return true;
}
