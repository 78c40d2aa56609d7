import type { Mark } from "../../emulator/index.ts";
import type { ScriptRun, Target } from "../../runner/index.ts";

/** What views have seen of one moment of the machine, by what it is. */
interface Moment {
  readonly seen: Map<string, unknown>;
  readonly target: Target;
  /** Where it is in time; undefined where the target does not go back. */
  readonly mark: Mark | undefined;
}

/**
 * The moment at which the session stands, and the stop before it: views show what has changed between. What a view sees of a moment is read
 * once, when it is asked for; a stop costs nothing. What was not looked at at the stop before is read in the past, by the journal, also when
 * a view is opened later; after a step back that moment is in a future that is gone, and what was not looked at is not known.
 */
export class Moments {
  private readonly run: ScriptRun;
  /** Undefined before the first stop. */
  private now: Moment | undefined;
  private last: Moment | undefined;

  constructor(run: ScriptRun) {
    this.run = run;
  }

  /** The machine has moved on, or was changed by hand. */
  moved(): void {
    const next = momentOf(this.run);
    // Told twice of one change, with nobody looking between.
    if (this.now?.seen.size === 0 && this.now.mark === next.mark && this.now.target === next.target) return;
    this.last = this.now;
    this.now = next;
  }

  /** What there is now. @param read reads it; it is read once a moment, and must change nothing */
  present<Seen>(what: string, read: () => Seen): Seen {
    this.now ??= momentOf(this.run);
    return once(this.now, what, read);
  }

  /** What there was at the stop before; undefined when that is not known. */
  before<Seen>(what: string, read: () => Seen): Seen | undefined {
    const { last, run } = this;
    if (last === undefined) return undefined;
    if (last.seen.has(what)) return last.seen.get(what) as Seen;
    const { time } = run.target;
    const isPast = last.target === run.target && last.mark !== undefined && last.mark <= (time?.mark() ?? -1);
    if (time === undefined || !isPast || last.mark === undefined) return undefined;
    let found: Seen | undefined;
    time.lookBack([last.mark], () => {
      found = once(last, what, read);
      return false;
    });
    return found;
  }
}

function momentOf({ target }: ScriptRun): Moment {
  return { seen: new Map(), target, mark: target.time?.mark() };
}

function once<Seen>({ seen }: Moment, what: string, read: () => Seen): Seen {
  if (!seen.has(what)) seen.set(what, read());
  return seen.get(what) as Seen;
}
