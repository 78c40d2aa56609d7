import { parentPort, workerData } from "node:worker_threads";
import type { RunTestsAnswer, TestEvent } from "../tests-protocol.ts";
import { nodeFiles } from "../workspace/node-files.ts";
import { ScriptPlaces } from "../workspace/script-places.ts";
import { runScripts } from "./run-scripts.ts";
import type { TestQuestion } from "./test-runs.ts";

/** What the thread tells. */
export type ThreadMessage =
  | { readonly events: readonly TestEvent[] }
  | { readonly failed: string; readonly error: string }
  | { readonly answer: RunTestsAnswer };

/** Events are told together: at the latest after so many of them, or so many milliseconds. */
const MOST_EVENTS = 200;
const MOST_MS = 50;

/** Runs the tests that this thread was started for. @throws whatever fails inside, which ends the thread */
export function testInThisThread(): void {
  if (parentPort === null) throw new Error("This is a thread of the language server.");
  const port = parentPort;
  const post = (message: ThreadMessage) => port.postMessage(message);
  const question = workerData as TestQuestion;
  const texts = new Map(question.open.map(({ file, text }) => [file, text]));
  const places = new ScriptPlaces(
    nodeFiles,
    () => question.folders,
    (file) => texts.get(file),
  );
  const now = () => performance.now();
  let events: TestEvent[] = [];
  let flushed = now();
  const flush = () => {
    if (events.length > 0) post({ events });
    events = [];
    flushed = now();
  };
  const tell = (event: TestEvent) => {
    events.push(event);
    // A script that takes the thread down must be known by then.
    if (event.kind === "begun" || events.length >= MOST_EVENTS || now() - flushed >= MOST_MS) flush();
  };
  const failed = (work: string, error: unknown) =>
    post({ failed: work, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  const work = runScripts(question, { places, now, tell, failed });
  for (;;) {
    const step = work.next();
    if (step.done) {
      flush();
      post({ answer: step.value });
      return;
    }
    if (now() - flushed >= MOST_MS) flush();
  }
}
