import { argumentToRaw, insertRaw, type Register } from "../architecture/index.ts";

/**
 * A register's value from field values as scripts write them (addresses whole).
 * @throws RangeError for a field that the register does not have or that cannot hold its value
 */
export function encodeRegister(register: Register, values: Readonly<Record<string, bigint>>): bigint {
  let word = 0n;
  for (const [name, value] of Object.entries(values)) {
    const field = register.fields.find((candidate) => candidate.name === name);
    if (field === undefined) throw new RangeError(`${register.name} has no field ${name}`);
    const raw = argumentToRaw(field, value);
    if (!raw.ok) throw new RangeError(`${register.name}: ${raw.message}`);
    word = insertRaw(word, field, raw.raw);
  }
  return word;
}
