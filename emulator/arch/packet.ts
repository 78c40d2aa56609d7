import {
  COMMAND_WORDS,
  commandByName,
  commandField,
  commands,
  errorCodeOf,
  type GicVersion,
} from "../../architecture/index.ts";
import { EntryField } from "../entries/entry-field.ts";

const ORDER: readonly GicVersion[] = ["v3", "v4.0", "v4.1"];

/** Whether a GIC of a version has what came with another one. */
export function hasVersion(version: GicVersion, since: GicVersion): boolean {
  return ORDER.indexOf(version) >= ORDER.indexOf(since);
}

/** A field of a command, to be read from the eight words of a packet. @throws Error when it is not declared */
export function packetField(command: string, name: string): EntryField {
  const owner = commandByName(command);
  const field = owner && commandField(owner, name);
  if (field === undefined) throw new Error(`${command} has no field ${name}`);
  return new EntryField({ ...field, lsb: field.lsb + field.word * 64, msb: field.msb + field.word * 64 });
}

/** Code 0x01CCEE of an error of a command. @throws Error when it is not declared */
export function errorCode(command: string, suffix: string): number {
  return errorCodeOf(`${command}_${suffix}`);
}

/** Bits of each word that are RES0, by opcode, for a GIC of one version. Opcodes that it does not have are absent. */
export function reservedBits(version: GicVersion): ReadonlyMap<number, Uint32Array> {
  const masks = new Map<number, Uint32Array>();
  for (const command of commands) {
    if (!hasVersion(version, command.since)) continue;
    const known = [0xffn, 0n, 0n, 0n];
    for (const field of command.fields) {
      if (!hasVersion(version, field.since ?? command.since)) continue;
      known[field.word] |= ((1n << BigInt(field.msb - field.lsb + 1)) - 1n) << BigInt(field.lsb);
    }
    const words = new Uint32Array(COMMAND_WORDS);
    known.forEach((bits, index) => {
      words[index * 2] = Number(~bits & 0xffff_ffffn);
      words[index * 2 + 1] = Number((~bits >> 32n) & 0xffff_ffffn);
    });
    masks.set(command.opcode, words);
  }
  return masks;
}
