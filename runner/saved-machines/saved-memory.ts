import type { MemoryRun, SavedState } from "../../emulator/index.ts";

/** Addresses `from` .. `to` - 1. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** The RAM of a saved machine without the machine: what no run holds is zero. It costs what the runs hold, not what RAM has. */
export class SavedMemory {
  private readonly windows: readonly Range[];
  /** In ascending order, none overlaps another. */
  private readonly runs: readonly MemoryRun[];

  constructor({ shape, memory }: Pick<SavedState, "shape" | "memory">) {
    this.windows = joined(shape.ram.map(({ base, bytes }) => ({ from: base, to: base + bytes })));
    this.runs = memory;
  }

  /** The parts of a range that are RAM, in ascending order. */
  ram({ from, to }: Range): readonly Range[] {
    const parts = this.windows.map((window) => ({ from: Math.max(from, window.from), to: Math.min(to, window.to) }));
    return parts.filter((part) => part.from < part.to);
  }

  /** The parts of runs in a range, in ascending order: elsewhere it is zero, or no RAM. */
  *held({ from, to }: Range): Iterable<MemoryRun> {
    for (let index = this.firstAfter(from); index < this.runs.length; index++) {
      const { address, bytes } = this.runs[index];
      if (address >= to) return;
      const start = Math.max(from, address);
      yield { address: start, bytes: bytes.subarray(start - address, Math.min(to - address, bytes.length)) };
    }
  }

  /** The bytes of a range that is RAM; what is none reads as zero. */
  read(from: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (const part of this.held({ from, to: from + length })) bytes.set(part.bytes, part.address - from);
    return bytes;
  }

  /** Place of the first run that ends above an address. */
  private firstAfter(address: number): number {
    let low = 0;
    let high = this.runs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const run = this.runs[middle];
      if (run.address + run.bytes.length <= address) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function joined(ranges: readonly Range[]): Range[] {
  const result: Range[] = [];
  for (const { from, to } of ranges.toSorted((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last !== undefined && from <= last.to)
      result[result.length - 1] = { from: last.from, to: Math.max(last.to, to) };
    else result.push({ from, to });
  }
  return result;
}
