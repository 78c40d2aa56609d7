import type { LineDiagnostic, ScriptDocument, TextChange } from "../../language/index.ts";
import {
  type MappingLog,
  type RunBounds,
  runErrors,
  type ScriptRun,
  Simulation,
  type StatementResult,
  statementSpan,
} from "../../runner/index.ts";

/** Lines run between two looks at the clock: well below a millisecond, unless one of them takes long. */
const SLICE = 64;

/** Milliseconds of work on one line, after which the lines below it are not run. */
const LINE_LIMIT = 20_000;

/** Findings of the run before that are kept at most: more than are shown, and few enough to move at every keystroke. */
const MOST_STALE = 2000;

/** What running the script has found. */
export interface RunProblems {
  readonly list: readonly LineDiagnostic[];
  /** How many there are in all. While lines have not run again, those of the run before count, if need be by a guess. */
  readonly total: number;
}

/**
 * A script's simulation as an editor needs it: it runs in slices, so that requests are answered in between, and until it has come to
 * the end, what the previous run found below stays known, at the lines where it is now.
 */
export class LiveSimulation {
  private readonly simulation: Simulation;
  private readonly document: ScriptDocument;
  private readonly now: () => number;
  private run: ScriptRun | undefined;
  /** Entries of the run's history whose problems are in `fresh`. */
  private collected = 0;
  private fresh: LineDiagnostic[] = [];
  /** Findings of the run before below the frontier, the first ones. */
  private stale: LineDiagnostic[] = [];
  /** How many findings there were in all when more had to be kept than are; 0 when all are there. */
  private totalBefore = 0;
  private finished = false;
  /** First line that has not run, as the document was then. */
  private frontier = 0;
  /** The line that is in the middle of its run, and milliseconds of work on it. */
  private long: { readonly line: number; spent: number } | undefined;

  /**
   * @param now a clock in milliseconds
   * @param bounds what the machines of a run may take of their host
   */
  constructor(document: ScriptDocument, now: () => number, bounds?: () => RunBounds) {
    this.simulation = new Simulation(document, bounds);
    this.document = document;
    this.now = now;
  }

  /** Forgets the run with all that it holds. */
  dispose(): void {
    this.simulation.drop();
  }

  /** Whether every line has run. */
  get complete(): boolean {
    return this.finished;
  }

  /** The run as far as it has come; undefined before the first line and where the machine cannot be built. */
  get scriptRun(): ScriptRun | undefined {
    return this.run;
  }

  /** Tells of changes that the document has taken already, and of the first line that they touched. */
  changed(changes: readonly TextChange[], firstLine: number): void {
    this.moveToStale(firstLine);
    for (const change of changes) shift(this.stale, change);
    this.simulation.changed(firstLine);
    this.finished = false;
    this.long = undefined;
    this.collect();
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

  /** Runs some lines, or a stretch of one. @param before line that is not run any more */
  private forwards(before: number): void {
    const began = this.now();
    let last = this.simulation.advance();
    for (let count = 1; count < SLICE && typeof last === "object"; count++) {
      if (last.line + 1 >= before || (this.simulation.scriptRun?.nextLine ?? before) >= before) break;
      last = this.simulation.advance();
    }
    const run = this.simulation.scriptRun;
    if (last !== "underway" || run === undefined) this.long = undefined;
    else if (this.long?.line === run.nextLine) this.long.spent += this.now() - began;
    else this.long = { line: run.nextLine, spent: this.now() - began };
    this.collect();
    this.settle(run === undefined || run.ended || this.tooLong);
  }

  /** Whether the run stands in a line that takes too long: what is below is not run. */
  private get tooLong(): boolean {
    return this.long !== undefined && this.long.spent > LINE_LIMIT;
  }

  /** What is known now, at most `limit` of it; the lines that have not run again yet keep what was found before. */
  problems(limit = Number.MAX_SAFE_INTEGER): RunProblems {
    if (this.run === undefined) {
      const list = [...this.simulation.diagnostics()];
      return { list: list.slice(0, limit), total: list.length };
    }
    const beyond = this.tooLong ? this.longProblem() : this.beyond();
    const total = Math.max(this.fresh.length + beyond.length, this.totalBefore);
    return { list: [...this.fresh.slice(0, limit), ...beyond].slice(0, limit), total };
  }

  private longProblem(): LineDiagnostic[] {
    const { line } = this.long ?? { line: 0 };
    const source = this.document.lines[line];
    return source === undefined ? [] : [{ ...runErrors.tooLong(statementSpan(source), LINE_LIMIT / 1000), line }];
  }

  /** What the run of a line did; undefined when it has not run. */
  resultOf(line: number): StatementResult | undefined {
    const history = this.run?.history ?? [];
    let from = 0;
    let to = history.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (history[middle].line < line) from = middle + 1;
      else to = middle;
    }
    return history[from]?.line === line ? history[from].result : undefined;
  }

  /**
   * The machine as it is before a line runs; `line + 1` is the state after it. The run goes back for that, or on, and what it found
   * below stays known: call {@link advance} afterwards, until it is complete again.
   * @param budget milliseconds that may be spent on running up to the line
   * @returns undefined when the line is further away than that, or there is no machine
   */
  stateBefore(line: number, budget: number): ScriptRun | undefined {
    if (this.run === undefined && !this.finished) this.advance(0);
    const end = this.now() + budget;
    const { run } = this;
    if (run === undefined) return undefined;
    if ((run.history.at(-1)?.line ?? -1) >= line || (run.inLine && run.nextLine >= line)) {
      this.moveToStale(line);
      this.finished = false;
      this.long = undefined;
      this.simulation.backTo(line);
      this.collect();
    }
    return this.runUpTo(run, line, end) && (run.history.at(-1)?.line ?? -1) < line ? run : undefined;
  }

  /**
   * Which lines above a line, and it may be below, mapped and unmapped what. The run goes on up to the line for that, but never back.
   * @param budget milliseconds that may be spent on running up to the line
   * @returns undefined when the line is further away than that, there is no machine, or there was too much to keep
   */
  mappingsAbove(line: number, budget: number): MappingLog | undefined {
    const end = this.now() + budget;
    if (this.run === undefined && !this.finished) this.advance(0);
    const { run } = this;
    if (run === undefined || !this.runUpTo(run, line, end)) return undefined;
    return run.mappings?.knows(line) ? run.mappings : undefined;
  }

  /** What is known of the lines that have run. @returns undefined when the line has not */
  mappingsKnown(line: number): MappingLog | undefined {
    const { run } = this;
    return run !== undefined && line <= run.nextLine && run.mappings?.knows(line) ? run.mappings : undefined;
  }

  /** Runs on until a line is next. @returns whether every line above it has run */
  private runUpTo(run: ScriptRun, line: number, end: number): boolean {
    while (run.nextLine < line && !run.ended && this.simulation.scriptRun === run) {
      if (this.tooLong || this.now() >= end) return false;
      this.forwards(line);
    }
    if (this.run !== run) return false;
    if (run.ended) this.settle(true);
    return true;
  }

  /** At the end of the script nothing is left of the run before. */
  private settle(ended: boolean): void {
    this.finished = ended;
    if (!ended) return;
    this.stale = [];
    this.totalBefore = 0;
  }

  /** Keeps what was found from a line on as findings of the previous run. */
  private moveToStale(firstLine: number): void {
    let keep = this.fresh.length;
    while (keep > 0 && this.fresh[keep - 1].line >= firstLine) keep--;
    const beyond = this.beyond();
    const count = this.fresh.length - keep + beyond.length;
    const all = [...this.fresh.slice(keep, keep + MOST_STALE), ...beyond];
    this.totalBefore = count > MOST_STALE || this.totalBefore > 0 ? Math.max(keep + count, this.totalBefore) : 0;
    this.stale = all.slice(0, MOST_STALE);
  }

  /** Findings of the run before on lines that have not run again. */
  private beyond(): LineDiagnostic[] {
    return this.stale.filter(({ line }) => line >= this.frontier);
  }

  /** Takes over the problems of the lines that ran since, after forgetting those of lines that were taken back. */
  private collect(): void {
    const run = this.simulation.scriptRun;
    if (run !== this.run) {
      this.run = run;
      this.collected = 0;
      this.fresh = [];
      this.frontier = 0;
    }
    if (run === undefined) return;
    const { history } = run;
    if (history.length < this.collected) {
      const last = history.at(-1)?.line ?? -1;
      while ((this.fresh.at(-1)?.line ?? -1) > last) this.fresh.pop();
      this.collected = history.length;
    }
    for (; this.collected < history.length; this.collected++) {
      const { line, result } = history[this.collected];
      for (const problem of result.problems) this.fresh.push({ ...problem, line });
    }
    this.frontier = run.nextLine;
  }
}

/** Moves findings below a change with their lines; those inside what was replaced go. */
function shift(list: LineDiagnostic[], { start, end, text }: TextChange): void {
  const delta = (text.match(/\r\n|\n|\r/g)?.length ?? 0) - (end.line - start.line);
  let kept = 0;
  for (const problem of list) {
    if (problem.line >= start.line && problem.line <= end.line) continue;
    list[kept++] = problem.line < start.line || delta === 0 ? problem : { ...problem, line: problem.line + delta };
  }
  list.length = kept;
}
