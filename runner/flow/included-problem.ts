import { type ScriptLine, type ScriptPart, statementSpan } from "../../language/index.ts";
import type { RunProblem, StatementResult } from "../statement-result.ts";

/** A line of an included file. */
export interface IncludedLine {
  readonly part: ScriptPart;
  /** From 0. */
  readonly line: number;
}

/** The place of a line of an included file: `common.itscmd:12`. */
export function includedText({ part, line }: IncludedLine): string {
  return `${part.file?.path}:${line + 1}`;
}

/**
 * What is wrong in an included file, as the script tells it: at the line that includes the file or calls its macro, with the place in words.
 * @param told that line
 */
export function includedProblem(problem: RunProblem, { part, line: at }: IncludedLine, told: ScriptLine): RunProblem {
  const { code, severity, start, length } = problem;
  const line = problem.line ?? at;
  const { identity, path } = part.file ?? { identity: "", path: "" };
  return {
    code,
    severity,
    ...statementSpan(told),
    // Of very many problems only some are ever shown.
    get message() {
      return `${path}:${line + 1}: ${problem.message}`;
    },
    get inside() {
      return { file: identity, path, line, start, length, message: problem.message, data: problem.data };
    },
  };
}

/** What a line of an included file did, as the script tells it. @param told the line of the script */
export function includedResult(result: StatementResult, at: IncludedLine, told: ScriptLine): StatementResult {
  const { problems, remarks } = result;
  if (problems.length === 0 && remarks === undefined) return result;
  return {
    ...result,
    problems: problems.map((problem) => includedProblem(problem, at, told)),
    ...(remarks === undefined ? {} : { remarks: remarks.map((remark) => includedProblem(remark, at, told)) }),
  };
}
