import type { LineParser } from "./line-parser.ts";
import { parseExpression } from "./parse-expression.ts";
import type { Statement, Word } from "./syntax.ts";
import { Token } from "./token.ts";

/** Reads what follows `expect`: `CONDITION [on MODEL | …] [, "MESSAGE"]`, or `same as MODEL | …` in place of the condition. */
export function parseExpect(parser: LineParser, word: Word): Statement {
  if (beginsSame(parser)) return parseSame(parser, word);
  const condition = parseExpression(parser);
  if (parser.kind === Token.arrow || parser.kind === Token.assign)
    parser.reportExpected(parser.kind === Token.arrow ? "the operator >=" : "the operator ==");
  return { kind: "expect", word, condition, ...parseRest(parser) };
}

function parseSame(parser: LineParser, word: Word): Statement {
  const same = parser.takeWord();
  // The word `as`.
  parser.advance();
  return { kind: "same", word, same, others: parseModelList(parser), ...parseRest(parser) };
}

/** Two words in a row are no condition, so that a script may have a name `same`. */
function beginsSame(parser: LineParser): boolean {
  if (parser.nextKind !== Token.identifier || parser.text.slice(parser.start, parser.end) !== "same") return false;
  return /^\s+as(?!\w)/.test(parser.text.slice(parser.end));
}

function parseRest(parser: LineParser): { readonly models: readonly Word[]; readonly message: Word | undefined } {
  const models = parseModels(parser);
  if (!parser.accept(Token.comma)) return { models, message: undefined };
  if (parser.kind === Token.string) return { models, message: parser.takeWord() };
  parser.reportExpected('a message in quotes, "…"');
  return { models, message: undefined };
}

/** `on MODEL | MODEL`; none where it is not there. */
export function parseModels(parser: LineParser): Word[] {
  if (parser.kind !== Token.identifier || parser.text.slice(parser.start, parser.end) !== "on") return [];
  parser.advance();
  return parseModelList(parser);
}

function parseModelList(parser: LineParser): Word[] {
  const models: Word[] = [];
  do {
    if (parser.kind !== Token.identifier) {
      parser.reportExpected("a model such as kvm, qemu or arch");
      break;
    }
    models.push(parser.takeJoinedWord([Token.or, Token.comma, Token.arrow]));
  } while (parser.accept(Token.or));
  return models;
}
