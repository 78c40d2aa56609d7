import type { DebugProtocol } from "@vscode/debugprotocol";
import { hex } from "../architecture/hex.ts";
import { COMMAND_BYTES, type CommandWords, formatCommand } from "../architecture/index.ts";
import { littleEndian } from "../dumps/index.ts";
import type { Target } from "../runner/index.ts";

/** Commands of one answer: what an editor asks for at once is some hundreds. */
const MOST = 65_536;
const MAX_ADDRESS = 2 ** 52;

/** The slots of a command queue, or of any memory, as commands. What is not RAM, and no address, is said to be that. */
export function disassembled(
  target: Target,
  first: number,
  offset: number,
  count: number,
): DebugProtocol.DisassembledInstruction[] {
  return Array.from({ length: Math.min(count, MOST) }, (_, at) => {
    const address = first + (offset + at) * COMMAND_BYTES;
    if (!Number.isSafeInteger(address) || address < 0 || address >= MAX_ADDRESS) {
      return { address: "-1", instruction: "no address", presentationHint: "invalid" };
    }
    const bytes = target.readMemory(address, COMMAND_BYTES);
    if (bytes === undefined) return { address: hex(address), instruction: "not RAM", presentationHint: "invalid" };
    return { address: hex(address), instructionBytes: bytesText(bytes), instruction: textOf(bytes) };
  });
}

function textOf(bytes: Uint8Array): string {
  if (bytes.every((byte) => byte === 0)) return "empty";
  const word = (at: number): bigint => littleEndian(bytes.subarray(at, at + 8));
  const words: CommandWords = [word(0), word(8), word(16), word(24)];
  return formatCommand(words);
}

/** Doubleword by doubleword, as manuals write a command. */
function bytesText(bytes: Uint8Array): string {
  return [0, 8, 16, 24]
    .map((at) =>
      littleEndian(bytes.subarray(at, at + 8))
        .toString(16)
        .padStart(16, "0"),
    )
    .join(" ");
}
