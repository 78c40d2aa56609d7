import { type Diagnostic, isProblem } from "../diagnostic.ts";
import { errors } from "../errors.ts";
import type { BlockStatement, CallStatement, EndStatement, Expression, PrintStatement } from "../parse/syntax.ts";
import { bindExpression, type NameTable } from "./bind-expression.ts";
import type { BoundMacro, BoundPrint, FlowStatement } from "./bound.ts";
import { stringValue } from "./string-value.ts";
import { lazily, suggest } from "./suggest.ts";

/** The macros that a line can see. */
export interface MacroTable {
  find(name: string): BoundMacro | undefined;
  /** All words that may begin a line, for suggestions. */
  words(): Iterable<string>;
}

const ACCESSES = { accesses: true } as const;

/** Binds a line that opens a block. */
export function bindBlock(statement: BlockStatement, names: NameTable): FlowStatement | Diagnostic {
  const check = (...list: readonly (Expression | undefined)[]): Diagnostic | undefined => {
    for (const expression of list) {
      const bound = expression && bindExpression(expression, names, ACCESSES);
      if (isProblem(bound)) return bound;
    }
    return undefined;
  };
  switch (statement.kind) {
    case "for": {
      const { from, to, step } = statement;
      return check(from, to, step) ?? { kind: "for", name: statement.name.text, from, to, ...(step && { step }) };
    }
    case "repeat":
      return check(statement.count) ?? { kind: "repeat", count: statement.count };
    case "if":
      return check(statement.condition) ?? { kind: "if", condition: statement.condition };
    case "macro": {
      const parameters = statement.parameters.map(({ name, value }) => ({ name: name.text, ...(value && { value }) }));
      const twice = statement.parameters.find(
        ({ name }, at) => parameters.findIndex((one) => one.name === name.text) < at,
      );
      if (twice !== undefined) return errors.duplicateArgument(twice.name, twice.name.text);
      const problem = check(...statement.parameters.map(({ value }) => value));
      return problem ?? { kind: "macro", name: statement.name.text, parameters };
    }
    case "test":
      return { kind: "test", title: stringValue(statement.title.text) };
    case "place":
      return check(statement.number) ?? { kind: "place", place: statement.place, number: statement.number };
    case "batch":
      return { kind: "batch" };
  }
}

/** Binds the `else` of a line that closes a block; undefined where there is none. */
export function bindElse(statement: EndStatement, names: NameTable): FlowStatement | Diagnostic | undefined {
  const { condition } = statement;
  if (statement.else === undefined) return undefined;
  const bound = condition && bindExpression(condition, names, ACCESSES);
  return isProblem(bound) ? bound : { kind: "else", ...(condition && { condition }) };
}

/** Binds a macro's name with its arguments. */
export function bindCall(
  { word, arguments: list }: CallStatement,
  names: NameTable,
  macros: MacroTable,
): FlowStatement | Diagnostic {
  const macro = macros.find(word.text);
  if (macro === undefined) {
    return errors.unknownStatement(
      word,
      word.text,
      lazily(() => suggest(word.text, macros.words())),
    );
  }
  const known = macro.parameters.map(({ name }) => name);
  const values = new Map<string, Expression>();
  for (const { name, value } of list) {
    if (!known.includes(name.text)) {
      const suggestion = lazily(() => suggest(name.text, known));
      return errors.unknownArgument(name, macro.name, name.text, known.join(", "), suggestion);
    }
    if (values.has(name.text)) return errors.duplicateArgument(name, name.text);
    const bound = bindExpression(value, names, ACCESSES);
    if (isProblem(bound)) return bound;
    values.set(name.text, value);
  }
  const missing = macro.parameters.filter(({ name, value }) => value === undefined && !values.has(name));
  if (missing.length > 0) return errors.missingArgument(word, macro.name, missing.map(({ name }) => name).join(", "));
  return { kind: "call", macro, values };
}

export function bindPrint({ parts }: PrintStatement, names: NameTable): BoundPrint | Diagnostic {
  for (const part of parts) {
    const bound = part.kind === "string" ? undefined : bindExpression(part, names, ACCESSES);
    if (isProblem(bound)) return bound;
  }
  return { kind: "print", parts: parts.map((part) => (part.kind === "string" ? stringValue(part.text) : part)) };
}
