import type { RamRange } from "../machine.ts";
import { type GuestMemory, PAGE_BYTES } from "../memory/guest-memory.ts";
import type { MemoryRun } from "./saved-state.ts";

/** Longest run, so that a damaged one costs little and lines stay readable by tools: 1 MiB. */
const MAX_RUN_BYTES = 0x10_0000;
const PAGE_WORDS = PAGE_BYTES / 4;

/** The pages of RAM that are not all zero, as runs in order of address. They are copies. */
export function nonZeroRuns(memory: GuestMemory): MemoryRun[] {
  const runs: MemoryRun[] = [];
  for (const { base, bytes, bank, view } of memory.windows) {
    const { words } = bank;
    let start = -1;
    const end = (at: number): void => {
      if (start >= 0) runs.push({ address: base + start, bytes: view.slice(start, at) });
      start = -1;
    };
    for (let at = 0; at < bytes; at += PAGE_BYTES) {
      if (isZero(words, at / 4)) {
        end(at);
        continue;
      }
      if (start >= 0 && at - start >= MAX_RUN_BYTES) end(at);
      if (start < 0) start = at;
    }
    end(bytes);
  }
  return runs;
}

function isZero(words: Uint32Array, first: number): boolean {
  for (let at = first; at < first + PAGE_WORDS; at++) if (words[at] !== 0) return false;
  return true;
}

/** RAM as a machine is given it: adjoining windows, which large ones are made of, are one. */
export function ramRanges(memory: GuestMemory): readonly RamRange[] {
  const ranges: RamRange[] = [];
  for (const { base, bytes } of memory.windows) {
    const last = ranges.at(-1);
    if (last !== undefined && last.base + last.bytes === base) {
      ranges[ranges.length - 1] = { base: last.base, bytes: last.bytes + bytes };
    } else ranges.push({ base, bytes });
  }
  return ranges;
}
