import { type CommandWords, decodeCommand, formatCommand } from "../../architecture/index.ts";

/**
 * A packet of the command queue as a line of a script that queues the same 32 bytes. A command with bits set outside its fields is
 * written as `raw`, with the command it looks like in a comment.
 */
export function disassemble(words: CommandWords): string {
  const { command, reservedBits } = decodeCommand(words);
  if (command === undefined || reservedBits.every((bits) => bits === 0n)) return formatCommand(words);
  const list = words.map((word) => `0x${BigInt.asUintN(64, word).toString(16)}`).join(", ");
  return `raw ${list}  # ${formatCommand(words).replace(" # ", "; ")}`;
}

/** A whole queue: 32 bytes a command, little-endian; what is left of an incomplete command at the end is not looked at. */
export function disassembleBytes(bytes: Uint8Array): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const lines: string[] = [];
  for (let at = 0; at + 32 <= bytes.byteLength; at += 32) {
    const word = (index: number) => view.getBigUint64(at + 8 * index, true);
    lines.push(disassemble([word(0), word(1), word(2), word(3)]));
  }
  return lines;
}

/** The 32 bytes of a command, little-endian, as they stand in the queue. */
export function commandBytes(words: CommandWords): Uint8Array {
  const bytes = new Uint8Array(32);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < 4; index++)
    view.setBigUint64(8 * index, BigInt.asUintN(64, words[index as 0 | 1 | 2 | 3]), true);
  return bytes;
}
