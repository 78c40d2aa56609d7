import type { Steps } from "../../emulator/index.ts";
import type { LineDone, ScriptRun } from "../../runner/index.ts";
import { errors } from "../errors.ts";
import type { Exception } from "../stops/exceptions.ts";
import type { Stops } from "../stops/stops.ts";
import { Checks, type Wanted } from "./checks.ts";
import { Inside } from "./inside.ts";
import { Lockstep } from "./lockstep.ts";
import { inSlices } from "./long-work.ts";
import { skipBack } from "./skip-back.ts";
import { type EngineListener, type Scheduler, SLICE_MS, type StepOptions, type Stop } from "./stop.ts";

const NOTHING_WANTED: Wanted = { before: false, begin: false, behind: false, linesBehind: false };

/** Where a run goes to: a line, from 0, or the place of a line's run in the history; and to which of its commands. */
type Aim = ({ readonly line: number } | { readonly place: number }) & { readonly command?: number | undefined };

function reached(run: ScriptRun, aim: Aim): boolean {
  if ("place" in aim) return run.history.length >= aim.place;
  return run.nextLine === aim.line || (run.nextLine > aim.line && run.hasPassed(aim.line));
}

/** Lines of a command or less between two looks at the clock, which takes as long as a good part of such a line. */
const CLOCK_LINES = 16;

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
  private readonly within: Inside;
  /** Where a run is to go to. */
  private until: Aim | undefined;
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
    this.within = new Inside(run, stops);
    this.listener = listener;
    this.schedule = schedule;
    this.now = now;
  }

  /** The line that is gone through from the inside. */
  get inside(): Inside["line"] {
    return this.within.line;
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
      if (this.stopsAtSlot(this.within.toSlot(1))) return;
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
      else if (micro && this.inside === undefined && !this.run.inLine && this.within.enterBackwards())
        this.stop({ reason: "step" });
      else this.takeLineBack();
    });
  }

  private takeLineBack(): void {
    this.within.drop();
    if (this.run.stepBack()) this.stop({ reason: "step" });
    else this.stopAtOldest();
  }

  /** Goes back to before a line that has run. @param place of its run in the history */
  backTo(place: number): void {
    if (!this.start()) return;
    this.schedule(() => {
      this.within.drop();
      if (this.run.rewindToPlace(place)) this.stop({ reason: "goto" });
      else this.stopAtOldest();
    });
  }

  /** Goes to the start, before everything that was done by hand there. */
  backToStart(): void {
    if (!this.start()) return;
    this.schedule(() => {
      this.within.drop();
      if (this.run.toStart()) this.stop({ reason: "goto" });
      else this.stopAtOldest();
    });
  }

  /** Takes lines back until one with a breakpoint that holds is next, or one that changed a watched value, or the start. */
  reverseContinue(): void {
    if (!this.start()) return;
    this.schedule(() => {
      if (this.stopsAtSlot(this.within.toSlot(-1))) return;
      if (this.inside !== undefined && !this.run.stepBack()) {
        this.stopAtOldest();
        return;
      }
      const wasInside = this.inside !== undefined;
      this.within.drop();
      if (!wasInside || !this.stopsFor(this.checks.before())) this.backwards();
    });
  }

  /**
   * Runs to before a line, and stops at nothing else but a pause. A line that is passed over without being run, in a branch that is not
   * taken, ends the run behind its block. @param line from 0
   */
  runTo(line: number): void {
    if (!this.start()) return;
    this.until = { line };
    this.schedule(() => this.forwards(true));
  }

  /**
   * Goes to before a line that has run, be it taken back since; or into it, to before one of its commands. Stops at nothing else but a pause.
   * @param place of its run in the history, of one that was taken back where it was @param command its place among those of the line, from 0
   */
  goTo(place: number, command?: number): void {
    if (!this.start()) return;
    this.schedule(() => {
      const { run } = this;
      // A line that is gone through from the inside stands in the history, and runs again.
      const present = run.history.length - (this.inside === undefined ? 0 : 1);
      if (this.inside !== undefined || run.inLine || place < present) {
        this.within.drop();
        if (!run.dropLine() || !run.rewindToPlace(Math.min(place, present))) {
          this.stopAtOldest();
          return;
        }
      }
      this.until = { place, command };
      this.forwards(true);
    });
  }

  /** Takes back what has been done of a line that is gone through from the inside. */
  dropLine(): void {
    if (this.inside !== undefined) this.run.stepBack();
    this.within.drop();
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

  /** Asks what is under way to stop. */
  pause(): void {
    this.pauseWanted = true;
  }

  /**
   * Carries out something that is no line of the script, in slices. A pause, or the end of the session, takes it back.
   * @throws AdapterError while the script runs or is in the middle of a line, and when it was interrupted
   */
  carryOut<Result>(steps: Steps<Result>): Promise<Result> {
    if (this.running) throw errors.running();
    if (this.run.inLine) throw errors.inLine(this.run.nextLine + 1);
    this.pauseWanted = false;
    return this.inSlices(steps);
  }

  /**
   * Looks into the past in slices, between which the machine stays there: requests are answered one after the other, so that nobody asks
   * it anything. What was to happen after the requests before happens first. A pause, or the end of the session, ends the look.
   * @throws AdapterError while the script runs, and when it was interrupted
   */
  async lookBack<Result>(steps: Steps<Result>): Promise<Result> {
    if (this.running) throw errors.running();
    this.pauseWanted = false;
    await new Promise<void>((begin) => this.schedule(begin));
    return this.inSlices(steps);
  }

  private inSlices<Result>(steps: Steps<Result>): Promise<Result> {
    if (this.running) throw errors.running();
    if (this.disposed) throw errors.interrupted();
    const { mode } = this;
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
    const { run, checks, until } = this;
    const end = this.now() + SLICE_MS;
    // A run to a line stops at nothing on its way.
    const wanted = until === undefined ? checks.wanted : NOTHING_WANTED;
    const slots = until === undefined && !this.stops.slots.isEmpty;
    let asked = leaving;
    for (let lines = 1; ; lines++) {
      if (!this.running) return;
      if (this.isThere(until)) return;
      // Of a line under way the breakpoints were asked when it began.
      const asks = wanted.before && !asked && !run.inLine;
      if (asks && this.stopsFor(checks.before() ?? checks.difference())) return;
      asked = false;
      const done = this.advance(wanted.begin);
      const isDone = done !== undefined && done !== "underway";
      if (isDone) {
        if (slots && this.stopsAtSlot(this.within.enterAtSlot(done))) return;
        this.listener.ran(done);
        const asksBehind = wanted.behind || (until === undefined && done.result.problems.length > 0);
        if (asksBehind ? this.stopsFor(checks.after(done)) : wanted.linesBehind && this.stopsFor(checks.behind(done)))
          return;
      }
      if (this.pauses()) return;
      const isShort = isDone && done.result.commandCount <= 1;
      if ((!isShort || lines % CLOCK_LINES === 0) && this.now() >= end) break;
    }
    this.listener.sliceDone();
    this.schedule(() => this.forwards(false), true);
  }

  /** Stops at the end of the script, and where a run was to go to. */
  private isThere(until: Engine["until"]): boolean {
    const { run } = this;
    if (until !== undefined && !run.inLine && reached(run, until)) {
      this.arrive(until.command);
      return true;
    }
    if (!run.ended) return false;
    if (this.stopsAtEnd && !this.hasStopped)
      this.stop({ reason: "end", description: "Paused at the end of the script" });
    else this.finish();
    return true;
  }

  /** Runs a stretch of the next line. @param noting something has to be known of it when it is done */
  private advance(noting: boolean): LineDone | "underway" | undefined {
    if (noting && !this.run.inLine) this.checks.begin();
    return this.run.advance();
  }

  /** Runs the next line to its end and stops. @param enters may stop inside of it instead */
  private oneLine(enters: (done: LineDone) => boolean = () => false): void {
    const end = this.now() + SLICE_MS;
    do {
      if (!this.running) return;
      const done = this.advance(true);
      if (done === "underway") {
        if (this.pauses()) return;
        continue;
      }
      if (done === undefined) this.finish();
      else if (enters(done)) this.stop({ reason: "step" });
      else {
        this.listener.ran(done);
        this.lineIsDone(done);
      }
      return;
    } while (this.now() < end);
    this.schedule(() => this.oneLine(enters), true);
  }

  /** A line is done: stops at its problem, or behind it. @param goOn a run goes on from here @returns whether it does */
  private lineIsDone(done: LineDone, goOn = false): boolean {
    if (goOn) return !this.stopsFor(this.checks.after(done));
    if (!this.stopsFor(this.checks.problem(done) ?? this.checks.twin(done))) {
      this.stop({ reason: "step", ...(this.run.ended ? { description: "End of the script" } : {}) });
    }
    return false;
  }

  private backwards(): void {
    const { run, checks } = this;
    const end = this.now() + SLICE_MS;
    do {
      if (!this.running || this.stopsAtSlot(this.within.enterAtSlotBackwards())) return;
      const read = checks.readBackwards();
      if (!skipBack(run, this.stops) && !run.stepBack()) {
        this.stopAtOldest();
        return;
      }
      const last = run.history.at(-1);
      const behind = last === undefined ? undefined : checks.behind(last);
      if (this.stopsFor(read ?? checks.change("backwards") ?? checks.before() ?? behind)) return;
      if (this.pauses()) return;
    } while (this.now() < end);
    this.listener.sliceDone();
    this.schedule(() => this.backwards(), true);
  }

  /** Runs the next line and stops inside of it, where an ITS does something for it; otherwise behind it. */
  private intoLine(micro: boolean, command = 0): void {
    const msi = this.stops.msiOf(this.run);
    this.oneLine((done) => this.within.enter(done, msi, micro, command));
  }

  /** Leaves the inside of a line, if it is there, with all that the line did. @returns whether a run goes on */
  private leaveInside({ goOn = false } = {}): boolean {
    const left = this.within.leave();
    if (left === undefined) return true;
    if (!left.wasTold) this.listener.ran(left.done);
    return this.lineIsDone(left.done, goOn);
  }

  /** A run is where it was to go to. */
  private arrive(command: number | undefined): void {
    if (command === undefined || this.run.ended) this.stop({ reason: "goto" });
    else this.intoLine(false, command);
  }

  private stopsAtSlot(id: number | undefined): boolean {
    if (id !== undefined) this.stop({ reason: "instruction breakpoint", breakpointIds: [id] });
    return id !== undefined;
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
    this.furthest = Math.max(this.furthest, this.run.reach);
    this.listener.stopped(stop);
  }

  private finish(): void {
    this.mode = "ended";
    this.listener.ended();
  }
}
