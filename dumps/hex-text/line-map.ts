/**
 * Neighbouring lines that hold neighbouring bytes, as many a line each. A 100 MB dump of one table is a single run, so the map costs
 * nothing; the worst case (every line elsewhere) is a run a line.
 */
export interface LineRun {
  /** Line number, from 1. */
  readonly firstLine: number;
  lineCount: number;
  readonly address: number;
  /** Bytes on each line; for a repeat the bytes it stands for. */
  bytesPerLine: number;
  /** Place of the first byte among the bytes that lines hold; unused for a repeat. */
  readonly offset: number;
  /** Place of the first line's first character in the text. */
  readonly textStart: number;
  /** `repeat`: one `*` line. */
  readonly kind: "data" | "repeat";
}

/** What one line stands for. */
export interface LineBytes {
  readonly line: number;
  readonly address: number;
  readonly byteCount: number;
  readonly kind: "data" | "repeat";
}

/** Lines to addresses and back. */
export class LineMap {
  readonly runs: readonly LineRun[];
  #byAddress: readonly LineRun[] | undefined;

  constructor(runs: readonly LineRun[]) {
    this.runs = runs;
  }

  /** The run of a line; undefined for a line without data. */
  runOf(line: number): LineRun | undefined {
    const run = lastNotAfter(this.runs, line, (candidate) => candidate.firstLine);
    return run !== undefined && line < run.firstLine + run.lineCount ? run : undefined;
  }

  /** Address and length of what a line holds; undefined for a comment, an empty line, junk. */
  bytesOf(line: number): LineBytes | undefined {
    const run = this.runOf(line);
    if (run === undefined) return undefined;
    const address = run.address + (line - run.firstLine) * run.bytesPerLine;
    return { line, address, byteCount: run.bytesPerLine, kind: run.kind };
  }

  /** The line that holds an address; the last one when several do, as that one counts. */
  lineOf(address: number): number | undefined {
    this.#byAddress ??= [...this.runs].sort((a, b) => a.address - b.address || a.firstLine - b.firstLine);
    const runs = this.#byAddress;
    let at = indexNotAfter(runs, address, (candidate) => candidate.address);
    // Overlapping runs are rare; a bounded look back finds an earlier, longer one.
    for (let tries = 0; at >= 0 && tries < 64; at--, tries++) {
      const run = runs[at];
      const line = run.firstLine + Math.floor((address - run.address) / run.bytesPerLine);
      if (line < run.firstLine + run.lineCount) return line;
    }
    return undefined;
  }
}

function lastNotAfter<T>(items: readonly T[], value: number, key: (item: T) => number): T | undefined {
  return items[indexNotAfter(items, value, key)];
}

/** Index of the last item whose key is not above `value`, -1 when all are. */
function indexNotAfter<T>(items: readonly T[], value: number, key: (item: T) => number): number {
  let low = 0;
  let high = items.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (key(items[middle]) <= value) low = middle + 1;
    else high = middle - 1;
  }
  return high;
}
