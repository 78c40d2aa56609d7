import { createHash } from "node:crypto";
import type { Machine } from "../../emulator/index.ts";
import type { LoggedWords } from "../../emulator/journal/journal.ts";

/**
 * Digest of every mutable word of a machine: registers, tables, pools, RAM. Words that a bank gained by growing count only when they
 * are not zero.
 * @param without banks that are left out
 */
export function digestOf(machine: Machine, without: ReadonlySet<LoggedWords> = new Set()): string {
  const hash = createHash("sha256");
  for (const [index, bank] of machine.journal.banks.entries()) {
    if (without.has(bank)) continue;
    let end = bank.words.length;
    while (end > 0 && bank.words[end - 1] === 0) end--;
    hash.update(`${index}:${end}:`);
    hash.update(new Uint8Array(bank.words.buffer, bank.words.byteOffset, end * 4));
  }
  return hash.digest("hex");
}
