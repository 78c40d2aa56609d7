import { extractRaw } from "../../architecture/field.ts";
import { intidRange } from "../../architecture/intids.ts";
import type { RegisterMember } from "../../architecture/registers/index.ts";
import { fieldsOf, registerByName } from "../../architecture/registers/index.ts";
import { otherBits } from "./value-text.ts";

/** Whether a number looks like GITS_BASER<n>: of a type that exists, no undeclared bits, an entry size, and valid or a reset value. */
export function looksLikeTableBase(value: bigint): boolean {
  const word = parts(registerByName("GITS_BASER0"), value);
  if (word === undefined || word.other !== 0n || value < 1n << 56n) return false;
  return [1n, 2n, 4n].includes(word.raw("Type")) && word.raw("Entry_Size") > 0n && word.raw("Page_Size") < 3n;
}

/** Whether a number looks like a list register that holds an interrupt. */
export function looksLikeListRegister(value: bigint): boolean {
  const word = parts(registerByName("ICH_LR0_EL2"), value);
  if (word === undefined || word.other !== 0n || word.raw("State") === 0n) return false;
  const range = intidRange(Number(word.raw("vINTID")));
  return range !== undefined && range.kind !== "reserved" && range.kind !== "special";
}

function parts(member: RegisterMember | undefined, value: bigint) {
  if (member === undefined) return undefined;
  const fields = fieldsOf(member.register, value);
  const raw = (name: string): bigint => {
    const field = fields.find((candidate) => candidate.name === name);
    return field === undefined ? 0n : extractRaw(value, field);
  };
  return { other: otherBits(fields, value), raw };
}
