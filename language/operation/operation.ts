import {
  type AttributeGroup,
  type Command,
  type CommandWords,
  type DeviceType,
  type Field,
  insertRaw,
} from "../../architecture/index.ts";
import type {
  AccessWidth,
  BoundAction,
  BoundAttribute,
  BoundExpect,
  BoundHost,
  BoundLpi,
  BoundStatement,
  BoundWire,
} from "../bind/bound.ts";
import {
  type ExpectedAlternatives,
  type ExpectedOutcome,
  namesModel,
  outcomeOn,
  type SingleOutcome,
} from "../bind/outcomes.ts";
import { type Diagnostic, isProblem } from "../diagnostic.ts";
import { limits } from "../limits.ts";
import type { ActionName, AttributeVerb, BinaryOperator, HostVerb, MemoryWidth, WireVerb } from "../parse/syntax.ts";
import { rawValue, storedValue } from "../values.ts";
import { argumentRaw, assembleCommand, assembleRaw, findArgument, msiArguments, unknownArgument } from "./assemble.ts";
import { applyBinary, compute, computeAddress, computeIts, computePe, locateRegister, type Scope } from "./evaluate.ts";
import type { RegisterLocation } from "./state-reader.ts";

/** Both sides of a comparison, for the message of an expectation that fails. */
export interface Comparison {
  readonly operator: BinaryOperator;
  readonly left: bigint;
  readonly right: bigint;
}

/** What is expected of an operation, on the model that it runs on. */
export type OperationOutcome = SingleOutcome | ExpectedAlternatives;

/** A statement with every value computed: what is to be done to a machine, without any expression left. Numbers are unsigned. */
export type Operation =
  | { readonly kind: "let"; readonly name: string; readonly value: bigint }
  /** Do what `of` says, and name its answer: what it read, else 0 or the code of its error. */
  | { readonly kind: "answer"; readonly name: string; readonly of: Operation }
  /** Texts and values to be shown. */
  | { readonly kind: "print"; readonly parts: readonly (string | bigint)[] }
  /** Queue 32 bytes. `command` is absent for `raw`. */
  | {
      readonly kind: "command";
      readonly its: number;
      readonly command?: Command;
      readonly words: CommandWords;
      readonly expected?: OperationOutcome;
    }
  | {
      readonly kind: "msi";
      readonly its: number;
      readonly deviceId: bigint;
      readonly eventId: bigint;
      readonly expected?: OperationOutcome;
    }
  | {
      readonly kind: "write-register";
      readonly location: RegisterLocation;
      readonly width: AccessWidth;
      readonly value: bigint;
      readonly expected?: OperationOutcome;
    }
  /** Read with `width`, replace the field's bits by `raw`, write back. */
  | {
      readonly kind: "modify-register";
      readonly location: RegisterLocation;
      readonly width: AccessWidth;
      readonly field: Field;
      readonly raw: bigint;
      readonly expected?: OperationOutcome;
    }
  | {
      readonly kind: "write-address";
      readonly address: bigint;
      readonly width: AccessWidth;
      /** The PE that accesses. */
      readonly pe: number;
      readonly value: bigint;
      readonly expected?: OperationOutcome;
    }
  | {
      readonly kind: "read-register";
      readonly location: RegisterLocation;
      readonly width: AccessWidth;
      readonly field?: Field;
      readonly expected?: OperationOutcome;
    }
  | {
      readonly kind: "read-address";
      readonly address: bigint;
      readonly pe: number;
      readonly width: AccessWidth;
      readonly expected?: OperationOutcome;
    }
  | { readonly kind: "show"; readonly value: bigint }
  | { readonly kind: "store"; readonly address: bigint; readonly width: MemoryWidth; readonly value: bigint }
  | { readonly kind: "fill"; readonly address: bigint; readonly length: bigint; readonly byte: number }
  | {
      readonly kind: "action";
      readonly its: number;
      readonly action: ActionName;
      readonly expected?: OperationOutcome;
    }
  /** `pe` is absent for user space. */
  | {
      readonly kind: "host";
      readonly verb: HostVerb;
      readonly pe?: number;
      readonly location?: RegisterLocation;
      readonly value?: bigint;
      readonly expected?: OperationOutcome;
    }
  | {
      readonly kind: "attribute";
      /** Of VGIC_ITS, else 0. */
      readonly its: number;
      readonly verb: AttributeVerb;
      readonly device: DeviceType;
      readonly group: AttributeGroup;
      /** 64 bits; 0 for a group without attributes. */
      readonly attribute: bigint;
      readonly value?: bigint;
      readonly expected?: OperationOutcome;
    }
  | {
      readonly kind: "wire";
      readonly verb: WireVerb;
      /** Below 1024. */
      readonly intid: number;
      readonly pe: number;
      /** A level, 0 or 1, or the host's INTID. */
      readonly value: number;
      readonly expected?: OperationOutcome;
    }
  | { readonly kind: "load"; readonly file: string; readonly address: bigint }
  | {
      readonly kind: "lpi";
      readonly intid: number;
      readonly pe: number;
      readonly priority?: number;
      readonly enabled?: number;
      readonly pending?: number;
    }
  | {
      readonly kind: "expect";
      readonly holds: boolean;
      /** Present when the condition is a comparison. */
      readonly comparison?: Comparison;
      readonly message?: string;
    }
  /** Has the next command stored in a slot of the command queue. */
  | { readonly kind: "queue"; readonly its: number; readonly slot: number };

/**
 * Computes a statement's values in a scope: the names as they are now, the machine's state as it is now.
 * The diagnostic, in the statement's line, when a value cannot be computed or does not fit.
 */
export function operationOf(statement: BoundStatement, scope: Scope): Operation | Diagnostic {
  switch (statement.kind) {
    case "let": {
      if (statement.source !== undefined) {
        const of = operationOf(statement.source, scope);
        return isProblem(of) ? of : { kind: "answer", name: statement.name, of };
      }
      const value = statement.constant ?? compute(statement.value, scope);
      return isProblem(value) ? value : { kind: "let", name: statement.name, value };
    }
    case "command": {
      const { command } = statement;
      const expected = expectedOf(statement, scope);
      const its = computeIts(statement.unit, scope);
      if (typeof its !== "number") return its;
      if (statement.words !== undefined) return { kind: "command", its, command, words: statement.words, expected };
      const words = assembleCommand(command, statement.syntax.word, statement.syntax.arguments, scope);
      return isProblem(words) ? words : { kind: "command", its, command, words, expected };
    }
    case "raw": {
      const its = computeIts(statement.unit, scope);
      if (isProblem(its)) return its;
      const words = statement.words ?? assembleRaw(statement.values, scope);
      return isProblem(words) ? words : { kind: "command", its, words, expected: expectedOf(statement, scope) };
    }
    case "msi": {
      const ids = new Map<string, bigint>();
      for (const argument of statement.syntax.arguments) {
        const field = findArgument(msiArguments, argument.name.text);
        if (field === undefined) return unknownArgument(msiArguments, argument);
        const raw = argumentRaw(field, argument.value, scope);
        if (isProblem(raw)) return raw;
        ids.set(field.name, raw);
      }
      const [deviceId, eventId] = [ids.get("DeviceID") ?? 0n, ids.get("EventID") ?? 0n];
      const its = computeIts(statement.unit, scope);
      return isProblem(its) ? its : { kind: "msi", its, deviceId, eventId, expected: expectedOf(statement, scope) };
    }
    case "write-register":
    case "write-fields":
    case "read-register":
      return registerOperation(statement, scope);
    case "write-address": {
      const address = computeAddress(statement.address, scope);
      if (isProblem(address)) return address;
      const value = stored("VALUE", statement.value, statement.width, scope);
      if (isProblem(value)) return value;
      const pe = accessPe(statement.pe, scope);
      if (isProblem(pe)) return pe;
      const { width } = statement;
      const expected = expectedOf(statement, scope);
      return { kind: "write-address", address, width, pe, value, ...(expected && { expected }) };
    }
    case "read-address": {
      const address = computeAddress(statement.address, scope);
      if (isProblem(address)) return address;
      const pe = accessPe(statement.pe, scope);
      if (isProblem(pe)) return pe;
      const { width } = statement;
      const expected = expectedOf(statement, scope);
      return { kind: "read-address", address, width, pe, ...(expected && { expected }) };
    }
    case "show": {
      const value = compute(statement.value, scope);
      return isProblem(value) ? value : { kind: "show", value };
    }
    case "store": {
      const address = computeAddress(statement.address, scope);
      if (isProblem(address)) return address;
      const value = stored("VALUE", statement.value, statement.width, scope);
      return isProblem(value) ? value : { kind: "store", address, width: statement.width, value };
    }
    case "fill": {
      const address = computeAddress(statement.address, scope);
      if (isProblem(address)) return address;
      const length = computeAddress(statement.length, scope);
      if (isProblem(length)) return length;
      const byte = stored("BYTE", statement.byte, 8, scope);
      return isProblem(byte) ? byte : { kind: "fill", address, length, byte: Number(byte) };
    }
    case "action":
      return actionOperation(statement, scope);
    case "host":
      return hostOperation(statement, scope);
    case "attribute":
      return attributeOperation(statement, scope);
    case "wire":
      return wireOperation(statement, scope);
    case "load": {
      const address = computeAddress(statement.address, scope);
      return isProblem(address) ? address : { kind: "load", file: statement.file, address };
    }
    case "lpi":
      return lpiOperation(statement, scope);
    case "expect":
      return expectation(statement, scope);
    case "same":
      // It asks what other lines came to: to the machine it does nothing.
      return { kind: "expect", holds: true, message: statement.message };
    case "queue": {
      const its = computeIts(statement.unit, scope);
      if (isProblem(its)) return its;
      const slot = stored("SLOT", statement.slot, limits.slotBits, scope);
      return isProblem(slot) ? slot : { kind: "queue", its, slot: Number(slot) };
    }
    case "print": {
      const parts: (string | bigint)[] = [];
      for (const part of statement.parts) {
        const value = typeof part === "string" ? part : compute(part, scope);
        if (isProblem(value)) return value;
        parts.push(value);
      }
      return { kind: "print", parts };
    }
  }
}

/** What is expected on the model of a scope. */
function expectedOf(
  { expected }: { readonly expected?: ExpectedOutcome | undefined },
  { model = "" }: Scope,
): OperationOutcome | undefined {
  return outcomeOn(expected, model);
}

/** The PE of a raw access. */
function accessPe(expression: Parameters<typeof compute>[0] | undefined, scope: Scope): number | Diagnostic {
  return expression === undefined ? (scope.pe ?? 0) : computePe(expression, scope);
}

function actionOperation(statement: BoundAction, scope: Scope): Operation | Diagnostic {
  const its = computeIts(statement.unit, scope);
  const { action } = statement;
  return isProblem(its) ? its : { kind: "action", its, action, expected: expectedOf(statement, scope) };
}

function stored(what: string, expression: Parameters<typeof compute>[0], width: number, scope: Scope) {
  const value = compute(expression, scope);
  return isProblem(value) ? value : storedValue(what, value, width, expression);
}

function registerOperation(
  statement: Extract<BoundStatement, { kind: "write-register" | "write-fields" | "read-register" }>,
  scope: Scope,
): Operation | Diagnostic {
  const located = locateRegister(statement.target, scope);
  if (isProblem(located)) return located;
  const { location, field } = located;
  const { width } = statement;
  const expected = expectedOf(statement, scope);
  if (statement.kind === "read-register")
    return { kind: "read-register", location, width, field, ...(expected && { expected }) };
  if (statement.kind === "write-fields") {
    let value = 0n;
    for (const part of statement.fields) {
      const raw = fieldRaw(part.field, part.value, scope);
      if (isProblem(raw)) return raw;
      value = insertRaw(value, part.field, raw);
    }
    return {
      kind: "write-register",
      location,
      width,
      value: BigInt.asUintN(width, value),
      ...(expected && { expected }),
    };
  }
  if (field === undefined) {
    const value = stored(location.name, statement.value, width, scope);
    return isProblem(value) ? value : { kind: "write-register", location, width, value, ...(expected && { expected }) };
  }
  const raw = fieldRaw(field, statement.value, scope);
  return isProblem(raw) ? raw : { kind: "modify-register", location, width, field, raw, ...(expected && { expected }) };
}

function hostOperation(statement: BoundHost, scope: Scope): Operation | Diagnostic {
  const { verb } = statement;
  const expected = expectedOf(statement, scope);
  const pe = statement.pe && computePe(statement.pe, scope);
  if (isProblem(pe)) return pe;
  if (statement.target === undefined) {
    const id = statement.value && stored("ID", statement.value, 32, scope);
    return isProblem(id) ? id : { kind: "host", verb, pe, value: id, expected };
  }
  const located = locateRegister(statement.target, scope);
  if (isProblem(located)) return located;
  const { location } = located;
  const value = statement.value && stored(location.name, statement.value, location.register.width, scope);
  return isProblem(value) ? value : { kind: "host", verb, pe, location, value, expected };
}

function attributeOperation(statement: BoundAttribute, scope: Scope): Operation | Diagnostic {
  const { verb, device, group, named } = statement;
  const expected = expectedOf(statement, scope);
  const number = statement.number && stored("attr", statement.number, 64, scope);
  if (isProblem(number)) return number;
  const value = statement.value && stored("VALUE", statement.value, group.valueBytes * 8, scope);
  if (isProblem(value)) return value;
  const attribute = named === undefined ? (number ?? 0n) : BigInt(named.attr);
  const its = device === "VGIC_ITS" ? computeIts(statement.unit, scope) : 0;
  if (isProblem(its)) return its;
  return { kind: "attribute", its, verb, device, group, attribute, value, expected };
}

function wireOperation(statement: BoundWire, scope: Scope): Operation | Diagnostic {
  const { verb, intid, pe, value } = statement;
  const expected = expectedOf(statement, scope);
  const number = stored("INTID", intid, 10, scope);
  if (isProblem(number)) return number;
  const whose = pe === undefined ? (scope.pe ?? 0) : computePe(pe, scope);
  if (isProblem(whose)) return whose;
  const given = value === undefined ? 0n : stored("VALUE", value, verb === "host-map" ? 10 : 1, scope);
  return isProblem(given)
    ? given
    : { kind: "wire", verb, intid: Number(number), pe: whose, value: Number(given), expected };
}

function lpiOperation(statement: BoundLpi, scope: Scope): Operation | Diagnostic {
  const intid = stored("INTID", statement.intid, 24, scope);
  if (isProblem(intid)) return intid;
  const pe = accessPe(statement.pe, scope);
  if (isProblem(pe)) return pe;
  const parts: { priority?: number; enabled?: number; pending?: number } = {};
  for (const name of ["priority", "enabled", "pending"] as const) {
    const given = statement[name];
    const value = given && stored(name, given, name === "priority" ? 8 : 1, scope);
    if (isProblem(value)) return value;
    if (value !== undefined) parts[name] = Number(value);
  }
  return { kind: "lpi", intid: Number(intid), pe, ...parts };
}

function fieldRaw(field: Field, expression: Parameters<typeof compute>[0], scope: Scope) {
  const value = compute(expression, scope);
  return isProblem(value) ? value : rawValue(field, value, expression);
}

const comparisons: ReadonlySet<string> = new Set(["==", "!=", "<", "<=", ">", ">="]);

function expectation({ condition, message, models }: BoundExpect, scope: Scope): Operation | Diagnostic {
  // Of other models its values may not even be there.
  if (models !== undefined && !namesModel(models, scope.model ?? "")) return { kind: "expect", holds: true, message };
  if (condition.kind !== "binary" || !comparisons.has(condition.operator)) {
    const value = compute(condition, scope);
    return isProblem(value) ? value : { kind: "expect", holds: value !== 0n, message };
  }
  const left = compute(condition.left, scope);
  if (isProblem(left)) return left;
  const right = compute(condition.right, scope);
  if (isProblem(right)) return right;
  const result = applyBinary(condition, left, right);
  if (isProblem(result)) return result;
  return {
    kind: "expect",
    holds: result !== 0n,
    comparison: { operator: condition.operator, left, right },
    message,
  };
}
