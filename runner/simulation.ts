import {
  defaultRuleSettings,
  type LineDiagnostic,
  type RuleSettings,
  type ScriptDocument,
  statementSpan,
  type TextChange,
} from "../language/index.ts";
import type { MachineBounds } from "./emulator-target.ts";
import { runErrors } from "./errors.ts";
import { Findings, type RunProblems } from "./findings.ts";
import { MappingLog } from "./mappings/mapping-log.ts";
import { RunRules } from "./rules/run-rules.ts";
import { ScriptRun } from "./script-run.ts";
import { machineProblem, preparing } from "./setup.ts";
import type { StatementResult } from "./statement-result.ts";

/** Lines run between two looks at the clock, at most. */
const MOST_LINES = 64;
/** Milliseconds between two looks at the clock, about. Code that runs for the first time is many times as slow. */
const LOOK_MS = 1;

/** Milliseconds of work on one line, after which the lines below it are not run. */
const LINE_LIMIT = 20_000;

/** What the machines of one run may take of their host. */
export type RunBounds = MachineBounds & { release(): void };

/**
 * Runs a script on the emulator as it is edited, for what only running finds: the same truth in the editor and in the debugger. An edit
 * takes the machine back to the edited line and runs on from there. It runs in slices, so that requests are answered in between, and
 * until it has come to the end, what the run before found below stays known ({@link Findings}).
 */
export class Simulation {
  private readonly document: ScriptDocument;
  private readonly now: () => number;
  private readonly bounds: (() => RunBounds) | undefined;
  private readonly settings: RuleSettings;
  private readonly findings = new Findings();
  private run: ScriptRun | undefined;
  private runBounds: RunBounds | undefined;
  /** The machine description that the run began with, in a form that can be compared. */
  private machine: string | undefined;
  /** Why that machine cannot be built. */
  private failure: string | undefined;
  private finished = false;
  /** Lines that are run before the next look at the clock. */
  private lines = 1;
  /** The line that is in the middle of its run, and milliseconds of work on it. */
  private long: { readonly line: number; spent: number } | undefined;

  /**
   * @param now a clock in milliseconds
   * @param bounds makes what the machines of a run may take of their host, and takes it back when the run is dropped
   * @param settings severities of rules
   */
  constructor(
    document: ScriptDocument,
    now: () => number,
    bounds?: () => RunBounds,
    settings: RuleSettings = defaultRuleSettings,
  ) {
    this.settings = settings;
    this.document = document;
    this.now = now;
    this.bounds = bounds;
  }

  /** Forgets the run with all that it holds. */
  dispose(): void {
    this.drop();
  }

  /** Whether every line has run. */
  get complete(): boolean {
    return this.finished;
  }

  /** The run as far as it has come; undefined before the first line and where the machine cannot be built. */
  get scriptRun(): ScriptRun | undefined {
    return this.run;
  }

  /** Tells of changes that the document has taken already, and of the first line that they touched (`ScriptDocument.update`). */
  changed(changes: readonly TextChange[], firstLine: number): void {
    this.findings.moveToStale(firstLine);
    this.findings.shift(changes);
    if (this.machine !== undefined && describe(this.document) !== this.machine) this.drop();
    if (this.run?.rewindTo(firstLine) === false) this.drop();
    this.finished = false;
    this.long = undefined;
    this.findings.collect(this.run);
  }

  /**
   * Runs on for about `budget` milliseconds.
   * @returns whether every line has run
   */
  advance(budget: number): boolean {
    const end = this.now() + budget;
    while (!this.finished) {
      this.forwards(Number.POSITIVE_INFINITY);
      if (this.now() >= end) break;
    }
    return this.finished;
  }

  /** What is known now, at most `limit` of it; the lines that have not run again yet keep what was found before. */
  problems(limit = Number.MAX_SAFE_INTEGER): RunProblems {
    if (this.run === undefined) {
      const list = this.machineProblems();
      return { list: list.slice(0, limit), total: list.length };
    }
    const found = this.findings.problems(limit, this.tooLong ? this.longProblem() : undefined);
    if (!this.finished || this.tooLong) return found;
    const unused = this.run.rules?.unused(limit) ?? [];
    if (unused.length === 0) return found;
    const list = [...found.list, ...unused.map(({ line, remark }) => ({ ...remark, line }))];
    return { list: list.slice(0, limit), total: found.total + unused.length };
  }

  /** What the run of a line did, in a loop the last one; undefined when it has not run. */
  resultOf(line: number): StatementResult | undefined {
    const place = this.run?.lastRunOf(line);
    return place === undefined ? undefined : this.run?.history[place].result;
  }

  /**
   * The machine as it is before a line runs, in a loop for the first time; `line + 1` is the state after it. The run goes back for that, or on, and what it found
   * below stays known: call {@link advance} afterwards, until it is complete again.
   * @param budget milliseconds that may be spent on running up to the line
   * @returns undefined when the line is further away than that, or there is no machine
   */
  stateBefore(line: number, budget: number): ScriptRun | undefined {
    const end = this.now() + budget;
    const run = this.begun();
    if (run === undefined) return undefined;
    if (isBeyond(run, line)) {
      this.findings.moveToStale(line);
      this.finished = false;
      this.long = undefined;
      if (!run.rewindTo(line)) this.drop();
      this.findings.collect(this.run);
    }
    return this.runUpTo(run, line, end) && run.reach <= line ? run : undefined;
  }

  /**
   * Which lines above a line, and it may be below, mapped and unmapped what. The run goes on up to the line for that, but never back.
   * @param budget milliseconds that may be spent on running up to the line
   * @returns undefined when the line is further away than that, there is no machine, or there was too much to keep
   */
  mappingsAbove(line: number, budget: number): MappingLog | undefined {
    const end = this.now() + budget;
    const run = this.begun();
    if (run === undefined || !this.runUpTo(run, line, end)) return undefined;
    return run.mappings?.knows(line) ? run.mappings : undefined;
  }

  /** What is known of the lines that have run. @returns undefined when a line above `line` has not */
  mappingsKnown(line: number): MappingLog | undefined {
    const { run } = this;
    return run !== undefined && line <= Math.max(run.nextLine, run.reach) && run.mappings?.knows(line)
      ? run.mappings
      : undefined;
  }

  /** The run, which begins if it has not. */
  private begun(): ScriptRun | undefined {
    if (this.run === undefined && !this.finished) this.advance(0);
    return this.run;
  }

  /** Runs on until a line is next. @returns whether every line above it has run */
  private runUpTo(run: ScriptRun, line: number, end: number): boolean {
    while (this.run === run && run.nextLine < line && run.reach <= line && !run.ended) {
      if (this.tooLong || this.now() >= end) return false;
      this.forwards(line);
    }
    if (this.run !== run) return false;
    this.settle(run.ended || this.tooLong);
    return true;
  }

  /** Runs some lines, or a stretch of one. @param before line that is not run any more */
  private forwards(before: number): void {
    const { run } = this;
    if (run === undefined) {
      // A machine is long to make, so that is all for now.
      const begun = this.start();
      this.findings.collect(begun);
      this.settle(begun === undefined || begun.ended);
      return;
    }
    const began = this.now();
    let last = run.advance();
    for (let count = 1; count < this.lines && typeof last === "object"; count++) {
      if (run.reach >= before || run.nextLine >= before) break;
      last = run.advance();
    }
    const spent = this.now() - began;
    this.lines = spent < LOOK_MS ? Math.min(2 * this.lines, MOST_LINES) : Math.max(this.lines >> 1, 1);
    if (last !== "underway") this.long = undefined;
    else if (this.long?.line === run.nextLine) this.long.spent += spent;
    else this.long = { line: run.nextLine, spent };
    this.findings.collect(run);
    this.settle(run.ended || this.tooLong);
  }

  /** Whether the run stands in a line that takes too long: what is below is not run. */
  private get tooLong(): boolean {
    return this.long !== undefined && this.long.spent > LINE_LIMIT;
  }

  private settle(ended: boolean): void {
    this.finished = ended;
    if (ended) this.findings.settle();
  }

  private longProblem(): LineDiagnostic[] {
    const { line } = this.long ?? { line: 0 };
    const source = this.document.lines[line];
    return source === undefined ? [] : [{ ...runErrors.tooLong(statementSpan(source), LINE_LIMIT / 1000), line }];
  }

  private machineProblems(): LineDiagnostic[] {
    if (this.failure === undefined) return [];
    const { lines, machineLine: line } = this.document;
    return [{ ...machineProblem(this.failure, lines[line]), line }];
  }

  private start(): ScriptRun | undefined {
    const bounds = this.bounds?.();
    this.runBounds = bounds;
    const prepare = preparing(bounds);
    const prepared = prepare(this.document.machine);
    this.machine = describe(this.document);
    this.failure = "failure" in prepared ? prepared.failure : undefined;
    this.run =
      "target" in prepared
        ? new ScriptRun(
            this.document,
            prepared.target,
            prepare,
            new MappingLog(),
            new RunRules(this.document, this.settings),
          )
        : undefined;
    return this.run;
  }

  /** Forgets the run; the next one begins anew. */
  private drop(): void {
    this.run = undefined;
    this.runBounds?.release();
    this.runBounds = undefined;
  }
}

/** Whether a run has run a line, or a part of it. */
function isBeyond(run: ScriptRun, line: number): boolean {
  return run.reach > line || (run.inLine && run.nextLine >= line);
}

/** The machine description in a form that can be compared. */
function describe({ machine }: ScriptDocument): string {
  const ram = machine.ram.map(({ base, size }) => [`${base}`, `${size}`]);
  return JSON.stringify({ ...machine, its: machine.its.map(String), ram });
}
