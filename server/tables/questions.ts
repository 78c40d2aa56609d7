import type { CancellationToken } from "vscode-languageserver";
import type { Work } from "../../dumps/work.ts";
import type { Clock } from "../scripts/publisher.ts";
import type { RefusedAnswer, TablesAnswers } from "../tables-protocol.ts";
import { type FileAccess, InputProblem } from "./read-input.ts";
import { tablesHandlers } from "./requests.ts";

/** A question about whole files, its parameters looked at. */
export interface TablesQuestion {
  readonly name: keyof TablesAnswers;
  readonly params: unknown;
}

type TablesAnswer = TablesAnswers[keyof TablesAnswers];

/**
 * Answers a question. Undefined when it was cancelled.
 * @throws whatever fails inside; what the user can mend is a refusal
 */
export type AnswerTables = (question: TablesQuestion, token: CancellationToken) => Promise<TablesAnswer | undefined>;

/** Time that work holds the server at a stretch, in ms: a keystroke in a script waits no longer. */
const SLICE_MS = 12;

/** Answers between all else that the server does: where there are no threads. A slice may be longer: the restore into a kernel is one. */
export function answerInSlices(clock: Clock, access: FileAccess | undefined): AnswerTables {
  return async ({ name, params }, token) => {
    const work = tablesHandlers[name](params as never, access) as Work<TablesAnswer>;
    try {
      for (;;) {
        if (token.isCancellationRequested) return undefined;
        const end = clock.now() + SLICE_MS;
        do {
          const step = work.next();
          if (step.done) return step.value;
        } while (clock.now() < end);
        await new Promise<void>((resolve) => void clock.turn(resolve));
      }
    } catch (error) {
      const refused = refusalOf(error);
      if (refused === undefined) throw error;
      return refused;
    }
  };
}

/** A problem that the user can mend, as an answer; undefined of any other error. */
export function refusalOf(error: unknown): RefusedAnswer | undefined {
  if (!(error instanceof InputProblem)) return undefined;
  const { message: refusal, undescribed } = error;
  return { refusal, ...(undescribed === undefined ? {} : { undescribed }) };
}
