import { extractRaw } from "../../architecture/field.ts";
import { intidRange } from "../../architecture/intids.ts";
import { fieldsOf, registerByName } from "../../architecture/registers/index.ts";
import { otherBits } from "../explain-value/value-text.ts";
import type { DumpMemory } from "../memory.ts";
import {
  type CpuInterfaceForm,
  cpuInterfaceForms,
  type FormDeclaration,
  type ListRegisterOrder,
  listRegisterOrders,
  SAVED_LIST_REGISTERS,
} from "./forms.ts";
import { listValues } from "./list-values.ts";
import type { VirtualType } from "./virtual-type.ts";

/** The shape and order that were given or that fit best, with the reason in words. */
export interface FormGuess {
  readonly form: FormDeclaration;
  readonly order: ListRegisterOrder;
  readonly reason: string;
}

/** ICH_LR<n>_EL2.EOI, where HW = 0; with HW = 1 the bit is part of pINTID. */
const EOI = 1n << 41n;
const HW = 1n << 61n;

/** Weights of what speaks against a shape and order. */
const against = { missing: 3, impossible: 4, beyondVtr: 3, reserved: 2, contradiction: 2, unusual: 1 } as const;

/** Chooses the shape and the order of a saved interface. */
export function guessForm(
  memory: DumpMemory,
  base: number,
  type: VirtualType,
  vtrKnown: boolean,
  given: { form?: CpuInterfaceForm; order?: ListRegisterOrder },
): FormGuess {
  const forms = cpuInterfaceForms.filter(({ name }) => given.form === undefined || name === given.form);
  const orders = listRegisterOrders.filter((name) => given.order === undefined || name === given.order);
  let best: { form: FormDeclaration; order: ListRegisterOrder; score: number } | undefined;
  for (const form of forms) {
    for (const order of orders) {
      const score = weigh(memory, base, form, order, type, vtrKnown);
      if (best === undefined || score < best.score) best = { form, order, score };
    }
  }
  const form = best?.form ?? cpuInterfaceForms[0];
  const order = best?.order ?? "normal";
  const why = given.order === undefined ? orderReason(memory, base, form, order, type, vtrKnown) : "order given";
  const shape = given.form === undefined ? "shape guessed" : "shape given";
  return { form, order, reason: `${shape}, ${why}` };
}

function weigh(
  memory: DumpMemory,
  base: number,
  form: FormDeclaration,
  order: ListRegisterOrder,
  type: VirtualType,
  vtrKnown: boolean,
): number {
  let score = 0;
  // The array alone says the least; a reversed array in the present structure has never been.
  if (form.name === "array") score += against.unusual;
  if (form.name === "current" && order === "reversed") score += against.unusual;
  for (const { offset, register, activePriority } of form.registers) {
    const value = memory.readNumber(base + offset, 4);
    if (value === undefined) score += against.missing;
    else if (activePriority !== undefined && activePriority >= type.activePriorities && value !== 0n) {
      score += against.contradiction;
    } else if (undeclared(register, value) !== 0n) score += against.reserved;
  }
  const empty = savedNumber(memory, base, form, "ICH_ELRSR_EL2");
  const ended = savedNumber(memory, base, form, "ICH_EISR_EL2") ?? 0n;
  const used = listValues(memory, base, form, order);
  for (const [n, value] of used.entries()) {
    if (value === undefined) score += against.missing;
    else {
      if (value !== 0n && impossible(value)) score += against.impossible;
      if (value !== 0n && n >= type.lists) score += against.beyondVtr;
      const isEmpty = value >> 62n === 0n;
      // An end is reported by a list register that is inactive and asked for it.
      const asksForEnd = (value & (HW | EOI)) === EOI;
      if (((ended >> BigInt(n)) & 1n) === 1n && (!isEmpty || !asksForEnd)) score += against.contradiction;
      // One whose end is still to be reported is not free.
      const free = isEmpty && !asksForEnd;
      if (empty !== undefined && vtrKnown && n < type.lists && ((empty >> BigInt(n)) & 1n) !== (free ? 1n : 0n)) {
        score += against.contradiction;
      }
    }
  }
  // Linux fills list registers from LR0 on.
  if ((used[0] ?? 0n) === 0n && used.some((value) => value !== undefined && value !== 0n)) {
    score += against.contradiction;
  }
  return score;
}

function savedNumber(memory: DumpMemory, base: number, form: FormDeclaration, register: string): bigint | undefined {
  const found = form.registers.find((entry) => entry.register === register);
  return found === undefined ? undefined : memory.readNumber(base + found.offset, 4);
}

function undeclared(register: string, value: bigint): bigint {
  const member = registerByName(register);
  return member === undefined ? 0n : otherBits(fieldsOf(member.register, value), value);
}

/** A word that no list register holds. */
function impossible(value: bigint): boolean {
  const member = registerByName("ICH_LR0_EL2");
  if (member === undefined) return false;
  const fields = fieldsOf(member.register, value);
  if (otherBits(fields, value) !== 0n) return true;
  const intid = fields.find(({ name }) => name === "vINTID");
  const range = intid && intidRange(Number(extractRaw(value, intid)));
  return range === undefined || range.kind === "special";
}

/** Why the list registers are read in this order. */
function orderReason(
  memory: DumpMemory,
  base: number,
  form: FormDeclaration,
  order: ListRegisterOrder,
  type: VirtualType,
  vtrKnown: boolean,
): string {
  const slots = listValues(memory, base, form, "normal").flatMap((value, slot) =>
    value === undefined || value === 0n ? [] : [slot],
  );
  if (slots.length === 0) return `${order} order assumed: no list register holds anything`;
  const last = SAVED_LIST_REGISTERS - 1;
  const where = slots.length === 1 ? `index ${slots[0]} is used` : `indices ${slots.join(", ")} are used`;
  const fits = (wanted: ListRegisterOrder) =>
    slots.every((slot) => (wanted === "normal" ? slot : last - slot) < type.lists);
  if (vtrKnown && fits(order) && !fits(order === "normal" ? "reversed" : "normal")) {
    const range = order === "normal" ? `0 to ${type.lists - 1}` : `${SAVED_LIST_REGISTERS - type.lists} to ${last}`;
    return `${order} order, as ${where}: LR0 to LR${type.lists - 1} are indices ${range} in it`;
  }
  const first = order === "normal" ? 0 : last;
  if (slots.includes(first) && !slots.includes(last - first)) {
    return `${order} order, as ${where}: Linux fills list registers from LR0 on, which is index ${first} in it`;
  }
  return `${order} order assumed: ${where}, which does not tell`;
}
