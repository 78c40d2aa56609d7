import { type Diagnostic, type LineStatement, type ScriptDocument, statementSpan } from "../../language/index.ts";
import { runErrors } from "../errors.ts";
import { type LineDone, sourceOfLine } from "../flow/run-history.ts";
import type { ScriptRun } from "../script-run.ts";

/** A `test` block of a script, or a script without one. Lines from 0. */
export interface ScriptTest {
  /** Of a `test` block; undefined: the lines outside of all of them. */
  readonly title: string | undefined;
  /** The line that opens it. */
  readonly line: number;
  readonly endLine: number;
}

/** A problem that counts against a test, with its line from 0. */
export interface TestProblem {
  readonly line: number;
  readonly problem: Diagnostic;
}

/** What became of a test. */
export interface TestResult extends ScriptTest {
  /** `empty`: nothing in it was run, and nothing is wrong with it either. */
  readonly outcome: "passed" | "failed" | "empty";
  readonly problems: readonly TestProblem[];
  /** Of the problems those of severity error. */
  readonly errors: number;
  /** Expectations that held: of `expect` and behind `=>`. */
  readonly kept: number;
  readonly commands: number;
}

/** Problems that are kept of one test; more are counted. */
const MOST_PROBLEMS = 100;

const expectations: ReadonlySet<string> = new Set([runErrors.expectationFailed.code, runErrors.outcomeDiffers.code]);

/** Lines around those that test something: a test that has no others is empty. */
const frames: ReadonlySet<LineStatement["kind"]> = new Set<LineStatement["kind"]>([
  "machine",
  "include",
  "test",
  "end",
]);

/** The tests of a script in the order of their lines; the lines outside of them are the first one. */
export function testsOf(document: ScriptDocument): ScriptTest[] {
  const tests: ScriptTest[] = [{ title: undefined, line: 0, endLine: Math.max(document.lines.length - 1, 0) }];
  for (const { kind, open, close } of document.blocks.list) {
    const { statement, syntax } = document.lines[open];
    if (kind !== "test" || syntax.kind !== "test") continue;
    const written = syntax.title.text.slice(1, -1);
    tests.push({ title: statement?.kind === "test" ? statement.title : written, line: open, endLine: close });
  }
  return tests;
}

/** Counts what becomes of the tests of a script while it runs: a run tells it of each of its lines. */
export class TestRecord {
  private readonly document: ScriptDocument;
  private readonly counts: Count[];
  private readonly byLine = new Map<number, Count>();
  private current: Count;

  constructor(document: ScriptDocument) {
    this.document = document;
    this.counts = testsOf(document).map((test) => ({
      test,
      problems: [],
      errors: 0,
      kept: 0,
      commands: 0,
      ran: false,
    }));
    [this.current] = this.counts;
    for (const count of this.counts.slice(1)) this.byLine.set(count.test.line, count);
    for (const { line, ...problem } of document.diagnostics().list) this.add(this.countAt(line), line, problem);
  }

  /** A line has run, at the end of the history of its run. */
  ran(done: LineDone): void {
    const { line, result } = done;
    const { statement } = sourceOfLine(this.document, done);
    const begins = done.at === undefined ? this.byLine.get(line) : undefined;
    if (begins !== undefined) this.current = begins;
    const count = this.current;
    count.ran ||= statement !== undefined && !frames.has(statement.kind);
    count.commands += result.commandCount;
    for (const problem of result.problems) this.add(count, problem.line ?? line, problem);
    const expects =
      statement?.kind === "expect" ||
      statement?.kind === "same" ||
      (statement !== undefined && "expected" in statement && statement.expected);
    if (expects && !result.problems.some(({ code }) => expectations.has(code))) count.kept++;
    if (statement?.kind === "end" && statement.of === "test") [this.current] = this.counts;
  }

  /** What became of each test so far. The lines outside are the first one; they are no test where there are others and nothing is wrong there. */
  results(): TestResult[] {
    const all = this.counts.map(({ test, problems, errors, kept, commands, ran }): TestResult => {
      const outcome = errors > 0 ? "failed" : ran ? "passed" : "empty";
      return { ...test, outcome, problems, errors, kept, commands };
    });
    return all.length > 1 && all[0].outcome !== "failed" ? all.slice(1) : all;
  }

  private countAt(line: number): Count {
    return (
      this.counts.findLast(({ test }) => test.title !== undefined && test.line <= line && line <= test.endLine) ??
      this.counts[0]
    );
  }

  private add(count: Count, line: number, problem: Diagnostic): void {
    if (problem.severity === "error") count.errors++;
    if (count.problems.length < MOST_PROBLEMS) count.problems.push({ line, problem });
  }
}

interface Count {
  readonly test: ScriptTest;
  readonly problems: TestProblem[];
  errors: number;
  kept: number;
  commands: number;
  ran: boolean;
}

/** Runs a script to its end and says what became of its tests. */
export function runTests(document: ScriptDocument, run: ScriptRun): TestResult[] {
  const record = new TestRecord(document);
  for (let done = run.step(); done !== undefined; done = run.step()) record.ran(done);
  return record.results();
}

/** The machine of a script cannot be built: every test of it fails by that. */
export function failedTests(document: ScriptDocument, problem: Diagnostic): TestResult[] {
  return testsOf(document).map((test) => ({
    ...test,
    outcome: "failed",
    problems: [{ line: test.line, problem: { ...problem, ...statementSpan(document.lines[test.line]) } }],
    errors: 1,
    kept: 0,
    commands: 0,
  }));
}
