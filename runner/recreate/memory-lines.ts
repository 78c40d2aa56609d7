import { hex } from "../../architecture/hex.ts";
import { littleEndian } from "../../dumps/index.ts";
import type { MemoryRun } from "../../emulator/index.ts";

/** Bytes of one value from which on they are filled. */
const FILLED = 32;
const WORD = 8;

/** Statements that store memory which is zero so far: a word of 64 bits a line, and long stretches of one byte by `fill`. */
export function* memoryLines(runs: readonly MemoryRun[]): Iterable<string> {
  for (const { address, bytes } of runs) {
    for (let at = 0; at < bytes.length; ) {
      const byte = bytes[at];
      let end = at + 1;
      while (end < bytes.length && bytes[end] === byte) end++;
      // Only whole words, so that what is left of them is stored as words.
      const whole = end - (end % WORD);
      if (byte === 0 && whole > at) {
        at = whole;
      } else if (at % WORD === 0 && whole - at >= FILLED) {
        yield `fill ${hex(address + at)}, ${hex(whole - at)}, ${hex(byte)}`;
        at = whole;
      } else {
        const start = at - (at % WORD);
        const value = littleEndian(bytes.subarray(start, start + WORD));
        if (value !== 0n) yield `mem64[${hex(address + start)}] = ${hex(value)}`;
        at = start + WORD;
      }
    }
  }
}
