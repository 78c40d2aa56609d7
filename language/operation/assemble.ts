import {
  absentRaw,
  type Command,
  type CommandField,
  type CommandWords,
  commandByName,
  mustBeWritten,
} from "../../architecture/index.ts";
import { findByName } from "../bind/registers.ts";
import { lazily, suggest } from "../bind/suggest.ts";
import { type Diagnostic, isProblem } from "../diagnostic.ts";
import { errors } from "../errors.ts";
import { isDiagnostic } from "../parse/number.ts";
import type { Argument, Expression, Span } from "../parse/syntax.ts";
import { fieldNumbers, rawValue } from "../values.ts";
import { compute, pattern, type Scope } from "./evaluate.ts";

/** What an argument list is checked against: a command, or `msi`. */
export type ArgumentOwner = Pick<Command, "name" | "fields">;

/** The arguments of `msi`: those of INT, which does to an event what a device does. */
export const msiArguments: ArgumentOwner = { name: "msi", fields: commandByName("INT")?.fields ?? [] };

/** A command by its name in any letter case. */
export function findCommand(name: string): Command | undefined {
  return commandByName(name) ?? commandByName(name.toUpperCase());
}

/** A field of a command or of `msi` by its name in any letter case. */
export function findArgument(owner: ArgumentOwner, name: string): CommandField | undefined {
  for (const field of owner.fields) if (field.name === name) return field;
  return findByName(owner.fields, name);
}

/** The diagnostic for an argument that the command does not have. */
export function unknownArgument(owner: ArgumentOwner, { name }: Argument): Diagnostic {
  const all = owner.fields.map((field) => field.name);
  return errors.unknownArgument(
    name,
    owner.name,
    name.text,
    all.join(", "),
    lazily(() => suggest(name.text, all)),
  );
}

/** The four words of a command that is being put together. */
export type Packet = [bigint, bigint, bigint, bigint];

/** A command's packet without its arguments. */
export function emptyPacket({ opcode }: Command): Packet {
  return [BigInt(opcode), 0n, 0n, 0n];
}

/** Puts the raw value of a field, which fits it, where there was none. */
export function putField(packet: Packet, field: CommandField, raw: bigint): void {
  if (raw !== 0n) packet[field.word] |= raw << fieldNumbers(field).lsb;
}

/**
 * The packet of a command, with its arguments computed in `scope`; otherwise the first argument that is unknown, has no value or
 * does not fit, or the arguments that are missing, which `word` then points to.
 */
export function assembleCommand(
  command: Command,
  word: Span,
  list: readonly Argument[],
  scope: Scope,
): CommandWords | Diagnostic {
  const words = emptyPacket(command);
  for (const argument of list) {
    const field = findArgument(command, argument.name.text);
    if (field === undefined) return unknownArgument(command, argument);
    const raw = argumentRaw(field, argument.value, scope);
    if (isDiagnostic(raw)) return raw;
    putField(words, field, raw);
  }
  if (list.length === command.fields.length) return words;
  const missing = missingArguments(command, list, scope);
  if (missing.length > 0) return missingProblem(command, word, missing);
  for (const field of command.fields) {
    const raw = absentRaw(field);
    if (raw !== 0n && givenArgument(list, field) === undefined) putField(words, field, raw);
  }
  return words;
}

function givenArgument(list: readonly Argument[], field: CommandField): Argument | undefined {
  for (const argument of list) if (argument.name.text === field.name) return argument;
  return list.find(({ name }) => name.text.toLowerCase() === field.name.toLowerCase());
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
export function missingArguments(owner: ArgumentOwner, list: readonly Argument[], scope: Scope): CommandField[] {
  const absent = owner.fields.filter(
    (field) => field.defaultRaw === undefined && givenArgument(list, field) === undefined,
  );
  if (absent.length === 0) return absent;
  const unknown = new Set<string>();
  const values = owner.fields.map((field) => {
    const given = givenArgument(list, field);
    const raw = given === undefined ? absentRaw(field) : argumentRaw(field, given.value, scope);
    if (!isProblem(raw)) return { field, raw };
    unknown.add(field.name);
    return { field, raw: absentRaw(field) };
  });
  const needed = absent.filter((field) => mustBeWritten(field, values));
  return needed.filter(({ unusedIf }) => unusedIf === undefined || !unknown.has(unusedIf.field));
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
