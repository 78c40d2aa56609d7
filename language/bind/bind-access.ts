import { type Field, type Register, registerName } from "../../architecture/index.ts";
import { type Diagnostic, isProblem } from "../diagnostic.ts";
import { errors } from "../errors.ts";
import { computeAddress, locateRegister } from "../operation/evaluate.ts";
import type {
  Argument,
  Expression,
  HostStatement,
  ReadStatement,
  WireStatement,
  WriteStatement,
} from "../parse/syntax.ts";
import { rawValue, storedValue } from "../values.ts";
import { bindExpression, constantScope, type NameTable } from "./bind-expression.ts";
import type { AccessWidth, BoundField, BoundStatement } from "./bound.ts";
import { peNumber } from "./ids.ts";
import { exitOutcome, resolveOutcome, resolveOutcomes } from "./outcomes.ts";
import { findRegisterField, registerFields, resolveRegister, unknownField } from "./registers.ts";

/** SGIs, PPIs and SPIs have INTIDs below 1020. */
const INTID_BITS = 10;

/** Width that a word such as `write32` names; undefined for `write` and `read`, which use the register's own. */
function namedWidth(word: string): AccessWidth | undefined {
  return word.endsWith("32") ? 32 : word.endsWith("64") ? 64 : undefined;
}

/** Adds what the author expects of an access to the bound statement. */
function withOutcome(
  statement: WriteStatement | ReadStatement,
  bound: BoundStatement | Diagnostic,
): BoundStatement | Diagnostic {
  if (isProblem(bound) || statement.outcome === undefined) return bound;
  const expected = resolveOutcomes(statement.outcome);
  if (isProblem(expected)) return expected;
  for (const word of statement.outcome.cases.flatMap(({ words }) => words)) {
    const single = resolveOutcome(word);
    if (isProblem(single) || (single.kind !== "done" && single.kind !== exitOutcome.word))
      return errors.unknownOutcome(word, word.text, () => exitOutcome.word);
  }
  return { ...bound, expected } as BoundStatement;
}

export function bindWrite(statement: WriteStatement, names: NameTable): BoundStatement | Diagnostic {
  return withOutcome(statement, bindWriteAccess(statement, names));
}

function bindWriteAccess(statement: WriteStatement, names: NameTable): BoundStatement | Diagnostic {
  const { target, word } = statement;
  const width = namedWidth(word.text);
  const problem = bindExpressionProblem(target, names);
  if (problem !== undefined) return problem;
  if (target.kind !== "register") {
    if (width === undefined || statement.value === undefined)
      return errors.badTarget(target, word.text, "An address takes one value: write32 ADDRESS = VALUE.");
    const wrong = checkAddress(target, names) ?? checkStored("VALUE", statement.value, width, names);
    return wrong ?? { kind: "write-address", address: target, width, value: statement.value };
  }
  const located = locate(target, names);
  if (isProblem(located)) return located;
  const access = width ?? located.register.width;
  if (statement.fields !== undefined) {
    if (target.field !== undefined)
      return errors.badTarget(target.field, word.text, "Fields in { } are for a whole register: leave the field out.");
    const fields = bindFields(located.register, located.index, statement.fields, names);
    return isProblem(fields) ? fields : { kind: "write-fields", target, member: located, width: access, fields };
  }
  if (statement.value === undefined) return errors.expected(target, "a value", "nothing");
  const { field } = located;
  const wrong =
    field === undefined
      ? checkStored(target.name.text, statement.value, access, names)
      : (checkReach(target, field, access, word.text) ?? checkField(field, statement.value, names));
  return wrong ?? { kind: "write-register", target, member: located, field, width: access, value: statement.value };
}

export function bindRead(statement: ReadStatement, names: NameTable): BoundStatement | Diagnostic {
  return withOutcome(statement, bindReadAccess(statement, names));
}

function bindReadAccess(statement: ReadStatement, names: NameTable): BoundStatement | Diagnostic {
  const { target, word } = statement;
  const width = namedWidth(word.text);
  const problem = bindExpressionProblem(target, names);
  if (problem !== undefined) return problem;
  if (target.kind === "register") {
    const located = locate(target, names);
    if (isProblem(located)) return located;
    const access = width ?? located.register.width;
    const wrong = located.field && checkReach(target, located.field, access, word.text);
    return wrong ?? { kind: "read-register", target, member: located, field: located.field, width: access };
  }
  if (width === undefined) return { kind: "show", value: target };
  return checkAddress(target, names) ?? { kind: "read-address", address: target, width };
}

/** A statement of the VMM: its register whole, the PE in range where that is known. */
export function bindHost(statement: HostStatement, names: NameTable): BoundStatement | Diagnostic {
  const { verb, pe, target, value, word } = statement;
  const expected = statement.outcome && resolveOutcomes(statement.outcome);
  if (isProblem(expected)) return expected;
  for (const part of [pe, target, value]) {
    const problem = part && bindExpressionProblem(part, names);
    if (problem !== undefined) return problem;
  }
  const wrong = pe && checkPe(pe, names);
  if (wrong !== undefined) return wrong;
  if (target === undefined) return { kind: "host", verb, pe, expected };
  if (target.kind !== "register" || target.field !== undefined)
    return errors.badTarget(target, word.text, "Name a whole register.");
  const located = locate(target, names);
  if (isProblem(located)) return located;
  if (pe !== undefined && located.register.name !== "GITS_CWRITER")
    return errors.badTarget(target, word.text, "Of a vCPU's stores only that to GITS_CWRITER has steps; use write.");
  const bad = value && checkStored(target.name.text, value, located.register.width, names);
  return bad ?? { kind: "host", verb, pe, target, value, expected };
}

/** Bits of what a statement about an input is given. */
const wireBits = { line: 1, "host-line": 1, "host-map": 10, "host-unmap": 0 } as const;

/** An input of an interrupt. Whether the machine has it is found out when it runs. */
export function bindWire(statement: WireStatement, names: NameTable): BoundStatement | Diagnostic {
  const { verb, intid, pe, value } = statement;
  const expected = statement.outcome && resolveOutcomes(statement.outcome);
  if (isProblem(expected)) return expected;
  for (const part of [intid, pe, value]) {
    const problem = part && bindExpressionProblem(part, names);
    if (problem !== undefined) return problem;
  }
  const what = verb === "host-map" ? "PHYSICAL" : "LEVEL";
  const wrong =
    checkStored("INTID", intid, INTID_BITS, names) ??
    (pe && checkPe(pe, names)) ??
    (value && checkStored(what, value, wireBits[verb], names));
  return wrong ?? { kind: "wire", verb, intid, pe, value, expected };
}

function checkPe(pe: Expression, names: NameTable): Diagnostic | undefined {
  const constant = bindExpression(pe, names);
  if (typeof constant !== "bigint") return constant;
  const number = peNumber(constant, pe);
  return typeof number === "number" ? undefined : number;
}

function bindExpressionProblem(expression: Expression, names: NameTable): Diagnostic | undefined {
  const bound = bindExpression(expression, names);
  return isProblem(bound) ? bound : undefined;
}

/** Finds the register; its PE and ITS are checked when they are constant. */
function locate(target: Extract<Expression, { kind: "register" }>, names: NameTable) {
  const resolved = resolveRegister(target);
  if (isProblem(resolved)) return resolved;
  const constant = (expression: Expression | undefined) =>
    expression === undefined || typeof bindExpression(expression, names) === "bigint";
  if (constant(target.pe) && constant(target.unit)) {
    const located = locateRegister(target, constantScope(names));
    if (isProblem(located)) return located;
  }
  return resolved;
}

/** A field that the access does not reach: bits above 31 of a 64-bit register in a 32-bit access. */
function checkReach(
  target: Extract<Expression, { kind: "register" }>,
  field: Field,
  width: AccessWidth,
  word: string,
): Diagnostic | undefined {
  if (field.msb < width) return undefined;
  const advice = `${field.name} lies in bits [${field.msb}:${field.lsb}]; leave the width out.`;
  return errors.badTarget(target.field ?? target, word, advice);
}

function bindFields(
  register: Register,
  index: number,
  list: readonly Argument[],
  names: NameTable,
): BoundField[] | Diagnostic {
  const fields: BoundField[] = [];
  for (const { name, value } of list) {
    const field = findRegisterField(register, name.text);
    if (field === undefined) return unknownField(registerName(register, index), name, registerFields(register));
    if (fields.some((other) => other.field === field)) return errors.duplicateArgument(name, field.name);
    const wrong = bindExpressionProblem(value, names) ?? checkField(field, value, names);
    if (wrong !== undefined) return wrong;
    fields.push({ field, value });
  }
  return fields;
}

function checkField(field: Field, value: Expression, names: NameTable): Diagnostic | undefined {
  const constant = bindExpression(value, names);
  if (typeof constant !== "bigint") return constant;
  const raw = rawValue(field, constant, value);
  return isProblem(raw) ? raw : undefined;
}

/** Checks a value that is stored with a width, when it is constant. */
export function checkStored(what: string, value: Expression, width: number, names: NameTable): Diagnostic | undefined {
  const constant = bindExpression(value, names);
  if (typeof constant !== "bigint") return constant;
  const stored = storedValue(what, constant, width, value);
  return isProblem(stored) ? stored : undefined;
}

/** Checks an address, when it is constant. */
export function checkAddress(address: Expression, names: NameTable): Diagnostic | undefined {
  const constant = bindExpression(address, names);
  if (typeof constant !== "bigint") return constant;
  const value = computeAddress(address, constantScope(names));
  return isProblem(value) ? value : undefined;
}
