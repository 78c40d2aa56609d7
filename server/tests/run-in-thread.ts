import { Worker } from "node:worker_threads";
import type { CancellationToken } from "vscode-languageserver";
import type { RunTestsAnswer, TestEvent } from "../tests-protocol.ts";
import { MergedCoverage } from "./merged-coverage.ts";
import type { RunTests, TestListener, TestQuestion } from "./test-runs.ts";
import type { ThreadMessage } from "./tests-thread.ts";

/** Most heap of a thread, in MiB: a script that wants more ends its thread alone. */
const MAX_HEAP_MIB = 2048;

/**
 * Runs tests in a thread, which is ended when they are given up: editing goes on beside them, whatever they do. A script that takes its thread
 * down is told so, and those behind it run in another one.
 * @param module file that runs `testInThisThread` of tests-thread.ts
 */
export function runInThread(module: string, maxHeapMib = MAX_HEAP_MIB): RunTests {
  return async (question, listener, token) => {
    const merged = new MergedCoverage();
    let from = 0;
    while (from < question.scripts.length) {
      const rest = { ...question, scripts: question.scripts.slice(from) };
      const ended = await runRest(module, maxHeapMib, rest, moved(listener, from), token);
      if (ended === undefined) return undefined;
      if (!("script" in ended)) {
        for (const file of ended.coverage) merged.add(file);
        return { coverage: merged.files() };
      }
      const script = from + ended.script;
      listener.events([{ script, kind: "done", includes: [], refusal: ended.refusal }]);
      from = script + 1;
    }
    return { coverage: merged.files() };
  };
}

/** A script that has taken its thread down. */
interface Downed {
  readonly script: number;
  readonly refusal: string;
}

function runRest(
  module: string,
  maxOldGenerationSizeMb: number,
  question: TestQuestion,
  listener: TestListener,
  token: CancellationToken,
): Promise<RunTestsAnswer | Downed | undefined> {
  if (token.isCancellationRequested) return Promise.resolve(undefined);
  return new Promise((resolve, reject) => {
    const thread = new Worker(module, { workerData: question, resourceLimits: { maxOldGenerationSizeMb } });
    let begun = -1;
    let done = -1;
    const listening = token.onCancellationRequested(() => {
      resolve(undefined);
      void thread.terminate();
    });
    thread.on("message", (message: ThreadMessage) => {
      if (token.isCancellationRequested) return;
      if ("answer" in message) resolve(message.answer);
      else if ("failed" in message) listener.failed(message.failed, message.error);
      else {
        for (const { kind, script } of message.events) {
          if (kind === "begun") begun = script;
          else if (kind === "done") done = script;
        }
        listener.events(message.events);
      }
    });
    thread.once("error", (error) => {
      const isMemory = "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
      if (!isMemory || begun <= done) reject(error);
      else resolve({ script: begun, refusal: memorySentence(maxOldGenerationSizeMb) });
    });
    thread.once("exit", (code) => {
      listening.dispose();
      reject(new Error(`the thread has ended with ${code} before it answered`));
    });
  });
}

function memorySentence(mib: number): string {
  return `Running it wants more than ${mib} MiB of memory here. gicwb test, in a terminal, has no such limit.`;
}

/** A listener to a run of which the first scripts are left out. */
function moved({ events, failed }: TestListener, from: number): TestListener {
  return {
    events: (list) => events(list.map((event): TestEvent => ({ ...event, script: event.script + from }))),
    failed,
  };
}
