import type { Diagnostic } from "../language/index.ts";
import { runErrors, type ScriptRun, type StatementResult } from "../runner/index.ts";
import type { Breakpoints } from "./breakpoints.ts";
import { COMMAND_ERRORS, FAILED_EXPECTATIONS } from "./capabilities.ts";

/** Runs a task soon, after the messages that have come in (setImmediate, or a MessageChannel in a browser). */
export type Scheduler = (task: () => void) => void;

/** A problem that a line's execution found. Line from 0. */
export interface LineProblem {
  readonly line: number;
  readonly problem: Diagnostic;
}

export interface Stop {
  readonly reason: "entry" | "step" | "breakpoint" | "exception" | "pause";
  /** What the editor shows; absent: what it says for the reason. */
  readonly description?: string;
  readonly breakpointIds?: readonly number[];
  readonly exception?: LineProblem;
}

/** Who is told what happens. */
export interface EngineListener {
  ran(line: number, result: StatementResult): void;
  /** Text of a log point or about a breakpoint, at a line that runs next. */
  logged(line: number, text: string): void;
  /** A slice of a long run is over. */
  sliceDone(): void;
  stopped(stop: Stop): void;
  /** The script has ended and nobody wants to look at it. */
  ended(): void;
}

/** Lines run before messages are looked at: about a millisecond's work. */
const SLICE = 512;

const expectationCodes = new Set<string>([runErrors.expectationFailed.code, runErrors.outcomeDiffers.code]);

/**
 * Run control over a {@link ScriptRun}: forwards and backwards, by the line or until something asks to stop. Long runs go in slices, so
 * that a pause gets through.
 */
export class Engine {
  readonly run: ScriptRun;
  readonly breakpoints: Breakpoints;
  /** Exception filters that are on. */
  filters: ReadonlySet<string> = new Set([COMMAND_ERRORS, FAILED_EXPECTATIONS]);
  /** The problem that the script stands at. */
  exception: LineProblem | undefined;

  private readonly listener: EngineListener;
  private readonly schedule: Scheduler;
  private mode: "stopped" | "running" | "ended" = "stopped";
  private pauseWanted = false;

  constructor(run: ScriptRun, breakpoints: Breakpoints, listener: EngineListener, schedule: Scheduler) {
    this.run = run;
    this.breakpoints = breakpoints;
    this.listener = listener;
    this.schedule = schedule;
  }

  get running(): boolean {
    return this.mode === "running";
  }

  /** The line to show: the one that runs next, or the one that has just failed. At the end: the number of lines. */
  get line(): number {
    return this.exception?.line ?? this.run.nextLine;
  }

  /** Stops before the first line. */
  stopAtEntry(): void {
    this.stop({ reason: "entry" });
  }

  /** Runs until something asks to stop. */
  continue(options: { readonly fromStart?: boolean } = {}): void {
    // The line that is shown was stopped at already. After a failing line the next one was not.
    const leaving = options.fromStart !== true && this.exception === undefined;
    if (!this.start()) return;
    this.schedule(() => this.forwards(leaving));
  }

  /** Runs one line. Past the last one it stops once, so that one can look and go back. */
  step(): void {
    if (this.mode !== "stopped") return;
    if (this.run.ended) {
      this.finish();
      return;
    }
    this.exception = undefined;
    const problem = this.runLine();
    if (problem !== undefined) this.stopAtProblem(problem);
    else if (this.run.ended) this.stop({ reason: "step", description: "End of the script" });
    else this.stop({ reason: "step" });
  }

  /** Takes the last line back. */
  stepBack(): void {
    if (this.mode !== "stopped") return;
    this.exception = undefined;
    if (this.run.stepBack()) this.stop({ reason: "step" });
    else this.stopAtOldest();
  }

  /** Takes lines back until one with a breakpoint that holds is next, or the start. */
  reverseContinue(): void {
    if (!this.start()) return;
    this.schedule(() => this.backwards());
  }

  /** Asks a run to stop. */
  pause(): void {
    if (this.running) this.pauseWanted = true;
  }

  /** Ends it all; a run that is under way does not go on. */
  dispose(): void {
    this.mode = "ended";
  }

  private start(): boolean {
    if (this.mode !== "stopped") return false;
    this.exception = undefined;
    this.pauseWanted = false;
    this.mode = "running";
    return true;
  }

  /** @param leaving the next line's breakpoints were stopped at already */
  private forwards(leaving: boolean): void {
    for (let count = 0; count < SLICE; count++) {
      if (!this.running) return;
      if (this.run.ended) {
        this.finish();
        return;
      }
      if (this.pauseWanted) {
        this.stop({ reason: "pause" });
        return;
      }
      if (!(leaving && count === 0) && this.stopsHere()) return;
      const problem = this.runLine();
      if (problem !== undefined) {
        this.stopAtProblem(problem);
        return;
      }
    }
    this.listener.sliceDone();
    this.schedule(() => this.forwards(false));
  }

  private backwards(): void {
    for (let count = 0; count < SLICE; count++) {
      if (!this.running) return;
      if (this.pauseWanted) {
        this.stop({ reason: "pause" });
        return;
      }
      if (!this.run.stepBack()) {
        this.stopAtOldest();
        return;
      }
      if (this.stopsHere()) return;
    }
    this.listener.sliceDone();
    this.schedule(() => this.backwards());
  }

  /** Asks the breakpoints of the next line. */
  private stopsHere(): boolean {
    const { ids, messages } = this.breakpoints.hit(this.run);
    for (const message of messages) this.listener.logged(this.run.nextLine, message);
    if (ids.length === 0) return false;
    this.stop({ reason: "breakpoint", breakpointIds: ids });
    return true;
  }

  /** @returns the problem to stop at */
  private runLine(): LineProblem | undefined {
    const done = this.run.step();
    if (done === undefined) return undefined;
    this.listener.ran(done.line, done.result);
    const problem = done.result.problems.find((found) => this.isWanted(found));
    return problem === undefined ? undefined : { line: done.line, problem };
  }

  private isWanted({ severity, code }: Diagnostic): boolean {
    if (severity !== "error") return false;
    return this.filters.has(expectationCodes.has(code) ? FAILED_EXPECTATIONS : COMMAND_ERRORS);
  }

  private stopAtProblem(exception: LineProblem): void {
    this.exception = exception;
    this.stop({ reason: "exception", exception });
  }

  private stopAtOldest(): void {
    const description =
      this.run.history.length === 0 ? "Start of the script" : "What happened before is no longer recorded";
    this.stop({ reason: this.run.history.length === 0 ? "entry" : "step", description });
  }

  private stop(stop: Stop): void {
    this.mode = "stopped";
    this.listener.stopped(stop);
  }

  private finish(): void {
    this.mode = "ended";
    this.listener.ended();
  }
}
