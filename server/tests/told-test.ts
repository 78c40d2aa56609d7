import type { Diagnostic, ScriptDocument } from "../../language/index.ts";
import { type Caller, isBroken, type TestProblem, type TestResult } from "../../runner/index.ts";
import {
  MAX_TEST_PROBLEMS,
  type PlaceInFile,
  type TestEnded,
  type TestProblem as ToldProblem,
} from "../tests-protocol.ts";

/** What the places of a script are called. */
export interface PlaceNames {
  readonly uri: string;
  readonly document: ScriptDocument;
  /** URI of a file by its identity. */
  uriOf(file: string): string | undefined;
}

/** What became of a test, as an editor is told. */
export function toldTest(result: TestResult, names: PlaceNames): TestEnded {
  const { title, line, outcome, problems, errors, milliseconds, kept, commands } = result;
  const broken = outcome === "failed" && problems.some(({ problem }) => isBroken(problem));
  // What keeps a test from being carried out comes first: the rest may follow from it.
  const ordered = [...problems].sort((a, b) => rank(a.problem) - rank(b.problem));
  return {
    kind: "ended",
    ...(title === undefined ? {} : { line }),
    outcome: broken ? "broken" : outcome,
    milliseconds,
    kept,
    commands,
    problems: ordered.slice(0, MAX_TEST_PROBLEMS).map((problem) => toldProblem(problem, names)),
    // More than a record keeps are counted where they are errors.
    problemCount: Math.max(problems.length, errors),
  };
}

function rank(problem: Diagnostic): number {
  if (problem.severity !== "error") return 2;
  return isBroken(problem) ? 0 : 1;
}

function toldProblem({ line, problem, callers = [] }: TestProblem, names: PlaceNames): ToldProblem {
  const { code, severity, message, start, length, inside } = problem;
  const own = { uri: names.uri, line, start, end: start + length };
  const compared = comparedOf(problem);
  const led = callers.map((caller) => calledFrom(caller, names));
  const told = { code, severity, ...(compared === undefined ? {} : { compared }) };
  if (inside === undefined) return { ...told, message, place: own, callers: led };
  const place = placeInFile(names.uriOf(inside.file), inside.line, inside);
  // A file that cannot be read is told where it is included; nothing has run then.
  const included = led.length > 0 ? led : [{ ...own, text: names.document.lines[line]?.text.trim() ?? "" }];
  if (place.uri === undefined) return { ...told, message, place: own, callers: led };
  return { ...told, message: inside.message, place, callers: included };
}

function calledFrom({ part, line, text }: Caller, { uri, uriOf }: PlaceNames): PlaceInFile & { text: string } {
  const of = part.file === undefined ? uri : uriOf(part.file.identity);
  const start = part.lines[line].text.search(/\S|$/);
  return { uri: of, line, start, end: part.lines[line].text.trimEnd().length, text };
}

function placeInFile(
  uri: string | undefined,
  line: number,
  { start, length }: { readonly start: number; readonly length: number },
): PlaceInFile {
  return { uri, line, start, end: start + length };
}

function comparedOf({ data, inside }: Diagnostic): ToldProblem["compared"] {
  const about = data ?? inside?.data;
  if (about?.kind === "expectation") return { expected: about.expected, found: about.found };
  if (about?.kind !== "models-differ") return undefined;
  const { model, answer, other, otherAnswer } = about;
  return { expected: `${other}: ${otherAnswer}`, found: `${model}: ${answer}` };
}
