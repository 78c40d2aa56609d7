/** The text of a string literal, without its quotes and escapes. */
export function stringValue(literal: string): string {
  return literal.slice(1, -1).replace(/\\(.)/g, "$1");
}
