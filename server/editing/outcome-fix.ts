import type { Diagnostic } from "vscode-languageserver";
import { commandErrorByCode } from "../../architecture/index.ts";
import { errnoName, type Outcome, outcomeDetail, outcomeName } from "../../emulator/index.ts";
import { errnoNumbers } from "../../language/index.ts";
import { runErrors } from "../../runner/index.ts";
import { rangeOf, type Script } from "../scripts/script.ts";
import type { Fix } from "./fix.ts";

/** Codes of what a command did that its line does not say. */
const differing: ReadonlySet<unknown> = new Set(
  [runErrors.commandFailed, runErrors.commandFault, runErrors.outcomeDiffers].map(({ code }) => code),
);

/** A command that the ITS refuses on purpose of the author: says so behind it, so that the script expects what the model does. */
export function outcomeFix(script: Script, { code, range }: Diagnostic): Fix | undefined {
  if (!differing.has(code)) return undefined;
  const index = range.start.line;
  const { syntax, text } = script.document.lines[index];
  const word = recordedOutcome(script, index);
  if (word === undefined || (syntax.kind !== "command" && syntax.kind !== "raw")) return undefined;
  if (syntax.outcome !== undefined)
    return { title: `Expect ${word}`, edits: [{ range: rangeOf(index, syntax.outcome), newText: word }] };
  const last = syntax.kind === "command" ? syntax.arguments.at(-1)?.value : syntax.values.at(-1);
  const end = last === undefined ? syntax.word.start + syntax.word.length : last.start + last.length;
  // A value in parentheses ends behind its closing one.
  const closing = /^[\s)]*\)/.exec(text.slice(end))?.[0].length ?? 0;
  const edit = { range: rangeOf(index, { start: end + closing, length: 0 }), newText: ` => ${word}` };
  return { title: `Expect ${word}`, edits: [edit] };
}

/** The word of the language for what became of a line's command when it ran; undefined: it has none, or has not run. */
export function recordedOutcome(script: Script, line: number): string | undefined {
  const event = script.simulation?.resultOf(line)?.commands.at(-1);
  return event && outcomeWord(event.outcome);
}

/** The word of the language for what became of a command. */
function outcomeWord(outcome: Outcome): string | undefined {
  const detail = outcomeDetail(outcome);
  switch (outcomeName(outcome)) {
    case "done":
      return "done";
    case "ignored":
    case "stalled":
      return commandErrorByCode(detail)?.name ?? (outcomeName(outcome) === "stalled" ? "stalled" : "ignored");
    case "swallowed": {
      const name = errnoName(detail);
      return name !== undefined && Object.hasOwn(errnoNumbers, name) ? name : "ignored";
    }
    default:
      return undefined;
  }
}
