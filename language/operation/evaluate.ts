import { extractRaw, type Field, fieldArgument, registerName } from "../../architecture/index.ts";
import { type IdKind, idNumber, peNumber } from "../bind/ids.ts";
import { resolveRegister } from "../bind/registers.ts";
import { tableFieldName, tableIds, VALID_FIELD } from "../bind/tables.ts";
import type { Diagnostic } from "../diagnostic.ts";
import { errors } from "../errors.ts";
import { formatValue, isDiagnostic, MAX_VALUE, MIN_VALUE } from "../parse/number.ts";
import type {
  BinaryExpression,
  Expression,
  InterruptReference,
  ReadExpression,
  RegisterReference,
  SliceExpression,
  Span,
  TableReference,
  UnaryExpression,
} from "../parse/syntax.ts";
import { isFailure, type RegisterLocation, type StateReader, type StateValue } from "./state-reader.ts";

/** What an expression's names and state references mean. */
export interface Scope {
  /** Value of a `let` name, undefined when it has none. */
  readonly lookup: (name: string) => bigint | undefined;
  /** Absent where only constants are allowed. */
  readonly state?: StateReader;
  /** Reads with its effects; absent where nothing may have any. */
  readonly access?: (read: ReadExpression, scope: Scope) => bigint | Diagnostic;
  /** The model that it runs on, by its name: `kvm-7.2`. */
  readonly model?: string | undefined;
  /** The PE that accesses, and whose registers are meant where nothing is said: of `cpu PE { … }`. Default: 0. */
  readonly pe?: number | undefined;
  /** The ITS that is meant where nothing is said: of `its NUMBER { … }`. Default: 0. */
  readonly its?: number | undefined;
}

/** A register reference with its place and field found. */
export interface LocatedRegister {
  readonly location: RegisterLocation;
  readonly field?: Field;
}

export type Evaluation =
  | { readonly ok: true; readonly value: bigint }
  | { readonly ok: false; readonly problem: Diagnostic };

const FIRST_SPI = 32;

/** Largest address: 52 bits. */
const MAX_ADDRESS = (1n << 52n) - 1n;

/** Computes an expression. Values are whole numbers from -2^63 to 2^64 - 1; what leaves this range is an overflow. Never throws. */
export function evaluate(expression: Expression, scope: Scope): Evaluation {
  const value = compute(expression, scope);
  return isDiagnostic(value) ? { ok: false, problem: value } : { ok: true, value };
}

/** {@link evaluate} without an object for the result: the value or the diagnostic. */
export function compute(expression: Expression, scope: Scope): bigint | Diagnostic {
  switch (expression.kind) {
    case "number":
      return expression.value;
    case "name":
      return scope.lookup(expression.name) ?? errors.notComputable(expression, expression.name);
    case "unary":
      return computeUnary(expression, scope);
    case "binary":
      return computeBinary(expression, scope);
    case "slice":
      return computeSlice(expression, scope);
    case "register":
      return computeRegister(expression, scope);
    case "memory": {
      if (scope.state === undefined) return errors.noState(expression, `mem${expression.width}`);
      const address = computeAddress(expression.address, scope);
      return isDiagnostic(address) ? address : fromState(expression, scope.state.memory(address, expression.width));
    }
    case "table":
      return computeTable(expression, scope);
    case "read":
      return scope.access === undefined
        ? errors.noState(expression, `What '${expression.word.text}' returns`)
        : scope.access(expression, scope);
    case "interrupt":
      return computeInterrupt(expression, scope);
    case "vcpu": {
      if (scope.state === undefined) return errors.noState(expression, expression.property);
      const pe = computePe(expression.pe, scope);
      return typeof pe === "number" ? fromState(expression, scope.state.vcpu(expression.property, pe)) : pe;
    }
    case "missing":
      return errors.expected(expression, "a value", "nothing");
  }
}

/** Computes an address: 0 to 2^52 - 1. */
export function computeAddress(expression: Expression, scope: Scope): bigint | Diagnostic {
  const address = compute(expression, scope);
  if (isDiagnostic(address)) return address;
  return address < 0n || address > MAX_ADDRESS ? errors.badAddress(expression, formatValue(address)) : address;
}

/** Computes an id of one kind. */
function computeId(kind: IdKind, expression: Expression, scope: Scope): number | Diagnostic {
  const value = compute(expression, scope);
  if (isDiagnostic(value)) return value;
  return idNumber(kind, value, expression, (which) => scope.state?.largestId(which));
}

/** Computes the number of a PE. */
export function computePe(expression: Expression, scope: Scope): number | Diagnostic {
  const value = compute(expression, scope);
  return isDiagnostic(value) ? value : peNumber(value, expression);
}

/** The 64-bit pattern of a value: two's complement for a negative one. */
export function pattern(value: bigint): bigint {
  return value < 0n ? BigInt.asUintN(64, value) : value;
}

function inRange(place: Span, operator: string, value: bigint): bigint | Diagnostic {
  return value > MAX_VALUE || value < MIN_VALUE ? errors.overflow(place, operator) : value;
}

function computeUnary(expression: UnaryExpression, scope: Scope): bigint | Diagnostic {
  const operand = compute(expression.operand, scope);
  if (isDiagnostic(operand)) return operand;
  switch (expression.operator) {
    case "-":
      return inRange(expression, "-", -operand);
    case "~":
      return pattern(operand) ^ MAX_VALUE;
    case "!":
      return operand === 0n ? 1n : 0n;
  }
}

function computeBinary(expression: BinaryExpression, scope: Scope): bigint | Diagnostic {
  const { operator } = expression;
  const left = compute(expression.left, scope);
  if (isDiagnostic(left)) return left;
  if (operator === "&&" && left === 0n) return 0n;
  if (operator === "||" && left !== 0n) return 1n;
  const right = compute(expression.right, scope);
  if (isDiagnostic(right)) return right;
  return applyBinary(expression, left, right);
}

/** The operator on two values that are known already. */
export function applyBinary(expression: BinaryExpression, left: bigint, right: bigint): bigint | Diagnostic {
  const truth = (condition: boolean) => (condition ? 1n : 0n);
  switch (expression.operator) {
    case "||":
      return truth(left !== 0n || right !== 0n);
    case "&&":
      return truth(left !== 0n && right !== 0n);
    case "|":
      return pattern(left) | pattern(right);
    case "^":
      return pattern(left) ^ pattern(right);
    case "&":
      return pattern(left) & pattern(right);
    // ~0 and -1 are the same 64 bits, so they are equal; the order of numbers keeps the sign.
    case "==":
      return truth(pattern(left) === pattern(right));
    case "!=":
      return truth(pattern(left) !== pattern(right));
    case "<":
      return truth(left < right);
    case "<=":
      return truth(left <= right);
    case ">":
      return truth(left > right);
    case ">=":
      return truth(left >= right);
    case "<<":
      return shiftable(expression, right) ?? BigInt.asUintN(64, pattern(left) << right);
    case ">>":
      return shiftable(expression, right) ?? pattern(left) >> right;
    case "+":
      return inRange(expression, "+", left + right);
    case "-":
      return inRange(expression, "-", left - right);
    case "*":
      return inRange(expression, "*", left * right);
    case "/":
      return right === 0n ? errors.divisionByZero(expression.right) : inRange(expression, "/", left / right);
    case "%":
      return right === 0n ? errors.divisionByZero(expression.right) : left % right;
  }
}

function shiftable(expression: BinaryExpression, count: bigint): Diagnostic | undefined {
  return count < 0n || count > 63n ? errors.badShift(expression.right, count.toString()) : undefined;
}

function computeSlice(expression: SliceExpression, scope: Scope): bigint | Diagnostic {
  const operand = compute(expression.operand, scope);
  if (isDiagnostic(operand)) return operand;
  const high = compute(expression.high, scope);
  if (isDiagnostic(high)) return high;
  const low = expression.low === undefined ? high : compute(expression.low, scope);
  if (isDiagnostic(low)) return low;
  if (low < 0n || high < low || high > 63n) {
    const start = expression.high.start;
    const last = expression.low ?? expression.high;
    return errors.badSlice({ start, length: last.start + last.length - start }, high.toString(), low.toString());
  }
  return (pattern(operand) >> low) & ((1n << (high - low + 1n)) - 1n);
}

function fromState(place: Span, value: StateValue): bigint | Diagnostic {
  return isFailure(value) ? errors.notInState(place, value.failure) : value;
}

/** Finds the register that a reference means, with its PE and ITS numbers computed. */
export function locateRegister(reference: RegisterReference, scope: Scope): LocatedRegister | Diagnostic {
  const resolved = resolveRegister(reference);
  if ("code" in resolved) return resolved;
  const { register, index, field } = resolved;
  // The distributor is one, but a GICv2's has some registers once for each PE that looks at it.
  const byPe = register.block === "GICD";
  const whose = byPe ? reference.unit : reference.pe;
  const pe = whose === undefined ? (scope.pe ?? 0) : computePe(whose, scope);
  if (typeof pe !== "number") return pe;
  const its = reference.unit === undefined || byPe ? BigInt(scope.its ?? 0) : compute(reference.unit, scope);
  if (isDiagnostic(its)) return its;
  if (its !== 0n) return errors.noSuchIts(reference.unit ?? reference);
  const name = registerName(register, index);
  return { location: { name, register, index, pe, its: 0 }, field };
}

function computeRegister(expression: RegisterReference, scope: Scope): bigint | Diagnostic {
  if (scope.state === undefined) return errors.noState(expression, expression.name.text);
  const target = locateRegister(expression, scope);
  if ("code" in target) return target;
  const value = fromState(expression, scope.state.register(target.location));
  if (isDiagnostic(value) || target.field === undefined) return value;
  return fieldArgument(target.field, extractRaw(value, target.field));
}

function computeTable(expression: TableReference, scope: Scope): bigint | Diagnostic {
  if (scope.state === undefined) return errors.noState(expression, expression.table);
  const ids: number[] = [];
  for (const [at, id] of expression.ids.entries()) {
    const number = computeId(tableIds[expression.table][at], id, scope);
    if (typeof number !== "number") return number;
    ids.push(number);
  }
  const field = expression.field && (tableFieldName(expression.table, expression.field.text) ?? expression.field.text);
  return fromState(expression, scope.state.table(expression.table, ids, field));
}

/** Whether the entry that a reference names is mapped, by the machine's own answer; false where it cannot be asked. */
export function isMappedEntry(reference: TableReference, scope: Scope): boolean {
  const { start, length } = reference;
  return compute({ ...reference, field: { start, length, text: VALID_FIELD } }, scope) === 1n;
}

function computeInterrupt(expression: InterruptReference, scope: Scope): bigint | Diagnostic {
  if (scope.state === undefined) return errors.noState(expression, expression.property);
  const intid = computeId("INTID", expression.intid, scope);
  if (typeof intid !== "number") return intid;
  // Of SGIs and PPIs each PE has its own; an SPI or LPI is that of the PE that it targets.
  const own = intid < FIRST_SPI ? scope.pe : undefined;
  const pe = expression.pe === undefined ? own : computePe(expression.pe, scope);
  if (pe !== undefined && typeof pe !== "number") return pe;
  return fromState(expression, scope.state.interrupt(expression.property, intid, pe));
}
