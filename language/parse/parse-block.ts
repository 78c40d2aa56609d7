import { errors } from "../errors.ts";
import type { LineParser } from "./line-parser.ts";
import { parseExpression } from "./parse-expression.ts";
import type {
  BlockStatement,
  EndStatement,
  Parameter,
  PlaceKind,
  PrintStatement,
  Statement,
  StringLiteral,
  Word,
} from "./syntax.ts";
import { Token } from "./token.ts";

/** Kinds of statements that open a block which a `}` further down closes. */
export const blockKinds: ReadonlySet<Statement["kind"]> = new Set<BlockStatement["kind"]>([
  "for",
  "repeat",
  "if",
  "macro",
  "test",
  "place",
  "batch",
]);

export function isBlockStatement(statement: Statement): statement is BlockStatement {
  return blockKinds.has(statement.kind);
}

/** Parameters that a macro may have. */
const MOST_PARAMETERS = 32;

/** `for NAME in FROM..TO [step STEP] {`; the word is passed already, as in all of these. */
export function parseFor(parser: LineParser, word: Word): Statement {
  const name = parser.expectWord("a name for the value");
  if (name === undefined) return { kind: "broken", word };
  if (!acceptWord(parser, "in")) parser.reportExpected(`'in' after ${name.text}`);
  const from = parseExpression(parser);
  parser.expect(Token.range, "'..' and the last value");
  const to = parseExpression(parser);
  const step = acceptWord(parser, "step") ? parseExpression(parser) : undefined;
  expectBody(parser);
  return { kind: "for", word, name, from, to, ...(step && { step }) };
}

export function parseRepeat(parser: LineParser, word: Word): Statement {
  const count = parseExpression(parser);
  expectBody(parser);
  return { kind: "repeat", word, count };
}

export function parseIf(parser: LineParser, word: Word): Statement {
  const condition = parseExpression(parser);
  expectBody(parser);
  return { kind: "if", word, condition };
}

export function parseMacro(parser: LineParser, word: Word): Statement {
  const name = parser.expectWord("a name for the macro");
  if (name === undefined) return { kind: "broken", word };
  const parameters: Parameter[] = [];
  while (parser.kind === Token.identifier && parameters.length < MOST_PARAMETERS) {
    const parameter = parser.takeWord();
    const value = parser.accept(Token.assign) ? parseExpression(parser) : undefined;
    parameters.push({ name: parameter, ...(value && { value }) });
    if (!parser.accept(Token.comma)) break;
  }
  expectBody(parser);
  return { kind: "macro", word, name, parameters };
}

export function parseTest(parser: LineParser, word: Word): Statement {
  if (parser.kind !== Token.string) {
    parser.reportExpected('a title in quotes, "…"');
    return { kind: "broken", word };
  }
  const title = parser.takeWord();
  expectBody(parser);
  return { kind: "test", word, title };
}

export function parsePlace(place: PlaceKind): (parser: LineParser, word: Word) => Statement {
  return (parser, word) => {
    const number = parseExpression(parser);
    expectBody(parser);
    return { kind: "place", word, place, number };
  };
}

export function parseBatch(parser: LineParser, word: Word): Statement {
  expectBody(parser);
  return { kind: "batch", word };
}

/** `}` and what may follow it. The parser stands at the brace. */
export function parseEnd(parser: LineParser): EndStatement {
  const word = parser.takeWord();
  if (parser.kind !== Token.identifier) {
    parser.reportRest("A statement stands on a line of its own, after the }.");
    return { kind: "end", word };
  }
  const start = parser.start;
  if (!acceptWord(parser, "else")) {
    parser.reportRest("Behind a } stands nothing, else { or else if CONDITION {.");
    return { kind: "end", word };
  }
  const otherwise = { start, length: "else".length, text: "else" };
  const condition = acceptWord(parser, "if") ? parseExpression(parser) : undefined;
  expectBody(parser);
  parser.reportRest(BODY_BELOW);
  return { kind: "end", word, else: otherwise, ...(condition && { condition }) };
}

/** `print "TEXT", EXPRESSION, …`. */
export function parsePrint(parser: LineParser, word: Word): PrintStatement {
  const parts: PrintStatement["parts"][number][] = [];
  do {
    if (parser.kind === Token.string) parts.push({ kind: "string", ...parser.takeWord() } satisfies StringLiteral);
    else parts.push(parseExpression(parser));
  } while (parser.accept(Token.comma));
  return { kind: "print", word, parts };
}

/** `include "FILE"`. */
export function parseInclude(parser: LineParser, word: Word): Statement {
  if (parser.kind !== Token.string) {
    parser.reportExpected('a path in quotes, "…"');
    return { kind: "broken", word };
  }
  return { kind: "include", word, path: parser.takeWord() };
}

/** What is said of text behind the brace that opens a block. */
export const BODY_BELOW = "The lines of a block stand below the one that opens it, its } on a line of its own.";

function expectBody(parser: LineParser): void {
  if (parser.accept(Token.openBrace)) return;
  if (!parser.atEnd && parser.reportBadToken()) return;
  const place = parser.atEnd
    ? { start: parser.previousEnd, length: 1 }
    : { start: parser.start, length: parser.end - parser.start };
  parser.report(errors.expected(place, "'{' at the end of the line", parser.found()));
}

function acceptWord(parser: LineParser, word: string): boolean {
  if (parser.kind !== Token.identifier || parser.text.slice(parser.start, parser.end) !== word) return false;
  parser.advance();
  return true;
}
