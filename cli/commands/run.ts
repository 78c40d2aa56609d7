import { modelWords, resolveModel } from "../../architecture/index.ts";
import type { SavedState } from "../../emulator/index.ts";
import { type Constants, constantOf, type Diagnostic, type MachineDescription } from "../../language/index.ts";
import {
  EmulatorTarget,
  includedText,
  lineReport,
  machineProblem,
  type Prepared,
  prepareTarget,
  problemText,
  ScriptRun,
  scriptBounds,
  toldLine,
} from "../../runner/index.ts";
import { restoredMachine } from "../../runner/saved-machines/index.ts";
import { type CommandContext, defineCommand } from "../command.ts";
import { CliError, errors } from "../errors.ts";
import { readScript } from "../files.ts";
import { readState } from "../machine-input.ts";

/** Problems of one script that are printed one by one. */
const SHOWN_PROBLEMS = 1000;

type Detail = "quiet" | "normal" | "verbose";

/** `gicwb run`: scripts on the emulator, as the debugger runs them. */
export const run = defineCommand({
  name: "run",
  summary: "run ITS command scripts on the emulator and print what fails",
  args: ["FILE"],
  repeated: true,
  options: {
    model: {
      type: "choice",
      value: "MODEL",
      choices: modelWords(),
      summary: `run on this model, whatever the script says: ${modelWords().join(", ")}`,
    },
    state: {
      type: "text",
      value: "STATE",
      summary: "begin on this saved machine instead of the one that the script's first machine block describes",
    },
    let: {
      type: "text",
      value: "NAME=VALUE,…",
      summary: "values that take the place of those that let lines of the scripts give",
    },
    quiet: { type: "flag", summary: "print problems only" },
    verbose: { type: "flag", summary: "print what every command did" },
  },
  details: [
    "FILE is a script (- reads standard input). A problem is printed as FILE:LINE:COLUMN: SEVERITY CODE: MESSAGE.",
    "The exit code is 1 when a script has an error, a command fails that was not expected to, or an expectation does not hold.",
  ],
  async run(files, { model, state, let: given, quiet, verbose }, context) {
    if (quiet && verbose) throw errors.usage("--quiet and --verbose exclude each other.", "run");
    if (state !== undefined && model !== undefined) {
      throw errors.usage("--state and --model exclude each other: the saved machine has its model.", "run");
    }
    const saved = state === undefined ? undefined : { file: state, state: await readState(state, context) };
    const detail: Detail = quiet ? "quiet" : verbose ? "verbose" : "normal";
    const constants = constantsOf(given);
    let failed = false;
    for (const file of files) {
      try {
        if (
          !(await runFile(
            file,
            { model: model === undefined ? undefined : resolveModel(model), saved, constants },
            detail,
            context,
          ))
        )
          failed = true;
      } catch (error) {
        if (!(error instanceof CliError) || files.length === 1) throw error;
        // A file that cannot be read does not keep the others from running.
        failed = true;
        await context.out.flush();
        context.err.line(`gicwb: ${error.message} [${error.code}]`);
      }
    }
    return failed ? 1 : 0;
  },
});

/** Counts and prints the problems of one script, in order with what goes to standard output. */
class Problems {
  errors = 0;
  warnings = 0;
  private readonly file: string;
  private readonly context: CommandContext;

  constructor(file: string, context: CommandContext) {
    this.file = file;
    this.context = context;
  }

  /** @param line from 0 */
  async add(line: number, problem: Diagnostic): Promise<void> {
    if (problem.severity === "error") this.errors++;
    else if (problem.severity === "warning") this.warnings++;
    const count = this.errors + this.warnings;
    if (count > SHOWN_PROBLEMS + 1) return;
    await this.context.out.flush();
    this.context.err.line(
      count <= SHOWN_PROBLEMS
        ? problemText(this.file, line, problem)
        : `${this.file}: further problems are counted, not printed.`,
    );
    await this.context.err.flush();
  }
}

/** What is given for the machine that a script describes. */
interface GivenMachine {
  readonly model: MachineDescription["model"] | undefined;
  /** Of each script the first machine: each gets a new one. */
  readonly saved: { readonly file: string; readonly state: SavedState } | undefined;
  readonly constants: Constants;
}

/** `NAME=VALUE,…` as constants. @throws CliError */
function constantsOf(text: string | undefined): Constants {
  const found = new Map<string, bigint>();
  for (const part of text?.split(",") ?? []) {
    const [, name, written] = /^\s*([A-Za-z_]\w*)\s*=(.+)$/.exec(part) ?? [];
    if (name === undefined)
      throw errors.usage(`--let takes NAME=VALUE, several of them with commas, not "${part}".`, "run");
    const value = constantOf(written);
    if (typeof value !== "bigint") throw errors.usage(`--let ${name}: ${value.message}`, "run");
    found.set(name, value);
  }
  return found;
}

/** The machine that a script begins on. @throws CliError for a saved one that cannot be restored */
function firstMachine({ saved }: GivenMachine, described: () => Prepared): Prepared {
  if (saved === undefined) return described();
  const restored = restoredMachine(saved.state);
  if ("failure" in restored) throw errors.state(saved.file, restored.failure);
  return { target: new EmulatorTarget(restored.machine) };
}

/** @returns whether the script ran without an error */
async function runFile(file: string, given: GivenMachine, detail: Detail, context: CommandContext): Promise<boolean> {
  const { out } = context;
  const document = await readScript(file, context.stdin, given.constants);
  if (document.refusal !== undefined) throw errors.script(file, document.refusal.message);
  const [strange] = document.strangeConstants();
  if (strange !== undefined)
    throw errors.usage(`${file} has no line "let ${strange} = …" for --let ${strange}.`, "run");
  const { lines } = document;
  const problems = new Problems(file, context);
  const broken = document.diagnostics().list;
  if (broken.length === 0 && !lines.some(({ statement }) => statement !== undefined)) throw errors.noStatement(file);

  const bounds = scriptBounds();
  const prepare = (machine: MachineDescription): Prepared =>
    prepareTarget(given.model === undefined ? machine : { ...machine, model: given.model }, bounds);
  const prepared = firstMachine(given, () => prepare(document.machine));
  if ("failure" in prepared) {
    const at = Math.max(
      lines.findIndex(({ kind }) => kind === "machine"),
      0,
    );
    await problems.add(at, machineProblem(prepared.failure, lines[at]));
    return false;
  }

  const scriptRun = new ScriptRun(document, prepared.target, prepare);
  let commands = 0;
  let next = 0;
  const brokenUpTo = async (line: number): Promise<void> => {
    for (; next < broken.length && broken[next].line <= line; next++)
      await problems.add(broken[next].line, broken[next]);
  };
  for (let done = scriptRun.step(); done !== undefined && !out.closed; done = scriptRun.step()) {
    const { line, result } = done;
    await brokenUpTo(line);
    commands += result.commandCount;
    if (detail === "verbose") {
      const report = lineReport(document, done, scriptRun.target, { plain: true });
      if (report !== undefined) out.line(report);
    } else if (detail === "normal") {
      const told = toldLine(result, { plain: true });
      if (told !== undefined)
        out.line(`${file}:${line + 1}: ${done.at === undefined ? "" : `${includedText(done.at)}: `}${told}`);
    }
    for (const problem of result.problems) await problems.add(problem.line ?? line, problem);
    await out.settle();
  }
  await brokenUpTo(lines.length);
  if (detail !== "quiet") {
    const warnings = problems.warnings === 0 ? "" : `, ${plural(problems.warnings, "warning")}`;
    out.line(`${file}: ${plural(commands, "command")}, ${plural(problems.errors, "error")}${warnings}`);
  }
  return problems.errors === 0;
}

function plural(count: number, noun: string): string {
  return `${count === 0 ? "no" : count} ${noun}${count === 1 ? "" : "s"}`;
}
