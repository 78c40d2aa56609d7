import type { DumpDocument } from "../document.ts";
import { DumpMemory, type Window } from "../memory.ts";
import { MAX_PROBLEMS, type ProblemList } from "../problem.ts";
import type { Work } from "../work.ts";
import type { TextStyle } from "./byte-order.ts";
import type { DumpSection } from "./hints.ts";
import { joinRuns, type Overlap } from "./join-runs.ts";
import { LineMap } from "./line-map.ts";
import type { LineMemory } from "./line-memory.ts";
import type { LineShape } from "./line-scanner.ts";

/** What a reader of lines found. */
export interface ReadLines {
  readonly characters: Uint8Array;
  readonly lineCount: number;
  readonly style: TextStyle;
  readonly shapes: readonly LineShape[];
  readonly lines: LineMemory;
  readonly windows: readonly Window[];
  /** Added to every address. */
  readonly origin: bigint;
  readonly sections: readonly DumpSection[];
  readonly problems: ProblemList;
  /** An address inside the decoder as the dump has it. */
  format(address: number): string;
}

/** Makes a document of lines that were read: memory of their runs, with overlaps reported, and the map of lines. */
export function* textDocument(read: ReadLines): Work<Omit<DumpDocument, "format" | "formatTitle">> {
  const { characters, lineCount, style, shapes, lines, windows, origin, sections, problems } = read;
  const { runs, bytes } = lines;
  const overlaps: Overlap[] = [];
  const stretches = yield* joinRuns(runs, bytes, (overlap) => {
    if (overlaps.length < MAX_PROBLEMS) overlaps.push(overlap);
    problems.add("GIC-DUMP-OVERLAP", overlap.line, 0, () => {
      const from = read.format(overlap.address);
      return `${overlap.length} bytes at ${from} stand here and in the lines from ${overlap.earlierLine} on; the later line counts.`;
    });
  });
  if (runs.count === 0) {
    problems.add("GIC-DUMP-EMPTY", 0, 0, "No line of this text is a hex dump line that any known tool writes.");
  }
  const memory = new DumpMemory(stretches, origin, windows);
  const { items, count, limits } = problems;
  return {
    memory,
    problems: items.sort((a, b) => a.line - b.line),
    problemCount: count,
    limits,
    overlaps,
    sections,
    text: { characters, lineCount, lines: new LineMap(runs, memory), style, shapes },
  };
}
