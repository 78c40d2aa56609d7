import { Worker } from "node:worker_threads";
import type { DumpCheckAnswer, DumpCheckParams } from "./dump-check-protocol.ts";

/** What a thread is told that checks a dump. */
export interface ThreadData {
  readonly params: Partial<DumpCheckParams> | null;
}

/** Most heap of a thread, in MiB: a dump that wants more ends its thread alone. */
const MAX_HEAP_MIB = 2048;

/** Whether a dump's check is still wanted, and who is told that it no longer is. */
export interface Wanted {
  readonly isCancellationRequested: boolean;
  onCancellationRequested(listener: () => void): { dispose(): void };
}

/**
 * Checks a dump in a thread of its own, which is ended when nobody wants the answer any more: the restore into a kernel cannot be
 * interrupted, and takes half a second on tables of 65,536 devices.
 * @param module file that runs `checkInThisThread` of server/dump-check-thread.ts when it is a thread
 * @returns undefined after a cancel. Rejects when the thread fails, or wants more memory than it may have
 */
export function checkInThread(
  module: string,
  params: Partial<DumpCheckParams> | null,
  wanted: Wanted,
): Promise<DumpCheckAnswer | undefined> {
  if (wanted.isCancellationRequested) return Promise.resolve(undefined);
  return new Promise((resolve, reject) => {
    const data: ThreadData = { params };
    const thread = new Worker(module, { workerData: data, resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MIB } });
    const listening = wanted.onCancellationRequested(() => {
      resolve(undefined);
      void thread.terminate();
    });
    thread.once("message", (answer: DumpCheckAnswer) => resolve(answer));
    thread.once("error", reject);
    thread.once("exit", (code) => {
      listening.dispose();
      reject(new Error(`the thread that checks dumps has ended with ${code}`));
    });
  });
}
