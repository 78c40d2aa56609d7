import { isTableName, tableIds } from "../bind/tables.ts";
import { isPerPe, looksLikeRegister } from "../editing/keywords.ts";
import { isSoftStateKeyword, isStateKeyword, type StateKeyword } from "../editing/state-keywords.ts";
import { errors } from "../errors.ts";
import { limits } from "../limits.ts";
import type { LineParser } from "./line-parser.ts";
import { isDiagnostic, parseNumber } from "./number.ts";
import type {
  BinaryOperator,
  Expression,
  InterruptProperty,
  MemoryWidth,
  MissingExpression,
  UnaryOperator,
  Word,
} from "./syntax.ts";
import { precedence, Token } from "./token.ts";

/** Reads an expression with C's operators and their precedence. What is missing is reported and gives a `missing` node. */
export function parseExpression(parser: LineParser): Expression {
  return parseBinary(parser, 1, 0);
}

function missing(parser: LineParser): MissingExpression {
  return { kind: "missing", start: parser.atEnd ? parser.previousEnd : parser.start, length: 0 };
}

function parseBinary(parser: LineParser, weakest: number, depth: number): Expression {
  const { start } = parser;
  let left = parseUnary(parser, depth);
  // Left-associative chains grow a tree to the left without recursion here, but whoever walks it recurses: they are bounded too.
  let links = 0;
  for (;;) {
    const strength = precedence[parser.kind];
    if (strength === 0 || strength < weakest) return left;
    if (++links + depth > limits.expressionDepth) {
      parser.report(errors.tooDeep({ start: parser.start, length: parser.end - parser.start }));
      return left;
    }
    const operator = parser.takeWord().text as BinaryOperator;
    const right = parseBinary(parser, strength + 1, depth + 1);
    // From token to token, so that parentheses around the operands are part of it.
    left = { kind: "binary", start, length: parser.previousEnd - start, operator, left, right };
  }
}

function parseUnary(parser: LineParser, depth: number): Expression {
  const { kind, start } = parser;
  if (kind !== Token.minus && kind !== Token.complement && kind !== Token.not) return parsePostfix(parser, depth);
  if (depth >= limits.expressionDepth) return tooDeep(parser);
  const operator = parser.takeWord().text as UnaryOperator;
  const operand = parseUnary(parser, depth + 1);
  return { kind: "unary", start, length: parser.previousEnd - start, operator, operand };
}

function tooDeep(parser: LineParser): MissingExpression {
  parser.report(errors.tooDeep({ start: parser.start, length: parser.end - parser.start }));
  return missing(parser);
}

/** An operand with any number of bit slices behind it. */
function parsePostfix(parser: LineParser, depth: number): Expression {
  const { start } = parser;
  let operand = parsePrimary(parser, depth);
  for (let links = 1; parser.kind === Token.openBracket && operand.kind !== "missing"; links++) {
    if (depth + links >= limits.expressionDepth) return tooDeep(parser);
    parser.advance();
    const high = parseBinary(parser, 1, depth + 1);
    const low = parser.accept(Token.colon) ? parseBinary(parser, 1, depth + 1) : undefined;
    parser.expect(
      Token.closeBracket,
      low === undefined ? "':' or ']' of a bit slice such as [7:0]" : "']' after the bit slice",
    );
    operand = { kind: "slice", start, length: parser.previousEnd - start, operand, high, low };
  }
  return operand;
}

/** A number, a name, state, or an expression in parentheses. */
export function parsePrimary(parser: LineParser, depth: number): Expression {
  const { kind, start, end } = parser;
  if (kind === Token.number) {
    const value = parseNumber(parser.text, start, end);
    parser.advance();
    if (!isDiagnostic(value)) return { kind: "number", start, length: end - start, value };
    parser.report(value);
    return { kind: "missing", start, length: end - start };
  }
  if (depth >= limits.expressionDepth) return tooDeep(parser);
  if (kind === Token.identifier) {
    const word = parser.takeWord();
    if (readWords.has(word.text) && beginsOperand(parser)) return parseRead(parser, word, depth);
    if (isStateKeyword(word.text) && (opensState(parser) || !isSoftStateKeyword(word.text)))
      return parseState(parser, word, word.text, depth);
    if (looksLikeRegister(word.text)) return parseRegister(parser, word, depth);
    return { kind: "name", start, length: word.length, name: word.text };
  }
  if (kind === Token.openParenthesis) {
    parser.advance();
    const inner = parseBinary(parser, 1, depth + 1);
    parser.expect(Token.closeParenthesis, "')'");
    return inner;
  }
  parser.reportExpected("a value");
  return missing(parser);
}

function opensState(parser: LineParser): boolean {
  return parser.kind === Token.openBracket || parser.kind === Token.at;
}

/** Words that begin an access in the middle of an expression. None of them can be a name. */
const readWords: ReadonlySet<string> = new Set(["read", "read8", "read16", "read32", "read64"]);

function beginsOperand(parser: LineParser): boolean {
  return parser.kind === Token.identifier || parser.kind === Token.number || parser.kind === Token.openParenthesis;
}

/** `read REGISTER`, `read32 ADDRESS`; what follows the operand is not part of it. */
function parseRead(parser: LineParser, word: Word, depth: number): Expression {
  const target = parsePrimary(parser, depth + 1);
  return { kind: "read", start: word.start, length: parser.previousEnd - word.start, word, target };
}

/** A register with its name already passed: `@its` or `@pe`, `[PE]` for blocks that have one a PE, `.field`. */
export function parseRegister(parser: LineParser, name: Word, depth = 0): Expression {
  let pe: Expression | undefined;
  let unit: Expression | undefined;
  if (parser.accept(Token.at)) unit = parsePrimary(parser, depth + 1);
  if (parser.kind === Token.openBracket && isPerPe(name.text)) {
    parser.advance();
    const first = parseBinary(parser, 1, depth + 1);
    if (parser.accept(Token.colon)) {
      // [high:low] right behind the name: PE 0's register, sliced.
      const low = parseBinary(parser, 1, depth + 1);
      parser.expect(Token.closeBracket, "']' after the bit slice");
      const operand: Expression = { kind: "register", start: name.start, length: name.length, name, unit };
      return { kind: "slice", start: name.start, length: parser.previousEnd - name.start, operand, high: first, low };
    }
    parser.expect(Token.closeBracket, "']' after the PE number");
    pe = first;
  }
  const field = parseField(parser);
  return { kind: "register", start: name.start, length: parser.previousEnd - name.start, name, pe, unit, field };
}

function parseField(parser: LineParser): Word | undefined {
  return parser.accept(Token.dot) ? parser.expectWord("a field name after '.'") : undefined;
}

const memoryWidths: Readonly<Record<string, MemoryWidth>> = { mem8: 8, mem16: 16, mem32: 32, mem64: 64 };

function parseState(parser: LineParser, word: Word, keyword: StateKeyword, depth: number): Expression {
  const { start } = word;
  const isTable = isTableName(keyword);
  const unit = isTable && parser.accept(Token.at) ? parsePrimary(parser, depth + 1) : undefined;
  if (!parser.expect(Token.openBracket, `'[' after ${keyword}`)) return { kind: "missing", start, length: word.length };
  const ids = [parseBinary(parser, 1, depth + 1)];
  const width = memoryWidths[keyword];
  if (width !== undefined) {
    parser.expect(Token.closeBracket, "']' after the address");
    return { kind: "memory", start, length: parser.previousEnd - start, width, address: ids[0] };
  }
  if (isTable) {
    const names = tableIds[keyword];
    while (ids.length < names.length && parser.expect(Token.comma, `',' and the ${names[ids.length]}`))
      ids.push(parseBinary(parser, 1, depth + 1));
    parser.expect(Token.closeBracket, `']' after the ${names[names.length - 1]}`);
    const field = parseField(parser);
    return { kind: "table", start, length: parser.previousEnd - start, table: keyword, unit, ids, field };
  }
  if (keyword === "running" || keyword === "writing") {
    parser.expect(Token.closeBracket, "']' after the PE number");
    return { kind: "vcpu", start, length: parser.previousEnd - start, property: keyword, pe: ids[0] };
  }
  const property = keyword as InterruptProperty;
  const pe = parser.accept(Token.comma) ? parseBinary(parser, 1, depth + 1) : undefined;
  parser.expect(Token.closeBracket, "']' after the INTID");
  return { kind: "interrupt", start, length: parser.previousEnd - start, property, intid: ids[0], pe };
}
