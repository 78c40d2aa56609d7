import type { ModelName } from "../../architecture/index.ts";
import { allowedBy, type RuleSettings, rules, type ScriptDocument } from "../../language/index.ts";
import { includedText, type LineDifference, PortableCheck, sourceOfLine } from "../../runner/index.ts";
import { errors } from "../errors.ts";

/** A line that comes to different things on different models. */
export interface PortableLine {
  /** From 1. Of a line of an included file it is the one that includes it. */
  readonly line: number;
  /** Of a line of an included file: which one, `common.itscmd:12`. */
  readonly included?: string;
  readonly text: string;
  /** Of each model. */
  readonly answers: Readonly<Record<string, string>>;
}

/** A script on every model at once. */
export interface PortableRun {
  /** Models that run it. */
  readonly models: readonly ModelName[];
  /** Models that have no such machine. */
  readonly absent: readonly { readonly model: ModelName; readonly reason: string }[];
  /** Runs it, and tells the lines that differ and are not allowed to; undefined: a line that does not. */
  lines(): Generator<{ readonly told: PortableLine; readonly found: LineDifference } | undefined, void, undefined>;
}

/** @param name of the script, in errors @throws CliError for a script with an error */
export function portableRun(name: string, document: ScriptDocument, settings: RuleSettings): PortableRun {
  if (document.refusal !== undefined) throw errors.script(name, document.refusal.message);
  const broken = document.diagnostics(undefined, settings).list.find(({ severity }) => severity === "error");
  if (broken !== undefined) throw errors.script(name, `line ${broken.line + 1}: ${broken.message}`);
  const { code } = rules.differsBetweenModels;
  const check = new PortableCheck(document);
  const { models, absent } = check;
  return {
    models,
    absent,
    *lines() {
      try {
        while (!check.complete) {
          const found = check.step();
          const { part, line } = found?.at ?? { part: document, line: found?.line ?? 0 };
          const isTold = found !== undefined && allowedBy(part.lines, line, code) === undefined;
          yield isTold ? { told: toldLine(document, found), found } : undefined;
        }
      } finally {
        check.dispose();
      }
    },
  };
}

function toldLine(document: ScriptDocument, found: LineDifference): PortableLine {
  const included = found.at && includedText(found.at);
  return {
    line: found.line + 1,
    ...(included === undefined ? {} : { included }),
    text: sourceOfLine(document, found).text.trim(),
    answers: Object.fromEntries(found.answers.map(({ model, answer }) => [model, answer])),
  };
}
