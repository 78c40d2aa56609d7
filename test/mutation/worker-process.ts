import { type ChildProcess, fork } from "node:child_process";
import path from "node:path";
import type { Answer, Question } from "./messages.ts";

/** How often a process loads all files before another takes its place: it keeps what it has loaded. */
const MOST_LOADS = 30;

/** The process that runs tests. It is started when it is asked, and anew when it hangs, dies, or has loaded files often. */
export class WorkerProcess {
  private readonly files: readonly string[];
  private worker: ChildProcess | undefined;
  private loads = 0;

  /** @param files that declare tests, from the working folder, which is the project's root or a copy of it */
  constructor(files: readonly string[]) {
    this.files = files;
  }

  /** Undefined when there is no answer within `timeout` milliseconds, or the process ends without one; it is gone then. */
  async ask(question: Omit<Question, "files">, timeout: number): Promise<Answer | undefined> {
    if (question.reload && this.loads++ % MOST_LOADS === 0) this.stop();
    this.worker ??= fork(path.resolve("test/mutation/worker.ts"), {
      execArgv: ["--disable-warning=ExperimentalWarning"],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    const answer = reply(this.worker, timeout);
    this.worker.send({ ...question, files: this.files } satisfies Question);
    const found = await answer;
    if (found === undefined) this.stop();
    return found;
  }

  stop(): void {
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
