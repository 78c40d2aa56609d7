import type { CoreFacts } from "./document.ts";
import type { AddressForm } from "./hex-text/address.ts";
import type { AddressBase } from "./hex-text/address-base.ts";
import type { TextStyle } from "./hex-text/byte-order.ts";
import type { DigitChoice, DigitEvidence } from "./hex-text/digit-votes.ts";
import { digitName, type GroupOrder } from "./hex-text/group-form.ts";
import type { OrderChoice } from "./hex-text/order/order-votes.ts";

const BASES: Readonly<Record<AddressForm, string>> = { 16: "hexadecimal", 10: "decimal", 8: "octal", none: "no" };
const ORDERS: Readonly<Record<GroupOrder, string>> = {
  bytes: "groups list bytes in memory order",
  little: "groups are little-endian numbers",
};

/** What makes a reader take a text otherwise: an option of the command line, or a word of a `# gic:` line. */
export type OtherWay = (name: "order" | "digits", value: string) => string;

const byOption: OtherWay = (name, value) => `--${name} ${value}`;

/** As it is said in an editor, where the text stands. */
export const byHint: OtherWay = (name, value) => `${name}=${value} in a # gic: line`;

/** How a dump was read, in one line with the reasons and the runner-up. @param way how it is read otherwise */
export function readingSentence({ addresses, digits, main }: TextStyle, way: OtherWay = byOption): string {
  const order = main === undefined ? "single bytes" : `${ORDERS[main.order]} (${orderReason(main, way)})`;
  return `${digitText(digits, way)}${order}; ${BASES[addresses.radix]} addresses (${baseReason(addresses)})`;
}

/** What groups are written in, where that is not the usual or not sure. */
function digitText({ form, evidence, doubt }: DigitChoice, way: OtherWay): string {
  if (form === 16 && evidence.kind === "form" && doubt === undefined) return "";
  const name = digitName(form);
  const close = doubt === undefined ? "" : `; about as good is ${digitName(doubt)}: ${way("digits", digitName(doubt))}`;
  return `${name === "characters" ? name : `${name} groups`} (${digitReason(evidence)}${close}); `;
}

function digitReason(evidence: DigitEvidence): string {
  switch (evidence.kind) {
    case "asked":
      return "asked for";
    case "hint":
      return "the # gic: line says so";
    case "steps":
      return `${evidence.count} neighbouring ${evidence.count === 1 ? "address steps" : "addresses step"} by the bytes that the lines have so`;
    case "form":
      return "by the form of the lines";
  }
}

/** What e_machine and e_type say; others are told by their number. */
const MACHINES: Readonly<Record<number, string>> = { 3: "x86", 40: "Arm", 62: "x86-64", 183: "AArch64", 243: "RISC-V" };
const TYPES: Readonly<Record<number, string>> = { 2: "executable", 3: "shared object", 4: "core" };

/** What a core is and how its memory is addressed, in one line. */
export function coreSentence({ bits, byteOrder, type, machine, addresses, segments }: CoreFacts): string {
  const what = `ELF${bits} ${TYPES[type] ?? `file of type ${type}`}, ${MACHINES[machine] ?? `machine ${machine}`}, ${byteOrder}-endian`;
  const count = segments === 1 ? "1 segment" : `${segments} segments`;
  const how =
    addresses === "physical"
      ? "physical addresses (p_paddr)"
      : "virtual addresses (p_vaddr): every p_paddr is 0, as in the core of a program";
  return `${what}; ${count} at ${how}`;
}

/** Whether another reading is about as good. */
export function isDoubtful({ addresses, digits, main }: TextStyle): boolean {
  return digits.doubt !== undefined || addresses.doubt !== undefined || main?.doubt !== undefined;
}

function otherOrder(order: GroupOrder): GroupOrder {
  return order === "bytes" ? "little" : "bytes";
}

function orderReason({ order, evidence, doubt }: OrderChoice, way: OtherWay): string {
  const other = otherOrder(order);
  const runnerUp = `${way("order", other)} reads the other way`;
  switch (evidence.kind) {
    case "asked":
      return "asked for";
    case "hint":
      return "the # gic: line says so";
    case "text-column":
      return `the text column of ${evidence.lines} lines agrees`;
    case "entries":
      return `${evidence.whole} of ${evidence.words} words are whole entries so, ${evidence.others} the other way${doubtText(doubt, runnerUp)}`;
    case "form":
      if (doubt === "close")
        return `by the form of the lines alone: the words make about as much sense in both orders; ${runnerUp}`;
      if (doubt === "unproven") return `by the form of the lines alone: nothing in them proves it; ${runnerUp}`;
      return "the form of the lines";
  }
}

function doubtText(doubt: OrderChoice["doubt"], runnerUp: string): string {
  if (doubt === "few") return `, which so few words may be by chance: ${runnerUp}`;
  return doubt === undefined ? "" : `, which is about as good: ${runnerUp}`;
}

function baseReason({ evidence, doubt }: AddressBase): string {
  switch (evidence.kind) {
    case "steps":
      return `${evidence.count} neighbouring lines follow each other so`;
    case "records":
      return `${evidence.count === 1 ? "a record" : `${evidence.count} records`} with the right checksum`;
    case "od":
      return `od writes them so; no neighbouring lines prove it, they could be ${BASES[doubt ?? 16]}: write them with -A x`;
    case "none":
      return "lines go on one after another; --base says from where";
    case "usual":
      return doubt === undefined
        ? "as most tools write them"
        : `no neighbouring lines prove it, they could be ${BASES[doubt]}: write them with -A x`;
  }
}
