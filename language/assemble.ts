import { absentRaw, type Command, type CommandField, type CommandWords, mustBeWritten } from "../architecture/index.ts";
import type { BoundArgument } from "./bound.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { errors } from "./errors.ts";
import { compute, pattern, type Scope } from "./evaluate.ts";
import { isDiagnostic } from "./number.ts";
import type { Expression, Span } from "./syntax.ts";
import { fieldNumbers, rawValue } from "./values.ts";

/** What an argument list is checked against: a command, or `msi`. */
export type ArgumentOwner = Pick<Command, "name" | "fields">;

/** The packet of a command, with its arguments computed in `scope`; the first argument that has no value or does not fit otherwise. */
export function assembleCommand(
  command: Command,
  word: Span,
  list: readonly BoundArgument[],
  scope: Scope,
): CommandWords | Diagnostic {
  const words: [bigint, bigint, bigint, bigint] = [BigInt(command.opcode), 0n, 0n, 0n];
  for (const { field, value } of list) {
    const raw = argumentRaw(field, value, scope);
    if (isDiagnostic(raw)) return raw;
    if (raw !== 0n) words[field.word] |= raw << fieldNumbers(field).lsb;
  }
  if (list.length === command.fields.length) return words;
  const absent = command.fields.filter((field) => !list.some((argument) => argument.field === field));
  const missing = missingArguments(command, list, scope);
  if (missing.length > 0) return missingProblem(command, word, missing);
  for (const field of absent) words[field.word] |= absentRaw(field) << fieldNumbers(field).lsb;
  return words;
}

/** Raw value of one argument. */
export function argumentRaw(field: CommandField, value: Expression, scope: Scope): bigint | Diagnostic {
  const computed = compute(value, scope);
  return isDiagnostic(computed) ? computed : rawValue(field, computed, value);
}

export function missingProblem(owner: ArgumentOwner, word: Span, missing: readonly CommandField[]): Diagnostic {
  return errors.missingArgument(word, owner.name, missing.map(({ name }) => name).join(", "));
}

/**
 * The fields that must be given and are not. Some are needed only by the value of another (Size of MAPD, by V):
 * while that value is not computable in `scope`, they are not asked for.
 */
export function missingArguments(owner: ArgumentOwner, list: readonly BoundArgument[], scope: Scope): CommandField[] {
  const absent = owner.fields.filter(
    (field) => field.defaultRaw === undefined && !list.some((argument) => argument.field === field),
  );
  if (absent.length === 0) return absent;
  const unknown = new Set<string>();
  const values = owner.fields.map((field) => {
    const given = list.find((argument) => argument.field === field);
    const raw = given === undefined ? absentRaw(field) : argumentRaw(field, given.value, scope);
    if (!isDiagnostic(raw)) return { field, raw };
    unknown.add(field.name);
    return { field, raw: absentRaw(field) };
  });
  return absent.filter(
    (field) =>
      mustBeWritten(field, values) && !(field.unusedIf !== undefined && unknown.has(field.unusedIf.field)),
  );
}

/** Four words as they are. */
export function assembleRaw(values: readonly Expression[], scope: Scope): CommandWords | Diagnostic {
  const words: bigint[] = [];
  for (const expression of values) {
    const value = compute(expression, scope);
    if (isDiagnostic(value)) return value;
    words.push(pattern(value));
  }
  return [words[0], words[1], words[2], words[3]];
}
