import type { Work } from "../dumps/work.ts";
import type { CheckDump } from "./connection.ts";
import { dumpCheckWork } from "./dump-check.ts";
import type { Clock } from "./scripts/publisher.ts";

/** Work in one go before requests are answered in between, in milliseconds. */
const SLICE = 12;

/**
 * Does work between the requests that come in meanwhile.
 * @returns undefined when it is not wanted any more. Rejects with what the work throws
 */
export function inTurns<T>(work: Work<T>, clock: Clock, isWanted: () => boolean): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const slice = (): void => {
      try {
        const end = clock.now() + SLICE;
        do {
          const step = isWanted() ? work.next() : { done: true as const, value: undefined };
          if (step.done) {
            resolve(step.value);
            return;
          }
        } while (clock.now() < end);
        clock.turn(slice);
      } catch (error) {
        reject(error);
      }
    };
    clock.turn(slice);
  });
}

/** Checks dumps between other requests. */
export function checkInTurns(clock: Clock): CheckDump {
  return (params, wanted) => inTurns(dumpCheckWork(params), clock, () => !wanted.isCancellationRequested);
}
