// Runs the cases of one kind; a case that does not end, or takes all the memory, ends this thread and not the command.
import { parentPort, workerData } from "node:worker_threads";
import type { Fault, KindName } from "./kind.ts";
import { kinds } from "./kinds.ts";
import { type Plan, type RunEnd, run } from "./run.ts";

export type WorkerPlan = Omit<Plan, "kind"> & { readonly kind: KindName };
/** What the thread tells: the case that begins, a fault, and in the end how many there were. */
export type WorkerNews = { readonly began: number } | { readonly found: Fault } | { readonly end: RunEnd };

const plan = workerData as WorkerPlan;
const tell = (news: WorkerNews): void => parentPort?.postMessage(news);
tell({
  end: await run(
    { ...plan, kind: kinds[plan.kind] },
    { began: (number) => tell({ began: number }), found: (fault) => tell({ found: fault }) },
  ),
});
