import type { Steps } from "../emulator/index.ts";
import { findRegister, findRegisterField, parseExpressionText } from "../language/index.ts";
import type { ScriptRun, StatementResult } from "../runner/index.ts";
import { errors } from "./errors.ts";
import { consoleStatement, performStatement } from "./evaluate.ts";

/**
 * Assigns to a register, a field of one, or guest memory: as software does it, by a write on the bus. What the hardware does not let
 * software write stays as it is.
 * @param value an expression; for a field also one of its names: `Devices`. What stands in parentheses behind a value is passed over.
 * @throws AdapterError when the target cannot be assigned to, or the write fails
 */
export function assign(target: string, value: string, run: ScriptRun): Steps<StatementResult> {
  const { expression, problem } = parseExpressionText(target);
  if (problem !== undefined) throw errors.diagnostic(problem);
  const number = namedValue(target, value) ?? withoutNote(value);
  const text =
    expression.kind === "register"
      ? `write ${target} = ${number}`
      : expression.kind === "memory"
        ? `${target} = ${number}`
        : undefined;
  if (text === undefined)
    throw expression.kind === "name" ? errors.letIsFixed(expression.name) : errors.notAssignable();
  const statement = consoleStatement(text);
  if (statement === undefined) throw errors.notAssignable();
  return performStatement(text, statement, run);
}

/** `4 (5 EventID bits)`, as values are shown, means 4. `(1 + 2)` stays. */
function withoutNote(value: string): string {
  return /^(\S+) \(.*\)\s*$/.exec(value.trim())?.[1] ?? value.trim();
}

/** The number of a field's named value. */
function namedValue(target: string, value: string): string | undefined {
  const { expression } = parseExpressionText(target);
  if (expression.kind !== "register" || expression.field === undefined) return undefined;
  const register = findRegister(expression.name.text)?.register;
  const field = register && findRegisterField(register, expression.field.text);
  const wanted = value.trim().toLowerCase();
  return field?.values?.find(({ name }) => name.toLowerCase() === wanted)?.value.toString();
}
