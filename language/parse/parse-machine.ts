import { errors } from "../errors.ts";
import type { LineParser } from "./line-parser.ts";
import { parseExpression } from "./parse-expression.ts";
import type { Expression, MachineProperty, MachineStatement, Statement, Word } from "./syntax.ts";
import { Token } from "./token.ts";

/** Values of one property: an affinity for each PE. */
const MOST_VALUES = 512;

/** Reads a machine block's first line; the word `machine` is passed already. */
export function parseMachine(parser: LineParser, word: Word): Statement {
  if (!parser.expect(Token.openBrace, "'{' after machine")) return { kind: "broken", word };
  return parseMachineLine(parser, word);
}

/** Reads properties up to `}` or the end of the line. */
export function parseMachineLine(parser: LineParser, word?: Word): MachineStatement {
  const properties: MachineProperty[] = [];
  while (!parser.atEnd && parser.kind !== Token.closeBrace) {
    const property = parseProperty(parser);
    if (property === undefined) skipToProperty(parser);
    else properties.push(property);
  }
  return { kind: "machine", word, properties, closes: parser.accept(Token.closeBrace) };
}

function parseProperty(parser: LineParser): MachineProperty | undefined {
  const name = parser.expectWord("a property, NAME = VALUE, or }");
  if (name === undefined || !parser.expect(Token.assign, `'=' after ${name.text}`)) return undefined;
  // `4.1` is a name of a version, no number.
  if (parser.kind === Token.identifier || (parser.kind === Token.number && parser.nextKind === Token.dot))
    return { name, word: parser.takeJoinedWord([Token.closeBrace, Token.comma, Token.assign]), values: [] };
  const values: Expression[] = [];
  do values.push(parseExpression(parser));
  while (parser.accept(Token.comma) && values.length < MOST_VALUES);
  return { name, values };
}

/** After a mistake: on to the next `name =`, the `}` or the end. */
function skipToProperty(parser: LineParser): void {
  if (parser.problem === undefined)
    parser.report(errors.expected({ start: parser.start, length: 1 }, "a property", parser.found()));
  while (!parser.atEnd && parser.kind !== Token.closeBrace) {
    if (parser.kind === Token.identifier && parser.nextKind === Token.assign) return;
    parser.advance();
  }
}
