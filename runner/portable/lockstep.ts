import type { Steps } from "../../emulator/index.ts";
import type { ScriptDocument, ScriptLine } from "../../language/index.ts";
import { runErrors } from "../errors.ts";
import type { LineDone, LinePlace } from "../flow/run-history.ts";
import type { Target } from "../target.ts";
import { answerOf, differ } from "./line-answer.ts";
import type { LineDifference, PortableAnswer } from "./line-difference.ts";

/** A run of the script beside the one that asks. */
export interface BesideRun {
  readonly target: Target;
  readonly history: readonly LineDone[];
  readonly nextLine: number;
  readonly nextSource: ScriptLine | undefined;
  /** Number of the machine that the present one goes back to: a migration leads to no other. */
  readonly root: number;
  advance(): LineDone | "underway" | undefined;
  /** Takes back what has been done of a line under way. */
  dropLine(): boolean;
  /** Takes lines back from a place on. @returns false when that cannot be done */
  rewindToPlace(place: number): boolean;
}

/** A run, and how its memory is given back. */
export interface Besides {
  readonly run: BesideRun;
  release(): void;
}

/** Why runs cannot be compared, a sentence without its capital and its end. */
export interface NotCompared {
  readonly reason: string;
}

/** Lines that are compared between two turns of others: a millisecond or two. */
const LINES = 16;

/**
 * Runs of one script that go on line by line, and the first line of each of its machines that they have not come to the same at. The first
 * run is that of the script as it is. Where runs go to different lines, they meet again where the next machine or test begins or ends:
 * those stand in no loop and no condition, so that all come by.
 */
export class Lockstep {
  private readonly document: ScriptDocument;
  private readonly sides: readonly Besides[];
  /** By the machine. */
  private readonly found = new Map<number, LineDifference & { readonly place: number }>();
  /** Lines that the first run had behind it when runs went to different lines first. Up to there all have run the same ones. */
  private parted = Number.POSITIVE_INFINITY;
  /** Why no further line is compared. */
  private stuck: string | undefined;
  /** A line is being run: some have done it, some not. */
  private unfinished = false;

  /** @param sides the script's own run first, all at its first line */
  constructor(document: ScriptDocument, sides: readonly Besides[]) {
    this.document = document;
    this.sides = sides;
  }

  dispose(): void {
    for (const { release } of this.sides) release();
  }

  private get own(): BesideRun {
    return this.sides[0].run;
  }

  /** The first line of a machine that has come to different things among the first lines of the script. @param place how many lines those are */
  *upTo(place: number, root: number): Steps<LineDifference | NotCompared | undefined> {
    for (let lines = 0; ; lines++) {
      const found = this.found.get(root);
      if (found !== undefined && found.place < place) return found;
      if (this.stuck !== undefined) return { reason: this.stuck };
      if (this.own.history.length >= place) return undefined;
      if (lines % LINES === LINES - 1) yield;
      this.unfinished = true;
      yield* this.together ? this.line() : this.meet();
      this.unfinished = false;
    }
  }

  /** Goes back to where so many lines have run. @returns false when that cannot be done: it has to begin anew */
  backTo(place: number): boolean {
    if (this.unfinished || this.stuck !== undefined) return false;
    if (this.own.history.length <= place) return true;
    if (place > this.parted) return false;
    for (const { run } of this.sides) if (!run.rewindToPlace(place)) return false;
    for (const [root, { place: at }] of this.found) if (at >= place) this.found.delete(root);
    this.parted = Number.POSITIVE_INFINITY;
    return true;
  }

  /** Whether all runs are at one line. */
  private get together(): boolean {
    const { nextSource } = this.own;
    return this.sides.every(({ run }) => run.nextSource === nextSource);
  }

  /** Runs the next line everywhere. */
  private *line(): Steps<void> {
    const answers: PortableAnswer[] = [];
    let place: LinePlace | undefined;
    for (const { run } of this.sides) {
      const done = yield* this.next(run);
      if (done === undefined) {
        this.stuck ??= "the script has ended";
        return;
      }
      place ??= done;
      const { name: model } = run.target;
      if (done.result.problems.some(({ code }) => code === runErrors.memoryLimit.code))
        this.stuck ??= `${model} has no memory left for line ${done.line + 1}`;
      answers.push({ model, answer: answerOf(this.document, done, run.target) });
    }
    const parts = !this.together;
    if (parts) this.parted = Math.min(this.parted, this.own.history.length);
    if (place === undefined || !(parts || differ(answers.map(({ answer }) => answer)))) return;
    const { line, at } = place;
    const told = parts ? answers.map((one, side) => ({ ...one, answer: `${one.answer}, ${this.way(side)}` })) : answers;
    const { root, history } = this.own;
    if (this.found.has(root)) return;
    this.found.set(root, {
      line,
      ...(at && { at }),
      answers: told,
      ...(parts && { parts }),
      place: history.length - 1,
    });
  }

  /** Where a run goes from the line that it has run last. */
  private way(side: number): string {
    const { nextSource, nextLine } = this.sides[side].run;
    return nextSource === undefined ? "which ends the script" : `and line ${nextLine + 1} is next`;
  }

  /** Runs that have gone to different lines go on, each for itself, to where all of them come by. */
  private *meet(): Steps<void> {
    for (const { run } of this.sides) while (!isMeeting(run)) yield* this.next(run);
    if (this.together) return;
    // One of them has passed over a test whose machine it does not have: the others go on through it.
    const first = Math.min(...this.sides.map(({ run }) => run.nextLine));
    for (const { run } of this.sides) if (run.nextLine === first) yield* this.next(run);
  }

  /** Runs the next line of one run. */
  private *next(run: BesideRun): Steps<LineDone | undefined> {
    for (;;) {
      const done = run.advance();
      if (done !== "underway") return done;
      yield;
    }
  }
}

/** Whether a run is at a line that all runs come by: where a machine or a test begins or ends, and at the end. */
function isMeeting({ nextSource }: BesideRun): boolean {
  const statement = nextSource?.statement;
  if (statement === undefined) return true;
  return (
    statement.kind === "machine" || statement.kind === "test" || (statement.kind === "end" && statement.of === "test")
  );
}
