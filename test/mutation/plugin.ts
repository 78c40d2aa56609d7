// A test runner for Stryker: its plugins are exported as data, so nothing of it is imported here.
import path from "node:path";
import { WorkerProcess } from "./worker-process.ts";

/** What test/mutation/options.ts says of an area, as Stryker hands it on. */
export interface RunnerOptions {
  readonly tests: readonly string[];
  /** Processor time in milliseconds beyond which a test is not asked. */
  readonly longestTest: number;
  /** Processor time in milliseconds of all tests that are asked about one mutant, from the quickest on. */
  readonly mostTime: number;
}

interface DryRun {
  readonly timeout: number;
}

interface MutantRun extends DryRun {
  readonly testFilter?: readonly string[];
  readonly hitLimit?: number;
  readonly activeMutant: { readonly id: string };
  readonly mutantActivation: "runtime" | "static";
  readonly reloadEnvironment: boolean;
}

/** Milliseconds by which a run ends before Stryker itself would lose patience and start everything anew. */
const AHEAD = 100;
/** Stryker's TestStatus. */
const PASSED = 0;
/** Runs tests in a process of its own. Stryker starts it in the copy that it has made. */
class CollectedTestRunner {
  static inject = ["options"] as const;
  private readonly options: RunnerOptions;
  private readonly worker: WorkerProcess;
  /** Processor time of each test, from the quickest to the slowest. */
  private costs: ReadonlyMap<string, number> = new Map();

  constructor({ gic }: { readonly gic: RunnerOptions }) {
    this.options = gic;
    this.worker = new WorkerProcess(gic.tests);
  }

  capabilities(): { readonly reloadEnvironment: boolean } {
    return { reloadEnvironment: true };
  }

  async dryRun({ timeout }: DryRun) {
    const answer = await this.worker.ask({ coverage: true, bail: false, reload: true }, timeout);
    if (answer === undefined) return { status: "timeout" };
    const failed = answer.ran.find(({ failure }) => failure !== undefined);
    if (failed) return { status: "error", errorMessage: `${failed.id}: ${failed.failure}` };
    const asked = answer.ran
      .filter(({ ms }) => ms <= this.options.longestTest)
      .toSorted((one, other) => one.ms - other.ms);
    this.costs = new Map(asked.map(({ id, ms }) => [id, ms]));
    process.stdout.write(
      `${answer.ran.length} tests, ${answer.ran.length - asked.length} of them too slow to be asked\n`,
    );
    const tests = asked.map(({ id, file, ms }) => {
      return { id, name: id, fileName: path.resolve(file), timeSpentMs: ms, status: PASSED };
    });
    return { status: "complete", tests, mutantCoverage: coverageOf(answer.coverage, this.costs) };
  }

  async mutantRun({ timeout, testFilter, hitLimit, activeMutant, mutantActivation, reloadEnvironment }: MutantRun) {
    const whileLoading = mutantActivation === "static";
    const question = {
      tests: this.affordable(testFilter),
      mutant: { id: activeMutant.id, hitLimit, whileLoading },
      reload: whileLoading || reloadEnvironment,
      coverage: false,
      bail: true,
    };
    const answer = await this.worker.ask(question, timeout - AHEAD);
    if (answer === undefined) return { status: "timeout", reason: `longer than ${timeout} ms` };
    if (answer.overLimit) return { status: "timeout", reason: "its place was reached too often" };
    const nrOfTests = answer.ran.length;
    const last = answer.ran.at(-1);
    if (last?.failure === undefined) return { status: "survived", nrOfTests };
    return { status: "killed", killedBy: [last.id], failureMessage: last.failure, nrOfTests };
  }

  async dispose(): Promise<void> {
    this.worker.stop();
  }

  /** Of the tests that reach a mutant, the quickest, as long as the time lasts. */
  private affordable(filter: readonly string[] | undefined): readonly string[] {
    const wanted = filter && new Set(filter);
    const tests: string[] = [];
    let left = this.options.mostTime;
    for (const [id, ms] of this.costs) {
      if (wanted?.has(id) === false) continue;
      if (left < 0) break;
      left -= ms;
      tests.push(id);
    }
    return tests;
  }
}

/** What tests that are not asked reach is not reached by them. */
function coverageOf(coverage: unknown, asked: ReadonlyMap<string, number>): unknown {
  const { static: loaded, perTest } = coverage as { static: object; perTest: Record<string, object> };
  return { static: loaded, perTest: Object.fromEntries(Object.entries(perTest).filter(([id]) => asked.has(id))) };
}

export const strykerPlugins = [{ kind: "TestRunner", name: "collected", injectableClass: CollectedTestRunner }];
