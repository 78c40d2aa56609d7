import type { Work } from "../../dumps/work.ts";

/** Time that work may hold the extension host at a stretch, in ms: typing in other extensions' features waits no longer. */
const SLICE_MS = 8;

/** The work was given up: what it was about has changed or is gone. */
export class GivenUp extends Error {}

/** Does work in slices, with a turn of everything else that the extension host does between two. Rejects with {@link GivenUp} after an abort. */
export async function inSlices<T>(work: Work<T>, signal?: AbortSignal): Promise<T> {
  for (;;) {
    if (signal?.aborted) throw new GivenUp();
    const end = performance.now() + SLICE_MS;
    do {
      const step = work.next();
      if (step.done) return step.value;
    } while (performance.now() < end);
    await nextTurn();
  }
}

/** A message to oneself: timers of a browser are 4 ms apart, and Node's `setImmediate` is Node's. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener("message", () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(undefined);
  });
}
