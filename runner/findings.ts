import type { Diagnostic, LineDiagnostic, TextChange } from "../language/index.ts";
import type { ScriptRun } from "./script-run.ts";

/** Findings of the run before that are kept at most: more than are shown, and few enough to move at every keystroke. */
const MOST_STALE = 2000;

/** Findings that are kept of a line, which may run again and again. */
const MOST_OF_LINE = 100;

/** A finding and its line. Its sentence is not made before it is told. */
interface Placed {
  readonly problem: Diagnostic;
  readonly line: number;
}

/** A finding, and when it was found. */
interface Found extends Placed {
  /** Place in the history. */
  readonly place: number;
  /** The furthest line that had run then. */
  readonly reach: number;
}

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
  private fresh: Found[] = [];
  /** How many of a line that runs again and again are in `fresh`. */
  private readonly counts = new Map<number, number>();
  /** How many of `fresh` are not the first of their line. */
  private repeated = 0;
  /** Findings of the run before below the frontier, the first ones. */
  private stale: Placed[] = [];
  /** How many findings there were in all when more had to be kept than are; 0 when all are there. */
  private totalBefore = 0;
  /** First line that has not run, as the document was then. */
  private frontier = 0;

  /** What is known now, at most `limit` of it. @param instead what is told of the lines that have not run, in place of the run before */
  problems(limit: number, instead?: readonly LineDiagnostic[]): RunProblems {
    const beyond = instead?.map((problem) => ({ problem, line: problem.line })) ?? this.beyond();
    const fresh = this.distinct();
    const total = Math.max(fresh.length + beyond.length, this.totalBefore);
    return { list: [...fresh.slice(0, limit), ...beyond].slice(0, limit).map(told), total };
  }

  /** At the end of the script nothing is left of the run before. */
  settle(): void {
    this.stale = [];
    this.totalBefore = 0;
  }

  /** Keeps what was found from a line on as findings of the run before. */
  moveToStale(firstLine: number): void {
    let keep = this.fresh.length;
    while (keep > 0 && this.fresh[keep - 1].reach >= firstLine) keep--;
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
      this.counts.clear();
      this.repeated = 0;
      this.frontier = 0;
    }
    if (run === undefined) return;
    const { history } = run;
    if (history.length < this.collected) {
      while ((this.fresh.at(-1)?.place ?? -1) >= history.length) {
        this.takeBack(this.fresh[this.fresh.length - 1].line);
        this.fresh.pop();
      }
      this.collected = history.length;
    }
    for (; this.collected < history.length; this.collected++) {
      const { line: own, place, result } = history[this.collected];
      for (const problem of result.problems) this.found(problem, problem.line ?? own, place, run);
      for (const remark of result.remarks ?? []) this.found(remark, own, place, run);
    }
    this.frontier = run.ended ? Number.POSITIVE_INFINITY : Math.max(run.nextLine, run.reach);
  }

  private found(problem: Diagnostic, line: number, place: number, run: ScriptRun): void {
    const count = this.counts.get(line) ?? 0;
    if (count >= MOST_OF_LINE) return;
    this.counts.set(line, count + 1);
    if (count > 0) this.repeated++;
    this.fresh.push({ problem, line, place, reach: run.reachAt(place) });
  }

  private takeBack(line: number): void {
    const count = this.counts.get(line) ?? 1;
    if (count > 1) {
      this.repeated--;
      this.counts.set(line, count - 1);
    } else this.counts.delete(line);
  }

  /** What a line has found again and again is told once, with how often. */
  private distinct(): readonly Placed[] {
    if (this.repeated === 0) return this.fresh;
    const list: Placed[] = [];
    const again = new Map<string, { readonly at: number; count: number }>();
    for (const found of this.fresh) {
      const { problem, line } = found;
      if ((this.counts.get(line) ?? 1) < 2) {
        list.push(found);
        continue;
      }
      const key = `${line} ${problem.code} ${problem.start} ${problem.message}`;
      const same = again.get(key);
      if (same === undefined) again.set(key, { at: list.push(found) - 1, count: 1 });
      else same.count++;
    }
    for (const { at, count } of again.values()) {
      if (count < 2) continue;
      const times = count >= MOST_OF_LINE ? `${MOST_OF_LINE} times and more` : `${count} times`;
      const { problem, line } = list[at];
      list[at] = { problem: { ...problem, message: `${problem.message} (${times})` }, line };
    }
    return list;
  }

  /** Findings of the run before on lines that have not run again. */
  private beyond(): Placed[] {
    return this.stale.filter(({ line }) => line >= this.frontier);
  }
}

function told({ problem, line }: Placed): LineDiagnostic {
  return { ...problem, line };
}

/** Moves findings below a change with their lines; those inside what was replaced go. */
function shift(list: Placed[], { start, end, text }: TextChange): void {
  const delta = (text.match(/\r\n|\n|\r/g)?.length ?? 0) - (end.line - start.line);
  let kept = 0;
  for (const found of list) {
    const { problem, line } = found;
    if (line >= start.line && line <= end.line) continue;
    list[kept++] = line < start.line || delta === 0 ? found : { problem, line: line + delta };
  }
  list.length = kept;
}
