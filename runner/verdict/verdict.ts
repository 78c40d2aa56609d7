import { type KernelModelName, models } from "../../architecture/index.ts";
import { naturalOrder } from "../../architecture/natural-order.ts";
import { type CheckedTables, checkTables, Findings, type TableCheck } from "../../dumps/checks/index.ts";
import { finish, type Work } from "../../dumps/work.ts";
import { type ModelVerdict, verdictOf } from "./model-verdict.ts";
import { type Assumption, restoredGuest } from "./restored-guest.ts";
import { WalkWatch } from "./walk-watch.ts";

/** The kernels whose answers are known, the oldest first. */
export const kernelModels: readonly KernelModelName[] = models
  .flatMap((model): KernelModelName[] => (model.family === "kvm" && model.kind === "release" ? [model.name] : []))
  .sort(naturalOrder);

/** What is wrong with the tables of a guest, and what kernels do with them. */
export interface Verdict {
  readonly itss: readonly CheckedTables[];
  readonly check: TableCheck;
  /** Empty where the tables are not in the layout that KVM reads. */
  readonly models: readonly ModelVerdict[];
  readonly assumptions: readonly Assumption[];
}

/** What of a verdict counts first: a kernel refuses the tables, something is or may be lost, something is not known, or all is well. */
export type Worst = "refused" | "lossy" | "unknown" | "well";

/**
 * Checks the tables of a guest and restores them into kernels. Entries that a restore does not read are checked by no other rule than those of
 * the chain that says so: memory of ITTs that are no longer mapped is anybody's.
 * @param asked the kernels
 */
export function judgeTables(itss: readonly CheckedTables[], asked: readonly KernelModelName[]): Verdict {
  return finish(judgeTablesWork(itss, asked));
}

/** As {@link judgeTables}, with a pause behind each kernel. */
export function* judgeTablesWork(itss: readonly CheckedTables[], asked: readonly KernelModelName[]): Work<Verdict> {
  const isKvm = itss.length > 0 && itss.every(({ layout }) => layout.name === "kvm-rev0");
  if (!isKvm) return { itss, check: checkTables(itss), models: [], assumptions: [] };
  const guest = restoredGuest(itss);
  yield;
  let read = itss;
  const verdicts: ModelVerdict[] = [];
  for (const model of asked) {
    const chain = new Findings();
    const watches = itss.map((tables) => new WalkWatch(tables, guest.known, chain));
    const verdict = verdictOf(itss, guest, model, watches, chain);
    if (verdict.answer === "restored" && verdict.doubts.length === 0) read = watches.map((watch) => watch.read);
    verdicts.push(verdict);
    yield;
  }
  return { itss, check: checkTables(read), models: verdicts, assumptions: guest.assumptions };
}
