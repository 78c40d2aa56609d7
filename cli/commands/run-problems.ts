import { type Diagnostic, type RuleSettings, readRuleSettings, ruleLevels } from "../../language/index.ts";
import { problemText } from "../../runner/index.ts";
import type { CommandContext } from "../command.ts";
import { errors } from "../errors.ts";

/** Problems of one script that are printed one by one. */
const SHOWN_PROBLEMS = 1000;

/** A diagnostic as `--json` has it. Lines and columns are from 1. */
export interface JsonProblem {
  readonly line: number;
  readonly column: number;
  readonly length: number;
  readonly severity: string;
  readonly code: string;
  readonly message: string;
  /** Of a problem in an included file: where it is there. */
  readonly included?: { readonly file: string; readonly line: number; readonly column: number };
}

/** Counts and prints the problems of one script, in order with what goes to standard output; or collects them for JSON. */
export class Problems {
  errors = 0;
  warnings = 0;
  /** What `--json` is told: hints, too, and at most so many as are printed. */
  readonly list: JsonProblem[] = [];
  private readonly file: string;
  private readonly context: CommandContext;
  private readonly show: { readonly hints: boolean; readonly json: boolean };

  constructor(file: string, context: CommandContext, show: Problems["show"]) {
    this.file = file;
    this.context = context;
    this.show = show;
  }

  /** @param line from 0 */
  async add(line: number, problem: Diagnostic): Promise<void> {
    const { severity } = problem;
    if (severity === "error") this.errors++;
    else if (severity === "warning") this.warnings++;
    if (this.show.json) {
      if (this.list.length < SHOWN_PROBLEMS) this.list.push(jsonProblem(line, problem));
      return;
    }
    if (severity === "hint" && !this.show.hints) return;
    const count = ++this.printed;
    if (count > SHOWN_PROBLEMS + 1) return;
    await this.context.out.flush();
    this.context.err.line(
      count <= SHOWN_PROBLEMS
        ? problemText(this.file, line, problem)
        : `${this.file}: further problems are counted, not printed.`,
    );
    await this.context.err.flush();
  }

  private printed = 0;
}

function jsonProblem(line: number, { start, length, severity, code, message, inside }: Diagnostic): JsonProblem {
  const included = inside && { file: inside.path, line: inside.line + 1, column: inside.start + 1 };
  return {
    line: line + 1,
    column: start + 1,
    length,
    severity,
    code,
    message,
    ...(included === undefined ? {} : { included }),
  };
}

/** `L-14=off,L-11=error` as settings of rules. @throws CliError */
export function rulesOption(text: string | undefined, command: string): RuleSettings {
  const given = (text ?? "").split(",").filter((part) => part.trim() !== "");
  const pairs = given.map((part) => part.split("=").map((word) => word.trim()));
  const { settings, problems } = readRuleSettings(Object.fromEntries(pairs.map(([rule, level]) => [rule, level])));
  const [problem] = problems;
  if (problem?.unknown === true) throw errors.usage(`--rules: there is no rule ${problem.rule}.`, command);
  if (problem !== undefined)
    throw errors.usage(
      `--rules: ${problem.rule} is set to one of ${ruleLevels.join(", ")}: ${problem.rule}=off.`,
      command,
    );
  return settings;
}
