import type { Findings, StepFailure } from "./findings.ts";

/** How much is printed. */
export interface ReportOptions {
  /** Every failing step with every difference on a line of its own, and the files that passed. */
  verbose: boolean;
}

const LINES_PER_FILE = 5;
const PROBLEMS_PER_LINE = 3;

/** Prints a run: one line a failing step, and `N passed, N failed` at the end. */
export class Report {
  passed = 0;
  failed = 0;
  private readonly write: (line: string) => void;
  private readonly options: ReportOptions;

  constructor(write: (line: string) => void, options: ReportOptions) {
    this.write = write;
    this.options = options;
  }

  /** Files that were replayed or could not be. */
  get ran(): number {
    return this.passed + this.failed;
  }

  /** A file was replayed. */
  file(path: string, findings: Findings): void {
    if (findings.count > 0) {
      this.failed++;
      this.failures(path, findings);
      return;
    }
    this.passed++;
    if (this.options.verbose) this.write(`pass ${path}`);
  }

  /** A file that is no readable recording, or a path that does not exist. */
  unreadable(path: string, sentence: string): void {
    this.failed++;
    this.write(sentence.startsWith(`${path}:`) ? sentence : `${path}: ${sentence}`);
  }

  /** The closing lines. Returns the exit code: 1 when anything failed and when nothing ran. */
  close(): number {
    if (this.ran === 0) {
      this.write("no recordings found: nothing ran");
    }
    this.write(`${this.passed} passed, ${this.failed} failed`);
    return this.failed > 0 || this.ran === 0 ? 1 : 0;
  }

  private failures(path: string, findings: Findings): void {
    const shown = this.options.verbose ? findings.failures : findings.failures.slice(0, LINES_PER_FILE);
    for (const failure of shown) {
      this.failure(path, failure);
    }
    const more = findings.count - shown.length;
    if (more > 0) {
      this.write(`${path}: and ${more} more failing ${more === 1 ? "step" : "steps"}`);
    }
  }

  private failure(path: string, { step, operation, problems }: StepFailure): void {
    const head = `${path}: ${step === undefined ? "" : `step ${step} `}${operation}`;
    if (this.options.verbose && problems.length > 1) {
      this.write(`${head}:`);
      for (const problem of problems) {
        this.write(`    ${problem}`);
      }
      return;
    }
    const more = problems.length - PROBLEMS_PER_LINE;
    const text = problems.slice(0, PROBLEMS_PER_LINE).join("; ");
    this.write(`${head}: ${text}${more > 0 ? `; and ${more} more` : ""}`);
  }
}
