import { affinityOf } from "../../architecture/affinity.ts";
import { argumentToRaw } from "../../architecture/command-codec.ts";
import {
  type AttributeGroup,
  attributeFields,
  attributesOf,
  type DeviceType,
  redistRegionFields,
} from "../../architecture/device-attributes.ts";
import { type Field, insertRaw } from "../../architecture/field.ts";
import { hex } from "../../architecture/hex.ts";
import { type RegisterMember, registerEncoding, registerOffset } from "../../architecture/registers/index.ts";
import { blockOf, isLowerHalf, readAttribute } from "./attribute.ts";
import { attributeNamed } from "./attribute-names.ts";
import { type Explanation, explained, notExplained } from "./reading.ts";
import { knownRegisterNames, registersNamed } from "./register-value.ts";
import { parseValue } from "./value-text.ts";

/** Words of an attribute: `pe=1`, `GICR_PENDBASER`, `0x100000078`. */
interface Request {
  readonly numbers: ReadonlyMap<string, bigint>;
  readonly words: readonly string[];
}

/**
 * What follows `attr DEVICE GROUP`: the attr as a number, or what it addresses by name (`pe=1 GICR_PENDBASER`, `intid=64`, `REDIST_REGION base=… count=…`),
 * from which the number is made.
 */
export function explainAttribute(device: DeviceType, group: AttributeGroup, rest: readonly string[]): Explanation {
  const numbers = new Map<string, bigint>();
  const words: string[] = [];
  for (const word of rest) {
    const equals = word.indexOf("=");
    if (equals < 0) {
      words.push(word);
      continue;
    }
    const value = parseValue(word.slice(equals + 1));
    if (value === undefined) return notExplained(`"${word.slice(equals + 1)}" is no number.`, word);
    numbers.set(word.slice(0, equals).toLowerCase(), value);
  }
  const attr = words.length === 0 ? undefined : parseValue(words[0]);
  if (attr !== undefined) {
    if (words.length > 2 || numbers.size > 0) return notExplained("After the attr there may be one number, the value.");
    const value = words.length === 1 ? undefined : parseValue(words[1]);
    if (words.length === 2 && value === undefined) return notExplained(`"${words[1]}" is no number.`, words[1]);
    return explained(readAttribute(device, group, attr, value));
  }
  if (group.attributes !== undefined) return encodeNamed(device, group, { numbers, words });
  return encodeRegister(device, group, { numbers, words });
}

function encodeNamed(device: DeviceType, group: AttributeGroup, { numbers, words }: Request): Explanation {
  const names = attributesOf(group, device).map(({ name }) => name);
  if (words.length === 0) return notExplained(`${group.name} of ${device} has ${names.join(", ")}.`);
  const named = attributeNamed(group, device, words[0]);
  if (named === undefined)
    return notExplained(`${group.name} of ${device} has no ${words[0]}, but ${names.join(", ")}.`, words[0], names);
  let value = words.length > 1 ? parseValue(words[1]) : undefined;
  if (words.length > 2 || (words.length === 2 && value === undefined))
    return notExplained(`"${words.at(-1)}" is no number.`);
  if (numbers.size > 0) {
    if (named.name !== "REDIST_REGION" || value !== undefined)
      return notExplained(`${named.name} takes one number, its value.`);
    const made = fieldsWord(redistRegionFields, numbers);
    if (typeof made === "string") return notExplained(made, undefined);
    value = made;
  }
  const reading = readAttribute(device, group, BigInt(named.attr), value);
  const made = numbers.size > 0 && value !== undefined ? [`Value ${hex(value)}.`] : [];
  return explained({ ...reading, notes: [...made, ...reading.notes] });
}

function fieldsWord(fields: readonly Field[], numbers: ReadonlyMap<string, bigint>): bigint | string {
  let word = 0n;
  for (const [name, number] of numbers) {
    const field = fields.find((candidate) => candidate.name.toLowerCase() === name);
    if (field === undefined) return `There is no ${name}, but ${fields.map((candidate) => candidate.name).join(", ")}.`;
    const raw = argumentToRaw(field, number);
    if (!raw.ok) return raw.message;
    word = insertRaw(word, field, raw.raw);
  }
  return word;
}

function encodeRegister(device: DeviceType, group: AttributeGroup, request: Request): Explanation {
  const fields = attributeFields(group, device);
  if (fields === undefined) return explained(readAttribute(device, group, 0n));
  const values = new Map<string, bigint>();
  for (const [name, number] of request.numbers) {
    const part = partOf(name, number, fields);
    if (part === undefined) {
      const known = [...fields.map((field) => field.name), "pe"];
      return notExplained(`The attr of ${group.name} has no ${name}, but ${known.join(", ")}.`, name, known);
    }
    values.set(part.name.toLowerCase(), part.value);
  }
  const [name, valueText, ...more] = request.words;
  if (name !== undefined && (group.name === "LEVEL_INFO" || values.has("offset")))
    return notExplained(`"${name}" is too much: the attr is named already.`, name);
  if (name === undefined && values.size === 0)
    return notExplained(
      `Give the attr as a number, or ${fields.map((field) => `${field.name}=N`).join(" ")}, or the name of a register.`,
    );
  if (name !== undefined) {
    const found = attributeOfRegister(device, group, name);
    if (typeof found === "string") return notExplained(found, name, knownRegisterNames);
    for (const [part, value] of found) values.set(part, value);
  }
  const value = valueText === undefined ? undefined : parseValue(valueText);
  if (more.length > 0 || (valueText !== undefined && value === undefined))
    return notExplained(
      `"${more[0] ?? valueText}" is not expected after the register; one number may follow, its value.`,
    );
  const attr = fieldsWord(fields, values);
  if (typeof attr === "string") return notExplained(attr);
  const reading = readAttribute(device, group, attr, value);
  const upper = isLowerHalf(device, group, attr) ? [readAttribute(device, group, attr + 4n)] : [];
  return explained(reading, ...upper);
}

/** `pe` and `intid` are other words for the fields that hold them. */
function partOf(name: string, number: bigint, fields: readonly Field[]): { name: string; value: bigint } | undefined {
  const has = (wanted: string) => fields.some((field) => field.name === wanted);
  if (name === "pe" || name === "cpu" || name === "vcpu") {
    if (has("cpuid")) return { name: "cpuid", value: number };
    // More than any VM has: argumentToRaw refuses what the affinity cannot hold.
    if (has("mpidr"))
      return { name: "mpidr", value: number < 1n << 20n ? BigInt(affinityOf(Number(number))) : number << 32n };
  }
  if (name === "intid" && has("vINTID")) return { name: "vINTID", value: number };
  const field = fields.find((candidate) => candidate.name.toLowerCase() === name);
  return field === undefined ? undefined : { name: field.name, value: number };
}

/** Parts of the attr that a register's name stands for, or why it stands for none. */
function attributeOfRegister(device: DeviceType, group: AttributeGroup, name: string): [string, bigint][] | string {
  const block = blockOf(group) ?? "ICC";
  const generation = device === "VGIC_V2" ? 2 : 3;
  const found = registersNamed(name);
  if (found.length === 0) return `There is no register ${name}.`;
  const member = found.find(({ register }) => fits(register, generation, block, group));
  if (member === undefined) return `${name} is not a register of ${group.name} of ${device}.`;
  return partsOf(member);
}

function fits(register: RegisterMember["register"], generation: 2 | 3, block: string, group: AttributeGroup): boolean {
  if (register.generation !== undefined && register.generation !== generation) return false;
  // Guests with EL2 have ICH_* in CPU_SYSREGS as well (Linux 7.2).
  return register.block === block || (group.name === "CPU_SYSREGS" && register.block === "ICH");
}

function partsOf({ register, index }: RegisterMember): [string, bigint][] {
  const encoding = registerEncoding(register, index);
  if (encoding === undefined) return [["offset", BigInt(registerOffset(register, index) ?? 0)]];
  return Object.entries(encoding).map(([name, value]) => [name.toLowerCase(), BigInt(value)]);
}
