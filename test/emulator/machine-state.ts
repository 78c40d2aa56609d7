import { createHash } from "node:crypto";
import type { Machine } from "../../emulator/index.ts";
import type { LoggedWords } from "../../emulator/journal/journal.ts";

/**
 * Digest of every mutable word of a machine: registers, tables, pools, RAM. Words that a bank gained by growing count only when they
 * are not zero.
 * @param without banks that are left out
 */
export function digestOf(machine: Pick<Machine, "journal">, without: ReadonlySet<LoggedWords> = new Set()): string {
  const hash = createHash("sha256");
  for (const [index, bank] of machine.journal.banks.entries()) {
    if (without.has(bank)) continue;
    const end = endOf(bank.words);
    hash.update(`${index}:${end}:`);
    hash.update(new Uint8Array(bank.words.buffer, bank.words.byteOffset, end * 4));
  }
  return hash.digest("hex");
}

/** Words that are looked at together: most of a bank is zero, and the runtime compares faster than a loop does. */
const PIECE = 4096;
const zeros = Buffer.alloc(PIECE * 4);

/** Number of words up to the last one that is not zero. */
function endOf(words: Uint32Array): number {
  let end = words.length;
  while (end > PIECE && Buffer.from(words.buffer, words.byteOffset + (end - PIECE) * 4, PIECE * 4).equals(zeros)) {
    end -= PIECE;
  }
  while (end > 0 && words[end - 1] === 0) end--;
  return end;
}
