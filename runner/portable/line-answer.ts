import { hex } from "../../architecture/index.ts";
import type { CommandEvent } from "../../emulator/index.ts";
import type { ScriptDocument } from "../../language/index.ts";
import { runErrors } from "../errors.ts";
import { outcomeText } from "../explain-outcome.ts";
import { type LineDone, sourceOfLine } from "../flow/run-history.ts";
import { mappedTo } from "../mappings/subject.ts";
import { touchOf } from "../mappings/touched.ts";
import type { Target } from "../target.ts";

/** A command that waits behind one that has stalled the queue: that one was told of. */
const WAITS = "waits in the queue";

/** Whether answers of {@link answerOf} are different things. */
export function differ(answers: readonly string[]): boolean {
  return new Set(answers.filter((answer) => answer !== WAITS)).size > 1;
}

/** Whether a line says what has to become of it, and the machine does that: which of the outcomes that fit it was is no difference then. */
function isExpected(document: ScriptDocument, done: LineDone): boolean {
  const { result } = done;
  const statement = sourceOfLine(document, done).statement;
  const expects = statement !== undefined && "expected" in statement && statement.expected !== undefined;
  return expects && !result.problems.some(({ severity }) => severity === "error");
}

/**
 * What a line did, in a few words; of a command that maps something also what is mapped now, because models differ in silence there, and of
 * a batch what became of each of its commands. "as expected" when the line says what has to become of it and that is what did.
 */
export function answerOf(document: ScriptDocument, done: LineDone, target: Target): string {
  if (isExpected(document, done)) return "as expected";
  const { result } = done;
  const { problems, commands, shown, defined } = result;
  const error = problems.find(({ severity }) => severity === "error");
  const waits = problems.some(({ code }) => code === runErrors.notProcessed.code);
  if (waits) return WAITS;
  if (shown !== undefined) return shown.text ?? `0x${shown.value.toString(16)}`;
  if (commands.length > 0) return commandsText(commands, target);
  if (error === undefined) return defined === undefined ? "done" : `${defined.name} = ${hex(defined.value)}`;
  return error.code === runErrors.expectationFailed.code ? "fails" : error.message;
}

/** Outcomes of commands, those that follow each other and are the same once. */
function commandsText(commands: readonly CommandEvent[], target: Target): string {
  const texts: string[] = [];
  for (const event of commands) {
    const text = `${outcomeText(event.outcome)}${mappedText(event, target)}`;
    if (text !== texts.at(-1)) texts.push(text);
  }
  return texts.join("; ");
}

function mappedText(event: CommandEvent, target: Target): string {
  const touch = touchOf(event, target);
  if (touch === undefined) return "";
  const mapped = mappedTo(target.tables(event.its), touch.subject);
  switch (mapped?.kind) {
    case undefined:
      return ", not mapped";
    case "event":
      return `, pINTID ${mapped.intid}`;
    case "collection":
      return `, RDbase ${mapped.target}`;
    case "device":
      return "";
  }
}
