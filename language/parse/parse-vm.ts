import type { LineParser } from "./line-parser.ts";
import { parseExpression } from "./parse-expression.ts";
import type { Argument, Statement, VmVerb, Word } from "./syntax.ts";
import { Token } from "./token.ts";

/** Reads what follows `migrate`, `snapshot`, and `restore` with a name, but for the outcome. */
export function parseVm(
  parser: LineParser,
  word: Word,
  verb: VmVerb,
): Omit<Extract<Statement, { kind: "vm" }>, "outcome"> {
  if (verb === "migrate") {
    const hasModel = parser.kind === Token.identifier;
    return { kind: "vm", word, verb, name: hasModel ? parser.takeJoinedWord([Token.arrow]) : undefined };
  }
  return { kind: "vm", word, verb, name: parser.expectWord("the name of a snapshot") };
}

/** Reads `"FILE" at ADDRESS`. */
export function parseLoad(parser: LineParser, word: Word): Statement {
  if (parser.kind !== Token.string) {
    parser.reportExpected('a file in quotes, "tables.bin"');
    return { kind: "broken", word };
  }
  const file = parser.takeWord();
  if (!isAt(parser)) {
    parser.reportExpected("'at' and an address");
    return { kind: "broken", word };
  }
  parser.advance();
  return { kind: "load", word, file, address: parseExpression(parser) };
}

/** Reads `INTID[, PE] = { priority=VALUE, enabled=VALUE }` of `lpi-config`, or `INTID[, PE] = VALUE` of `lpi-pending`. */
export function parseLpi(
  parser: LineParser,
  word: Word,
  verb: "lpi-config" | "lpi-pending",
  parseFields: (parser: LineParser) => Argument[],
): Statement {
  const intid = parseExpression(parser);
  const pe = parser.accept(Token.comma) ? parseExpression(parser) : undefined;
  if (!parser.expect(Token.assign, "'='")) return { kind: "broken", word };
  if (verb === "lpi-pending") return { kind: "lpi", word, verb, intid, pe, value: parseExpression(parser) };
  if (!parser.expect(Token.openBrace, "'{' and fields, { priority=0xa0, enabled=1 }")) return { kind: "broken", word };
  return { kind: "lpi", word, verb, intid, pe, fields: parseFields(parser) };
}

function isAt(parser: LineParser): boolean {
  return parser.kind === Token.identifier && parser.text.slice(parser.start, parser.end) === "at";
}
