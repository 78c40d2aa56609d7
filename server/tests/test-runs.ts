import type { CancellationToken } from "vscode-languageserver";
import type { Clock } from "../scripts/publisher.ts";
import type { RunTestsAnswer, TestEvent } from "../tests-protocol.ts";
import type { ScriptPlaces } from "../workspace/script-places.ts";
import { runScripts, type ScriptsToTest } from "./run-scripts.ts";

/** Who is told of what a run of tests comes to. */
export interface TestListener {
  events(events: readonly TestEvent[]): void;
  /** Something has failed inside; the other scripts are run all the same. */
  failed(work: string, error: unknown): void;
}

/** A text that stands in the editor, by the identity of its file: scripts that include it see it and not the file. */
export interface OpenText {
  readonly file: string;
  readonly text: string;
}

/** What is run, and among which files. */
export interface TestQuestion extends ScriptsToTest {
  /** URIs of the workspace's folders. */
  readonly folders: readonly string[];
  readonly open: readonly OpenText[];
}

/** Runs tests. Undefined when they were given up. @throws whatever fails inside, beside the tests themselves */
export type RunTests = (
  question: TestQuestion,
  listener: TestListener,
  token: CancellationToken,
) => Promise<RunTestsAnswer | undefined>;

/** Time that a run holds the server at a stretch, in ms: a keystroke in a script waits no longer. */
const SLICE_MS = 12;

/** Runs tests between all else that the server does: where there are no threads. @param places what scripts know of files */
export function runInSlices(clock: Clock, places: ScriptPlaces): RunTests {
  return async (question, listener, token) => {
    let events: TestEvent[] = [];
    const flush = () => {
      if (events.length > 0) listener.events(events);
      events = [];
    };
    const { now } = clock;
    const tell = (event: TestEvent) => void events.push(event);
    const work = runScripts(question, { places, now, tell, failed: listener.failed });
    try {
      for (;;) {
        if (token.isCancellationRequested) return undefined;
        const end = now() + SLICE_MS;
        do {
          const step = work.next();
          if (step.done) return step.value;
        } while (now() < end);
        flush();
        await new Promise<void>((resolve) => void clock.turn(resolve));
      }
    } finally {
      work.return({ coverage: [] });
      flush();
    }
  };
}
