import { commandByName, type Command } from "../architecture/index.ts";
import {
  type ArgumentOwner,
  argumentRaw,
  assembleCommand,
  assembleRaw,
  missingArguments,
  missingProblem,
} from "./assemble.ts";
import { bindRead, bindWrite, checkAddress, checkStored } from "./bind-access.ts";
import { bindExpression, constantScope, isDynamic, type NameTable } from "./bind-expression.ts";
import type { BoundArgument, BoundStatement } from "./bound.ts";
import { type Diagnostic, isProblem } from "./diagnostic.ts";
import { errors } from "./errors.ts";
import { isDiagnostic } from "./number.ts";
import { type ExpectedOutcome, resolveOutcome } from "./outcomes.ts";
import { findByName } from "./registers.ts";
import { suggest } from "./suggest.ts";
import type { Argument, CommandStatement, Expression, FillStatement, Statement, Word } from "./syntax.ts";

/** The arguments of `msi`: those of INT, which does to an event what a device does. */
export const msiArguments: ArgumentOwner = { name: "msi", fields: commandByName("INT")?.fields ?? [] };

/**
 * Finds what a statement's words mean and checks all that can be checked without running it.
 * Gives the bound statement, the first problem, or undefined for a line that executes nothing.
 */
export function bindStatement(statement: Statement, names: NameTable): BoundStatement | Diagnostic | undefined {
  switch (statement.kind) {
    case "blank":
    case "broken":
    case "machine":
      return undefined;
    case "let": {
      const constant = bindExpression(statement.value, names);
      if (isProblem(constant)) return constant;
      return { kind: "let", name: statement.name.text, value: statement.value, constant };
    }
    case "command":
      return bindCommand(statement, names);
    case "raw": {
      const problem = checkAll(statement.values, names);
      if (problem !== undefined) return problem;
      for (const value of statement.values) {
        const wrong = checkStored("a word", value, 64, names);
        if (wrong !== undefined) return wrong;
      }
      const expected = bindOutcome(statement.outcome);
      if (isProblem(expected)) return expected;
      const words = assembleRaw(statement.values, constantScope(names));
      return { kind: "raw", values: statement.values, words: isProblem(words) ? undefined : words, expected };
    }
    case "msi": {
      const list = bindArguments(msiArguments, statement.word, statement.arguments, names);
      if (isProblem(list)) return list;
      const expected = bindOutcome(statement.outcome);
      return isProblem(expected) ? expected : { kind: "msi", arguments: list, expected };
    }
    case "write":
      return bindWrite(statement, names);
    case "read":
      return bindRead(statement, names);
    case "store": {
      const { address, width, value } = statement;
      const problem = checkAll([address, value], names);
      const wrong = problem ?? checkAddress(address, names) ?? checkStored("the value", value, width, names);
      return wrong ?? { kind: "store", address, width, value };
    }
    case "fill":
      return bindFill(statement, names);
    case "action": {
      const expected = bindOutcome(statement.outcome);
      return isProblem(expected) ? expected : { kind: "action", action: statement.action, expected };
    }
    case "expect": {
      const constant = bindExpression(statement.condition, names);
      if (isProblem(constant)) return constant;
      const message = statement.message && stringValue(statement.message.text);
      return { kind: "expect", condition: statement.condition, message };
    }
  }
}

function bindCommand(statement: CommandStatement, names: NameTable): BoundStatement | Diagnostic {
  const { word } = statement;
  const command = findCommand(word.text);
  if (command === undefined) return errors.unknownStatement(word, word.text);
  const list = bindArguments(command, word, statement.arguments, names);
  if (isProblem(list)) return list;
  const expected = bindOutcome(statement.outcome);
  if (isProblem(expected)) return expected;
  const words = assembleCommand(command, word, list, constantScope(names));
  if (isProblem(words) && !isDynamic(words)) return words;
  return { kind: "command", command, word, arguments: list, words: isProblem(words) ? undefined : words, expected };
}

/** A command by its name in any letter case. */
export function findCommand(name: string): Command | undefined {
  return commandByName(name) ?? commandByName(name.toUpperCase());
}

/** A field of a command or of `msi` by its name in any letter case. */
export function findArgument(owner: ArgumentOwner, name: string) {
  for (const field of owner.fields) if (field.name === name) return field;
  return findByName(owner.fields, name);
}

function bindArguments(
  owner: ArgumentOwner,
  word: Word,
  list: readonly Argument[],
  names: NameTable,
): BoundArgument[] | Diagnostic {
  const bound: BoundArgument[] = [];
  for (const { name, value } of list) {
    const field = findArgument(owner, name.text);
    if (field === undefined) {
      const all = owner.fields.map((entry) => entry.name);
      return errors.unknownArgument(name, owner.name, name.text, all.join(", "), suggest(name.text, all));
    }
    for (const other of bound) if (other.field === field) return errors.duplicateArgument(name, field.name);
    const constant = bindExpression(value, names);
    if (isProblem(constant)) return constant;
    const raw = constant === undefined ? undefined : argumentRaw(field, value, constantScope(names));
    if (raw !== undefined && isDiagnostic(raw)) return raw;
    bound.push({ field, name, value });
  }
  if (bound.length === owner.fields.length) return bound;
  const missing = missingArguments(owner, bound, constantScope(names));
  return missing.length > 0 ? missingProblem(owner, word, missing) : bound;
}

function bindOutcome(word: Word | undefined): ExpectedOutcome | undefined | Diagnostic {
  return word === undefined ? undefined : resolveOutcome(word);
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
    checkStored("the byte", byte, 8, names);
  return wrong ?? { kind: "fill", address, length, byte };
}

/** A length is an address's distance: never negative, never beyond the address space. */
function checkLength(length: Expression, names: NameTable): Diagnostic | undefined {
  return checkAddress(length, names);
}

/** The text of a string literal, without its quotes and escapes. */
export function stringValue(literal: string): string {
  return literal.slice(1, -1).replace(/\\(.)/g, "$1");
}
