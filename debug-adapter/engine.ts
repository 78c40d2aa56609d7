import type { Steps } from "../emulator/index.ts";
import type { LineDone, ScriptRun, StatementResult } from "../runner/index.ts";
import { errors } from "./errors.ts";
import { InsideLine } from "./frames/inside-line.ts";
import type { Exception, WriteWatch } from "./stops/exceptions.ts";
import type { Stops } from "./stops/stops.ts";

/**
 * Runs a task soon, after the messages that have come in (setImmediate, or a MessageChannel in a browser).
 * @param goesOn the task is the next slice of long work: everybody else in the process has a turn before it
 */
export type Scheduler = (task: () => void, goesOn?: boolean) => void;

export interface Stop {
  readonly reason:
    | "entry"
    | "step"
    | "breakpoint"
    | "function breakpoint"
    | "data breakpoint"
    | "exception"
    | "pause"
    | "end"
    | "goto";
  /** What the editor shows; absent: what it says for the reason. */
  readonly description?: string;
  readonly breakpointIds?: readonly number[];
  readonly exception?: Exception;
}

/** How a step is made. */
export interface StepOptions {
  /** Into the line, or into the command that is next inside of it. */
  readonly into?: boolean;
  /** By micro-steps, whatever the top frame is. */
  readonly micro?: boolean;
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

/** Work in milliseconds before messages are looked at. A stretch of one line takes a few more at most. */
const SLICE_MS = 16;
/** Lines that are looked through and taken back at once: some milliseconds. */
const SKIPPED_LINES = 50_000;

/**
 * Run control over a {@link ScriptRun}: forwards and backwards, by the line or until something asks to stop. Long runs go in slices, so
 * that a pause gets through, also in the middle of a line that takes long. Every move begins with the call and does its work, and
 * tells of it, later: the answer to the request that asked for it goes out first.
 */
export class Engine {
  readonly run: ScriptRun;
  readonly stops: Stops;
  /** The problem that the script stands at. */
  exception: Exception | undefined;
  /** Whether a run that nothing has stopped before stops once at the end of the script, instead of ending there. */
  stopsAtEnd = false;

  private readonly listener: EngineListener;
  private readonly schedule: Scheduler;
  private readonly now: () => number;
  private mode: "stopped" | "running" | "ended" = "stopped";
  private pauseWanted = false;
  private hasStopped = false;
  private disposed = false;
  /** The line that is gone through from the inside. */
  inside: InsideLine | undefined;
  /** Whether what that line did was told before, as it ran the first time. */
  private toldInside = false;
  /** The register that the line under way writes. */
  private written: WriteWatch | undefined;

  /** @param now a clock in milliseconds */
  constructor(
    run: ScriptRun,
    stops: Stops,
    listener: EngineListener,
    schedule: Scheduler,
    now: () => number = Date.now,
  ) {
    this.run = run;
    this.stops = stops;
    this.listener = listener;
    this.schedule = schedule;
    this.now = now;
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
    const leaving = options.fromStart !== true && this.exception?.done === undefined;
    const wasInside = this.inside !== undefined;
    if (!this.start()) return;
    this.schedule(() => {
      if (this.leaveInside({ goOn: true })) this.forwards(leaving && !wasInside);
    });
  }

  /**
   * Runs one line, or what is left of it. Past the last one it stops once, so that one can look and go back. Inside of a line it goes on
   * there: by a command, or by a micro-step.
   */
  step({ into = false, micro = false }: StepOptions = {}): void {
    if (!this.start()) return;
    this.schedule(() => {
      if (this.inside !== undefined) {
        if (this.inside.next(micro || into)) this.stop({ reason: "step" });
        else this.leaveInside();
      } else if (this.run.ended) this.finish();
      else if (into || micro) this.intoLine(micro);
      else this.oneLine();
    });
  }

  /** Finishes what the top frame shows: a command's micro-steps, or the line. A script has one frame: without those, runs to its end. */
  stepOut(): void {
    if (this.inside === undefined) {
      this.continue();
      return;
    }
    if (!this.start()) return;
    this.schedule(() => {
      if (this.inside?.out() === true) this.stop({ reason: "step" });
      else this.leaveInside();
    });
  }

  /** Takes the last line back; inside of a line, or with micro-steps, goes back there. */
  stepBack({ micro = false }: StepOptions = {}): void {
    if (!this.start()) return;
    this.schedule(() => {
      if (this.inside?.back(micro) === true) this.stop({ reason: "step" });
      else if (micro && this.inside === undefined && !this.run.inLine && this.enterBackwards())
        this.stop({ reason: "step" });
      else this.takeLineBack();
    });
  }

  private takeLineBack(): void {
    this.inside = undefined;
    if (this.run.stepBack()) this.stop({ reason: "step" });
    else this.stopAtOldest();
  }

  /** Goes back to before a line that has run. @param line from 0 */
  backTo(line: number): void {
    if (!this.start()) return;
    this.schedule(() => {
      this.inside = undefined;
      if (this.run.rewindTo(line)) this.stop({ reason: "goto" });
      else this.stopAtOldest();
    });
  }

  /** Takes lines back until one with a breakpoint that holds is next, or one that changed a watched value, or the start. */
  reverseContinue(): void {
    if (!this.start()) return;
    this.inside = undefined;
    this.schedule(() => this.backwards());
  }

  /** Asks a run to stop. */
  pause(): void {
    if (this.running) this.pauseWanted = true;
  }

  /**
   * Carries out something that is no line of the script, in slices. A pause, or the end of the session, takes it back.
   * @throws AdapterError while the script runs or is in the middle of a line, and when it was interrupted
   */
  carryOut<Result>(steps: Steps<Result>): Promise<Result> {
    if (this.mode === "running") throw errors.running();
    if (this.disposed) throw errors.interrupted();
    if (this.run.inLine) throw errors.inLine(this.run.nextLine + 1);
    const { mode } = this;
    this.pauseWanted = false;
    this.mode = "running";
    return new Promise((resolve, reject) => {
      const settle = (end: () => void): void => {
        if (this.mode === "running") this.mode = mode;
        end();
      };
      const slice = (): void => {
        try {
          const end = this.now() + SLICE_MS;
          do {
            if (this.pauseWanted || !this.running) {
              steps.return(undefined as never);
              settle(() => reject(errors.interrupted()));
              return;
            }
            const next = steps.next();
            if (next.done) {
              settle(() => resolve(next.value));
              return;
            }
          } while (this.now() < end);
          this.schedule(slice, true);
        } catch (error) {
          settle(() => reject(error));
        }
      };
      slice();
    });
  }

  /** Ends it all; a run that is under way does not go on. */
  dispose(): void {
    this.disposed = true;
    this.mode = "ended";
  }

  private start(): boolean {
    if (this.mode !== "stopped") return false;
    this.exception = undefined;
    this.pauseWanted = false;
    this.mode = "running";
    this.stops.data.note(this.run);
    return true;
  }

  /** @param leaving the next line's breakpoints were stopped at already */
  private forwards(leaving: boolean): void {
    const end = this.now() + SLICE_MS;
    let asked = leaving;
    do {
      if (!this.running) return;
      if (this.run.ended) {
        if (this.stopsAtEnd && !this.hasStopped)
          this.stop({ reason: "end", description: "Paused at the end of the script" });
        else this.finish();
        return;
      }
      // Of a line under way the breakpoints were asked when it began.
      if (!asked && !this.run.inLine && (this.stopsHere() || this.stopsAtDifference())) return;
      asked = false;
      const done = this.runLine();
      if (done === "stopped") return;
      if (done !== "underway" && (this.stopsAtChange("forwards") || this.stopsBehind(done.line))) return;
      if (this.pauses()) return;
    } while (this.now() < end);
    this.listener.sliceDone();
    this.schedule(() => this.forwards(false), true);
  }

  /** Runs the next line and stops inside of it, where an ITS does something for it; otherwise behind it. */
  private intoLine(micro: boolean): void {
    const msi = this.stops.msiOf(this.run);
    this.oneLine((done) => {
      this.inside = InsideLine.of(this.run, done, msi);
      this.inside?.enter(micro);
      return this.inside !== undefined;
    });
  }

  /** Goes to the end of the inside of the last line. @returns whether it has one */
  private enterBackwards(): boolean {
    const last = this.run.history.at(-1);
    if (last === undefined || !this.run.stepBack()) return false;
    const msi = this.stops.msiOf(this.run);
    const done = this.run.step();
    this.inside = done && InsideLine.of(this.run, done, msi);
    this.inside?.enterLast(true);
    this.toldInside = true;
    return this.inside !== undefined;
  }

  /** Leaves the inside of a line, if it is there, with all that the line did. @returns whether a run goes on */
  private leaveInside({ goOn = false } = {}): boolean {
    const { inside } = this;
    if (inside === undefined) return true;
    this.inside = undefined;
    this.run.leave();
    if (!this.toldInside) this.listener.ran(inside.done.line, inside.done.result);
    this.toldInside = false;
    return this.lineIsDone(inside.done, goOn);
  }

  /** A line is done: stops at its problem, or behind it. @returns whether a run goes on */
  private lineIsDone(done: LineDone, goOn = false): boolean {
    if (this.stopsAtProblem(done)) return false;
    if (goOn) return !this.stopsAtChange("forwards") && !this.stopsBehind(done.line);
    if (this.run.ended) this.stop({ reason: "step", description: "End of the script" });
    else this.stop({ reason: "step" });
    return false;
  }

  /** Runs the next line to its end and stops. @param enters may stop inside of it instead */
  private oneLine(enters: (done: LineDone) => boolean = () => false): void {
    const end = this.now() + SLICE_MS;
    do {
      if (!this.running) return;
      const done = this.advance();
      if (done === "underway") {
        if (this.pauses()) return;
        continue;
      }
      if (done === undefined) this.finish();
      else if (enters(done)) this.stop({ reason: "step" });
      else {
        this.listener.ran(done.line, done.result);
        this.lineIsDone(done);
      }
      return;
    } while (this.now() < end);
    this.schedule(() => this.oneLine(enters), true);
  }

  private backwards(): void {
    const end = this.now() + SLICE_MS;
    do {
      if (!this.running) return;
      if (!this.skipBack() && !this.run.stepBack()) {
        this.stopAtOldest();
        return;
      }
      const last = this.run.history.at(-1)?.line;
      if (this.stopsAtChange("backwards") || this.stopsHere() || (last !== undefined && this.stopsBehind(last))) return;
      if (this.pauses()) return;
    } while (this.now() < end);
    this.listener.sliceDone();
    this.schedule(() => this.backwards(), true);
  }

  /** Takes back many lines at once, as far as none of them can be one to stop at. @returns whether it has taken back any */
  private skipBack(): boolean {
    const { run, stops } = this;
    const { history } = run;
    if (run.inLine || !stops.data.isEmpty || history.length < 2) return false;
    let at = history.length - 1;
    const oldest = Math.max(at - SKIPPED_LINES, 0);
    while (at > oldest && !stops.mayStop(history[at].line) && !stops.mayStop(history[at - 1].line)) at--;
    return at < history.length - 1 && run.rewindTo(history[at].line);
  }

  /** Stops when a pause is wanted, also in the middle of a line. */
  private pauses(): boolean {
    if (!this.pauseWanted) return false;
    const { inLine, commandsUnderway: count } = this.run;
    const done = count === 1 ? "1 command" : `${count} commands`;
    this.stop({ reason: "pause", ...(inLine ? { description: `In the middle of this line, after ${done}` } : {}) });
    return true;
  }

  /** Asks the breakpoints of the next line. */
  private stopsHere(): boolean {
    const { lines, commands } = this.stops;
    if (!this.stops.mayStop(this.run.nextLine)) return false;
    const onLine = lines.hit(this.run);
    const onCommand = commands.hit(this.run);
    for (const message of [...onLine.messages, ...onCommand.messages]) this.listener.logged(this.run.nextLine, message);
    const breakpointIds = [...onLine.ids, ...onCommand.ids];
    if (breakpointIds.length === 0) return false;
    this.stop({ reason: onLine.ids.length > 0 ? "breakpoint" : "function breakpoint", breakpointIds });
    return true;
  }

  /** Asks the breakpoints that are asked behind a line that has run. @param line from 0 */
  private stopsBehind(line: number): boolean {
    const { lines } = this.stops;
    if (!lines.mayStop(line)) return false;
    const { ids, messages } = lines.hitAfter(this.run, line);
    for (const message of messages) this.listener.logged(line, message);
    if (ids.length === 0) return false;
    this.stop({ reason: "breakpoint", description: `After line ${line + 1}`, breakpointIds: ids });
    return true;
  }

  /** Stops when the line that has just run, or was just taken back, changed a watched value. */
  private stopsAtChange(direction: "forwards" | "backwards"): boolean {
    const { ids, messages } = this.stops.data.changed(this.run, direction);
    if (ids.length === 0) return false;
    const last = this.run.history.at(-1)?.line;
    const line = direction === "forwards" && last !== undefined ? last : this.run.nextLine;
    for (const message of messages) this.listener.logged(line, message);
    this.stop({ reason: "data breakpoint", breakpointIds: ids, description: messages.join("; ") });
    return true;
  }

  /** Runs a stretch of the next line, which there is. @returns what it did, unless it has more to do, or its problem has stopped the run */
  private runLine(): LineDone | "underway" | "stopped" {
    const done = this.advance();
    if (done === undefined || done === "underway") return "underway";
    this.listener.ran(done.line, done.result);
    return this.stopsAtProblem(done) ? "stopped" : done;
  }

  /** Runs a stretch of the next line, and has what it writes looked at where that is wanted. */
  private advance(): LineDone | "underway" | undefined {
    const { exceptions } = this.stops;
    if (exceptions.looksBefore && !this.run.inLine) this.written = exceptions.watchWrite(this.run);
    return this.run.advance();
  }

  /** Stops at the problem of a line that has run. */
  private stopsAtProblem(done: LineDone): boolean {
    const exception = this.stops.exceptions.problemOf(this.run, done, this.written);
    this.written = undefined;
    if (exception === undefined) return false;
    this.exception = exception;
    this.stop({ reason: "exception", exception });
    return true;
  }

  /** Stops before a command with which another model does something else. */
  private stopsAtDifference(): boolean {
    const { exceptions } = this.stops;
    const exception = exceptions.looksBefore ? exceptions.differenceOf(this.run) : undefined;
    if (exception === undefined) return false;
    this.exception = exception;
    this.stop({ reason: "exception", exception });
    return true;
  }

  private stopAtOldest(): void {
    const description =
      this.run.history.length === 0 ? "Start of the script" : "What happened before is no longer recorded";
    this.stop({ reason: this.run.history.length === 0 ? "entry" : "step", description });
  }

  private stop(stop: Stop): void {
    this.mode = "stopped";
    this.hasStopped = true;
    this.listener.stopped(stop);
  }

  private finish(): void {
    this.mode = "ended";
    this.listener.ended();
  }
}
