import { COMMAND_BYTES, COMMAND_WORDS, type Command, commandByName, commandField } from "../../architecture/index.ts";
import type { Target } from "../target.ts";

/** A command of a queue as eight 32-bit words, which are read again and again into the same place. */
export class Packet {
  readonly words = new Uint32Array(COMMAND_WORDS);

  /** Reads the command at an address. @returns false when it is not in RAM */
  read(target: Target, address: number): boolean {
    const bytes = target.readMemory(address, COMMAND_BYTES);
    if (bytes === undefined) return false;
    for (let at = 0; at < COMMAND_WORDS; at++) {
      const from = at * 4;
      this.words[at] = bytes[from] | (bytes[from + 1] << 8) | (bytes[from + 2] << 16) | (bytes[from + 3] << 24);
    }
    return true;
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
  const width = 2 ** (msb - lsb + 1);
  return ({ words }) => {
    const whole = words[word * 2] + (words[word * 2 + 1] & mask(msb - 31)) * 2 ** 32;
    return (Math.floor(whole / 2 ** lsb) % width) * 2 ** shift;
  };
}

/** So many bits from the lowest on; a double holds 53 bits exactly. */
function mask(bits: number): number {
  return bits <= 0 ? 0 : bits >= 32 ? 0xffff_ffff : 2 ** bits - 1;
}
