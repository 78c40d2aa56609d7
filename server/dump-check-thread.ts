import { parentPort, workerData } from "node:worker_threads";
import { finish } from "../dumps/work.ts";
import type { ThreadData } from "./check-in-thread.ts";
import { dumpCheckWork } from "./dump-check.ts";

/** Does what a thread was started for. @returns false in a process, and in a thread of another kind */
export function checkInThisThread(): boolean {
  const data = workerData as Partial<ThreadData> | null;
  if (parentPort === null || data?.task !== "dump check") return false;
  parentPort.postMessage(finish(dumpCheckWork(data.params)));
  return true;
}
