import type { Steps } from "../../emulator/index.ts";
import type { LineDone, ScriptRun } from "../../runner/index.ts";
import { errors } from "../errors.ts";
import { InsideLine } from "../frames/inside-line.ts";
import type { Exception } from "../stops/exceptions.ts";
import type { Stops } from "../stops/stops.ts";
import { Checks } from "./checks.ts";
import { Lockstep } from "./lockstep.ts";
import { inSlices } from "./long-work.ts";
import { type EngineListener, type Scheduler, SLICE_MS, type StepOptions, type Stop } from "./stop.ts";

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

  private readonly checks: Checks;
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
  /** The line that a run is to go to, from 0, and which of its commands. */
  private until: { readonly line: number; readonly command?: number | undefined } | undefined;
  /** The last line that has run, from 1, however far it was taken back since. */
  private furthest = 0;
  /** @param options `now`: a clock in milliseconds; `twin`: the same script on another model, to be compared */
  constructor(
    run: ScriptRun,
    stops: Stops,
    listener: EngineListener,
    schedule: Scheduler,
    { now = Date.now, twin }: { readonly now?: () => number; readonly twin?: ScriptRun } = {},
  ) {
    this.run = run;
    this.stops = stops;
    this.checks = new Checks(run, stops, (line, text) => listener.logged(line, text), twin && new Lockstep(twin));
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
      if (this.inside !== undefined && this.stopsAtSlot(this.inside, 1, "here")) return;
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
    this.dropInside();
    if (this.run.stepBack()) this.stop({ reason: "step" });
    else this.stopAtOldest();
  }

  /** Goes back to before a line that has run. @param line from 0 */
  backTo(line: number): void {
    if (!this.start()) return;
    this.schedule(() => {
      this.dropInside();
      if (this.run.rewindTo(line)) this.stop({ reason: "goto" });
      else this.stopAtOldest();
    });
  }

  /** Goes to the start, before everything that was done by hand there. */
  backToStart(): void {
    if (!this.start()) return;
    this.schedule(() => {
      this.dropInside();
      if (this.run.toStart()) this.stop({ reason: "goto" });
      else this.stopAtOldest();
    });
  }

  /** Takes lines back until one with a breakpoint that holds is next, or one that changed a watched value, or the start. */
  reverseContinue(): void {
    if (!this.start()) return;
    this.schedule(() => {
      if (this.inside !== undefined && this.stopsAtSlot(this.inside, -1, "here")) return;
      if (this.inside !== undefined && !this.run.stepBack()) {
        this.stopAtOldest();
        return;
      }
      const wasInside = this.inside !== undefined;
      this.dropInside();
      if (!wasInside || !this.stopsFor(this.checks.before())) this.backwards();
    });
  }

  /** Runs to before a line, and stops at nothing else but a pause. @param line from 0 */
  runTo(line: number): void {
    if (!this.start()) return;
    this.until = { line };
    this.schedule(() => this.forwards(true));
  }

  /**
   * Goes to before a line that has run, be it taken back since; or into it, to before one of its commands. Stops at nothing else but a pause.
   * @param line from 0 @param command its place among those of the line, from 0
   */
  goTo(line: number, command?: number): void {
    if (!this.start()) return;
    this.schedule(() => {
      const { run } = this;
      if (this.inside !== undefined || run.nextLine > line || (run.inLine && run.nextLine === line)) {
        this.dropInside();
        if (!run.rewindTo(Math.min(line, run.nextLine))) {
          this.stopAtOldest();
          return;
        }
      }
      this.until = { line, command };
      this.forwards(true);
    });
  }

  /** Takes back what has been done of a line that is gone through from the inside. */
  dropLine(): void {
    if (this.inside !== undefined) this.run.stepBack();
    this.dropInside();
    this.exception = undefined;
  }

  /** The last line that had run before the run was taken back, from 1; undefined when it was not, or all of it was forgotten. */
  get futureTo(): number | undefined {
    return this.furthest > this.run.nextLine ? this.furthest : undefined;
  }

  /** Something was changed by hand: what had run from here on counts no more. */
  forgetFuture(): void {
    this.furthest = 0;
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
    const work = inSlices(steps, () => !this.pauseWanted && this.running, this.schedule, this.now);
    return work.finally(() => {
      if (this.mode === "running") this.mode = mode;
      this.listener.workDone();
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
    const { run, checks } = this;
    const end = this.now() + SLICE_MS;
    let asked = leaving;
    do {
      if (!this.running) return;
      if (this.until !== undefined && !run.inLine && run.nextLine >= this.until.line) {
        this.arrive(this.until.command);
        return;
      }
      if (run.ended) {
        if (this.stopsAtEnd && !this.hasStopped)
          this.stop({ reason: "end", description: "Paused at the end of the script" });
        else this.finish();
        return;
      }
      // Of a line under way the breakpoints were asked when it began.
      const asks = this.until === undefined;
      if (asks && !asked && !run.inLine && this.stopsFor(checks.before() ?? checks.difference())) return;
      asked = false;
      const done = this.advance();
      if (done !== undefined && done !== "underway") {
        if (asks && !this.stops.slots.isEmpty && this.entersSlot(done)) return;
        this.listener.ran(done.line, done.result);
        if (asks && this.stopsFor(this.behind(done))) return;
      }
      if (this.pauses()) return;
    } while (this.now() < end);
    this.listener.sliceDone();
    this.schedule(() => this.forwards(false), true);
  }

  /** All that a line which has run may be stopped at. A step asks for its problem, and for the other model, alone. */
  private behind(done: LineDone): Stop | undefined {
    const { checks } = this;
    return (
      checks.problem(done) ??
      checks.twin(done) ??
      checks.read(done) ??
      checks.change("forwards") ??
      checks.behind(done.line)
    );
  }

  /** Runs a stretch of the next line. */
  private advance(): LineDone | "underway" | undefined {
    if (!this.run.inLine) this.checks.begin();
    return this.run.advance();
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

  /** A line is done: stops at its problem, or behind it. @param goOn a run goes on from here @returns whether it does */
  private lineIsDone(done: LineDone, goOn = false): boolean {
    if (goOn) return !this.stopsFor(this.behind(done));
    if (!this.stopsFor(this.checks.problem(done) ?? this.checks.twin(done))) {
      this.stop({ reason: "step", ...(this.run.ended ? { description: "End of the script" } : {}) });
    }
    return false;
  }

  private backwards(): void {
    const { run, checks } = this;
    const end = this.now() + SLICE_MS;
    do {
      if (!this.running || this.entersSlotBackwards()) return;
      const read = checks.readBackwards();
      if (!this.skipBack() && !run.stepBack()) {
        this.stopAtOldest();
        return;
      }
      const last = run.history.at(-1)?.line;
      const behind = last === undefined ? undefined : checks.behind(last);
      if (this.stopsFor(read ?? checks.change("backwards") ?? checks.before() ?? behind)) return;
      if (this.pauses()) return;
    } while (this.now() < end);
    this.listener.sliceDone();
    this.schedule(() => this.backwards(), true);
  }

  /** Takes back many lines at once, as far as none of them can be one to stop at. @returns whether it has taken back any */
  private skipBack(): boolean {
    const { run, stops } = this;
    const { history } = run;
    if (run.inLine || !stops.data.isEmpty || !stops.slots.isEmpty || history.length < 2) return false;
    let at = history.length - 1;
    const oldest = Math.max(at - SKIPPED_LINES, 0);
    while (at > oldest && !stops.mayStop(history[at].line) && !stops.mayStop(history[at - 1].line)) at--;
    return at < history.length - 1 && run.rewindTo(history[at].line);
  }

  /** Runs the next line and stops inside of it, where an ITS does something for it; otherwise behind it. */
  private intoLine(micro: boolean, command = 0): void {
    const msi = this.stops.msiOf(this.run);
    this.oneLine((done) => {
      this.inside = InsideLine.of(this.run, done, msi);
      this.inside?.enter(micro, command);
      return this.inside !== undefined;
    });
  }

  /** Goes to the end of the inside of the last line. @returns whether it has one */
  private enterBackwards(): boolean {
    if (!this.run.stepBack()) return false;
    const msi = this.stops.msiOf(this.run);
    const done = this.run.step();
    this.inside = done && InsideLine.of(this.run, done, msi);
    this.inside?.enterLast(true);
    this.toldInside = this.inside !== undefined;
    return this.toldInside;
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

  /** A run is where it was to go to. */
  private arrive(command: number | undefined): void {
    if (command === undefined || this.run.ended) this.stop({ reason: "goto" });
    else this.intoLine(false, command);
  }

  /** Leaves it for where the line had not begun yet. */
  private dropInside(): void {
    this.inside = undefined;
    this.toldInside = false;
  }

  /** Stops inside of the line that has just run, before a command in a slot with a breakpoint. */
  private entersSlot(done: LineDone): boolean {
    const inside = InsideLine.of(this.run, done);
    if (inside !== undefined && this.stopsAtSlot(inside, 1, "start")) return true;
    this.run.leave();
    return false;
  }

  /** Goes into the last line from behind, to a slot with a breakpoint. */
  private entersSlotBackwards(): boolean {
    const { run } = this;
    const last = run.history.at(-1);
    if (this.stops.slots.isEmpty || run.inLine || last === undefined || last.result.commandCount === 0) return false;
    const done = run.repeatLast();
    const inside = done && InsideLine.of(run, done);
    if (inside !== undefined && this.stopsAtSlot(inside, -1, "end")) {
      this.toldInside = true;
      return true;
    }
    run.leave();
    return false;
  }

  private stopsAtSlot(inside: InsideLine, direction: 1 | -1, from: "start" | "here" | "end"): boolean {
    const { slots } = this.stops;
    const id = inside.seek(
      direction,
      from,
      ({ address }) => slots.has(address),
      (span) => slots.hit(span, this.run),
    );
    if (id === undefined) return false;
    this.inside = inside;
    this.stop({ reason: "instruction breakpoint", breakpointIds: [id] });
    return true;
  }

  /** Stops when a pause is wanted, also in the middle of a line. */
  private pauses(): boolean {
    if (!this.pauseWanted) return false;
    const { inLine, commandsUnderway: count } = this.run;
    const done = count === 1 ? "1 command" : `${count} commands`;
    this.stop({ reason: "pause", ...(inLine ? { description: `In the middle of this line, after ${done}` } : {}) });
    return true;
  }

  private stopsFor(stop: Stop | undefined): boolean {
    if (stop === undefined) return false;
    this.exception = stop.exception;
    this.stop(stop);
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
    this.until = undefined;
    this.checks.lockstep?.follow(this.run);
    this.furthest = Math.max(this.furthest, (this.run.history.at(-1)?.line ?? -1) + 1);
    this.listener.stopped(stop);
  }

  private finish(): void {
    this.mode = "ended";
    this.listener.ended();
  }
}
