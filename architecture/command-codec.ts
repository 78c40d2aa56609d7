import type { Command, CommandField } from "./command.ts";
import { commandByOpcode } from "./commands.ts";
import { extractRaw, type Field, fieldMask, fieldMax, insertRaw } from "./field.ts";
import { hex } from "./hex.ts";

/** DW0..DW3 of a command packet, each an unsigned 64-bit number. */
export type CommandWords = readonly [bigint, bigint, bigint, bigint];

/** Bytes of a command packet in the queue. */
export const COMMAND_BYTES = 32;
/** 32-bit words of one: DW0 is words 0 and 1, and so on. */
export const COMMAND_WORDS = COMMAND_BYTES / 4;

const ALL_ONES = (1n << 64n) - 1n;
const OPCODE_MASK = 0xffn;

/** A field of a decoded command with its raw value. */
export interface CommandFieldValue {
  readonly field: CommandField;
  readonly raw: bigint;
}

export interface DecodedCommand {
  /** Absent when no command has the opcode in DW0[7:0]. */
  readonly command: Command | undefined;
  readonly opcode: number;
  /** Every field in the order of the declaration; empty for an unknown opcode. */
  readonly values: readonly CommandFieldValue[];
  /** Bits that are set outside the opcode and the declared fields, a word each: RES0 in the architecture. */
  readonly reservedBits: CommandWords;
}

/** Raw value of an argument, or why it has none. */
export type ArgumentResult =
  | { readonly ok: true; readonly raw: bigint }
  | { readonly ok: false; readonly reason: "negative" | "too-large" | "unaligned"; readonly message: string };

/**
 * What a script writes for a field: the raw value, moved up by the field's `shift` so that addresses and the priority of VSGI
 * are written whole. `plus` plays no part: `Size=7` is the field's value as the manual prints it and means 8 EventID bits.
 */
export function fieldArgument(field: Field, raw: bigint): bigint {
  return raw << BigInt(field.shift ?? 0);
}

/** Raw value for what a script wrote, see {@link fieldArgument}. Bits that the field cannot hold, high or low, are a failure. */
export function argumentToRaw(field: Field, argument: bigint): ArgumentResult {
  const shift = BigInt(field.shift ?? 0);
  if (argument < 0n) return { ok: false, reason: "negative", message: `${field.name} cannot be negative.` };
  if ((argument & ((1n << shift) - 1n)) !== 0n) {
    const message = `${field.name}: ${hex(argument)} is not a multiple of ${hex(1n << shift)}; the field has no bits [${shift - 1n}:0].`;
    return { ok: false, reason: "unaligned", message };
  }
  const raw = argument >> shift;
  if (raw > fieldMax(field)) {
    const largest = fieldArgument(field, fieldMax(field));
    const message = `${field.name}: ${hex(argument)} does not fit; the largest value is ${hex(largest)}.`;
    return { ok: false, reason: "too-large", message };
  }
  return { ok: true, raw };
}

/** The raw value of a field that was not given: its default, else 0. */
export function absentRaw(field: CommandField): bigint {
  return field.defaultRaw ?? 0n;
}

/**
 * The four words of a command from raw field values by field name; absent fields get {@link absentRaw}.
 * Check what a user wrote with {@link argumentToRaw} first.
 *
 * @throws RangeError naming the command and the field when a name is not a field of the command or a value is negative or too large.
 */
export function encodeCommand(
  command: Command,
  raw: Readonly<Record<string, bigint>>,
): [bigint, bigint, bigint, bigint] {
  for (const name of Object.keys(raw)) {
    if (!command.fields.some((field) => field.name === name))
      throw new RangeError(`${command.name} has no field ${name}.`);
  }
  const words: [bigint, bigint, bigint, bigint] = [BigInt(command.opcode), 0n, 0n, 0n];
  for (const field of command.fields) {
    const value = Object.hasOwn(raw, field.name) ? raw[field.name] : absentRaw(field);
    if (value < 0n || value > fieldMax(field)) {
      throw new RangeError(`${command.name}: ${value} is outside ${field.name}, 0 to ${fieldMax(field)}.`);
    }
    words[field.word] = insertRaw(words[field.word], field, value);
  }
  return words;
}

/** Bits of each word that a command gives a meaning: opcode and fields. */
function declaredBits(command: Command | undefined): [bigint, bigint, bigint, bigint] {
  const masks: [bigint, bigint, bigint, bigint] = [OPCODE_MASK, 0n, 0n, 0n];
  for (const field of command?.fields ?? []) masks[field.word] |= fieldMask(field);
  return masks;
}

/** Takes the four words of a packet apart; bits above 63 are dropped. Any words are accepted. */
export function decodeCommand(words: CommandWords): DecodedCommand {
  const opcode = Number(words[0] & OPCODE_MASK);
  const command = commandByOpcode(opcode);
  const values = (command?.fields ?? []).map((field) => ({ field, raw: extractRaw(words[field.word], field) }));
  const masks = declaredBits(command);
  const spare = (index: 0 | 1 | 2 | 3) => words[index] & ALL_ONES & ~masks[index];
  return { command, opcode, values, reservedBits: [spare(0), spare(1), spare(2), spare(3)] };
}

/** A field's value as a script writes it: addresses, DeviceIDs and EventIDs in hexadecimal, counts and INTIDs in decimal. */
export function formatArgument(field: Field, raw: bigint): string {
  const argument = fieldArgument(field, raw);
  return (field.display ?? (field.shift === undefined ? "decimal" : "hex")) === "hex"
    ? hex(argument)
    : argument.toString();
}

/**
 * One packet as a line of a script, `MAPTI DeviceID=0x2, EventID=0x14, pINTID=8195, ICID=3`. Fields that hold their default and unused
 * fields that hold zero are left out, so that the line encodes to the same words. Set RES0 bits follow in a comment.
 * An unknown opcode gives `raw DW0, DW1, DW2, DW3`.
 */
export function formatCommand(words: CommandWords): string {
  const { command, values, reservedBits } = decodeCommand(words);
  if (command === undefined) return `raw ${words.map((word) => hex(word & ALL_ONES)).join(", ")}`;
  const shown = values.filter(({ field, raw }) => raw !== absentRaw(field) || mustBeWritten(field, values));
  const text = shown.map(({ field, raw }) => `${field.name}=${formatArgument(field, raw)}`).join(", ");
  const spare = reservedBits.flatMap((bits, index) => (bits === 0n ? [] : [`DW${index} ${hex(bits)}`]));
  const comment = spare.length === 0 ? "" : ` # RES0 bits set: ${spare.join(", ")}`;
  return `${command.name}${text === "" ? "" : ` ${text}`}${comment}`;
}

/** Whether a script must give this field: it has no default and the ITS looks at it. `values` hold the command's other fields. */
export function mustBeWritten(field: CommandField, values: readonly CommandFieldValue[]): boolean {
  if (field.defaultRaw !== undefined) return false;
  const { unusedIf } = field;
  if (unusedIf === undefined) return true;
  return !values.some((other) => other.field.name === unusedIf.field && other.raw === unusedIf.raw);
}
