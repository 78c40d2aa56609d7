import { type Access, hex, type Register } from "../../architecture/index.ts";
import type { Steps } from "../../emulator/index.ts";
import { type Expression, findRegister, findRegisterField, parseExpressionText } from "../../language/index.ts";
import type { ScriptRun, StatementResult } from "../../runner/index.ts";
import { errors } from "../errors.ts";
import { consoleStatement, evaluateNumber, performStatement } from "../evaluate.ts";
import { assignEntry } from "./assign-entry.ts";

/** What an assignment did. */
export interface Assigned {
  readonly result: StatementResult;
  /** That the hardware did not take all that was written, and why, for people. */
  readonly note?: string;
}

type RegisterExpression = Extract<Expression, { kind: "register" }>;

/**
 * Assigns to a register, a field of one, or guest memory: as software does it, by a write on the bus. What the hardware does not let
 * software write stays as it is, and that is said.
 * @param value an expression; for a field also one of its names: `Devices`. What stands in parentheses behind a value is passed over.
 * @throws AdapterError when the target cannot be assigned to, or the write fails
 */
export function* assign(target: string, value: string, run: ScriptRun): Steps<Assigned> {
  const { expression, problem } = parseExpressionText(target);
  if (problem !== undefined) throw errors.diagnostic(problem);
  if (expression.kind === "table") return yield* assignEntry(expression, target, withoutNote(value), run);
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
  const register = expression.kind === "register" ? findRegister(expression.name.text)?.register : undefined;
  if (register === undefined || expression.kind !== "register") {
    return { result: yield* performStatement(text, statement, run) };
  }
  const access = accessOf(register, expression);
  // An instruction that writes such a system register is UNDEFINED.
  if (access === "RO" && register.encoding !== undefined) throw readOnly(register, expression);
  if ((access !== "RW" && access !== "RO") || register.readEffect !== undefined) {
    return { result: yield* performStatement(text, statement, run) };
  }
  const before = evaluateNumber(target, run);
  const wanted = evaluateNumber(number, run);
  const result = yield* performStatement(text, statement, run);
  const after = evaluateNumber(target, run);
  if (after === wanted) return { result };
  // Some implementations take writes of registers that the architecture has read-only.
  if (access === "RO" && after === before) throw readOnly(register, expression);
  return { result, note: notTaken(target, register, { before, wanted, after }, run) };
}

/** How software reaches what an expression names. */
function accessOf(register: Register, { field: part }: RegisterExpression): Access {
  const field = part && findRegisterField(register, part.text);
  return field?.access ?? register.access;
}

function readOnly(register: Register, { name, field: part }: RegisterExpression): Error {
  const field = part && findRegisterField(register, part.text);
  return errors.readOnly(field === undefined ? name.text : `${name.text}.${field.name}`, (field ?? register).summary);
}

/** The field that makes a register read-only at this moment. @param target the register as scripts name it, with its index */
export function lockOf(target: string, lockedBy: Register["lockedBy"], run: ScriptRun): string | undefined {
  if (lockedBy === undefined) return undefined;
  const index = /\[[^\]]*\]/.exec(target)?.[0] ?? "";
  const lock = `${lockedBy.register}${index}.${lockedBy.field}`;
  return evaluateNumber(lock, run) === 1n ? lock : undefined;
}

function notTaken(
  target: string,
  { lockedBy }: Register,
  { before, wanted, after }: { readonly before: bigint; readonly wanted: bigint; readonly after: bigint },
  run: ScriptRun,
): string {
  if (after !== before) {
    return `${target} is ${hex(after)}, not ${hex(wanted)}: bits ${hex(after ^ wanted)} are not software's to write.`;
  }
  const lock = lockOf(target, lockedBy, run);
  if (lock !== undefined) return `${target} stays ${hex(after)}: it is read-only while ${lock} is 1.`;
  return `${target} stays ${hex(after)}: the hardware ignored the write of ${hex(wanted)}.`;
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
