import { modelWords, resolveModel } from "../../../architecture/index.ts";
import { type Constants, ScriptDocument } from "../../../language/index.ts";
import { constantsOf } from "../../answers/constants.ts";
import { contentArguments, givenContent, savedState } from "../inputs.ts";
import { limits } from "../limits.ts";
import { aCount, anyObject, aText, listOf, objectOf, pageMembers, said } from "../output-schema.ts";
import { pageArguments, pageOf, pageSentence } from "../page.ts";
import { comparedOn, mostLines, runOn } from "../script-runs.ts";
import { defineTool } from "../tool.ts";
import { toolErrors } from "../tool-errors.ts";

/** Commands and seconds that a run may have. */
const COMMANDS = 100_000;
const MOST_COMMANDS = 1_000_000;
const SECONDS = 10;
const MOST_SECONDS = 50;
/** Rows of the text. */
const SHOWN = 25;

const table = {
  ...contentArguments("the script's lines", "a script, NAME.itscmd"),
  model: {
    type: "choice",
    value: "MODEL",
    choices: modelWords(),
    summary: "run on this model, whatever the script says; list_models has what each is",
  },
  portable: { type: "flag", summary: "run on every model at once, and answer the lines that come to different things" },
  state: {
    type: "text",
    value: "PATH",
    summary: "path of a saved machine, on which the script begins instead of on the one that it describes",
  },
  let: {
    type: "text",
    value: "NAME=VALUE,…",
    summary: "values that take the place of those that the script's let lines give",
  },
  verbose: { type: "flag", summary: "a row for what every line did, not only for what fails and what is shown" },
  hints: { type: "flag", summary: "rows for hints, too" },
  max_commands: {
    type: "count",
    least: 1,
    most: MOST_COMMANDS,
    default: COMMANDS,
    summary: "ITS commands after which the run is stopped, and what it has found until there is answered",
  },
  max_seconds: {
    type: "count",
    least: 1,
    most: MOST_SECONDS,
    default: SECONDS,
    summary: "seconds after which the run is stopped likewise",
  },
  ...pageArguments,
} as const;

export const runItsScript = defineTool({
  name: "run_its_script",
  title: "Run an ITS command script",
  description: {
    what: "Runs a script of ITS commands, register accesses, memory, KVM ioctls and expectations on an emulated GICv2 to GICv4.1 that answers as a certain kernel's KVM, QEMU or the architecture does, and answers what fails, what `read` and `print` show, and rules that are broken. `MAPD 8, itt=0x40400000, size=5` and `read GITS_CREADR` are lines of it; `read ite[8, 0]` shows a table's entry. The skill gic-workbench has the language in short",
    when: "to find out what a sequence of commands or register writes really does, whether a driver's or hypervisor's sequence is right, and (portable) whether KVM, QEMU and the architecture agree",
    whenNot:
      "for tables that were captured from a guest (decode_gic_table, trace_msi); it changes no file and no real machine",
    limits: `${MOST_COMMANDS} commands, ${mostLines} lines, ${MOST_SECONDS} s, ${limits.machineMebibytes} MiB of machine memory; include and load read below the client's folders only`,
  },
  arguments: table,
  output: objectOf({
    script: aText,
    "model?": said(aText, "The machine that the last line ran on; absent: it could not be built, or portable."),
    "models?": said(listOf(aText), "Of portable: models that have run it."),
    "absent?": said(listOf(anyObject), "Of portable: models that have no such machine, with the reason."),
    lines: said(aCount, "Lines that have run; each turn of a loop counts."),
    commands: said(aCount, "ITS commands that were carried out."),
    errors: aCount,
    warnings: aCount,
    "stopped?": said(
      objectOf({ by: aText, limit: aCount, line: aCount }),
      "The run was stopped before its end: by commands, lines or seconds, before or in a line (from 1).",
    ),
    "rowsDropped?": said(aCount, "Rows beyond those that are kept."),
    ...pageMembers(
      said(
        anyObject,
        "line (from 1), included (file:line), severity (error, warning, information, hint, or said for what the script shows), code, text; of portable: line, text, answers by model.",
      ),
    ),
  }),
  work(values, context) {
    const content = givenContent(values);
    const { name, text, place } = context.files.script(content);
    const constants = constantsOf(values.let, "run");
    const document = new ScriptDocument(text, constants, place);
    refuseStrange(document, constants);
    const kept =
      values.state === undefined ? undefined : { file: values.state, state: savedState(values.state, context.files) };
    if (values.portable && (values.model ?? kept) !== undefined)
      throw toolErrors.notWith("model or state", "portable", "every model runs the script");
    if (values.model !== undefined && kept !== undefined)
      throw toolErrors.notWith("model", "state", "the saved machine has its model");
    const told = values.portable
      ? comparedOn(name, document, values, context.now)
      : runOn(
          name,
          document,
          { model: values.model === undefined ? undefined : resolveModel(values.model), saved: kept },
          values,
          context.now,
        );
    const { rows, cursor, ...others } = values;
    const origin = context.files.originOf(name, text, JSON.stringify(others));
    const page = pageOf(origin, { rows, cursor }, told.rows.length, (at) => told.rows[at]);
    const shown = page.rows.slice(0, SHOWN).map((_, at) => told.shown(page.firstRow + at));
    const more =
      page.rows.length > SHOWN ? [`and ${page.rows.length - SHOWN} more rows in the structured content`] : [];
    return {
      text: [told.sentence, ...shown, ...more, pageSentence(page)].filter((line) => line !== undefined).join("\n"),
      data: { script: name, ...told.data, ...page },
    };
  },
});

function refuseStrange(document: ScriptDocument, constants: Constants): void {
  const [strange] = document.refusal === undefined && constants.size > 0 ? document.strangeConstants() : [];
  if (strange === undefined) return;
  throw toolErrors.refused(
    `The script has no line "let ${strange} = …".`,
    `Leave ${strange} out of let, or add the line.`,
  );
}
