// Loads test files and runs their tests for one mutant after the other: a process started for each would take longer than most tests.
import { beginFile, type CollectedTest, collected, forget } from "./collected-tests.ts";
import { load, nextGeneration } from "./generations.ts";
import type { ActiveMutant, Answer, Edit, Question, RanTest } from "./messages.ts";

/** What Stryker's instrumented code reads and writes. */
interface Instrumentation {
  activeMutant?: string;
  currentTestId?: string;
  hitCount?: number;
  hitLimit?: number;
  mutantCoverage?: unknown;
}

const state: Instrumentation = {};
(globalThis as Record<string, unknown>).__stryker__ = state;

// A test may leave something behind that fails later: it is the mutant's doing, too.
let stray: unknown;
for (const event of ["uncaughtException", "unhandledRejection"])
  process.on(event, (error) => {
    stray = error;
  });

process.on("message", (question: Question) => {
  void answer(question).then((found) => process.send?.(found));
});
process.on("disconnect", () => process.exit());

async function answer({ files, reload, tests, mutant, edit, coverage, bail }: Question): Promise<Answer> {
  if (mutant?.whileLoading) activate(mutant);
  const ran: RanTest[] = [];
  if (reload || collected.length === 0) {
    const failure = await loadAll(files, edit);
    if (failure !== undefined) ran.push({ id: "loading", file: "", ms: 0, failure });
  }
  if (mutant) activate(mutant);
  const byId = new Map(collected.map((test) => [test.id, test]));
  for (const id of tests ?? byId.keys()) {
    if (bail && ran.at(-1)?.failure !== undefined) break;
    if (coverage) state.currentTestId = id;
    ran.push(await run(id, byId.get(id)));
    state.currentTestId = undefined;
  }
  const overLimit = (state.hitCount ?? 0) > (state.hitLimit ?? Number.POSITIVE_INFINITY);
  activate(undefined);
  return { ran, overLimit, coverage: coverage ? state.mutantCoverage : undefined };
}

async function loadAll(files: readonly string[], edit: Edit | undefined): Promise<string | undefined> {
  nextGeneration(edit);
  forget();
  try {
    for (const file of files) {
      beginFile(file);
      await load(file);
    }
  } catch (error) {
    return textOf(error);
  }
  return undefined;
}

async function run(id: string, test: CollectedTest | undefined): Promise<RanTest> {
  // A mutant of a list can keep the tests of its members from being declared.
  if (test === undefined) return { id, file: "", ms: 0, failure: "the test is not declared any more" };
  const before = process.cpuUsage();
  let failure: string | undefined;
  try {
    for (const step of test.steps) await step();
  } catch (error) {
    failure = textOf(error);
  }
  if (stray !== undefined) failure ??= textOf(stray);
  stray = undefined;
  const { user, system } = process.cpuUsage(before);
  return { id, file: test.file, ms: (user + system) / 1000, failure };
}

function activate(mutant: ActiveMutant | undefined): void {
  state.activeMutant = mutant?.id;
  state.hitLimit = mutant?.hitLimit;
  state.hitCount = mutant?.hitLimit === undefined ? undefined : 0;
}

function textOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
