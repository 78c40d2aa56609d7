/** One step of a recording that was answered differently, or that could not be replayed. */
export interface StepFailure {
  /** Index into the recording's steps; undefined = not a step (the set-up or the final state). */
  step: number | undefined;
  /** The operation and what it worked on, for example `get_attr A/gic REDIST_REGS 0x0 (GICR_CTLR[0])`. */
  operation: string;
  /** At least one sentence such as `value: expected 0x6, got 0x0`. */
  problems: readonly string[];
}

const KEPT_FAILURES = 200;
const KEPT_PROBLEMS = 200;

/** The failures of one recording, bounded: all are counted, the first ones are kept. */
export class Findings {
  readonly failures: StepFailure[] = [];
  count = 0;
  private readonly stopAtFirst: boolean;

  constructor(stopAtFirst = false) {
    this.stopAtFirst = stopAtFirst;
  }

  /** True when the replay is to stop here. */
  get enough(): boolean {
    return this.stopAtFirst && this.count > 0;
  }

  add(step: number | undefined, operation: string, problems: readonly string[]): void {
    if (problems.length === 0) {
      return;
    }
    this.count++;
    if (this.failures.length < KEPT_FAILURES) {
      this.failures.push({ step, operation, problems: problems.slice(0, KEPT_PROBLEMS) });
    }
  }
}

/** The way every difference is worded. */
export function difference(what: string, expected: string, got: string): string {
  return `${what}: expected ${expected}, got ${got}`;
}
