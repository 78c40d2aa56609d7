import type { Expression, Statement } from "../../language/parse/syntax.ts";

/** The outermost expressions of a statement, in the order of the text. */
export function expressionsOf(syntax: Statement): Expression[] {
  switch (syntax.kind) {
    case "machine":
      return syntax.properties.flatMap(({ values }) => values);
    case "let":
      return [syntax.value];
    case "command":
    case "msi":
      return syntax.arguments.map(({ value }) => value);
    case "raw":
    case "fill":
      return [...syntax.values];
    case "write":
      return present(syntax.target, syntax.value, ...(syntax.fields ?? []).map(({ value }) => value));
    case "read":
      return [syntax.target];
    case "store":
      return [syntax.address, syntax.value];
    case "host":
      return present(syntax.pe, syntax.target, syntax.value);
    case "attribute":
      return present(syntax.number, syntax.value);
    case "wire":
      return present(syntax.intid, syntax.pe, syntax.value);
    case "expect":
    case "if":
      return [syntax.condition];
    case "for":
      return present(syntax.from, syntax.to, syntax.step);
    case "queue":
      return present(syntax.unit, syntax.slot);
    case "repeat":
      return [syntax.count];
    case "place":
      return [syntax.number];
    case "end":
      return present(syntax.condition);
    case "call":
      return syntax.arguments.map(({ value }) => value);
    case "macro":
      return present(...syntax.parameters.map(({ value }) => value));
    case "print":
      return syntax.parts.filter((part): part is Expression => part.kind !== "string");
    default:
      return [];
  }
}

/** The expressions that an expression is made of, one level down. */
export function partsOf(expression: Expression): Expression[] {
  switch (expression.kind) {
    case "unary":
      return [expression.operand];
    case "binary":
      return [expression.left, expression.right];
    case "slice":
      return present(expression.operand, expression.high, expression.low);
    case "register":
      return present(expression.pe, expression.unit);
    case "memory":
      return [expression.address];
    case "table":
      return [...expression.ids];
    case "interrupt":
      return present(expression.intid, expression.pe);
    case "vcpu":
      return [expression.pe];
    default:
      return [];
  }
}

function present(...list: readonly (Expression | undefined)[]): Expression[] {
  return list.filter((entry): entry is Expression => entry !== undefined);
}
