import { hex } from "../../architecture/hex.ts";
import { type CommandWords, formatCommand } from "../../architecture/index.ts";
import { littleEndian } from "../../dumps/index.ts";
import type { CommandEvent } from "../../emulator/index.ts";
import { type Diagnostic, formatValue, type ScriptDocument, statementSpan } from "../../language/index.ts";
import { outcomeText } from "../explain-outcome.ts";
import { includedText } from "../flow/included-problem.ts";
import { type LineDone, sourceOfLine } from "../flow/run-history.ts";
import { printable } from "../printable.ts";
import type { ShownValue, StatementResult } from "../statement-result.ts";
import type { Target } from "../target.ts";
import { type NumberStyle, wordText } from "./format-value.ts";
import { queueWindow } from "./queue-nodes.ts";

/** Commands that one line of output names; a queue that is started late may run thousands at once. */
const NAMED_COMMANDS = 16;

/** What a line did, for the console; undefined when there is nothing to say. */
export function lineReport(
  document: ScriptDocument,
  { line, at, result }: Pick<LineDone, "line" | "at" | "result">,
  target: Target,
  style?: NumberStyle,
): string | undefined {
  const source = sourceOfLine(document, { line, at });
  const { start, length } = statementSpan(source);
  const what = resultText(
    result,
    target,
    source.statement?.kind === "command" || source.statement?.kind === "raw",
    style,
  );
  if (what === undefined) return undefined;
  const place = at === undefined ? "" : `${includedText(at)}  `;
  return `line ${line + 1}  ${place}${source.text.slice(start, start + length)}  ${what}`;
}

/** What a statement did, without the statement. @param isCommand its one command need not be named */
export function resultText(
  result: StatementResult,
  target: Target,
  isCommand: boolean,
  style?: NumberStyle,
): string | undefined {
  const { commands, commandCount, shown, printed, begun } = result;
  if (printed !== undefined) return `→ ${printedText(printed)}`;
  if (begun !== undefined) return `→ a new machine: ${begun}`;
  if (shown !== undefined && shown.text === undefined) return `= ${shownText(shown, style)}`;
  const step = shown?.text;
  if (commands.length === 0) return step && `→ ${step}`;
  if (isCommand && commandCount === 1) return `→ ${outcomeText(commands[0].outcome)}`;
  const named = commands.slice(0, NAMED_COMMANDS).map((event) => `\n    ${queuedText(event, target)}`);
  const more = commandCount > NAMED_COMMANDS ? `\n    and ${commandCount - NAMED_COMMANDS} more` : "";
  const what = step ?? `${commandCount} command${commandCount === 1 ? "" : "s"} from the queue`;
  return `→ ${what}${named.join("")}${more}`;
}

/** What a statement of the console answers. */
export function consoleText(result: StatementResult, target: Target, isCommand: boolean): string {
  if (result.shown !== undefined) return shownText(result.shown);
  if (result.printed !== undefined) return printedText(result.printed);
  return resultText(result, target, isCommand) ?? "done";
}

/** What a statement showed, where it is one that shows something. */
export function toldLine({ shown, printed }: StatementResult, style?: NumberStyle): string | undefined {
  if (printed !== undefined) return printedText(printed);
  return shown && shownLine(shown, style);
}

/** What `print` shows: its parts with a space between two. */
export function printedText(parts: readonly (string | bigint)[]): string {
  return parts.map((part) => (typeof part === "string" ? printable(part) : formatValue(part))).join(" ");
}

/** A line that tells what a statement showed: `GITS_CREADR = 0x20`, or of a step `PE 0: returned`. */
export function shownLine(shown: ShownValue, style?: NumberStyle): string {
  return `${shown.label}${shown.text === undefined ? " = " : ": "}${shownText(shown, style)}`;
}

/** A value that `read` shows. */
export function shownText({ value, width, text }: ShownValue, style?: NumberStyle): string {
  if (text !== undefined) return text;
  return width === 1 ? value.toString() : wordText(value, width, style);
}

/** `first.itscmd:12:7: error ITS0501: sentence`, place from 1. */
export function problemText(name: string, line: number, { start, severity, code, message }: Diagnostic): string {
  return `${name}:${line + 1}:${start + 1}: ${severity} ${code}: ${message}`;
}

/** A command that the ITS took from its queue, read back from there. */
function queuedText({ its, queueOffset, outcome }: CommandEvent, target: Target): string {
  const window = queueWindow(target, its);
  const bytes = window === undefined ? undefined : target.readMemory(window.address + queueOffset, 32);
  const word = (at: number): bigint => (bytes === undefined ? 0n : littleEndian(bytes.subarray(at, at + 8)));
  const words: CommandWords = [word(0), word(8), word(16), word(24)];
  const text = bytes === undefined ? `command at ${hex(queueOffset)}` : formatCommand(words);
  return `${text} → ${outcomeText(outcome)}`;
}
