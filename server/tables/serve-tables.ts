import type { CancellationToken, Connection, RequestHandler } from "vscode-languageserver";
import { ErrorCodes, LSPErrorCodes, ResponseError } from "vscode-languageserver";
import type { Work } from "../../dumps/work.ts";
import { type FailureCode, type Failures, failureCodes } from "../failures.ts";
import type { Clock } from "../scripts/publisher.ts";
import type { TablesAnswers } from "../tables-protocol.ts";
import { type FileAccess, InputProblem } from "./read-input.ts";
import { checkInputs } from "./request-shapes.ts";
import { tablesHandlers } from "./requests.ts";

/** Time that work holds the server at a stretch, in ms: a keystroke in a script waits no longer. */
const SLICE_MS = 12;

/** Answers the requests about whole inputs, in slices between everything else that the server does. */
export function serveTables(
  connection: Connection,
  clock: Clock,
  failures: Failures,
  access: FileAccess | undefined,
): void {
  for (const [name, handler] of Object.entries(tablesHandlers)) {
    const answer: RequestHandler<unknown, unknown, void> = async (params, token) => {
      try {
        checkInputs(name as keyof TablesAnswers, params);
        return await inSlices<TablesAnswers[keyof TablesAnswers]>(handler(params as never, access), clock, token);
      } catch (error) {
        if (error instanceof ResponseError) throw error;
        if (error instanceof InputProblem) {
          const { message: refusal, undescribed } = error;
          return { refusal, ...(undescribed === undefined ? {} : { undescribed }) };
        }
        return failed(failures, failureCodes.request, name, error);
      }
    };
    connection.onRequest(name, answer);
  }
}

function failed(failures: Failures, code: FailureCode, name: string, error: unknown): ResponseError<void> {
  failures.report(code, `the request ${name}`, error);
  return new ResponseError(ErrorCodes.InternalError, "The language server failed inside; its log has the details.");
}

async function inSlices<Result>(work: Work<Result>, clock: Clock, token: CancellationToken): Promise<Result> {
  for (;;) {
    if (token.isCancellationRequested) throw new ResponseError(LSPErrorCodes.RequestCancelled, "given up");
    const end = clock.now() + SLICE_MS;
    do {
      const step = work.next();
      if (step.done) return step.value;
    } while (clock.now() < end);
    await new Promise<void>((resolve) => void clock.turn(resolve));
  }
}
