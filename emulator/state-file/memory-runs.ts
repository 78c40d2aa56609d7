import type { RamRange } from "../machine.ts";
import type { GuestMemory } from "../memory/guest-memory.ts";
import { PAGE_BYTES, PAGE_WORDS, type RamWindow } from "../memory/ram-window.ts";
import type { MemoryRun } from "./saved-state.ts";

/** Longest run, so that a damaged one costs little and lines stay readable by tools: 1 MiB. */
const MAX_RUN_BYTES = 0x10_0000;

/** The pages of RAM that are not all zero, as runs in order of address. They are copies. */
export function nonZeroRuns(memory: GuestMemory): MemoryRun[] {
  const runs: MemoryRun[] = [];
  for (const window of memory.windows) {
    const { base, bytes } = window;
    let start = -1;
    const end = (at: number): void => {
      const copy = start < 0 ? undefined : memory.readBytes(base + start, at - start);
      if (copy !== undefined) runs.push({ address: base + start, bytes: copy });
      start = -1;
    };
    for (let at = 0; at < bytes; at += PAGE_BYTES) {
      if (isZero(window, at / PAGE_BYTES)) {
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

function isZero(window: RamWindow, page: number): boolean {
  const byte = window.filledWith(page);
  if (byte >= 0 || window.isUntouched(page)) return byte <= 0;
  const { words } = window.bank;
  for (let at = page * PAGE_WORDS; at < (page + 1) * PAGE_WORDS; at++) if (words[at] !== 0) return false;
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
