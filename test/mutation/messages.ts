// Between Stryker's plugin (plugin.ts) and the process that runs the tests (worker.ts).

/** A mutant to be active during a run. */
export interface ActiveMutant {
  readonly id: string;
  /** How often its place may be reached: an endless loop ends there. */
  readonly hitLimit?: number;
  /** Whether it counts while files are loaded, and not only while tests run. */
  readonly whileLoading: boolean;
}

/** A change of a source without types. */
export interface Edit {
  /** From the project's root. */
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly after: string;
}

/** Runs tests; the worker answers each question with one {@link Answer}. */
export interface Question {
  /** Files that declare tests, from the project's root. */
  readonly files: readonly string[];
  /** Whether to load them anew; they are loaded for the first question in any case. */
  readonly reload: boolean;
  /** Ids in the order to run them; absent: all. */
  readonly tests?: readonly string[];
  readonly mutant?: ActiveMutant;
  /** What is changed in the files that are loaded anew. */
  readonly edit?: Edit;
  /** Whether to note which test reaches which mutant. */
  readonly coverage: boolean;
  /** Whether to stop at the first test that fails. */
  readonly bail: boolean;
}

export interface RanTest {
  readonly id: string;
  /** From the project's root; empty when the test is not there. */
  readonly file: string;
  /** Processor time in milliseconds. */
  readonly ms: number;
  /** Absent: it passed. */
  readonly failure?: string;
}

export interface Answer {
  readonly ran: readonly RanTest[];
  /** Stryker's MutantCoverage. */
  readonly coverage?: unknown;
  /** Whether the mutant's place was reached more often than the limit. */
  readonly overLimit: boolean;
}
