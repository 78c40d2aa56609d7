/** Where failures are told: the editor's window and the log. */
export interface FailureSink {
  /** Shows a sentence to the user. */
  show(message: string): void;
  /** Writes details for whoever looks into it. */
  log(text: string): void;
}

/** What went wrong inside the server, by the kind of work that failed. Texts of users never cause one; a defect of ours does. */
export const failureCodes = {
  document: "GICS01",
  diagnostics: "GICS02",
  request: "GICS03",
  run: "GICS04",
  protocol: "GICS05",
} as const;

export type FailureCode = (typeof failureCodes)[keyof typeof failureCodes];

/** Keeps the server going when a part of it fails: the first failure of each kind of work is shown, every one is in the log. */
export class Failures {
  private readonly sink: FailureSink;
  private readonly shown = new Set<string>();

  constructor(sink: FailureSink) {
    this.sink = sink;
  }

  /** Does the work; `fallback` when it fails. */
  guard<Result>(code: FailureCode, work: string, action: () => Result, fallback: Result): Result {
    try {
      return action();
    } catch (error) {
      this.report(code, work, error);
      return fallback;
    }
  }

  /** The editor sent what the protocol does not have, and a text is out of step with it: the first time is shown, every one is in the log. */
  outOfStep(uri: string, what: string): void {
    const { protocol } = failureCodes;
    this.sink.log(`${protocol} ${uri}: ${what}`);
    if (this.shown.has(protocol)) return;
    this.shown.add(protocol);
    this.sink.show(
      `${protocol}: ${what} Its text is not known any more and is not checked. Close it and open it again.`,
    );
  }

  report(code: FailureCode, work: string, error: unknown): void {
    this.sink.log(`${code} ${work}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    const key = `${code} ${work}`;
    if (this.shown.has(key)) return;
    this.shown.add(key);
    this.sink.show(
      `${code}: GIC Workbench failed inside while doing ${work}; everything else goes on. Its log (Output: GIC Workbench) has the details for a report.`,
    );
  }
}
