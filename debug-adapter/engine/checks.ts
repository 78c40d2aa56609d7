import type { Operation } from "../../language/index.ts";
import { includedText, type LineDone, type LinePlace, type ScriptRun } from "../../runner/index.ts";
import type { WriteWatch } from "../stops/exceptions.ts";
import { adapterProblems } from "../stops/problems.ts";
import { LineReads } from "../stops/reads.ts";
import type { Stops } from "../stops/stops.ts";
import type { Lockstep } from "./lockstep.ts";
import type { Stop } from "./stop.ts";

/** Which questions there are about every line. Problems are asked about where a line has some. */
export interface Wanted {
  /** Before a line: {@link Checks.before}, {@link Checks.difference}. */
  readonly before: boolean;
  /** As it begins: {@link Checks.begin}. */
  readonly begin: boolean;
  /** Behind it: all that {@link Checks} asks of a line that has run. */
  readonly behind: boolean;
  /** Behind it, where nothing else is asked: its breakpoints. Most lines have none. */
  readonly linesBehind: boolean;
}

/** Asks all that a run may be stopped at, before a line and behind it. Each question answers the stop, if there is one. */
export class Checks {
  private readonly run: ScriptRun;
  private readonly stops: Stops;
  private readonly log: (line: number, text: string) => void;
  /** The register that the line under way writes. */
  private written: WriteWatch | undefined;
  /** What the line under way does, where it matters what it reads. */
  private operations: Operation[] = [];

  /** The other model of a comparison. */
  readonly lockstep: Lockstep | undefined;

  /** @param log is told of log points, of what has changed, and of conditions that cannot be computed */
  constructor(run: ScriptRun, stops: Stops, log: (line: number, text: string) => void, lockstep: Lockstep | undefined) {
    this.lockstep = lockstep;
    this.run = run;
    this.stops = stops;
    this.log = log;
  }

  /** What there is to ask at present. No request comes in during a slice of a run, so that a slice asks this once. */
  get wanted(): Wanted {
    const { lines, commands, data, exceptions } = this.stops;
    const { looksBefore } = exceptions;
    return {
      before: !lines.isEmpty || !commands.isEmpty || looksBefore,
      begin: data.watchesReads || looksBefore,
      behind: !data.isEmpty || looksBefore || this.lockstep !== undefined,
      linesBehind: !lines.isEmpty,
    };
  }

  /** The breakpoints of the next line. */
  before(): Stop | undefined {
    const { run } = this;
    const { lines, commands } = this.stops;
    if (!this.stops.mayStop({ line: run.nextLine, at: run.nextIncluded })) return undefined;
    const onLine = lines.hit(run);
    const onCommand = commands.hit(run);
    for (const message of [...onLine.messages, ...onCommand.messages]) this.log(run.nextLine, message);
    const breakpointIds = [...onLine.ids, ...onCommand.ids];
    if (breakpointIds.length === 0) return undefined;
    return { reason: onLine.ids.length > 0 ? "breakpoint" : "function breakpoint", breakpointIds };
  }

  /** A command of the next line with which another model does something else. */
  difference(): Stop | undefined {
    const { exceptions } = this.stops;
    const exception = exceptions.looksBefore ? exceptions.differenceOf(this.run) : undefined;
    return exception && { reason: "exception", exception };
  }

  /** The next line begins: notes what has to be known of it when it is done. */
  begin(): void {
    this.operations = [];
    this.run.onOperation = this.stops.data.watchesReads
      ? (operation): void => void this.operations.push(operation)
      : undefined;
    this.written = this.stops.exceptions.looksBefore ? this.stops.exceptions.watchWrite(this.run) : undefined;
  }

  /** All that a line which has run may be stopped at. A step asks for its problem, and for the other model, alone. */
  after(done: LineDone): Stop | undefined {
    return this.problem(done) ?? this.twin(done) ?? this.read(done) ?? this.change("forwards") ?? this.behind(done);
  }

  /** The problem of a line that has just run. */
  problem(done: LineDone): Stop | undefined {
    const exception = this.stops.exceptions.problemOf(this.run, done, this.written);
    this.written = undefined;
    return exception && { reason: "exception", exception };
  }

  /** In what the other model of a comparison differs behind a line that has just run. */
  twin(done: LineDone): Stop | undefined {
    const found = this.lockstep?.difference(this.run, done);
    if (found === undefined || this.lockstep === undefined) return undefined;
    const { line } = done;
    const { target: other } = this.lockstep.twin;
    const problem = adapterProblems.machinesDiffer(
      { start: 0, length: 1 },
      found.what,
      `${this.run.target.name}: ${found.own}`,
      `${other.name}: ${found.other}`,
    );
    const others = [{ model: other.name, text: `${found.what}: ${found.other}` }];
    const exception = {
      kind: "model-differences" as const,
      line,
      problem,
      done,
      comparison: { own: found.own, others },
    };
    return { reason: "exception", description: "Models differ", exception };
  }

  /** What a line that has just run read of what is watched. */
  read(done: LineDone): Stop | undefined {
    const { data } = this.stops;
    if (!data.watchesReads) return undefined;
    const { ids, messages } = data.read(this.run, new LineReads(this.run, done, this.operations));
    for (const message of messages) this.log(done.line, message);
    return ids.length === 0
      ? undefined
      : { reason: "data breakpoint", breakpointIds: ids, description: messages.join("; ") };
  }

  /** What the last line read of what is watched, on the way back: runs it again to see that, and takes it back. */
  readBackwards(): Stop | undefined {
    const { run } = this;
    if (!this.stops.data.watchesReads || run.history.length === 0 || !run.stepBack()) return undefined;
    this.begin();
    const done = run.step();
    return done && this.read(done);
  }

  /** A watched value that the line which has just run, or was just taken back, changed. */
  change(direction: "forwards" | "backwards"): Stop | undefined {
    const { ids, messages } = this.stops.data.changed(this.run, direction);
    if (ids.length === 0) return undefined;
    const last = this.run.history.at(-1)?.line;
    const line = direction === "forwards" && last !== undefined ? last : this.run.nextLine;
    for (const message of messages) this.log(line, message);
    return { reason: "data breakpoint", breakpointIds: ids, description: messages.join("; ") };
  }

  /** The breakpoints that are asked behind a line that has run. */
  behind(place: LinePlace): Stop | undefined {
    const { lines } = this.stops;
    if (!lines.mayStop(place)) return undefined;
    const { line, at } = place;
    const { ids, messages } = lines.hitAfter(this.run, place);
    for (const message of messages) this.log(line, message);
    return ids.length === 0
      ? undefined
      : {
          reason: "breakpoint",
          description: `After ${at === undefined ? `line ${line + 1}` : includedText(at)}`,
          breakpointIds: ids,
        };
  }
}
