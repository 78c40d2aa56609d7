/**
 * Work that is done in slices: between two steps of the generator a few milliseconds pass at most, whatever the dump holds, so that who
 * drives it can do something else in between or give it up. Pure code has no clock; the driver has.
 */
export type Work<T> = Generator<undefined, T, undefined>;

/** Does all of a work at once. */
export function finish<T>(work: Work<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}
