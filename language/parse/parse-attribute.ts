import { attributeGroupByName } from "../../architecture/index.ts";
import type { LineParser } from "./line-parser.ts";
import { parseExpression, parsePrimary } from "./parse-expression.ts";
import type { AttributeStatement, AttributeVerb, BrokenStatement, Word } from "./syntax.ts";
import { Token } from "./token.ts";

/** Reads `DEVICE[@ITS], GROUP[, ATTR] [= VALUE]`; the verb is passed already. */
export function parseAttribute(
  parser: LineParser,
  word: Word,
  verb: AttributeVerb,
): Omit<AttributeStatement, "outcome"> | BrokenStatement {
  const device = parser.expectWord("a device such as VGIC_V3");
  const unit = device !== undefined && parser.accept(Token.at) ? parsePrimary(parser, 1) : undefined;
  if (device === undefined || !parser.expect(Token.comma, "',' and a group")) return { kind: "broken", word };
  const group = parser.expectWord("a group such as REDIST_REGS");
  if (group === undefined) return { kind: "broken", word };
  const hasAttribute = parser.accept(Token.comma);
  const name = hasAttribute && isAttributeName(parser, group.text) ? parser.takeWord() : undefined;
  const number = hasAttribute && name === undefined ? parseExpression(parser) : undefined;
  const value = parser.accept(Token.assign) ? parseExpression(parser) : undefined;
  return { kind: "attribute", word, verb, device, unit, group, name, number, value };
}

/** Where attributes have names, a word is one; elsewhere it begins an expression. */
function isAttributeName(parser: LineParser, group: string): boolean {
  return parser.kind === Token.identifier && attributeGroupByName(group)?.attributes !== undefined;
}
