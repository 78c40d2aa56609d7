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
      this.drop(done.place + 1);
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

  /** The place in the history where the next run of a line was; undefined: none is among them. @param line from 0 */
  placeOf(line: number): number | undefined {
    this.settle();
    return this.stack.findLast((done) => done.line === line)?.place;
  }

  /** Lets go of those that have run again. */
  settle(): void {
    // A line whose inside is shown has run, and is the next one all the same.
    this.drop(this.run.history.length);
  }

  /** They will not come again. */
  forget(): void {
    this.stack.length = 0;
  }

  /** Drops those before a place of the history. */
  private drop(place: number): void {
    const { stack } = this;
    while (stack.length > 0 && stack[stack.length - 1].place < place) stack.pop();
  }
}
