import type { LineDone, ScriptRun } from "../../runner/index.ts";

/**
 * Lines that have run and were taken back: what comes again when the session goes on, because a machine does the same again. A change by
 * hand, or of the script, drops them.
 */
export class TakenBack {
  private readonly run: ScriptRun;
  /** The next one to run is the last. */
  private readonly stack: LineDone[] = [];

  constructor(run: ScriptRun) {
    this.run = run;
    run.takenBack = (done) => {
      this.drop(done.line + 1);
      this.stack.push(done);
    };
  }

  /** How many there are. */
  get count(): number {
    this.settle();
    return this.stack.length;
  }

  /** @param place from 0, which runs next */
  at(place: number): LineDone | undefined {
    return this.stack[this.stack.length - 1 - place];
  }

  /** Whether a line is one of them. @param line from 0 */
  has(line: number): boolean {
    this.settle();
    return this.stack.some((done) => done.line === line);
  }

  /** Lets go of those that have run again. */
  settle(): void {
    // A line whose inside is shown has run, and is the next one all the same.
    const last = this.run.history.at(-1)?.line;
    if (last !== undefined) this.drop(last + 1);
  }

  /** They will not come again. */
  forget(): void {
    this.stack.length = 0;
  }

  private drop(line: number): void {
    const { stack } = this;
    while (stack.length > 0 && stack[stack.length - 1].line < line) stack.pop();
  }
}
