import { Errno, type Steps } from "../emulator/index.ts";
import type { Target } from "./target.ts";

/** Steps of a stretch: one or two milliseconds. */
const STRETCH_STEPS = 10_000;

/** Carries out long work on a target in stretches, between which it yields. While it yields, and afterwards, the target has no bound. */
export class Stretches {
  private readonly target: Target;

  constructor(target: Target) {
    this.target = target;
  }

  /** Carries out work under the bound of a stretch. */
  *within<Result>(work: () => Steps<Result>): Steps<Result> {
    this.target.work?.allow(STRETCH_STEPS);
    try {
      return yield* work();
    } finally {
      this.target.work?.allow(Number.POSITIVE_INFINITY);
    }
  }

  /** Lets others have a turn. */
  *turn(): Steps<void> {
    const { work } = this.target;
    work?.allow(Number.POSITIVE_INFINITY);
    yield;
    work?.allow(STRETCH_STEPS);
  }

  /** Brings what the target has begun to its end. */
  *settle(): Steps<void> {
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
