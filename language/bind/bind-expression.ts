import { type Diagnostic, isProblem } from "../diagnostic.ts";
import { errors } from "../errors.ts";
import { compute, type Scope } from "../operation/evaluate.ts";
import { isDiagnostic } from "../parse/number.ts";
import type { Expression, ReadExpression, TableReference } from "../parse/syntax.ts";
import { resolveRegister, unknownField } from "./registers.ts";
import { lazily, suggest } from "./suggest.ts";
import { tableFieldName, tableFieldNames } from "./tables.ts";

/** Expressions that have no value without a machine, whatever is in them. */
const ofState: ReadonlySet<Expression["kind"]> = new Set([
  "register",
  "memory",
  "table",
  "read",
  "interrupt",
  "vcpu",
] as const);

// A script may define a hundred thousand names; comparing a word with all of them takes too long for a hint.
const MOST_NAMES = 200;

/** What a name stands for at some line. `constant` is undefined when the value depends on state or cannot be computed. */
export interface NameMeaning {
  readonly constant?: bigint;
}

/** The names that a line can see. */
export interface NameTable {
  find(name: string): NameMeaning | undefined;
  /** All of them, for suggestions. */
  names(): Iterable<string>;
}

/** No state, and the names' constants. */
export function constantScope(names: NameTable): Scope {
  return { lookup: (name) => names.find(name)?.constant };
}

/**
 * Checks an expression: its names, registers and fields must exist, and what is constant must be computable.
 * Gives its value when it is constant, undefined when only running tells.
 * @param options `accesses`: it may read registers with their effects
 */
export function bindExpression(
  expression: Expression,
  names: NameTable,
  { accesses = false }: { readonly accesses?: boolean } = {},
): bigint | undefined | Diagnostic {
  if (expression.kind === "number") return expression.value;
  const problem = checkReferences(expression, names) ?? (accesses ? undefined : accessIn(expression));
  if (problem !== undefined) return problem;
  if (ofState.has(expression.kind)) return undefined;
  const value = compute(expression, constantScope(names));
  return isDiagnostic(value) && isDynamic(value) ? undefined : value;
}

/** True for the failures that only say that the value is known later. */
export function isDynamic(problem: Diagnostic): boolean {
  return problem.code === errors.noState.code || problem.code === errors.notComputable.code;
}

/** The first name, register or field of an expression that does not exist. */
function checkReferences(expression: Expression, names: NameTable): Diagnostic | undefined {
  switch (expression.kind) {
    case "number":
      return undefined;
    case "missing":
      return errors.expected(expression, "a value", "nothing");
    case "name":
      if (names.find(expression.name) !== undefined) return undefined;
      return errors.unknownName(
        expression,
        expression.name,
        lazily(() => suggest(expression.name, names.names(), MOST_NAMES)),
      );
    case "unary":
      return checkReferences(expression.operand, names);
    case "binary":
      return checkReferences(expression.left, names) ?? checkReferences(expression.right, names);
    case "slice":
      return checkAll([expression.operand, expression.high, expression.low], names);
    case "memory":
      return checkReferences(expression.address, names);
    case "vcpu":
      return checkReferences(expression.pe, names);
    case "interrupt":
      return checkAll([expression.intid, expression.pe], names);
    case "register": {
      const resolved = resolveRegister(expression);
      return isProblem(resolved) ? resolved : checkAll([expression.unit, expression.pe], names);
    }
    case "table":
      return checkAll([expression.unit, ...expression.ids], names) ?? checkTableField(expression);
    case "read":
      return checkRead(expression, names);
  }
}

/** What an access in the middle of an expression reads: a register, or an address with a width. */
function checkRead({ word, target }: ReadExpression, names: NameTable): Diagnostic | undefined {
  if (target.kind === "register" || word.text !== "read") return checkReferences(target, names);
  if (target.kind === "missing") return errors.expected(target, "a register", "nothing");
  return errors.badTarget(target, word.text, "'read' takes a register; read32 and read64 take an address.");
}

/** The first access in an expression. */
function accessIn(expression: Expression): Diagnostic | undefined {
  switch (expression.kind) {
    case "read":
      return errors.readHasEffect(expression, expression.word.text);
    case "unary":
      return accessIn(expression.operand);
    case "binary":
      return accessIn(expression.left) ?? accessIn(expression.right);
    case "slice":
      return accessInAny([expression.operand, expression.high, expression.low]);
    case "memory":
      return accessIn(expression.address);
    case "vcpu":
      return accessIn(expression.pe);
    case "interrupt":
      return accessInAny([expression.intid, expression.pe]);
    case "register":
      return accessInAny([expression.unit, expression.pe]);
    case "table":
      return accessInAny(expression.ids);
    default:
      return undefined;
  }
}

function accessInAny(list: readonly (Expression | undefined)[]): Diagnostic | undefined {
  for (const expression of list) {
    const found = expression && accessIn(expression);
    if (found !== undefined) return found;
  }
  return undefined;
}

function checkAll(list: readonly (Expression | undefined)[], names: NameTable): Diagnostic | undefined {
  for (const expression of list) {
    const problem = expression === undefined ? undefined : checkReferences(expression, names);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function checkTableField({ table, field }: TableReference): Diagnostic | undefined {
  if (field === undefined || tableFieldName(table, field.text) !== undefined) return undefined;
  return unknownField(
    table,
    field,
    tableFieldNames[table].map((name) => ({ name })),
  );
}
