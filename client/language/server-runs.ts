import { reasonOf } from "../inert.ts";

/** One life of the server, from its start to its end. */
export interface Run {
  /** Settles when the server answers, and when the run was ended before that. Rejects when it does not start. */
  readonly started: Promise<void>;
  /** Ends it, whatever the server is doing. Settles when nothing of it is left, and never rejects. */
  end(): Promise<void>;
}

/** What is told to the user. */
export interface RunReports {
  /** The server does not start. */
  failed(reason: string): void;
  /** The server has fallen over too often, and is not started again unasked. */
  fellTooOften(): void;
}

/** Ends of the server within {@link FALLS_WINDOW_MS} after which it is not started again unasked. */
export const MOST_FALLS = 3;
const FALLS_WINDOW_MS = 180_000;

/** Keeps one run of the server going: begun anew when it falls over, and at the user's word, whatever state it is in. */
export class ServerRuns<R extends Run> {
  private readonly begin: (fell: () => void) => R;
  private readonly reports: RunReports;
  private readonly now: () => number;
  private run: R | undefined;
  /** Settles when the present run, or the one that is about to begin, has started or failed to. */
  private settled: Promise<void> = Promise.resolve();
  /** Settles when the runs that were ended are gone: two servers at once would publish two sets of problems. */
  private ending: Promise<unknown> = Promise.resolve();
  private falls: number[] = [];
  private disposed = false;

  /**
   * @param begin starts a server; calls back when it has ended and nobody has asked for that
   * @param now a clock in milliseconds
   */
  constructor(begin: (fell: () => void) => R, reports: RunReports, now: () => number) {
    this.begin = begin;
    this.reports = reports;
    this.now = now;
  }

  get current(): R | undefined {
    return this.run;
  }

  /** Starts the server unless there is a run already. Settles when it answers or has failed to start, which is told and does not reject. */
  start(): Promise<void> {
    return this.run === undefined ? this.startWhenEnded() : this.settled;
  }

  /** Ends the server, if there is one, and starts another. Several restarts at once are one. */
  restart(): Promise<void> {
    this.falls = [];
    return this.startWhenEnded();
  }

  /** Ends the server for good. */
  dispose(): Promise<void> {
    this.disposed = true;
    this.settled = Promise.resolve();
    return this.end();
  }

  private startWhenEnded(): Promise<void> {
    const started = this.end().then(() => {
      if (this.disposed) return undefined;
      if (this.run === undefined) this.startRun();
      return this.settled;
    });
    this.settled = started;
    return started;
  }

  private async end(): Promise<void> {
    const run = this.run;
    this.run = undefined;
    if (run !== undefined) this.ending = Promise.all([this.ending, run.end()]);
    let waitedFor: unknown;
    while (waitedFor !== this.ending) {
      waitedFor = this.ending;
      await waitedFor;
    }
  }

  private startRun(): void {
    const run = this.begin(() => this.fell(run));
    this.run = run;
    this.settled = run.started.then(
      () => this.follow(run),
      (error: unknown) => {
        if (this.run === run && !this.hasFallenTooOften) this.reports.failed(reasonOf(error));
        return this.follow(run);
      },
    );
  }

  /** Whoever waits for a run that was replaced waits for the one in its place. */
  private follow(run: R): Promise<void> | undefined {
    return this.run === run ? undefined : this.settled;
  }

  private fell(run: R): void {
    if (this.run !== run) return;
    const now = this.now();
    this.falls = [...this.falls.filter((time) => now - time < FALLS_WINDOW_MS), now];
    if (this.hasFallenTooOften) this.reports.fellTooOften();
    else this.startRun();
  }

  private get hasFallenTooOften(): boolean {
    return this.falls.length >= MOST_FALLS;
  }
}
