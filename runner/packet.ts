import { COMMAND_WORDS, type Command, commandByName, commandField } from "../architecture/index.ts";
import type { Target } from "./target.ts";

/** A command of a queue as eight 32-bit words, which are read again and again into the same place. */
export class Packet {
  readonly words = new Uint32Array(COMMAND_WORDS);

  /** Reads the command at an address. @returns false when it is not in RAM */
  read(target: Target, address: number): boolean {
    return target.readWords(address, this.words);
  }

  get opcode(): number {
    return this.words[0] & 0xff;
  }
}

/** Reads an argument of a command: a number, addresses whole. */
export type FieldReader = (packet: Packet) => number;

/** @throws Error for a command or field that is not declared */
export function fieldReader(name: string, argument: string): FieldReader {
  const command: Command | undefined = commandByName(name);
  const field = command && commandField(command, argument);
  if (field === undefined) throw new Error(`${name} has no ${argument}`);
  const { word, lsb, msb, shift = 0 } = field;
  const low = word * 2;
  const factor = 2 ** shift;
  if (Math.floor(lsb / 32) === Math.floor(msb / 32)) {
    const at = low + Math.floor(lsb / 32);
    const [from, bits] = [lsb % 32, mask(msb - lsb + 1)];
    return ({ words }) => (((words[at] >>> from) & bits) >>> 0) * factor;
  }
  const [divisor, bits] = [2 ** lsb, mask(msb - 31)];
  return ({ words }) => Math.floor((words[low] + (words[low + 1] & bits) * 2 ** 32) / divisor) * factor;
}

/** So many bits from the lowest on; a double holds 53 bits exactly. */
function mask(bits: number): number {
  return bits <= 0 ? 0 : bits >= 32 ? 0xffff_ffff : 2 ** bits - 1;
}
