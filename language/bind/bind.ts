import { type Diagnostic, isProblem } from "../diagnostic.ts";
import { errors } from "../errors.ts";
import { limits } from "../limits.ts";
import {
  type ArgumentOwner,
  assembleCommand,
  assembleRaw,
  emptyPacket,
  findArgument,
  findCommand,
  missingArguments,
  missingProblem,
  msiArguments,
  type Packet,
  putField,
  unknownArgument,
} from "../operation/assemble.ts";
import type { Scope } from "../operation/evaluate.ts";
import { isDiagnostic } from "../parse/number.ts";
import type {
  Argument,
  CommandStatement,
  Expression,
  FillStatement,
  OutcomeClause,
  Statement,
  Word,
} from "../parse/syntax.ts";
import { rawValue } from "../values.ts";
import { bindHost, bindRead, bindWire, bindWrite, checkAddress, checkStored, checkUnit } from "./bind-access.ts";
import { bindAttribute } from "./bind-attribute.ts";
import { bindExpression, constantScope, type NameTable } from "./bind-expression.ts";
import { bindPrint } from "./bind-flow.ts";
import { bindLoad, bindLpi, bindVm } from "./bind-vm.ts";
import type { BoundAnswering, BoundStatement, BoundVm } from "./bound.ts";
import { checkModels, type ExpectedOutcome, resolveOutcomes } from "./outcomes.ts";
import { stringValue } from "./string-value.ts";

/**
 * Finds what a statement's words mean and checks all that can be checked without running it.
 * Gives the bound statement, the first problem, or undefined for a line that executes nothing.
 */
export function bindStatement(
  statement: Statement,
  names: NameTable,
): BoundStatement | BoundVm | Diagnostic | undefined {
  switch (statement.kind) {
    case "blank":
    case "broken":
    case "machine":
      return undefined;
    case "let": {
      const { name, value } = statement;
      if (statement.source !== undefined) {
        const source = bindStatement(statement.source, names);
        if (source === undefined || isProblem(source)) return source;
        return { kind: "let", name: name.text, value, source: source as BoundAnswering };
      }
      const constant = bindExpression(value, names, { accesses: true });
      return isProblem(constant) ? constant : { kind: "let", name: name.text, value, constant };
    }
    case "print":
      return bindPrint(statement, names);
    case "command":
      return bindCommand(statement, names);
    case "raw": {
      const problem = checkAll(statement.values, names) ?? checkUnit(statement.unit, names);
      if (problem !== undefined) return problem;
      for (const value of statement.values) {
        const wrong = checkStored("DW", value, 64, names);
        if (wrong !== undefined) return wrong;
      }
      const expected = bindOutcome(statement.outcome);
      if (isProblem(expected)) return expected;
      const words = assembleRaw(statement.values, constantScope(names));
      return {
        kind: "raw",
        unit: statement.unit,
        values: statement.values,
        words: isProblem(words) ? undefined : words,
        expected,
      };
    }
    case "msi": {
      const scope = constantScope(names);
      const checked = checkArguments(msiArguments, statement.word, statement.arguments, names, scope);
      if (typeof checked !== "boolean") return checked;
      const expected = bindOutcome(statement.outcome);
      const wrong = checkUnit(statement.unit, names);
      if (wrong !== undefined) return wrong;
      return isProblem(expected) ? expected : { kind: "msi", unit: statement.unit, syntax: statement, expected };
    }
    case "write":
      return bindWrite(statement, names);
    case "read":
      return bindRead(statement, names);
    case "store": {
      const { address, width, value } = statement;
      const problem = checkAll([address, value], names);
      const wrong = problem ?? checkAddress(address, names) ?? checkStored("VALUE", value, width, names);
      return wrong ?? { kind: "store", address, width, value };
    }
    case "fill":
      return bindFill(statement, names);
    case "action": {
      const expected = bindOutcome(statement.outcome);
      if (isProblem(expected)) return expected;
      const { unit, action } = statement;
      return checkUnit(unit, names) ?? { kind: "action", unit, action, expected };
    }
    case "host":
      return bindHost(statement, names);
    case "attribute":
      return bindAttribute(statement, names);
    case "wire":
      return bindWire(statement, names);
    case "vm":
      return bindVm(statement);
    case "load":
      return bindLoad(statement, names);
    case "lpi":
      return bindLpi(statement, names);
    case "expect": {
      const constant = bindExpression(statement.condition, names, { accesses: true });
      if (isProblem(constant)) return constant;
      const message = statement.message && stringValue(statement.message.text);
      const wrong = checkModels(statement.models);
      const models = statement.models.map(({ text }) => text);
      return wrong ?? { kind: "expect", condition: statement.condition, message, ...(models.length > 0 && { models }) };
    }
    case "same": {
      const message = statement.message && stringValue(statement.message.text);
      const wrong = checkModels(statement.others) ?? checkModels(statement.models);
      const others = statement.others.map(({ text }) => text);
      const models = statement.models.map(({ text }) => text);
      return wrong ?? { kind: "same", others, message, ...(models.length > 0 && { models }) };
    }
    case "queue": {
      const { unit, slot } = statement;
      const wrong =
        checkAll([slot], names) ?? checkUnit(unit, names) ?? checkStored("SLOT", slot, limits.slotBits, names);
      return wrong ?? { kind: "queue", unit, slot };
    }
    default:
      throw new Error(`'${statement.kind}' is bound with the lines around it`);
  }
}

function bindCommand(statement: CommandStatement, names: NameTable): BoundStatement | Diagnostic {
  const { word } = statement;
  const command = findCommand(word.text);
  if (command === undefined) return errors.unknownStatement(word, word.text);
  const scope = constantScope(names);
  const given = emptyPacket(command);
  const isConstant = checkArguments(command, word, statement.arguments, names, scope, given);
  if (typeof isConstant !== "boolean") return isConstant;
  const expected = bindOutcome(statement.outcome);
  if (isProblem(expected)) return expected;
  const { unit } = statement;
  const wrong = unit && checkUnit(unit, names);
  if (wrong !== undefined) return wrong;
  if (!isConstant) return { kind: "command", unit, command, syntax: statement, words: undefined, expected };
  if (statement.arguments.length === command.fields.length)
    return { kind: "command", unit, command, syntax: statement, words: given, expected };
  const words = assembleCommand(command, word, statement.arguments, scope);
  return { kind: "command", unit, command, syntax: statement, words: isProblem(words) ? undefined : words, expected };
}

/**
 * Checks the arguments of a command or of `msi`: each must exist, once, with a value that fits; none may be missing.
 * @param packet gets those that are constant @returns whether all that are given are constant, or what is wrong with them
 */
function checkArguments(
  owner: ArgumentOwner,
  word: Word,
  list: readonly Argument[],
  names: NameTable,
  scope: Scope,
  packet?: Packet,
): Diagnostic | boolean {
  let seen = 0;
  let isConstant = true;
  for (const argument of list) {
    const field = findArgument(owner, argument.name.text);
    if (field === undefined) return unknownArgument(owner, argument);
    const bit = 1 << owner.fields.indexOf(field);
    if ((seen & bit) !== 0) return errors.duplicateArgument(argument.name, field.name);
    seen |= bit;
    const constant = bindExpression(argument.value, names);
    if (constant === undefined) {
      isConstant = false;
      continue;
    }
    const raw = isDiagnostic(constant) ? constant : rawValue(field, constant, argument.value);
    if (isDiagnostic(raw)) return raw;
    if (packet !== undefined) putField(packet, field, raw);
  }
  if (list.length === owner.fields.length) return isConstant;
  const missing = missingArguments(owner, list, scope);
  return missing.length > 0 ? missingProblem(owner, word, missing) : isConstant;
}

function bindOutcome(clause: OutcomeClause | undefined): ExpectedOutcome | undefined | Diagnostic {
  return clause === undefined ? undefined : resolveOutcomes(clause);
}

function checkAll(list: readonly Expression[], names: NameTable): Diagnostic | undefined {
  for (const expression of list) {
    const bound = bindExpression(expression, names);
    if (isProblem(bound)) return bound;
  }
  return undefined;
}

function bindFill(statement: FillStatement, names: NameTable): BoundStatement | Diagnostic {
  const [address, length, byte] = statement.values;
  const wrong =
    checkAll(statement.values, names) ??
    checkAddress(address, names) ??
    checkLength(length, names) ??
    checkStored("BYTE", byte, 8, names);
  return wrong ?? { kind: "fill", address, length, byte };
}

/** A length is an address's distance: never negative, never beyond the address space. */
function checkLength(length: Expression, names: NameTable): Diagnostic | undefined {
  return checkAddress(length, names);
}
