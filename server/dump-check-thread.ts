import { parentPort, workerData } from "node:worker_threads";
import { finish } from "../dumps/work.ts";
import type { ThreadData } from "./check-in-thread.ts";
import { dumpCheckWork } from "./dump-check.ts";

/** Does what this thread was started for. @throws Error outside of such a thread */
export function checkInThisThread(): void {
  if (parentPort === null) throw new Error("This is a thread of the language server.");
  parentPort.postMessage(finish(dumpCheckWork((workerData as ThreadData).params)));
}
