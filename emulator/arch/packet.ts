import {
  commandByName,
  commandErrorByName,
  commandField,
  commands,
  type GicVersion,
} from "../../architecture/index.ts";
import { EntryField } from "../entries/entry-field.ts";

/** 32-bit words of a command packet. */
export const PACKET_WORDS = 8;
export const PACKET_BYTES = PACKET_WORDS * 4;

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

/** @throws Error when the command is not declared */
export function opcode(command: string): number {
  const found = commandByName(command);
  if (found === undefined) throw new Error(`${command} is not declared`);
  return found.opcode;
}

/** Code 0x01CCEE of a command error. @throws Error when it is not declared */
export function errorCode(command: string, suffix: string): number {
  const found = commandErrorByName(`${command}_${suffix}`);
  if (found === undefined) throw new Error(`${command}_${suffix} is not declared`);
  return found.code;
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
    const words = new Uint32Array(PACKET_WORDS);
    known.forEach((bits, index) => {
      words[index * 2] = Number(~bits & 0xffff_ffffn);
      words[index * 2 + 1] = Number((~bits >> 32n) & 0xffff_ffffn);
    });
    masks.set(command.opcode, words);
  }
  return masks;
}
