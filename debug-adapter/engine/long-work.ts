import type { Steps } from "../../emulator/index.ts";
import { errors } from "../errors.ts";
import { type Scheduler, SLICE_MS } from "./stop.ts";

/**
 * Carries out work in slices.
 * @param isWanted is asked before each piece; when it answers no, the work is taken back
 * @throws AdapterError when it was taken back
 */
export function inSlices<Result>(
  steps: Steps<Result>,
  isWanted: () => boolean,
  schedule: Scheduler,
  now: () => number,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const slice = (): void => {
      try {
        const end = now() + SLICE_MS;
        do {
          if (!isWanted()) {
            steps.return(undefined as never);
            reject(errors.interrupted());
            return;
          }
          const next = steps.next();
          if (next.done) {
            resolve(next.value);
            return;
          }
        } while (now() < end);
        schedule(slice, true);
      } catch (error) {
        reject(error);
      }
    };
    slice();
  });
}
