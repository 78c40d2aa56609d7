import type { Mark } from "../../emulator/index.ts";
import type { ScriptDocument, ScriptLine } from "../../language/index.ts";
import type { StatementResult } from "../statement-result.ts";
import { type Position, scriptLine, startPosition } from "./frame.ts";
import type { IncludedLine } from "./included-problem.ts";
import { settle } from "./settle.ts";

/** A line that has run: where in time it began, and what it did. */
export interface Executed {
  /** The line of the script; of a line of an included file the one that includes it or calls its macro. */
  readonly line: number;
  /** Of a line of an included file: which one. */
  readonly at?: IncludedLine | undefined;
  readonly mark: Mark;
  /** How many machines there were when it began. */
  readonly stage: number;
  readonly result: StatementResult;
  /** Its place in the history. */
  readonly place: number;
  /** Turns of loops and calls of macros, this line's among them. */
  readonly turns: number;
  /** A name that it has given a value to the end of the script, and the value before. */
  readonly names?: { readonly name: string; readonly previous: bigint | undefined } | undefined;
  /** Of a line that opens a block or runs in one. */
  readonly inside?: Inside | undefined;
}

/** What else is to be known of a line of a block. */
export interface Inside {
  /** Where the run was behind it. */
  readonly after: Readonly<Position>;
  /** The furthest line that had run when it was done. */
  readonly reach: number;
  /** Place in the history of the run of the same line before. */
  readonly before: number | undefined;
  /** Runs of the line, this one among them. */
  readonly runs: number;
}

/** What a line did that has been carried out. */
export type LineDone = Pick<Executed, "line" | "at" | "place" | "result" | "turns" | "inside">;

/** A line of a script or, with `at`, of a file that it includes. */
export type LinePlace = Pick<Executed, "line" | "at">;

/** The lines that a run has carried out, in their order: in loops and macros some of them again and again. */
export class RunHistory {
  readonly entries: Executed[] = [];
  /** The last run of each line that has run in a block: its place. */
  private readonly latest = new Map<number, number>();

  get last(): Executed | undefined {
    return this.entries[this.entries.length - 1];
  }

  /** The furthest line that had run when the one at a place was done; -1 before the first. */
  reachAt(place: number): number {
    const entry = this.entries[place];
    return entry === undefined ? -1 : (entry.inside?.reach ?? entry.line);
  }

  /** Place of the first line that ran at or below `line`; the number of entries when there is none. */
  placeOf(line: number): number {
    let from = 0;
    let to = this.entries.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.reachAt(middle) < line) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  /** Place of the last run of a line; undefined: it has not run. */
  lastRunOf(line: number): number | undefined {
    const place = this.placeOf(line);
    return this.latest.get(line) ?? (this.entries[place]?.line === line ? place : undefined);
  }

  /** How often a line has run. */
  runsOf(line: number): number {
    const place = this.lastRunOf(line);
    return place === undefined ? 0 : (this.entries[place].inside?.runs ?? 1);
  }

  /** What is to be known of a line of a block that has just run. @param after where the run goes from it */
  insideOf({ line, at }: LinePlace, after: Position): Inside {
    const reach = Math.max(this.reachAt(this.entries.length - 1), line);
    const runs = this.runsOf(line);
    // The runs of lines of an included file are none of the line that includes it.
    if (at !== undefined) return { after, reach, before: undefined, runs };
    return { after, reach, before: this.latest.get(line), runs: runs + 1 };
  }

  push(entry: Executed): void {
    if (entry.inside !== undefined && entry.at === undefined) this.latest.set(entry.line, entry.place);
    this.entries.push(entry);
  }

  pop(): Executed | undefined {
    const entry = this.entries.pop();
    if (entry?.inside === undefined || entry.at !== undefined) return entry;
    const { inside, line } = entry;
    if (inside.before === undefined) this.latest.delete(line);
    else this.latest.set(line, inside.before);
    return entry;
  }
}

/** Moves a position to the line that runs after another one, or first. */
export function moveBehind(document: ScriptDocument, position: Position, last: LineDone | undefined): void {
  const after = last?.inside?.after;
  position.part = after?.part ?? document;
  position.at = after?.at ?? (last === undefined ? 0 : last.line + 1);
  position.skips = after?.skips ?? false;
  position.frame = after?.frame;
  position.locals = after?.locals;
  position.turns = last?.turns ?? 0;
  settle(position);
}

/**
 * The line that runs after one that has run, as {@link ScriptRun.nextLine} says it; the number of lines at the end of the script.
 * @param onlyTest title of the only tests that run
 */
export function lineAfter(document: ScriptDocument, last: LineDone, onlyTest?: string): number {
  const position = startPosition(document, onlyTest);
  moveBehind(document, position, last);
  return scriptLine(document, position);
}

/** The line itself that has run, of the script or of a file that it includes. */
export function sourceOfLine(document: ScriptDocument, { line, at }: LinePlace): ScriptLine {
  return (at?.part ?? document).lines[at?.line ?? line];
}
