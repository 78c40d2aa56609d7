import type { Command } from "../../architecture/command.ts";
import { type CommandWords, decodeCommand, formatCommand } from "../../architecture/command-codec.ts";
import {
  type CommandError,
  commandErrorByCode,
  commandErrorByName,
  commandErrors,
} from "../../architecture/command-errors.ts";
import { errorKindByCode } from "../../architecture/error-kinds.ts";
import { hex } from "../../architecture/hex.ts";
import { type Reading, sentence } from "./reading.ts";
import { valueFields } from "./value-text.ts";

/** The four words of a packet. */
export function readCommand(words: CommandWords): Reading {
  const { command, opcode, values, reservedBits } = decodeCommand(words);
  const title = words.map(hex).join(" ");
  if (command === undefined) {
    return sentence("command", title, `No ITS command has opcode ${hex(opcode)}.`, [`Script: ${formatCommand(words)}`]);
  }
  const fields = values.flatMap(({ field }) => valueFields([field], words[field.word], `DW${field.word} `));
  const notes = [command.summary];
  if (command.since !== "v3") notes.push(`Since GIC${command.since}.`);
  for (const [index, spare] of reservedBits.entries())
    if (spare !== 0n) notes.push(`DW${index} has bits ${hex(spare)} set, which are RES0 in ${command.name}.`);
  if (command.barrier !== undefined) notes.push(`Linux follows it with ${command.barrier}.`);
  return { kind: "command", title, summary: formatCommand(words), fields, notes };
}

/** Four words of 64 bits, or eight of 32 bits, the lower half of each first. */
export function commandWords(values: readonly bigint[]): CommandWords | undefined {
  if (values.length === 4) return [values[0], values[1], values[2], values[3]];
  if (values.length !== 8 || values.some((value) => value > 0xffff_ffffn)) return undefined;
  const word = (at: number) => values[at] | (values[at + 1] << 32n);
  return [word(0), word(2), word(4), word(6)];
}

/** A command by its name: opcode and where its arguments are. */
export function describeCommand(command: Command): Reading {
  const places = command.fields.map(({ name, word, msb, lsb }) => {
    return `${name} DW${word}[${msb === lsb ? msb : `${msb}:${lsb}`}]`;
  });
  const notes = places.length === 0 ? [] : [`Arguments: ${places.join(", ")}.`];
  const errors = commandErrors.filter((error) => error.command === command.name).map(({ name }) => name);
  if (errors.length > 0) notes.push(`Errors: ${errors.join(", ")}.`);
  if (command.formerName !== undefined) notes.push(`Formerly ${command.formerName}.`);
  notes.push(`Source: ${command.source}.`);
  return sentence(
    "command",
    `${command.name}, opcode ${hex(command.opcode)}, GIC${command.since}`,
    command.summary,
    notes,
  );
}

/** A command error by its code; undefined for a number that is none. */
export function readCommandError(code: bigint): Reading | undefined {
  if (code >> 16n !== 1n) return undefined;
  const known = commandErrorByCode(Number(code));
  if (known !== undefined) return describeCommandError(known);
  const kind = errorKindByCode(Number(code & 0xffn));
  if (kind === undefined) return undefined;
  return sentence("command-error", errorCode(Number(code)), `A command error without a name: ${kind.summary}.`, [
    kind.advice,
  ]);
}

/** A command error by its name, with or without the `E_ITS_` of Linux. */
export function commandErrorNamed(name: string): Reading | undefined {
  const error = commandErrorByName(name.toUpperCase().replace(/^E_ITS_/, ""));
  return error === undefined ? undefined : describeCommandError(error);
}

function describeCommandError(error: CommandError): Reading {
  return sentence("command-error", `${error.name}, command error ${errorCode(error.code)}`, error.summary, [
    error.advice,
    error.confirmed
      ? `Source: ${error.source}.`
      : "No public source lists this code; it follows from the pattern of the others.",
  ]);
}

function errorCode(code: number): string {
  return `0x${code.toString(16).padStart(6, "0").toUpperCase()}`;
}
