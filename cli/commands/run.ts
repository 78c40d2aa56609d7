import { modelWords, resolveModel } from "../../architecture/index.ts";
import type { Constants, RuleSettings } from "../../language/index.ts";
import { includedText, lineReport, toldLine } from "../../runner/index.ts";
import { constantsOf } from "../answers/constants.ts";
import { type GivenMachine, runScript } from "../answers/run-script.ts";
import { type CommandContext, defineCommand } from "../command.ts";
import { CliError, errors } from "../errors.ts";
import { readState } from "../machine-input.ts";
import { readScript } from "../script-files.ts";
import { type PortableReport, portableReport } from "./run-portable.ts";
import { type JsonProblem, Problems, rulesOption } from "./run-problems.ts";

type Detail = "quiet" | "normal" | "verbose" | "json";

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
    rules: {
      type: "text",
      value: "RULE=LEVEL,…",
      summary: "severities of rules: off, hint, information, warning or error",
    },
    portable: {
      type: "flag",
      summary: "run on every model at once and print the lines that come to different things",
    },
    hints: { type: "flag", summary: "print hints, too" },
    json: { type: "flag", summary: "print one JSON object with every problem, hints too" },
    quiet: { type: "flag", summary: "print problems only" },
    verbose: { type: "flag", summary: "print what every command did" },
  },
  details: [
    "FILE is a script (- reads standard input). A problem is printed as FILE:LINE:COLUMN: SEVERITY CODE: MESSAGE.",
    "Rules (L-11 and such) are in docs/rules; # allow L-11 in a comment at the end of a line, or on the line above, allows one there.",
    "The exit code is 1 when a script has an error, a command fails that was not expected to, or an expectation does not hold.",
  ],
  async run(files, { model, state, let: given, rules, portable, hints, json, quiet, verbose }, context) {
    if (portable && (model ?? state) !== undefined)
      throw errors.usage("--portable runs on every model: it goes with neither --model nor --state.", "run");
    if (quiet && verbose) throw errors.usage("--quiet and --verbose exclude each other.", "run");
    if (json && verbose) throw errors.usage("--json and --verbose exclude each other.", "run");
    if (state !== undefined && model !== undefined) {
      throw errors.usage("--state and --model exclude each other: the saved machine has its model.", "run");
    }
    const saved = state === undefined ? undefined : { file: state, state: await readState(state, context) };
    const detail: Detail = json ? "json" : quiet ? "quiet" : verbose ? "verbose" : "normal";
    const settings = rulesOption(rules, "run");
    const reports: FileReport[] = [];
    const compared: PortableReport[] = [];
    const constants = constantsOf(given, "run");
    let failed = false;
    for (const file of files) {
      try {
        if (portable) {
          const report = await portableReport(file, constants, { json, quiet, settings }, context);
          if (report.lines.length > 0) failed = true;
          compared.push(report);
          continue;
        }
        const machine = { model: model === undefined ? undefined : resolveModel(model), saved, constants };
        const report = await runFile(file, machine, { detail, hints, settings }, context);
        if (report.errors > 0) failed = true;
        reports.push(report);
      } catch (error) {
        if (!(error instanceof CliError) || files.length === 1) throw error;
        // A file that cannot be read does not keep the others from running.
        failed = true;
        await context.out.flush();
        context.err.line(`gicwb: ${error.message} [${error.code}]`);
      }
    }
    if (json) context.out.line(JSON.stringify({ files: portable ? compared : reports }, undefined, 2));
    return failed ? 1 : 0;
  },
});

/** What came of one script. */
interface FileReport {
  readonly file: string;
  readonly commands: number;
  readonly errors: number;
  readonly warnings: number;
  readonly problems: readonly JsonProblem[];
}

/** How a script is run and told of. */
interface RunStyle {
  readonly detail: Detail;
  readonly hints: boolean;
  readonly settings: RuleSettings;
}

async function runFile(
  file: string,
  given: GivenMachine & { readonly constants: Constants },
  { detail, hints, settings }: RunStyle,
  context: CommandContext,
): Promise<FileReport> {
  const { out } = context;
  const document = await readScript(file, context.stdin, given.constants);
  const [strange] = document.refusal === undefined ? document.strangeConstants() : [];
  if (strange !== undefined)
    throw errors.usage(`${file} has no line "let ${strange} = …" for --let ${strange}.`, "run");
  const problems = new Problems(file, context, { hints, json: detail === "json" });
  let commands = 0;
  let begun = false;
  for (const event of runScript(file, document, given, settings)) {
    if (out.closed) break;
    if (event.kind === "begun") begun = true;
    else if (event.kind === "problem") await problems.add(event.line, event.problem);
    else if (event.kind === "line") {
      const { done, run: scriptRun } = event;
      commands += done.result.commandCount;
      if (detail === "verbose") {
        const report = lineReport(document, done, scriptRun.target, { plain: true });
        if (report !== undefined) out.line(report);
      } else if (detail === "normal") {
        const told = toldLine(done.result, { plain: true });
        if (told !== undefined)
          out.line(`${file}:${done.line + 1}: ${done.at === undefined ? "" : `${includedText(done.at)}: `}${told}`);
      }
      await out.settle();
    }
  }
  if (begun && (detail === "normal" || detail === "verbose")) {
    const warnings = problems.warnings === 0 ? "" : `, ${plural(problems.warnings, "warning")}`;
    out.line(`${file}: ${plural(commands, "command")}, ${plural(problems.errors, "error")}${warnings}`);
  }
  return { file, commands, errors: problems.errors, warnings: problems.warnings, problems: problems.list };
}

function plural(count: number, noun: string): string {
  return `${count === 0 ? "no" : count} ${noun}${count === 1 ? "" : "s"}`;
}
