import type { DebugProtocol } from "@vscode/debugprotocol";
import type { StatementResult } from "../runner/index.ts";
import { resultText } from "../runner/index.ts";
import { RunConsole } from "./console/run-console.ts";
import { pendingSummary, plural, runSummary } from "./console/summary.ts";
import { Engine, type EngineListener, type Scheduler, type Stop } from "./engine.ts";
import type { Launched } from "./launch.ts";
import { type Positions, sourceOf, statementText } from "./positions.ts";
import type { StateChangedBody } from "./protocol.ts";
import { Scopes } from "./scopes.ts";
import type { PlacedBreakpoint } from "./stops/line-breakpoints.ts";
import type { Stops } from "./stops/stops.ts";
import { VariableStore } from "./variables.ts";
import { Moments } from "./views/moments.ts";

/** Sends an event. */
export type SendEvent = (event: string, body?: object) => void;

export const THREAD_ID = 1;
/** Memory views that are told of changes. */
const WATCHED_REFERENCES = 64;

/** One launched script or saved machine: its run, and what the editor is told of it. */
export class ScriptSession implements EngineListener {
  readonly launched: Launched;
  readonly engine: Engine;
  readonly scopes: Scopes;
  readonly variables = new VariableStore();
  readonly moments: Moments;

  private readonly positions: Positions;
  private readonly send: SendEvent;
  private readonly output: RunConsole;
  private readonly memoryEvents: boolean;
  private summarised = false;
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
    },
  ) {
    const { positions, send, schedule, memoryEvents } = options;
    this.launched = launched;
    this.positions = positions;
    this.send = send;
    this.memoryEvents = memoryEvents;
    this.engine = new Engine(launched.run, stops, this, schedule);
    this.scopes = new Scopes(launched.run);
    this.moments = new Moments(launched.run);
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
      this.output.say(`Saved machine ${saved.name}: ${title}, ${plural(cpus, "PE")}.`);
    }
    // Without debugging the editor sets no breakpoints; problems do not stop it either.
    if (attributes.noDebug === true) this.engine.filters = new Set();
    else this.engine.stopsAtEnd = this.launched.stopAtEnd;
    if ((stopOnEntry || program === undefined) && attributes.noDebug !== true) this.engine.stopAtEntry();
    else this.engine.continue({ fromStart: true });
  }

  ran(line: number, result: StatementResult): void {
    this.output.ran(line, result);
  }

  logged(line: number, text: string): void {
    this.output.note(line, text);
  }

  sliceDone(): void {
    this.output.flush();
  }

  stopped({ reason, description, breakpointIds, exception }: Stop): void {
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
      threadId: THREAD_ID,
      allThreadsStopped: true,
    } satisfies DebugProtocol.StoppedEvent["body"]);
  }

  ended(): void {
    if (this.launched.program !== undefined && !this.summarised) this.output.say(runSummary(this.launched));
    this.output.flush();
    this.stateChanged();
    const failed = this.launched.run.history.some(({ result }) => result.problems.length > 0);
    this.send("exited", { exitCode: failed ? 1 : 0 } satisfies DebugProtocol.ExitedEvent["body"]);
    this.send("terminated");
  }

  /** Says what the script has done and what is pending where. */
  private summarise(): void {
    this.summarised = true;
    this.output.say(runSummary(this.launched));
    this.output.say(pendingSummary(this.launched.run));
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

  /** The editor shows these bytes. */
  watchMemory(reference: string, offset: number, count: number): void {
    if (this.watchedMemory.size < WATCHED_REFERENCES || this.watchedMemory.has(reference)) {
      this.watchedMemory.set(reference, { offset, count });
    }
  }

  /** The frame of the line that is shown. */
  frame(): DebugProtocol.StackFrame {
    const { engine, launched, positions } = this;
    const { document, program, name } = launched;
    if (program === undefined) {
      const first = { line: positions.line(0), column: positions.column(0) };
      return { id: 1, name: `saved machine ${name}`, source: sourceOf(launched), ...first };
    }
    const atEnd = engine.line >= document.lines.length;
    const line = atEnd ? lastStatement(launched) : engine.line;
    const text = statementText(document, line);
    const running = launched.run.inLine ? "in the middle of " : "";
    const state = atEnd ? "end of the script, after " : engine.exception === undefined ? running : "failed: ";
    // Without an end: editors select a frame's whole range at every stop, and the next key would replace the statement.
    const { line: shown, column } = positions.statement(document, line);
    return { id: 1, name: `${state}${text}`, source: sourceOf(launched), line: shown, column };
  }

  /** A breakpoint as the protocol describes it. */
  breakpointBody({ id, line, verified, message }: PlacedBreakpoint): DebugProtocol.Breakpoint {
    return { id, verified, line: this.positions.line(line), source: sourceOf(this.launched), message };
  }

  private stateChanged(): void {
    const { run } = this.launched;
    this.scopes.invalidate();
    this.moments.moved();
    const line = run.nextLine + 1;
    this.send("gic/stateChanged", {
      line,
      ended: run.ended,
      executed: run.history.length,
    } satisfies StateChangedBody);
    if (!this.memoryEvents) return;
    for (const [memoryReference, { offset, count }] of this.watchedMemory) {
      this.send("memory", { memoryReference, offset, count } satisfies DebugProtocol.MemoryEvent["body"]);
    }
  }
}

function lastStatement({ document }: Launched): number {
  return Math.max(
    document.lines.findLastIndex(({ statement }) => statement !== undefined),
    0,
  );
}
