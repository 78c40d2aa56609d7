import { globSync, readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import type { Area } from "./areas.ts";
import { type ChangedNumber, changedNumbers } from "./numbers.ts";
import { WorkerProcess } from "./worker-process.ts";

/** Milliseconds for all tests; they take a tenth of it on a busy machine. */
const TIMEOUT = 30_000;

/** How tests stood numbers that are one more than they should be. */
export interface NumberScore {
  readonly all: number;
  readonly survived: readonly ChangedNumber[];
}

/**
 * Runs an area's tests once for each number of its files, which is one more then. The working folder is the project's root.
 * @param oneOf takes every number, or every fourth, …
 */
export async function runNumbers({ mutate, tests }: Area, oneOf: number): Promise<NumberScore> {
  const files = globSync([...mutate]).sort();
  const all = files.flatMap((file) => changedNumbers(file, stripTypeScriptTypes(readFileSync(file, "utf8"))));
  const taken = all.filter((_, place) => place % oneOf === 0);
  const worker = new WorkerProcess(globSync([...tests]).sort());
  try {
    const sound = await worker.ask({ coverage: false, bail: true, reload: true }, TIMEOUT);
    const failed = sound?.ran.find(({ failure }) => failure !== undefined);
    if (sound === undefined || failed) throw new Error(`tests fail as it is: ${failed?.id}: ${failed?.failure}`);
    const survived: ChangedNumber[] = [];
    for (const edit of taken) {
      const answer = await worker.ask({ edit, coverage: false, bail: true, reload: true }, TIMEOUT);
      if (answer?.ran.every(({ failure }) => failure === undefined)) survived.push(edit);
    }
    return { all: taken.length, survived };
  } finally {
    worker.stop();
  }
}
