import type { Field } from "../field.ts";
import { extractRaw } from "../field.ts";
import type { Block, Generation, Implementation, Register, SystemRegisterEncoding } from "../register.ts";
import { cntRegisters } from "./cnt.ts";
import { giccRegisters } from "./gicc.ts";
import { gicdRegisters } from "./gicd.ts";
import { gichRegisters } from "./gich.ts";
import { gicrRegisters } from "./gicr.ts";
import { gitsRegisters } from "./gits.ts";
import { iccRegisters } from "./icc.ts";
import { ichRegisters } from "./ich.ts";

export { GICR_SGI_FRAME } from "./gicr-sgi.ts";
export { GICR_VLPI_FRAME } from "./gicr-vlpi.ts";
export {
  baserPageBytes,
  baserPhysicalAddress,
  baserTableBytes,
  GITS_TRANSLATION_FRAME,
  GITS_VSGI_FRAME,
} from "./gits.ts";
export * from "./shared-fields.ts";

/** Every register, arrays once. */
export const registers: readonly Register[] = [
  ...gitsRegisters,
  ...gicrRegisters,
  ...gicdRegisters,
  ...giccRegisters,
  ...gichRegisters,
  ...iccRegisters,
  ...ichRegisters,
  ...cntRegisters,
];

/** A register, or the member `index` (the n of its name) of an array. `index` is 0 for a register that is no array. */
export interface RegisterMember {
  readonly register: Register;
  readonly index: number;
}

/** What stands at an offset: `byteInRegister` is 0 for its lowest byte. */
export interface RegisterPlace extends RegisterMember {
  readonly byteInRegister: number;
}

const byName = new Map(registers.map((register) => [register.name, register]));

function hasMember(register: Register, index: number): boolean {
  const first = register.firstIndex ?? 0;
  return index >= first && index < first + (register.count ?? 1);
}

/** Finds a register or array member by its name in the manual's spelling: `GITS_BASER3`, `ICH_LR2_EL2`. The index has no leading zeros. */
export function registerByName(name: string): RegisterMember | undefined {
  const register = byName.get(name);
  if (register !== undefined) return register.count === undefined ? { register, index: 0 } : undefined;
  for (const match of name.matchAll(/\d+/g)) {
    const array = byName.get(`${name.slice(0, match.index)}<n>${name.slice(match.index + match[0].length)}`);
    const index = Number(match[0]);
    if (array !== undefined && String(index) === match[0] && hasMember(array, index)) return { register: array, index };
  }
  return undefined;
}

/** Name of a register, or of the member `index` of an array. */
export function registerName(register: Register, index = 0): string {
  return register.name.replace("<n>", String(index));
}

/** Byte offset of a register or array member in its block; undefined for system registers. */
export function registerOffset(register: Register, index = register.firstIndex ?? 0): number | undefined {
  if (register.offset === undefined) return undefined;
  return register.offset + (index - (register.firstIndex ?? 0)) * (register.stride ?? 0);
}

/** Encoding of a system register or array member; undefined for memory-mapped registers. */
export function registerEncoding(register: Register, index = 0): SystemRegisterEncoding | undefined {
  const { encoding } = register;
  if (encoding === undefined) return undefined;
  const place = encoding.op2 + index;
  return { ...encoding, CRm: encoding.CRm + (place >> 3), op2: place & 7 };
}

function encodingKey({ op0, op1, CRn, CRm, op2 }: SystemRegisterEncoding): number {
  return (op0 << 14) | (op1 << 11) | (CRn << 7) | (CRm << 3) | op2;
}

const byEncoding = new Map<number, RegisterMember>();
for (const register of registers) {
  for (let index = 0; index < (register.count ?? 1); index++) {
    const encoding = registerEncoding(register, index);
    if (encoding !== undefined) byEncoding.set(encodingKey(encoding), { register, index });
  }
}

/** The system register, or array member, of an encoding. */
export function registerByEncoding(encoding: SystemRegisterEncoding): RegisterMember | undefined {
  return byEncoding.get(encodingKey(encoding));
}

/**
 * Value after reset of a register or array member in an implementation: its own declaration, else the architecture's.
 * Undefined when neither is declared (GICR_TYPER depends on the PE).
 */
export function resetValue({ register, index }: RegisterMember, implementation: Implementation): bigint | undefined {
  const members = register.memberResets?.[implementation];
  if (members !== undefined) return members[index - (register.firstIndex ?? 0)] ?? 0n;
  return register.reset?.[implementation] ?? register.reset?.arch;
}

/** The fields by which to read a value: those of the form whose condition the value meets, else the main form's. */
export function fieldsOf(register: Register, value: bigint): readonly Field[] {
  for (const { condition, fields } of register.forms ?? []) {
    const selector = condition && register.fields.find((field) => field.name === condition.field);
    if (selector !== undefined && extractRaw(value, selector) === condition?.raw) return fields;
  }
  return register.fields;
}

const mapped = new Map<string, Register[]>();
for (const register of registers) {
  if (register.offset === undefined) continue;
  for (const generation of [2, 3] as const) {
    if (register.generation !== undefined && register.generation !== generation) continue;
    const key = `${register.block}${generation}`;
    const list = mapped.get(key);
    if (list === undefined) mapped.set(key, [register]);
    else list.push(register);
  }
}
for (const list of mapped.values()) list.sort((left, right) => (left.offset ?? 0) - (right.offset ?? 0));

/**
 * What stands at a byte offset of a block's frames.
 *
 * @param width of the access in bits; when given, an access that reaches beyond the register finds nothing.
 * @param generation which GIC architecture's registers to look in; GICD has a few that exist in one alone.
 */
export function registerAt(
  block: Block,
  offset: number,
  width = 8,
  generation: Generation = 3,
): RegisterPlace | undefined {
  const list = mapped.get(`${block}${generation}`) ?? [];
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle].offset ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  const register = list[low - 1];
  if (register?.offset === undefined) return undefined;
  const bytes = register.width / 8;
  const stride = register.stride ?? bytes;
  const position = Math.floor((offset - register.offset) / stride);
  const byteInRegister = offset - register.offset - position * stride;
  if (position >= (register.count ?? 1) || byteInRegister + width / 8 > bytes) return undefined;
  return { register, index: register.count === undefined ? 0 : position + (register.firstIndex ?? 0), byteInRegister };
}

/** A register or array member with its name. */
export interface NamedRegister extends RegisterMember {
  readonly name: string;
}

/** As {@link registerByName}, of a name that is known to be declared. @throws Error when it is not */
export function declaredRegister(name: string): NamedRegister {
  const member = registerByName(name);
  if (member === undefined) throw new Error(`${name} is not declared`);
  return { name, ...member };
}

/** Byte offset in its block of the register or array member of a name. @throws Error when no memory-mapped register has it */
export function offsetOf(name: string): number {
  const member = registerByName(name);
  const offset = member && registerOffset(member.register, member.index);
  if (offset === undefined) throw new Error(`${name} is not declared`);
  return offset;
}
