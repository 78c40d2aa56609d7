import type { DumpMemory } from "../memory.ts";
import type { LineRun, LineRuns } from "./line-runs.ts";

/** What one line stands for. */
export interface LineBytes {
  readonly line: number;
  readonly address: number;
  readonly byteCount: number;
  readonly kind: "data" | "repeat";
}

/** Lines to addresses and back. */
export class LineMap {
  readonly runs: LineRuns;
  private readonly memory: DumpMemory;

  constructor(runs: LineRuns, memory: DumpMemory) {
    this.runs = runs;
    this.memory = memory;
  }

  /** The run of a line; undefined for a line without data. */
  runOf(line: number): LineRun | undefined {
    const at = this.runs.indexNotAfter(line);
    return at >= 0 && line < this.runs.lineAfter(at) ? this.runs.get(at) : undefined;
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
    const { stretches } = this.memory;
    const at = this.memory.indexOf(address);
    if (at < 0) return undefined;
    const run = stretches.runs[at];
    if (!this.runs.isData(run)) return this.runs.firstLines[run];
    const { firstLines, addresses, bytesPerLine } = this.runs;
    const found = this.runs.dataAt(stretches.offsets[at] + address - stretches.starts[at]);
    return firstLines[found] + Math.floor((address - addresses[found]) / bytesPerLine[found]);
  }
}
