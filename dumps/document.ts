import type { TextStyle } from "./hex-text/byte-order.ts";
import type { DumpSection } from "./hex-text/hints.ts";
import type { Overlap } from "./hex-text/join-runs.ts";
import type { LineMap } from "./hex-text/line-map.ts";
import type { LineShape } from "./hex-text/line-scanner.ts";
import type { LayoutFiles } from "./layout-files/layout-file.ts";
import type { DumpMemory } from "./memory.ts";
import type { DumpProblem } from "./problem.ts";

/** A dump that was read: bytes with addresses, and where in the file each stands. */
export interface DumpDocument {
  /** Registered format: "xxd", "hexdump -C", … */
  readonly format: string;
  readonly formatTitle: string;
  readonly memory: DumpMemory;
  /** The first problems, at most {@link MAX_PROBLEMS}, in the order of their lines. */
  readonly problems: readonly DumpProblem[];
  /** How many there are in all. */
  readonly problemCount: number;
  /** Those of the problems that say what was left out, as it is more than one dump may cost: see limits.ts. */
  readonly limits: readonly DumpProblem[];
  /** Addresses that stand in several lines; the first {@link MAX_PROBLEMS}. */
  readonly overlaps: readonly Overlap[];
  /** Stretches that a `# gic:` line describes; empty without one. */
  readonly sections: readonly DumpSection[];
  /** What was read of the layout files that `# gic:` lines name. Absent: nobody has looked for them. */
  readonly layoutFiles?: LayoutFiles;
  /** Text dumps only. */
  readonly text?: DumpText;
  /** Cores only: a machine's memory, which goes on behind each table. */
  readonly core?: CoreFacts;
}

/** What an ELF core says of itself. */
export interface CoreFacts {
  readonly bits: 32 | 64;
  readonly byteOrder: "little" | "big";
  /** e_type: 4 is a core. */
  readonly type: number;
  /** e_machine: 183 is AArch64. */
  readonly machine: number;
  /** `virtual`: the core is that of a program, and has no physical addresses. */
  readonly addresses: "physical" | "virtual";
  /** Segments that have bytes. */
  readonly segments: number;
}

/** What connects a text dump's bytes with its characters. */
export interface DumpText {
  /** One byte a character, as {@link toCharacters} makes them. */
  readonly characters: Uint8Array;
  readonly lineCount: number;
  readonly lines: LineMap;
  readonly style: TextStyle;
  /** What scans lines that are not in free form. */
  readonly shapes: readonly LineShape[];
}
