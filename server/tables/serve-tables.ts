import type { Connection, RequestHandler } from "vscode-languageserver";
import { ErrorCodes, LSPErrorCodes, ResponseError } from "vscode-languageserver";
import { type Failures, failureCodes } from "../failures.ts";
import type { TablesAnswers } from "../tables-protocol.ts";
import { type AnswerTables, refusalOf } from "./questions.ts";
import { checkInputs } from "./request-shapes.ts";
import { tablesHandlers } from "./requests.ts";

/** Answers the requests about whole inputs. */
export function serveTables(connection: Connection, failures: Failures, answerTables: AnswerTables): void {
  for (const name of Object.keys(tablesHandlers) as (keyof TablesAnswers)[]) {
    const answer: RequestHandler<unknown, unknown, void> = async (params, token) => {
      try {
        checkInputs(name, params);
        const found = await answerTables({ name, params }, token);
        return found ?? new ResponseError(LSPErrorCodes.RequestCancelled, "given up");
      } catch (error) {
        const refused = refusalOf(error);
        if (refused !== undefined) return refused;
        failures.report(failureCodes.request, `the request ${name}`, error);
        return new ResponseError(ErrorCodes.InternalError, failedInside(error));
      }
    };
    connection.onRequest(name, answer);
  }
}

function failedInside(error: unknown): string {
  const isMemory = error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
  return isMemory
    ? "The input wants more memory than an answer may have. gicwb, in a terminal, has no such limit."
    : "The language server failed inside; its log has the details.";
}
