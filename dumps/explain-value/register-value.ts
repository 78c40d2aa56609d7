import type { Field } from "../../architecture/field.ts";
import { hex } from "../../architecture/hex.ts";
import type { Implementation, Register } from "../../architecture/register.ts";
import {
  fieldsOf,
  type RegisterMember,
  registerByName,
  registerEncoding,
  registerName,
  registerOffset,
  registers,
  resetValue,
} from "../../architecture/registers/index.ts";
import { quirkNotes } from "./quirks.ts";
import { type Reading, sentence } from "./reading.ts";
import { registerFacts } from "./register-facts.ts";
import { otherBits, valueFields } from "./value-text.ts";

const implementations: readonly (readonly [Implementation, string])[] = [
  ["arch", "the architecture"],
  ["kvm", "KVM"],
  ["qemu", "QEMU"],
  ["gem5", "gem5"],
  ["xen", "Xen"],
];

/** The readings of a register's value: its main form, and forms that nothing in the value tells apart. */
export function readRegister(member: RegisterMember, value: bigint): Reading[] {
  const { register } = member;
  const open = (register.forms ?? []).filter(({ condition }) => condition === undefined);
  return [
    readForm(member, value, fieldsOf(register, value)),
    ...open.map(({ when, fields }) => readForm(member, value, fields, when)),
  ];
}

/** One reading of a register's value by the fields that apply to it. */
export function readForm(member: RegisterMember, value: bigint, fields: readonly Field[], when?: string): Reading {
  const { register, index } = member;
  const facts = registerFacts(register.name, fields, value);
  const texts = facts.texts ?? {};
  const shown = valueFields(fields, value).map((field) =>
    Object.hasOwn(texts, field.name) ? { ...field, text: texts[field.name] } : field,
  );
  const notes = [...(facts.notes ?? []), ...quirkNotes(register.name, value)];
  const same = implementations.filter(([name]) => value !== 0n && resetValue(member, name) === value);
  if (same.length > 0) notes.push(`The reset value in ${same.map(([, title]) => title).join(", ")}.`);
  const tooWide = value >> BigInt(register.width);
  if (tooWide !== 0n) notes.push(`The register has ${register.width} bits; ${hex(value)} does not fit.`);
  else {
    const other = otherBits(fields, value);
    if (other !== 0n) notes.push(`Bits ${hex(other)} are set outside the fields: RES0, or of a later version.`);
  }
  const form = when === undefined ? "" : ` (${when})`;
  return {
    kind: "register",
    title: `${registerName(register, index)}${form} = ${hex(value)}`,
    summary: facts.summary ?? register.summary,
    fields: shown,
    notes,
  };
}

/** A register without a value: where it is, and what it is after reset. */
export function describeRegister(member: RegisterMember): Reading {
  const { register, index } = member;
  const notes = [`${register.width} bits, ${register.access}; ${placeText(member)}.`];
  const resets = implementations.flatMap(([name, title]) => {
    const reset = resetValue(member, name);
    return reset === undefined ? [] : [`${hex(reset)} in ${title}`];
  });
  if (resets.length > 0) notes.push(`After reset: ${resets.join(", ")}.`);
  notes.push(`Fields: ${register.fields.map(({ name }) => name).join(", ")}.`, `Source: ${register.source}.`);
  return sentence("register", registerName(register, index), register.summary, notes);
}

function placeText({ register, index }: RegisterMember): string {
  const encoding = registerEncoding(register, index);
  if (encoding !== undefined) {
    const { op0, op1, CRn, CRm, op2 } = encoding;
    return `system register op0=${op0}, op1=${op1}, CRn=${CRn}, CRm=${CRm}, op2=${op2}`;
  }
  return `offset ${hex(registerOffset(register, index) ?? 0)} in ${register.block}`;
}

const prefixes = ["GITS_", "ICH_", "GICR_", "ICC_", "GICD_", "GICH_", "GICC_", "CNTV_", "CNTP_"];
const suffixes = ["", "_EL2", "_EL1", "_EL0"];

/**
 * Registers that a name means: one by its full name in any letter case, else all whose name it is without the block (`VTR` is ICH_VTR_EL2 and
 * GICH_VTR, `BASER0` is GITS_BASER0). Registers of 64 bits before others, GICv3 before GICv2.
 */
export function registersNamed(name: string): RegisterMember[] {
  if (name.length > 40) return [];
  const upper = name.toUpperCase();
  const exact = registerByName(name) ?? registerByName(upper);
  if (exact !== undefined) return [exact];
  const found: RegisterMember[] = [];
  for (const prefix of prefixes) {
    for (const suffix of suffixes) {
      // "ICH_LR2" is ICH_LR2_EL2: the suffix alone may be missing.
      const candidates = upper.startsWith(prefix) ? [`${upper}${suffix}`] : [`${prefix}${upper}${suffix}`];
      for (const candidate of candidates) {
        const member = registerByName(candidate);
        if (member !== undefined && !found.some((known) => known.register === member.register)) found.push(member);
      }
    }
  }
  return found;
}

/** Members of large arrays that are offered for a misspelt name. */
const OFFERED_MEMBERS = 8;

/** Names of registers, of large arrays the first few. */
export const knownRegisterNames: readonly string[] = registers.flatMap((register: Register) => {
  if (register.count === undefined) return [register.name];
  const first = register.firstIndex ?? 0;
  return Array.from({ length: Math.min(register.count, OFFERED_MEMBERS) }, (_, n) => registerName(register, first + n));
});
