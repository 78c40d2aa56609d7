import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Steps } from "../emulator/index.ts";
import type { LineDone, StatementResult } from "../runner/index.ts";
import { resultText } from "../runner/index.ts";
import { RunConsole } from "./console/run-console.ts";
import { pendingSummary, plural, runSummary } from "./console/summary.ts";
import { Engine } from "./engine/engine.ts";
import { type Progress, type WorkState, workTitles } from "./engine/progress.ts";
import type { EngineListener, Scheduler, Stop } from "./engine/stop.ts";
import { TakenBack } from "./engine/taken-back.ts";
import { errors } from "./errors.ts";
import { frameScopes, stackOf } from "./frames/stack.ts";
import { mainThread, unitOf } from "./frames/threads.ts";
import type { Launched } from "./launching/launch.ts";
import { type Positions, sourceOf } from "./positions.ts";
import type { StateChangedBody } from "./protocol.ts";
import { type ScopeNode, Scopes } from "./scopes.ts";
import { lineIn, takeBack, takeIncludes, takeText } from "./script-edit.ts";
import type { PlacedBreakpoint } from "./stops/line-breakpoints.ts";
import type { Stops } from "./stops/stops.ts";
import { VariableStore } from "./variables.ts";
import type { ComparisonBase } from "./views/comparison-base.ts";
import { Moments } from "./views/moments.ts";
import { Timeline } from "./views/timeline.ts";

/** Sends an event. */
export type SendEvent = (event: string, body?: object) => void;

/** Memory views that are told of changes. */
const WATCHED_REFERENCES = 64;

/** One launched script or saved machine: its run, and what the editor is told of it. */
export class ScriptSession implements EngineListener {
  readonly launched: Launched;
  readonly engine: Engine;
  readonly scopes: Scopes;
  /** Those of the other model of a comparison. */
  private readonly otherScopes: Scopes | undefined;
  readonly variables = new VariableStore();
  readonly moments: Moments;
  readonly takenBack: TakenBack;
  readonly timeline: Timeline;
  /** Tells of work that takes long. */
  readonly progress: Progress;
  /** What registers are compared with, where that was chosen. */
  comparison: ComparisonBase | undefined;

  readonly positions: Positions;
  private readonly send: SendEvent;
  private readonly output: RunConsole;
  private readonly memoryEvents: boolean;
  /** Whether the client has sent all its breakpoints. */
  configured = false;
  private summarised = false;
  /** The script's text, where it differs in lines that have run. */
  private changedText: string | undefined;
  /** What {@link ScriptSource.version} said of the text. */
  version: string | undefined;
  /** The same of the files that it includes. */
  versionOfIncluded = "";
  /** Bytes that the editor has read, by memory reference. */
  private readonly watchedMemory = new Map<string, { readonly offset: number; readonly count: number }>();

  constructor(
    launched: Launched,
    stops: Stops,
    options: {
      readonly positions: Positions;
      readonly send: SendEvent;
      readonly schedule: Scheduler;
      readonly memoryEvents: boolean;
      readonly progress: Progress;
      readonly now?: (() => number) | undefined;
    },
  ) {
    const { positions, send, schedule, memoryEvents, progress, now } = options;
    this.progress = progress;
    const slices: Scheduler = (task, goesOn) => {
      if (goesOn) this.progress.goesOn(() => this.workState());
      schedule(task, goesOn);
    };
    this.launched = launched;
    this.positions = positions;
    this.send = send;
    this.memoryEvents = memoryEvents;
    this.engine = new Engine(launched.run, stops, this, slices, {
      twin: launched.twin,
      ...(now === undefined ? {} : { now }),
    });
    this.scopes = new Scopes(launched.run);
    this.moments = new Moments(launched.run);
    this.takenBack = new TakenBack(launched.run);
    this.timeline = new Timeline(launched, this.takenBack);
    this.otherScopes = launched.twin && new Scopes(launched.twin);
    this.output = new RunConsole(
      launched,
      (body) => send("output", body),
      (line, column) => ({
        source: sourceOf(launched),
        line: positions.line(line),
        column: positions.column(column),
      }),
    );
  }

  /** Runs to the first stop, or stops at once. */
  begin(): void {
    const { attributes, stopOnEntry, program, saved, run } = this.launched;
    if (saved !== undefined) {
      const { title, cpus } = run.target;
      const what = `${title}, ${plural(cpus, "PE")}`;
      this.output.say(
        saved.left === undefined
          ? `Saved machine ${saved.name}: ${what}.`
          : `Dump ${saved.name}, restored into ${what}.`,
      );
      for (const remark of saved.left ?? []) this.output.say(remark);
    }
    // Without debugging the editor sets no breakpoints; problems do not stop it either.
    if (attributes.noDebug === true) this.engine.stops.exceptions.clear();
    else this.engine.stopsAtEnd = this.launched.stopAtEnd;
    if ((stopOnEntry || program === undefined) && attributes.noDebug !== true) this.engine.stopAtEntry();
    else this.engine.continue({ fromStart: true });
  }

  ran(done: LineDone): void {
    this.output.ran(done);
  }

  logged(line: number, text: string): void {
    this.output.note(line, text);
  }

  sliceDone(): void {
    this.output.flush();
  }

  workDone(): void {
    this.progress.over("taken back");
  }

  /** How far the run is. */
  private workState(): WorkState {
    const { run, document } = this.launched;
    const { lines } = document;
    const { commandsUnderway } = run;
    if (this.progress.title === workTitles.searching) return { message: `back from line ${run.nextLine + 1}` };
    const inside = run.inLine ? `, ${plural(commandsUnderway, "command")} so far` : "";
    // On the way back there is no telling where it ends.
    const isForwards = this.progress.title === workTitles.forwards;
    const percentage = isForwards ? Math.floor((run.nextLine / Math.max(lines.length, 1)) * 100) : undefined;
    return {
      message: `line ${Math.min(run.nextLine + 1, lines.length)} of ${lines.length}${inside}`,
      ...(percentage === undefined ? {} : { percentage }),
    };
  }

  stopped({ reason, description: described, breakpointIds, exception }: Stop): void {
    const here = `Stopped at line ${this.launched.run.nextLine + 1}`;
    const description = described ?? (this.progress.cancelled && reason === "pause" ? here : undefined);
    this.progress.over(described ?? here);
    this.output.settle();
    this.takenBack.settle();
    this.timeline.stopped(reason, exception?.done !== undefined || this.engine.inside !== undefined);
    if (reason === "end") this.summarise();
    this.output.flush();
    this.stateChanged();
    // Without a script there is one place to stop at, wherever the editor has wanted to go.
    const { program, name } = this.launched;
    const told = program === undefined ? `Saved machine ${name}` : description;
    this.send("stopped", {
      reason,
      ...(told === undefined ? {} : { description: told }),
      ...(exception === undefined ? {} : { text: exception.problem.message }),
      ...(breakpointIds === undefined ? {} : { hitBreakpointIds: [...breakpointIds] }),
      threadId: mainThread(this.launched.run.target),
      allThreadsStopped: true,
    } satisfies DebugProtocol.StoppedEvent["body"]);
  }

  ended(): void {
    this.progress.over("");
    this.output.settle();
    if (this.launched.program !== undefined && !this.summarised) this.summary(runSummary(this.launched));
    this.output.flush();
    this.stateChanged();
    this.send("exited", { exitCode: this.hasFailed() ? 1 : 0 } satisfies DebugProtocol.ExitedEvent["body"]);
    this.send("terminated");
  }

  /** Says what the script has done and what is pending where. */
  private summarise(): void {
    this.summarised = true;
    this.summary(`${runSummary(this.launched)}\n${pendingSummary(this.launched.run)}`);
  }

  /** What a run comes to has the colour of a warning where something went wrong. */
  private summary(text: string): void {
    if (this.hasFailed()) this.output.say(text);
    else this.output.tell(text);
  }

  private hasFailed(): boolean {
    return this.launched.run.history.some(({ result }) => result.problems.length > 0);
  }

  /** The user changed the machine by hand. @param result what a statement of the console did @param note what is to be said about it */
  edited(result?: StatementResult, note?: string): void {
    const text = result === undefined ? undefined : resultText(result, this.launched.run.target, false);
    if (text !== undefined) this.output.say(text);
    if (note !== undefined) this.output.say(note);
    this.output.flush();
    this.stateChanged();
    this.send("invalidated", { areas: ["variables"] } satisfies DebugProtocol.InvalidatedEvent["body"]);
  }

  /**
   * The script's text may be another one. Where that is exact the session goes on with it; otherwise it says what differs.
   * @param text of the script as it is now
   */
  scriptChanged(text: string): void {
    const edit = takeText(this.launched, text);
    this.changedText = edit?.kind === "ran" ? text : undefined;
    if (edit === undefined) return;
    if (edit.kind === "taken") {
      this.forgetFuture();
      this.output.say(
        `The script has changed from line ${edit.firstLine + 1} on: the session goes on with the new text.`,
      );
      this.documentChanged();
    } else if (edit.kind === "wrong") {
      this.output.say(
        `The script has changed and cannot be run: ${edit.problem} The session goes on with the text that it has.`,
      );
    } else {
      const { line, before, after } = edit;
      this.output.say(
        `Line ${line + 1} has run, and is another one now.\n  It ran as: ${before.trim()}\n  It is now:  ${after.trim()}\nThe session goes on with the text that has run. Write rerun in the console to take it back to line ${line + 1} and run the new text again to here.`,
      );
    }
    this.output.flush();
  }

  /** A file that the script includes may be another one. Where none has run the session goes on with them as they are now; otherwise it says so. */
  includedChanged(): void {
    const edit = takeIncludes(this.launched);
    if (edit === undefined) return;
    if (edit.kind === "taken") {
      this.forgetFuture();
      this.output.say(
        `"${edit.path}", which line ${edit.line + 1} includes, has changed: the session goes on with it as it is now.`,
      );
      this.documentChanged();
    } else if (edit.kind === "wrong") {
      this.output.say(
        `A file that the script includes has changed and cannot be run: ${edit.problem} The session goes on with what it has read.`,
      );
    } else {
      this.output.say(
        `"${edit.path}", which line ${edit.line + 1} includes and which has run, has changed. The session goes on with what it has read. Restart it to run the new text.`,
      );
    }
    this.output.flush();
  }

  /** Takes the run back to where the script has changed, and runs the new text to the line that is shown. @throws AdapterError */
  rerun(): string {
    const { launched, changedText: text, engine } = this;
    if (text === undefined) throw errors.notChanged();
    const { line: here } = engine;
    const before = launched.document.text.split("\n");
    const line = text.split("\n").findIndex((one, at) => one !== before[at]);
    const target = lineIn(text, launched.document, here);
    const from = line < 0 ? before.length - 1 : line;
    engine.dropLine();
    if (!takeBack(launched, from)) throw errors.needsRestart(from + 1);
    const edit = takeText(launched, text);
    if (edit?.kind === "wrong") throw errors.needsRestart(from + 1);
    this.changedText = undefined;
    this.forgetFuture();
    this.documentChanged();
    engine.runTo(target);
    return `Back to line ${from + 1}, and again to line ${target + 1}.`;
  }

  private documentChanged(): void {
    const placed = this.engine.stops.replace(this.launched.document);
    for (const breakpoint of placed) {
      this.send("breakpoint", { reason: "changed", breakpoint: this.breakpointBody(breakpoint) });
    }
    this.send("loadedSource", { reason: "changed", source: sourceOf(this.launched) });
  }

  /** Says, before something is changed by hand, that lines which had run will run anew. */
  beforeEdit(): void {
    const { engine, launched } = this;
    const last = engine.futureTo;
    this.forgetFuture();
    this.progress.title = workTitles.byHand;
    if (last === undefined) return;
    const first = launched.run.nextLine + 1;
    this.output.say(
      `${first === last ? `Line ${first} had run` : `Lines ${first} to ${last} had run`}. With this change what came of that is gone: from here on they run anew.`,
    );
    this.output.flush();
    engine.forgetFuture();
  }

  /** Looks for something in the past, in slices; a cancel or a pause ends that. @throws AdapterError then */
  lookBack<Result>(steps: Steps<Result>): Promise<Result> {
    this.progress.title = workTitles.searching;
    return this.engine.lookBack(steps);
  }

  /**
   * The place in the history of the run of a line that the session can go to: its last one, its next one of those that were taken back, or
   * what follows on all that has run. @param line from 0 @returns undefined when it has not run
   */
  placeOf(line: number): number | undefined {
    const { run } = this.launched;
    const past = run.lastRunOf(line) ?? this.takenBack.placeOf(line);
    if (past !== undefined) return past;
    if (line === run.nextLine) return run.history.length;
    return line === this.timeline.lineBehind ? this.timeline.count : undefined;
  }

  /**
   * Goes to before the run of a line, or into it.
   * @param at its line, from 0, or its place in the history @param command its place among those of the line, from 0
   * @throws AdapterError when it has not run
   */
  goTo(at: { readonly line: number; readonly place?: number | undefined }, command?: number): void {
    const place = at.place ?? this.placeOf(at.line);
    if (place === undefined || place > this.timeline.count) throw errors.notRun(at.line + 1);
    this.engine.goTo(place, command);
  }

  /** What had run from here on does not come again. */
  private forgetFuture(): void {
    this.takenBack.forget();
    this.timeline.forgetFuture();
  }

  /** The editor shows these bytes. */
  watchMemory(reference: string, offset: number, count: number): void {
    if (this.watchedMemory.size < WATCHED_REFERENCES || this.watchedMemory.has(reference)) {
      this.watchedMemory.set(reference, { offset, count });
    }
  }

  /** The frames of a thread, innermost first. */
  frames(thread: number | undefined): DebugProtocol.StackFrame[] {
    return stackOf(this, thread);
  }

  /** The sections of a frame; of a PE's those that are about it. */
  sections(frame: number | undefined): readonly ScopeNode[] {
    const unit = unitOf(this.launched.run.target, frame);
    if (unit !== undefined) return this.scopes.ofUnit(unit);
    const { otherScopes } = this;
    const other = this.launched.twin?.target.title;
    const others = otherScopes?.sections().map(({ name, ...rest }) => ({ ...rest, name: `${other}: ${name}` })) ?? [];
    return [...frameScopes(this, frame), ...this.scopes.sections(), ...others];
  }

  /** A breakpoint as the protocol describes it. */
  breakpointBody({ id, file, line, verified, message }: PlacedBreakpoint): DebugProtocol.Breakpoint {
    return { id, verified, line: this.positions.line(line), source: sourceOf(this.launched, file), message };
  }

  private stateChanged(): void {
    const { run } = this.launched;
    this.scopes.invalidate();
    this.moments.moved();
    this.otherScopes?.invalidate();
    const line = run.nextLine + 1;
    this.send("gic/stateChanged", {
      line,
      ended: run.ended,
      // Of a line that is gone through from the inside it is not known yet that it has run.
      executed: run.history.length - (this.engine.inside === undefined ? 0 : 1),
    } satisfies StateChangedBody);
    if (!this.memoryEvents) return;
    for (const [memoryReference, { offset, count }] of this.watchedMemory) {
      this.send("memory", { memoryReference, offset, count } satisfies DebugProtocol.MemoryEvent["body"]);
    }
  }
}
