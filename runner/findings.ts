import type { LineDiagnostic, TextChange } from "../language/index.ts";
import type { ScriptRun } from "./script-run.ts";

/** Findings of the run before that are kept at most: more than are shown, and few enough to move at every keystroke. */
const MOST_STALE = 2000;

/** What running the script has found. */
export interface RunProblems {
  readonly list: readonly LineDiagnostic[];
  /** How many there are in all. While lines have not run again, those of the run before count, if need be by a guess. */
  readonly total: number;
}

/**
 * What a run has found, and, until it has come to the end, what the run before found below, at the lines where it is now. So an edit on
 * line 1 does not make the underlines of line 5,000 flicker.
 */
export class Findings {
  private run: ScriptRun | undefined;
  /** Entries of the run's history whose problems are in `fresh`. */
  private collected = 0;
  private fresh: LineDiagnostic[] = [];
  /** Findings of the run before below the frontier, the first ones. */
  private stale: LineDiagnostic[] = [];
  /** How many findings there were in all when more had to be kept than are; 0 when all are there. */
  private totalBefore = 0;
  /** First line that has not run, as the document was then. */
  private frontier = 0;

  /** What is known now, at most `limit` of it. @param instead what is told of the lines that have not run, in place of the run before */
  problems(limit: number, instead?: readonly LineDiagnostic[]): RunProblems {
    const beyond = instead ?? this.beyond();
    const total = Math.max(this.fresh.length + beyond.length, this.totalBefore);
    return { list: [...this.fresh.slice(0, limit), ...beyond].slice(0, limit), total };
  }

  /** At the end of the script nothing is left of the run before. */
  settle(): void {
    this.stale = [];
    this.totalBefore = 0;
  }

  /** Keeps what was found from a line on as findings of the run before. */
  moveToStale(firstLine: number): void {
    let keep = this.fresh.length;
    while (keep > 0 && this.fresh[keep - 1].line >= firstLine) keep--;
    const beyond = this.beyond();
    const count = this.fresh.length - keep + beyond.length;
    const all = [...this.fresh.slice(keep, keep + MOST_STALE), ...beyond];
    this.totalBefore = count > MOST_STALE || this.totalBefore > 0 ? Math.max(keep + count, this.totalBefore) : 0;
    this.stale = all.slice(0, MOST_STALE);
  }

  /** Moves findings of the run before with their lines. */
  shift(changes: readonly TextChange[]): void {
    for (const change of changes) shift(this.stale, change);
  }

  /** Takes over the problems of the lines that ran since, after forgetting those of lines that were taken back. */
  collect(run: ScriptRun | undefined): void {
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
      for (const remark of result.remarks ?? []) this.fresh.push({ ...remark, line });
    }
    this.frontier = run.nextLine;
  }

  /** Findings of the run before on lines that have not run again. */
  private beyond(): LineDiagnostic[] {
    return this.stale.filter(({ line }) => line >= this.frontier);
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
