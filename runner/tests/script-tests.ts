import {
  type Diagnostic,
  diagnosticCatalogue,
  type LineStatement,
  type ScriptDocument,
  statementSpan,
} from "../../language/index.ts";
import { runErrors } from "../errors.ts";
import { type Caller, callersOf } from "../flow/callers.ts";
import { type LineDone, sourceOfLine } from "../flow/run-history.ts";

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
  /** Of a line that has run: the lines that have led to it, the nearest first. */
  readonly callers?: readonly Caller[];
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
  /** How long its lines took, by the clock that was given; 0 without one. */
  readonly milliseconds: number;
}

/** Problems that are kept of one test; more are counted. */
const MOST_PROBLEMS = 100;

/** Codes of the problems of an `expect` that does not hold, and of an outcome other than the one behind `=>`. */
export const expectationCodes: ReadonlySet<string> = new Set([
  runErrors.expectationFailed.code,
  runErrors.outcomeDiffers.code,
]);

/** What the machine has no part in: the script cannot be read, its machine not be built, or it is more than is carried out. */
const brokenCodes: ReadonlySet<string> = new Set([
  ...diagnosticCatalogue.map(({ code }) => code),
  runErrors.machineFailed.code,
  runErrors.memoryLimit.code,
  runErrors.noFile.code,
  runErrors.tooLong.code,
]);

/** Whether a problem says that a test cannot be carried out as it is written, and nothing about what it tests. */
export function isBroken({ code, severity }: Diagnostic): boolean {
  return severity === "error" && brokenCodes.has(code);
}

/** Whether a statement says what is to come: an `expect`, or an outcome behind `=>`. */
export function isExpecting(statement: LineStatement | undefined): boolean {
  if (statement === undefined) return false;
  const { kind } = statement;
  return kind === "expect" || kind === "same" || ("expected" in statement && statement.expected !== undefined);
}

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
  private readonly now: () => number;
  private since: number;
  private before: LineDone | undefined;
  private readonly counts: Count[];
  private readonly byLine = new Map<number, Count>();
  private current: Count;

  /** @param now a clock in milliseconds */
  constructor(document: ScriptDocument, now: () => number = () => 0) {
    this.document = document;
    this.now = now;
    this.since = now();
    this.counts = testsOf(document).map((test) => ({
      test,
      problems: [],
      errors: 0,
      kept: 0,
      commands: 0,
      milliseconds: 0,
      ran: false,
    }));
    [this.current] = this.counts;
    for (const count of this.counts.slice(1)) this.byLine.set(count.test.line, count);
    for (const { line, ...problem } of document.diagnostics().list) this.add(this.countAt(line), line, problem);
  }

  /**
   * A line has run, at the end of the history of its run.
   * @param onlyTest as of its run @returns what became of a test that ends with it
   */
  ran(done: LineDone, onlyTest?: string): TestResult | undefined {
    const { line, result } = done;
    const { statement } = sourceOfLine(this.document, done);
    const begins = done.at === undefined ? this.byLine.get(line) : undefined;
    if (begins !== undefined) this.current = begins;
    const count = this.current;
    count.ran ||= statement !== undefined && !frames.has(statement.kind);
    count.commands += result.commandCount;
    const { since, before } = this;
    this.since = this.now();
    this.before = done;
    count.milliseconds += this.since - since;
    if (result.problems.length > 0) {
      const callers = callersOf(this.document, before, onlyTest);
      for (const problem of result.problems) this.add(count, problem.line ?? line, problem, callers);
    }
    if (isExpecting(statement) && !result.problems.some(({ code }) => expectationCodes.has(code))) count.kept++;
    if (statement?.kind !== "end" || statement.of !== "test") return undefined;
    [this.current] = this.counts;
    return resultOf(count);
  }

  /** What became of each test so far. The lines outside are the first one; they are no test where there are others and nothing is wrong there. */
  results(): TestResult[] {
    const all = this.counts.map(resultOf);
    return all.length > 1 && all[0].outcome !== "failed" ? all.slice(1) : all;
  }

  private countAt(line: number): Count {
    return (
      this.counts.findLast(({ test }) => test.title !== undefined && test.line <= line && line <= test.endLine) ??
      this.counts[0]
    );
  }

  private add(count: Count, line: number, problem: Diagnostic, callers: readonly Caller[] = []): void {
    if (problem.severity === "error") count.errors++;
    if (count.problems.length >= MOST_PROBLEMS) return;
    count.problems.push(callers.length === 0 ? { line, problem } : { line, problem, callers });
  }
}

function resultOf({ test, ran, ...counted }: Count): TestResult {
  return { ...test, ...counted, outcome: counted.errors > 0 ? "failed" : ran ? "passed" : "empty" };
}

interface Count {
  readonly test: ScriptTest;
  readonly problems: TestProblem[];
  errors: number;
  kept: number;
  commands: number;
  milliseconds: number;
  ran: boolean;
}

/** The machine of a script cannot be built: every test of it fails by that. */
export function failedTests(document: ScriptDocument, problem: Diagnostic): TestResult[] {
  const { machineLine: line, lines } = document;
  const place = line < lines.length ? statementSpan(lines[line]) : {};
  return testsOf(document).map((test) => ({
    ...test,
    outcome: "failed",
    problems: [{ line, problem: { ...problem, ...place } }],
    errors: 1,
    kept: 0,
    commands: 0,
    milliseconds: 0,
  }));
}
