import type { ScriptRun } from "../../runner/index.ts";

/** What views have seen of one moment of the machine, by what it is. */
interface Moment {
  readonly seen: Map<string, unknown>;
  /** Lines that had run. */
  readonly executed: number;
}

/**
 * The moment at which the session stands, and the stop before it: views show what has changed between. What a view sees of a moment is read
 * once, when it is asked for; a stop costs nothing. What was not looked at at the stop before is read in the past, by the journal, also when
 * a view is opened later; after a step back that moment is in a future that is gone, and what was not looked at is not known.
 */
export class Moments {
  private readonly run: ScriptRun;
  private now: Moment;
  private last: Moment | undefined;

  constructor(run: ScriptRun) {
    this.run = run;
    this.now = momentOf(run);
  }

  /** The machine has moved on, or was changed by hand. */
  moved(): void {
    // Told twice of one change, with nobody looking between.
    if (this.now.seen.size === 0 && this.now.executed === this.run.history.length) return;
    this.last = this.now;
    this.now = momentOf(this.run);
    // Before the first stop nobody has looked.
    if (this.last.executed === 0 && this.last.seen.size === 0) this.last = undefined;
  }

  /** What there is now. @param read reads it; it is read once a moment, and must change nothing */
  present<Seen>(what: string, read: () => Seen): Seen {
    return once(this.now, what, read);
  }

  /** What there was at the stop before; undefined when that is not known. */
  before<Seen>(what: string, read: () => Seen): Seen | undefined {
    const { last, run } = this;
    if (last === undefined) return undefined;
    if (last.seen.has(what)) return last.seen.get(what) as Seen;
    const { history, machineStart, target } = run;
    const reached = last.executed >= machineStart && last.executed < history.length;
    if (target.time === undefined || !reached) return undefined;
    let found: Seen | undefined;
    target.time.lookBack([history[last.executed].mark], () => {
      found = once(last, what, read);
      return false;
    });
    return found;
  }
}

function momentOf(run: ScriptRun): Moment {
  return { seen: new Map(), executed: run.history.length };
}

function once<Seen>({ seen }: Moment, what: string, read: () => Seen): Seen {
  if (!seen.has(what)) seen.set(what, read());
  return seen.get(what) as Seen;
}
