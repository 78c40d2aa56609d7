import {
  type Field,
  type Register,
  type RegisterMember,
  registerByName,
  registerName,
  registers,
} from "../../architecture/index.ts";
import type { Diagnostic } from "../diagnostic.ts";
import { errors } from "../errors.ts";
import type { RegisterReference, Word } from "../parse/syntax.ts";
import { lazily, suggest } from "./suggest.ts";

/** A register by its name in any letter case. */
export function findRegister(name: string): RegisterMember | undefined {
  return registerByName(name) ?? registerByName(name.toUpperCase());
}

/** A field of a register, of whichever of its forms, by its name in any letter case. */
export function findRegisterField(register: Register, name: string): Field | undefined {
  const fields = registerFields(register);
  return fields.find((field) => field.name === name) ?? findByName(fields, name);
}

/** An element by its name, the letter case aside. */
export function findByName<Named extends { readonly name: string }>(
  list: readonly Named[],
  name: string,
): Named | undefined {
  const wanted = name.toLowerCase();
  return list.find((entry) => entry.name.toLowerCase() === wanted);
}

/** The fields of all forms of a register, the main form's first, each name once. */
export function registerFields(register: Register): readonly Field[] {
  if (register.forms === undefined) return register.fields;
  const byName = new Map<string, Field>();
  for (const field of [register.fields, ...register.forms.map(({ fields }) => fields)].flat())
    if (!byName.has(field.name)) byName.set(field.name, field);
  return [...byName.values()];
}

// Arrays such as GICD_IROUTER<n> have a thousand members; offering the first few of each is enough for a misspelt name.
const OFFERED_MEMBERS = 8;

/** Names of the registers, of large arrays the first few members. */
export const registerNames: readonly string[] = registers.flatMap((register) => {
  if (register.count === undefined) return [register.name];
  const first = register.firstIndex ?? 0;
  return Array.from({ length: Math.min(register.count, OFFERED_MEMBERS) }, (_, n) => registerName(register, first + n));
});

/** Exception levels that end the names of system registers. */
const LEVELS = ["_EL1", "_EL2", "_EL3"];

/**
 * The register that a wrong name means: one with a block's prefix before it (CTLR), one with an exception level behind it (ICC_IAR1), or
 * one that is spelt nearly so.
 */
export function suggestRegister(name: string): string | undefined {
  const written = name.toUpperCase();
  const whole = LEVELS.map((level) => written + level).find((register) => findRegister(register) !== undefined);
  if (whole !== undefined) return whole;
  return registerNames.find((register) => register.endsWith(`_${written}`)) ?? suggest(name, registerNames);
}

/** Finds the register of a reference without computing its PE: what is wrong with its name, its field or its ITS number. */
export function resolveRegister(reference: RegisterReference): (RegisterMember & { field?: Field }) | Diagnostic {
  const { name } = reference;
  const member = findRegister(name.text);
  if (member === undefined)
    return errors.unknownRegister(
      name,
      name.text,
      lazily(() => suggestRegister(name.text)),
    );
  if (reference.field === undefined) return member;
  const field = findRegisterField(member.register, reference.field.text);
  return field === undefined
    ? unknownField(registerName(member.register, member.index), reference.field, registerFields(member.register))
    : { ...member, field };
}

/** The diagnostic for a field that its owner does not have. */
export function unknownField(owner: string, name: Word, fields: readonly { readonly name: string }[]): Diagnostic {
  const names = fields.map((field) => field.name);
  return errors.unknownField(
    name,
    owner,
    name.text,
    names.join(", "),
    lazily(() => suggest(name.text, names)),
  );
}
