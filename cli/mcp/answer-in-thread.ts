import { parentPort, workerData } from "node:worker_threads";
import { type Call, carryOut } from "./call.ts";

/** Carries out the call that this thread was started for. */
export function answerInThisThread(): void {
  if (parentPort === null) throw new Error("This is a thread of gicwb mcp.");
  parentPort.postMessage(carryOut(workerData as Call));
}
