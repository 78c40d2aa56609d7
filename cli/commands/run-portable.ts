import type { Constants, RuleSettings } from "../../language/index.ts";
import { differenceLines } from "../../runner/index.ts";
import { type PortableLine, portableRun } from "../answers/portable-lines.ts";
import type { CommandContext } from "../command.ts";
import { readScript } from "../script-files.ts";

/** What comes of one script on all models, as `--json` has it. */
export interface PortableReport {
  readonly file: string;
  /** Models that have run it. */
  readonly models: readonly string[];
  /** Models that have no such machine. */
  readonly absent: readonly { readonly model: string; readonly reason: string }[];
  readonly lines: readonly PortableLine[];
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
  const run = portableRun(file, document, settings);
  const { models, absent } = run;
  const lines: PortableLine[] = [];
  for (const { model, reason } of json ? [] : absent) out.line(`${file}: ${model} is left out: ${reason}`);
  let count = 0;
  for (const difference of run.lines()) {
    if (out.closed) break;
    if (difference === undefined || ++count > MOST_LINES) continue;
    const { told, found } = difference;
    lines.push(told);
    const shown = told.included === undefined ? told.text : `${told.included}: ${told.text}`;
    if (!json) out.line(`${file}:${told.line}: ${shown}\n    ${differenceLines(found).join("\n    ")}`);
    await out.settle();
  }
  if (!json && !quiet) {
    const more = count > MOST_LINES ? `, of which ${MOST_LINES} are told of` : "";
    const differ =
      count === 0 ? "no line differs" : `${count} line${count === 1 ? "" : "s"} differ${count === 1 ? "s" : ""}`;
    out.line(`${file}: ${differ} on ${models.length} models${more}`);
  }
  return { file, models, absent, lines };
}
