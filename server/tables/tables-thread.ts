import { parentPort, workerData } from "node:worker_threads";
import { finish } from "../../dumps/work.ts";
import type { RefusedAnswer, TablesAnswers } from "../tables-protocol.ts";
import { fileAccess } from "./file-access.ts";
import { refusalOf, type TablesQuestion } from "./questions.ts";
import { tablesHandlers } from "./requests.ts";

/** Answers the question that this thread was started for. @throws whatever fails inside, which ends the thread */
export function answerInThisThread(): void {
  if (parentPort === null) throw new Error("This is a thread of the language server.");
  const { name, params } = workerData as TablesQuestion;
  parentPort.postMessage(answer(name, params));
}

function answer(name: TablesQuestion["name"], params: unknown): TablesAnswers[keyof TablesAnswers] | RefusedAnswer {
  try {
    return finish(tablesHandlers[name](params as never, fileAccess) as never);
  } catch (error) {
    const refused = refusalOf(error);
    if (refused === undefined) throw error;
    return refused;
  }
}
