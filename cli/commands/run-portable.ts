import { allowedBy, type Constants, type RuleSettings, rules } from "../../language/index.ts";
import { differenceLines, includedText, PortableCheck, sourceOfLine } from "../../runner/index.ts";
import type { CommandContext } from "../command.ts";
import { errors } from "../errors.ts";
import { readScript } from "../script-files.ts";

/** What comes of one script on all models, as `--json` has it. */
export interface PortableReport {
  readonly file: string;
  /** Models that have run it. */
  readonly models: readonly string[];
  /** Models that have no such machine. */
  readonly absent: readonly { readonly model: string; readonly reason: string }[];
  /** Lines that differ, from 1, with the answer of each model. Of a line of an included file `line` is the one that includes it. */
  readonly lines: readonly {
    readonly line: number;
    /** Of a line of an included file: which one, `common.itscmd:12`. */
    readonly included?: string;
    readonly text: string;
    readonly answers: Readonly<Record<string, string>>;
  }[];
}

/** Lines of one script that are told of, at most. */
const MOST_LINES = 1000;

/** How it is told of. */
interface Style {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly settings: RuleSettings;
}

/** Runs a script on every model at once. @throws CliError for a script that cannot be read or has an error */
export async function portableReport(
  file: string,
  constants: Constants,
  { json, quiet, settings }: Style,
  { stdin, out }: CommandContext,
): Promise<PortableReport> {
  const document = await readScript(file, stdin, constants);
  if (document.refusal !== undefined) throw errors.script(file, document.refusal.message);
  const broken = document.diagnostics(undefined, settings).list.find(({ severity }) => severity === "error");
  if (broken !== undefined) throw errors.script(file, `line ${broken.line + 1}: ${broken.message}`);
  const { code } = rules.differsBetweenModels;
  const check = new PortableCheck(document);
  const { models, absent } = check;
  const lines: PortableReport["lines"][number][] = [];
  for (const { model, reason } of json ? [] : absent) out.line(`${file}: ${model} is left out: ${reason}`);
  let count = 0;
  while (!check.complete && !out.closed) {
    const found = check.step();
    if (found === undefined) continue;
    const { part, line } = found.at ?? { part: document, line: found.line };
    if (allowedBy(part.lines, line, code) !== undefined) continue;
    if (++count > MOST_LINES) continue;
    const text = sourceOfLine(document, found).text.trim();
    const included = found.at && includedText(found.at);
    const answers = Object.fromEntries(found.answers.map(({ model, answer }) => [model, answer]));
    lines.push({ line: found.line + 1, ...(included === undefined ? {} : { included }), text, answers });
    const shown = included === undefined ? text : `${included}: ${text}`;
    if (!json) out.line(`${file}:${found.line + 1}: ${shown}\n    ${differenceLines(found).join("\n    ")}`);
    await out.settle();
  }
  if (!json && !quiet) {
    const more = count > MOST_LINES ? `, of which ${MOST_LINES} are told of` : "";
    const differ =
      count === 0 ? "no line differs" : `${count} line${count === 1 ? "" : "s"} differ${count === 1 ? "s" : ""}`;
    out.line(`${file}: ${differ} on ${models.length} models${more}`);
  }
  check.dispose();
  return { file, models, absent, lines };
}
