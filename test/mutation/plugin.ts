// A test runner for Stryker: its plugins are exported as data, so nothing of it is imported here.
import { type ChildProcess, fork } from "node:child_process";
import path from "node:path";
import type { Answer, Question } from "./messages.ts";

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
/** How often a process loads all files before another takes its place: it keeps what it has loaded. */
const MOST_LOADS = 30;

/** Runs tests in a process of its own, which is started anew when it hangs, dies, or has loaded files often. */
class CollectedTestRunner {
  static inject = ["options"] as const;
  private readonly options: RunnerOptions;
  private worker: ChildProcess | undefined;
  private loads = 0;
  /** Processor time of each test, from the quickest to the slowest. */
  private costs: ReadonlyMap<string, number> = new Map();

  constructor({ gic }: { readonly gic: RunnerOptions }) {
    this.options = gic;
  }

  capabilities(): { readonly reloadEnvironment: boolean } {
    return { reloadEnvironment: true };
  }

  async dryRun({ timeout }: DryRun) {
    const first = await this.ask({ coverage: true, bail: false, reload: true }, timeout);
    // The first run is slow by what it compiles; the second says what the tests take.
    const second = await this.ask({ coverage: false, bail: false, reload: false }, timeout);
    if (first === undefined || second === undefined) return { status: "timeout" };
    const failed = [...first.ran, ...second.ran].find(({ failure }) => failure !== undefined);
    if (failed) return { status: "error", errorMessage: `${failed.id}: ${failed.failure}` };
    const asked = second.ran
      .filter(({ ms }) => ms <= this.options.longestTest)
      .toSorted((one, other) => one.ms - other.ms);
    this.costs = new Map(asked.map(({ id, ms }) => [id, ms]));
    const slow = second.ran.length - asked.length;
    process.stdout.write(`${second.ran.length} tests, ${slow} of them too slow to be asked\n`);
    const tests = asked.map(({ id, file, ms }) => {
      return { id, name: id, fileName: path.resolve(file), timeSpentMs: ms, status: PASSED };
    });
    return { status: "complete", tests, mutantCoverage: coverageOf(first.coverage, this.costs) };
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
    const answer = await this.ask(question, timeout - AHEAD);
    if (answer === undefined) return { status: "timeout", reason: `longer than ${timeout} ms` };
    if (answer.overLimit) return { status: "timeout", reason: "its place was reached too often" };
    const nrOfTests = answer.ran.length;
    const last = answer.ran.at(-1);
    if (last?.failure === undefined) return { status: "survived", nrOfTests };
    return { status: "killed", killedBy: [last.id], failureMessage: last.failure, nrOfTests };
  }

  async dispose(): Promise<void> {
    this.stop();
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

  /** Undefined when there is no answer in time, or the process ends without one; it is gone then. */
  private async ask(question: Omit<Question, "files">, timeout: number): Promise<Answer | undefined> {
    if (question.reload && this.loads++ % MOST_LOADS === 0) this.stop();
    this.worker ??= fork(path.resolve("test/mutation/worker.ts"), {
      execArgv: ["--disable-warning=ExperimentalWarning"],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    const answer = reply(this.worker, timeout);
    this.worker.send({ ...question, files: this.options.tests } satisfies Question);
    const found = await answer;
    if (found === undefined) this.stop();
    return found;
  }

  private stop(): void {
    this.worker?.kill("SIGKILL");
    this.worker = undefined;
  }
}

function reply(worker: ChildProcess, timeout: number): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    const done = (message: unknown): void => {
      clearTimeout(timer);
      worker.removeAllListeners();
      worker.on("error", () => {}); // It may be killed while something is sent to it.
      resolve(message as Answer | undefined);
    };
    const timer = setTimeout(done, timeout, undefined);
    worker.once("message", done);
    worker.once("exit", () => done(undefined));
    worker.once("error", () => done(undefined));
  });
}

/** What tests that are not asked reach is not reached by them. */
function coverageOf(coverage: unknown, asked: ReadonlyMap<string, number>): unknown {
  const { static: loaded, perTest } = coverage as { static: object; perTest: Record<string, object> };
  return { static: loaded, perTest: Object.fromEntries(Object.entries(perTest).filter(([id]) => asked.has(id))) };
}

export const strykerPlugins = [{ kind: "TestRunner", name: "collected", injectableClass: CollectedTestRunner }];
