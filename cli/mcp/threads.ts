import { Worker } from "node:worker_threads";
import { type Call, type CallResult, failureOf } from "./call.ts";
import { limits } from "./limits.ts";
import { toolErrors } from "./tool-errors.ts";

/** A call that waits for its turn. */
interface Waiting {
  readonly call: Call;
  readonly signal: AbortSignal;
  readonly resolve: (result: CallResult | undefined) => void;
}

/**
 * Carries out calls in threads, a new one each: whatever a call does, it can be ended, its memory is its own, and the next one finds nothing
 * of it. A few run at once, some wait.
 */
export class Threads {
  private readonly module: string;
  private readonly seconds: number;
  private readonly heapMebibytes: number;
  private running = 0;
  private waiting: Waiting[] = [];

  /** @param module file that answers in a thread, see answer-in-thread.ts @param bounds of one call */
  constructor(module: string, bounds: { readonly callSeconds: number; readonly heapMebibytes: number } = limits) {
    this.module = module;
    this.seconds = bounds.callSeconds;
    this.heapMebibytes = bounds.heapMebibytes;
  }

  /** @returns undefined when the call was cancelled */
  run(call: Call, signal: AbortSignal): Promise<CallResult | undefined> {
    if (signal.aborted) return Promise.resolve(undefined);
    if (this.waiting.length >= limits.waiting) return Promise.resolve(failureOf(toolErrors.busy()));
    return new Promise((resolve) => {
      this.waiting.push({ call, signal, resolve });
      signal.addEventListener("abort", () => this.drop(signal), { once: true });
      this.next();
    });
  }

  /** Forgets a call that has not begun. */
  private drop(signal: AbortSignal): void {
    const dropped = this.waiting.filter((waiting) => waiting.signal === signal);
    this.waiting = this.waiting.filter((waiting) => waiting.signal !== signal);
    for (const { resolve } of dropped) resolve(undefined);
  }

  private next(): void {
    if (this.running >= limits.running) return;
    const next = this.waiting.shift();
    if (next === undefined) return;
    this.running++;
    const { call, signal, resolve } = next;
    this.inThread(call, signal).then((result) => {
      this.running--;
      resolve(result);
      this.next();
    });
  }

  private inThread(call: Call, signal: AbortSignal): Promise<CallResult | undefined> {
    return new Promise((settle) => {
      const resourceLimits = { maxOldGenerationSizeMb: this.heapMebibytes };
      // Whatever is written in a thread by mistake must not get into the protocol on standard output.
      const thread = new Worker(this.module, { workerData: call, resourceLimits, stdout: true, stderr: true });
      let result: CallResult | undefined;
      const end = (with_: CallResult | undefined): void => {
        result = with_;
        void thread.terminate();
      };
      const giveUp = (): void => end(undefined);
      const late = setTimeout(() => end(failureOf(toolErrors.slow(this.seconds))), this.seconds * 1000);
      signal.addEventListener("abort", giveUp, { once: true });
      thread.once("message", (answer: CallResult) => {
        result = answer;
      });
      thread.once("error", (error) => {
        const isMemory = "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
        result = failureOf(isMemory ? toolErrors.memory(this.heapMebibytes) : error);
      });
      thread.once("exit", (code) => {
        clearTimeout(late);
        signal.removeEventListener("abort", giveUp);
        const ended = failureOf(new Error(`the thread has ended with ${code} before it answered`));
        settle(signal.aborted ? undefined : (result ?? ended));
      });
    });
  }
}
