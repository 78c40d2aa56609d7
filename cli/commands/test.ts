import { modelWords, resolveModel } from "../../architecture/index.ts";
import type { MachineDescription, ScriptDocument } from "../../language/index.ts";
import { problemText, type TestResult, testing } from "../../runner/index.ts";
import { type CommandContext, defineCommand } from "../command.ts";
import { CliError, errors } from "../errors.ts";
import { type JunitSuite, junitXml } from "../junit.ts";
import { readScript } from "../script-files.ts";
import { writeWhole } from "../write-whole.ts";

/** `gicwb test`: the `test` blocks of scripts, on one model or several. */
export const test = defineCommand({
  name: "test",
  summary: "run the test blocks of ITS command scripts and report each",
  args: ["FILE"],
  repeated: true,
  options: {
    model: {
      type: "text",
      value: "MODEL,…",
      summary: `run on these models, one after the other, whatever the scripts say: ${modelWords().join(", ")}`,
    },
    name: { type: "text", value: "TEXT", summary: "report those tests alone whose titles have this text in them" },
    junit: { type: "text", value: "FILE", summary: "write a JUnit report to this file" },
    json: { type: "flag", summary: "print the results as JSON" },
    quiet: { type: "flag", summary: "print what fails and the summary" },
  },
  details: [
    'A test is a block test "TITLE" { … }; a script without one is one test. Lines outside of test blocks are reported where they fail.',
    "The exit code is 1 when a test fails, a script has none that ran, or a file cannot be read.",
  ],
  async run(files, { model, name, junit, json, quiet }, context) {
    if (json && quiet) throw errors.usage("--json and --quiet exclude each other.", "test");
    const models = modelsOf(model);
    const reports: FileReport[] = [];
    for (const file of files) {
      for (const one of models) reports.push(await testFile(file, one, name, context));
    }
    if (json) context.out.text(`${JSON.stringify(jsonOf(reports), undefined, 2)}\n`);
    else await printReports(reports, quiet, context);
    if (junit !== undefined) await writeWhole(junit, junitXml(reports.map(suiteOf)));
    return reports.some(failed) || reports.every(({ tests }) => tests.length === 0) ? 1 : 0;
  },
});

type Model = MachineDescription["model"] | undefined;

/** What became of a file on a model. */
interface FileReport {
  readonly file: string;
  /** As the command line names it; undefined: what the script says. */
  readonly model: string | undefined;
  readonly tests: readonly TestResult[];
  /** Why the file could not be tested. */
  readonly trouble?: CliError;
  readonly seconds: number;
}

function failed({ tests, trouble }: FileReport): boolean {
  return trouble !== undefined || tests.some(({ outcome }) => outcome === "failed");
}

/** @throws CliError */
function modelsOf(text: string | undefined): readonly { readonly word: string | undefined; readonly model: Model }[] {
  if (text === undefined) return [{ word: undefined, model: undefined }];
  return text.split(",").map((part) => {
    const word = part.trim();
    if (!modelWords().includes(word))
      throw errors.usage(`There is no model "${word}". Models are ${modelWords().join(", ")}.`, "test");
    return { word, model: resolveModel(word) };
  });
}

async function testFile(
  file: string,
  { word, model }: { readonly word: string | undefined; readonly model: Model },
  name: string | undefined,
  context: CommandContext,
): Promise<FileReport> {
  const began = performance.now();
  const report = (tests: readonly TestResult[], trouble?: CliError): FileReport => ({
    file,
    model: word,
    tests: tests.filter(({ title }) => name === undefined || title === undefined || title.includes(name)),
    ...(trouble && { trouble }),
    seconds: (performance.now() - began) / 1000,
  });
  let document: ScriptDocument;
  try {
    document = await readScript(file, context.stdin);
    if (document.refusal !== undefined) throw errors.script(file, document.refusal.message);
    if (!document.lines.some(({ statement, problem }) => statement !== undefined || problem !== undefined))
      throw errors.noStatement(file);
  } catch (error) {
    if (error instanceof CliError) return report([], error);
    throw error;
  }
  const work = testing(document, { model, now: () => performance.now() });
  for (;;) {
    const step = work.next();
    if (step.done) return report(step.value);
  }
}

/** How a test is called in a report: its title, or for the lines outside the file's name. */
function titleOf({ title }: TestResult, { file }: FileReport): string {
  return title ?? file;
}

function where({ file, model }: FileReport): string {
  return model === undefined ? file : `${file} on ${model}`;
}

async function printReports(
  reports: readonly FileReport[],
  quiet: boolean,
  { out, err }: CommandContext,
): Promise<void> {
  const counts = { passed: 0, failed: 0, empty: 0 };
  for (const report of reports) {
    const { file, trouble } = report;
    if (trouble !== undefined) {
      counts.failed++;
      await out.flush();
      err.line(`gicwb: ${trouble.message} [${trouble.code}]`);
      await err.flush();
    }
    for (const one of report.tests) {
      counts[one.outcome]++;
      const word = { passed: "ok   ", failed: "FAIL ", empty: "empty" }[one.outcome];
      if (!quiet || one.outcome === "failed")
        out.line(`${word} ${where(report)}:${one.line + 1}: ${titleOf(one, report)}`);
      if (one.outcome === "failed")
        for (const { line, problem } of one.problems) out.line(`      ${problemText(file, line, problem)}`);
      await out.settle();
    }
  }
  const empty = counts.empty === 0 ? "" : `, ${counts.empty} empty`;
  out.line(`${counts.passed + counts.failed} tests, ${counts.passed} passed, ${counts.failed} failed${empty}`);
}

/** What programs read; fields are only ever added. */
function jsonOf(reports: readonly FileReport[]): object {
  const all = reports.flatMap(({ tests }) => tests);
  const troubles = reports.filter(({ trouble }) => trouble !== undefined).length;
  const count = (outcome: TestResult["outcome"]): number => all.filter((one) => one.outcome === outcome).length;
  return {
    format: "gicwb-test",
    version: 1,
    passed: count("passed"),
    failed: count("failed") + troubles,
    empty: count("empty"),
    files: reports.map((report) => ({
      file: report.file,
      ...(report.model === undefined ? {} : { model: report.model }),
      seconds: Number(report.seconds.toFixed(3)),
      ...(report.trouble === undefined
        ? {}
        : { trouble: { code: report.trouble.code, message: report.trouble.message } }),
      tests: report.tests.map((one) => ({
        title: titleOf(one, report),
        line: one.line + 1,
        endLine: one.endLine + 1,
        outcome: one.outcome,
        kept: one.kept,
        commands: one.commands,
        errors: one.errors,
        seconds: Number((one.milliseconds / 1000).toFixed(3)),
        problems: one.problems.map(({ line, problem }) => ({
          line: line + 1,
          column: problem.start + 1,
          length: problem.length,
          severity: problem.severity,
          code: problem.code,
          message: problem.message,
        })),
      })),
    })),
  };
}

function suiteOf(report: FileReport): JunitSuite {
  const { file, tests, trouble, seconds } = report;
  const cases = tests.map((one) => ({
    name: titleOf(one, report),
    file,
    line: one.line + 1,
    seconds: one.milliseconds / 1000,
    ...(one.outcome === "failed" && {
      failure: one.problems.map(({ line, problem }) => problemText(file, line, problem)).join("\n"),
    }),
  }));
  if (trouble !== undefined) cases.push({ name: file, file, line: 1, seconds, failure: trouble.message });
  return { name: where(report), cases };
}
