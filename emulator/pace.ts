/** Bound of a stretch that is asked to be longer; more than a minute. */
const MOST_STEPS = 0x3fff_ffff;

/**
 * How far a machine works before it lets others have a turn. Long work (a command queue, a walk through tables) counts its steps here,
 * stops where it can go on later, and leaves what is to be done then. Without a bound, as a machine is made, nothing stops.
 *
 * A step is about a tenth of a microsecond: a simple command, an entry of a table, eight words of memory.
 */
export class Pace {
  /** Steps until the next stop, a small integer, which hot loops count fastest. Without a bound it counts for nothing. */
  private left = 0;
  private bounded = false;
  private rest: (() => void) | undefined;
  private held = 0;
  private readonly listeners: (() => void)[] = [];
  private readonly keepers: (() => () => void)[] = [];

  /** Whether it is time to stop. */
  get due(): boolean {
    return this.isSpent && this.held === 0;
  }

  /** Whether the bound is reached, though it may be in the middle of work that may not stop. */
  get isSpent(): boolean {
    return this.left <= 0 && this.bounded;
  }

  /** Counts work that was done or is about to be. @param steps integer from 0 to 2^30 */
  take(steps: number): void {
    this.left = (this.left - steps) | 0;
  }

  /**
   * From here to {@link unhold} nothing may stop: it is in the middle of other work, which could not go on later.
   * @returns whether nobody held it before: the caller may stop, once it has let go
   */
  hold(): boolean {
    return this.held++ === 0;
  }

  unhold(): void {
    this.held--;
  }

  /** Whether work stopped before its end; nothing else may be asked of the machine until {@link proceed} has brought it there. */
  get unfinished(): boolean {
    return this.rest !== undefined;
  }

  /** Sets the bound of the next stretch. @param steps Infinity: none */
  allow(steps: number): void {
    this.bounded = steps !== Number.POSITIVE_INFINITY;
    this.left = this.bounded ? Math.min(Math.ceil(steps), MOST_STEPS) : 0;
  }

  /** Stops here. @param rest goes on; it may stop again */
  stop(rest: () => void): void {
    this.rest = rest;
  }

  /** What has stopped goes on inside of something else. @param around calls what it is given */
  within(around: (rest: () => void) => void): void {
    const { rest } = this;
    if (rest !== undefined) this.rest = () => around(rest);
  }

  /** Goes on with what had stopped. */
  proceed(): void {
    const { rest } = this;
    this.rest = undefined;
    rest?.();
  }

  /** Does something once all is done that has stopped; at once when nothing has. */
  afterwards(act: () => void): void {
    const { rest } = this;
    if (rest === undefined) {
      act();
      return;
    }
    this.rest = () => {
      rest();
      this.afterwards(act);
    };
  }

  /**
   * Looks at the machine while work has stopped: what the look starts is done at once, and the work goes on afterwards as if there had
   * been no look. What the look changes in banks the caller takes back.
   */
  aside<Value>(look: () => Value): Value {
    if (!this.unfinished) return look();
    const { rest, left, bounded, held } = this;
    const restore = this.keepers.map((keep) => keep());
    this.rest = undefined;
    this.bounded = false;
    this.held = 0;
    try {
      return look();
    } finally {
      this.rest = rest;
      this.left = left;
      this.bounded = bounded;
      this.held = held;
      for (const put of restore) put();
    }
  }

  /** Lets what stopped work has outside of banks be kept over a look. @param keep answers how to put it back */
  onAside(keep: () => () => void): void {
    this.keepers.push(keep);
  }

  /** Calls back when what had stopped is forgotten. */
  onAbandon(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** Forgets what had stopped: the machine has been taken back to before it. */
  abandon(): void {
    this.rest = undefined;
    this.held = 0;
    for (const listener of this.listeners) listener();
  }
}

/** Work that yields wherever it may stop. */
export type Steps<Result> = Generator<void, Result, void>;

/**
 * A long operation that the caller asks for again until it is done, as a kernel restarts a system call: each call goes on where the
 * last one stopped.
 */
export class Restartable<Result> {
  private readonly pace: Pace;
  private readonly restart: Result;
  private steps: Steps<Result> | undefined;

  /** @param restart answer that asks the caller to ask again */
  constructor(pace: Pace, restart: Result) {
    this.pace = pace;
    this.restart = restart;
    pace.onAbandon(() => {
      this.steps = undefined;
    });
  }

  /** @param begin makes the work, when none is under way @returns its result, or `restart` when the pace has stopped it */
  run(begin: () => Steps<Result>): Result {
    this.steps ??= begin();
    for (;;) {
      const next = this.steps.next();
      if (next.done) {
        this.steps = undefined;
        return next.value;
      }
      if (this.pace.due) return this.restart;
    }
  }
}

/** Brings work to its end at once. */
export function finish<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
  }
}
