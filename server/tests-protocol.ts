// What an editor and the server say to each other about the tests of scripts. The editor's side imports this file: it has texts, and no
// emulator. Lines and columns are from 0, columns in UTF-16 units, whatever the connection counts in.

/** The request for the tests that scripts have, by their texts. */
export const findTestsRequest = "gic/findTests";

export interface FindTestsParams {
  readonly texts: readonly string[];
}

/** A part of a line; `end` is behind it. */
export interface TestPlace {
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

/** A `test` block. */
export interface FoundTest extends TestPlace {
  readonly title: string;
  readonly endLine: number;
}

/**
 * `tests`: the blocks. `expects`: of a script without one, the first line outside of macros that says what is to come, by which the script is a
 * test. `refusal`: why the text is not read.
 */
export interface FoundTests {
  readonly tests: readonly FoundTest[];
  readonly expects?: TestPlace;
  readonly refusal?: string;
}

/** By the order of the texts. */
export type FindTestsAnswer = readonly FoundTests[];

/** The request to run tests. Meanwhile what becomes of them is sent as `$/progress`, as lists of {@link TestEvent}. */
export const runTestsRequest = "gic/runTests";

export interface RunTestsParams {
  readonly scripts: readonly TestScript[];
  /** The model of every machine, whatever the scripts say; absent: what they say. */
  readonly model?: string;
  /** Count how often lines run. */
  readonly coverage?: boolean;
  /** Token of the progress. */
  readonly partialResultToken: string;
}

export interface TestScript {
  readonly uri: string;
  /** As people know it: printed lines begin with it. */
  readonly name: string;
  readonly text: string;
  /** Title of the only tests that run; absent: all. */
  readonly only?: string;
}

/** `script`: place in the request. */
export type TestEvent = { readonly script: number } & (
  | { readonly kind: "begun" }
  /** A line of text for people: what `print` and `read` show. */
  | { readonly kind: "output"; readonly line: number; readonly text: string }
  | TestEnded
  /** All of the script has run. `includes`: URIs of the files that it includes. `refusal`: why it has not run, or not to its end. */
  | { readonly kind: "done"; readonly includes: readonly string[]; readonly refusal?: string }
);

export interface TestEnded {
  readonly kind: "ended";
  /** The line that opens the block; undefined: the lines outside of all blocks. */
  readonly line?: number;
  /** `broken`: the script cannot be read or carried out as it is written, so nothing is said about what it tests. `empty`: nothing ran. */
  readonly outcome: "passed" | "failed" | "broken" | "empty";
  readonly milliseconds: number;
  /** Expectations that held. */
  readonly kept: number;
  readonly commands: number;
  /** The first of them, at most {@link MAX_TEST_PROBLEMS}. */
  readonly problems: readonly TestProblem[];
  readonly problemCount: number;
}

/** Problems of one test that are sent. */
export const MAX_TEST_PROBLEMS = 20;

export interface TestProblem {
  readonly severity: "error" | "warning" | "information" | "hint";
  readonly code: string;
  readonly message: string;
  readonly place: PlaceInFile;
  /** The one value or outcome that was expected, and what was found. */
  readonly compared?: { readonly expected: string; readonly found: string };
  /** The lines that have led to it, the nearest first: calls of macros, turns of loops, includes. */
  readonly callers: readonly (PlaceInFile & { readonly text: string })[];
}

/** `uri`: undefined where the file cannot be named to an editor. */
export interface PlaceInFile extends TestPlace {
  readonly uri: string | undefined;
}

/** Of the lines of a file that can run: where their statements stand, and how often they have run. Arrays of the same length. */
export interface CoveredFile {
  readonly uri: string;
  readonly lines: readonly number[];
  readonly starts: readonly number[];
  readonly lengths: readonly number[];
  readonly runs: readonly number[];
}

/** `coverage`: of each script and each included file that has run. */
export interface RunTestsAnswer {
  readonly coverage: readonly CoveredFile[];
}
