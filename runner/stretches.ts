import { Errno, type Steps } from "../emulator/index.ts";
import type { Target } from "./target.ts";

/** Steps of a stretch: one or two milliseconds. */
const STRETCH_STEPS = 10_000;
/** Steps of the first one: code that runs for the first time is many times as slow. Each further one has twice as many. */
const FIRST_STEPS = 500;

/** What is done at once, as nearly everything is, has a result; what takes longer has steps to it. */
export type MaybeSteps<Result extends object> = Result | Steps<Result>;

export function isSteps<Result extends object>(work: MaybeSteps<Result>): work is Steps<Result> {
  return "next" in work;
}

/** Carries out long work on a target in stretches, between which it yields. While it yields, and afterwards, the target has no bound. */
export class Stretches {
  private readonly target: Target;
  /** Of the present stretch. */
  private steps = FIRST_STEPS;

  constructor(target: Target) {
    this.target = target;
  }

  /** Begins work under the bound of a stretch. */
  begin<Result extends object>(work: () => MaybeSteps<Result>): MaybeSteps<Result> {
    this.steps = FIRST_STEPS;
    this.target.work?.allow(this.steps);
    let done: MaybeSteps<Result> | undefined;
    try {
      done = work();
    } finally {
      if (done === undefined || !isSteps(done)) this.end();
    }
    return isSteps(done) ? this.within(done) : done;
  }

  private *within<Result>(steps: Steps<Result>): Steps<Result> {
    this.target.work?.allow(this.steps);
    try {
      return yield* steps;
    } finally {
      this.end();
    }
  }

  private end(): void {
    this.target.work?.allow(Number.POSITIVE_INFINITY);
  }

  /** The result of work once all that it has begun is done. */
  after<Result extends object>(result: () => Result): MaybeSteps<Result> {
    return this.target.work?.unfinished === true ? this.settled(result) : result();
  }

  private *settled<Result>(result: () => Result): Steps<Result> {
    yield* this.settle();
    return result();
  }

  /** Lets others have a turn. */
  *turn(): Steps<void> {
    const { work } = this.target;
    work?.allow(Number.POSITIVE_INFINITY);
    yield;
    this.steps = Math.min(2 * this.steps, STRETCH_STEPS);
    work?.allow(this.steps);
  }

  /** Brings what the target has begun to its end. */
  private *settle(): Steps<void> {
    const { work } = this.target;
    while (work?.unfinished === true) {
      yield* this.turn();
      work.proceed();
    }
  }

  /** Makes a call of the host's kernel, again for as long as it asks for that. */
  *call<Result extends { readonly errno: number } | undefined>(make: () => Result): Steps<Result> {
    for (;;) {
      const result = make();
      yield* this.settle();
      if (result?.errno !== Errno.ERESTART) return result;
      yield* this.turn();
    }
  }
}
