import { Worker } from "node:worker_threads";
import type { AnswerTables } from "./questions.ts";

/** Most heap of a thread, in MiB: an input that wants more ends its thread alone, and the server goes on. */
const MAX_HEAP_MIB = 4096;

/**
 * Answers each question in a thread of its own, which is ended when the question is cancelled: the restore into a kernel cannot be interrupted,
 * and takes half a second on tables of 65,536 events or devices.
 * @param module file that runs `answerInThisThread` of tables-thread.ts
 */
export function answerInThread(module: string): AnswerTables {
  return (question, token) => {
    if (token.isCancellationRequested) return Promise.resolve(undefined);
    return new Promise((resolve, reject) => {
      const resourceLimits = { maxOldGenerationSizeMb: MAX_HEAP_MIB };
      const thread = new Worker(module, { workerData: question, resourceLimits });
      const listening = token.onCancellationRequested(() => {
        resolve(undefined);
        void thread.terminate();
      });
      thread.once("message", resolve);
      thread.once("error", reject);
      thread.once("exit", (code) => {
        listening.dispose();
        reject(new Error(`the thread has ended with ${code} before it answered`));
      });
    });
  };
}
